//! Handles the end of a connection: its ranges are reassigned, it is replaced, or the segmented transfer fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{Id, JoinError};

use super::{Connection, SegmentedTransfer, adjust};
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::http::RangedResponse;
use crate::worker::AttemptError;

/// How long no connection is added after one failed.
const GROWTH_PAUSE: Duration = Duration::from_secs(3);

impl SegmentedTransfer<'_> {
    /// A connection ended: successfully, with a problem, or aborted by us. Or its response has arrived.
    pub(super) fn on_connection_end(
        &mut self,
        ended: Result<(Id, Result<Option<RangedResponse>, Problem>), JoinError>,
    ) -> Result<(), AttemptError> {
        let (id, result) = match ended {
            Ok((id, result)) => (id, Some(result)),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => (error.id(), None),
        };
        let Some(connection) = self.connections.remove(&id) else {
            return Ok(());
        };
        self.update_counters();
        let host = download_url::host_with_port(&self.source.url);
        let result = match result {
            Some(result) => result,
            None if connection.stalled && connection.requested.is_some() => {
                Err(Problem::NoAnswer { host })
            }
            None if connection.stalled => Err(Problem::Stalled { host }),
            None => Ok(None),
        };
        let Some(part) = connection.requested else {
            return self.stream_ended(&connection, result.map(drop));
        };
        match result {
            Ok(Some(answer)) if !connection.dismissed => self.answered(connection, part, answer),
            Ok(_) => {}
            Err(_) if connection.bounded && self.bounds.failed() => {}
            Err(problem) => {
                self.learn_host_limit(&problem, &connection);
                return self.on_connection_error(problem);
            }
        }
        Ok(())
    }

    /// A stream ended: its remaining ranges go to others.
    fn stream_ended(
        &mut self,
        connection: &Connection,
        result: Result<(), Problem>,
    ) -> Result<(), AttemptError> {
        let host = download_url::host_with_port(&self.source.url);
        let sharing = |one: &&Connection| {
            one.requested.is_none() && Arc::ptr_eq(&one.segment, &connection.segment)
        };
        let raced = self.is_raced(connection);
        let Some(left) = connection
            .taken_back
            .or_else(|| connection.segment.remaining())
        else {
            self.brought_all(connection);
            // Done; a connection that raced for it is not needed.
            for other in self.connections.values().filter(sharing) {
                other.task.abort();
            }
            return Ok(());
        };
        if result.is_ok() && self.total.is_none() {
            // The server ended a response of unknown length: that is the length.
            self.total = Some(connection.segment.close_at_front());
            return Ok(());
        }
        if connection.taken_back.is_none() {
            // The other racing connection has requested the first range only.
            let parts = connection.segment.take_back(usize::from(raced));
            self.hand_on(parts);
        }
        if connection.dismissed {
            return Ok(());
        }
        let problem = match result {
            Ok(()) if connection.segment.received() > 0 => return Ok(()),
            Ok(()) => Problem::ConnectionLost { host },
            Err(problem) => problem,
        };
        if !raced && !self.first_suffices() && self.replace_stalled(&problem, left) {
            return Ok(());
        }
        self.learn_host_limit(&problem, connection);
        if connection.segment.received() > 0 {
            self.broke = Some(problem.clone());
        }
        self.on_connection_error(problem)
    }

    /// One connection less; the others continue. The response to an additional one says nothing about them: each was
    /// checked to bring the same file.
    fn on_connection_error(&mut self, problem: Problem) -> Result<(), AttemptError> {
        if self.source.boundaries.torn() {
            return Err(AttemptError::Broke(problem));
        }
        if self.connections.is_empty() {
            let passes = problem.is_transient();
            let problem = self.broke.take().filter(|_| !passes).unwrap_or(problem);
            return Err(AttemptError::Broke(problem));
        }
        self.target = self.connections.len().max(1);
        // Several failures at the same time count as one.
        if self.may_grow() || self.failures == 0 {
            self.failures += 1;
        }
        self.no_growth_until =
            Some(Instant::now() + GROWTH_PAUSE * 2u32.pow(self.failures.min(6) - 1));
        if !may_differ(&problem) {
            self.max_connections = self.target;
        }
        let count = self.connections.len();
        self.job.reports.warn(format!(
            "a connection ended ({}); going on with {count}",
            problem.code()
        ));
        self.last_problem = Some(problem);
        Ok(())
    }

    pub(super) fn final_error(&mut self) -> AttemptError {
        let host = download_url::host_with_port(&self.source.url);
        let problem = self.last_problem.take();
        AttemptError::Broke(problem.unwrap_or(Problem::ConnectionLost { host }))
    }

    pub(super) fn abort_stalled(&mut self) {
        let (job, resumable) = (self.job, self.resumable);
        self.end_all(|connection| {
            let patience = adjust::idle_timeout(job, connection.begun, resumable);
            // Of two that race, the younger one has not been idle for longer than it exists.
            connection
                .segment
                .idle_time()
                .min(connection.begun.elapsed())
                > patience
        });
    }

    /// Ends the connections for which `is_useless` holds. Their ranges are reassigned immediately.
    pub(super) fn end_all(&mut self, is_useless: impl Fn(&Connection) -> bool) {
        let mut ended = Vec::new();
        for (id, connection) in &mut self.connections {
            if !connection.stalled && is_useless(connection) {
                connection.stalled = true;
                connection.taken_back = connection.segment.remaining();
                connection.task.abort();
                ended.push(*id);
            }
        }
        let ended = ended.iter().filter_map(|id| self.connections.get(id));
        let parts = ended
            .flat_map(|one| one.segment.take_back(usize::from(self.is_raced(one))))
            .collect();
        self.hand_on(parts);
    }

    /// Whether another connection fetches the same segment.
    fn is_raced(&self, connection: &Connection) -> bool {
        let mut others = self.connections.values().filter(|one| !one.stalled);
        others.any(|one| one.requested.is_none() && Arc::ptr_eq(&one.segment, &connection.segment))
    }
}

/// Whether another connection may fare better: the problem does not apply to all of them.
fn may_differ(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::UnknownHost { .. }
            | Problem::ConnectionRefused { .. }
            | Problem::Unreachable { .. }
            | Problem::Offline { .. }
            | Problem::LocalNetwork { .. }
            | Problem::ConnectTimeout { .. }
            | Problem::NoAnswer { .. }
            | Problem::Stalled { .. }
            | Problem::ConnectionLost { .. }
            | Problem::RangeMismatch { .. }
    )
}
