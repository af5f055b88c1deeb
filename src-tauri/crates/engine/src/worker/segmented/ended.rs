//! What follows when a connection ends: its part is free again, another one takes it over, or the whole crew gives up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{Id, JoinError};

use super::{Connection, SegmentedTransfer, adjust};
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::http::RangedResponse;
use crate::worker::AttemptError;

/// How long a crew that lost a connection stays smaller.
const GROWTH_PAUSE: Duration = Duration::from_secs(3);

impl SegmentedTransfer<'_> {
    /// A connection ended: well, badly, or because it was ended here. Or it has its answer.
    pub(super) fn on_connection_end(
        &mut self,
        ended: Result<(Id, Result<Option<RangedResponse>, Problem>), JoinError>,
    ) -> Result<(), AttemptError> {
        let (id, result) = match ended {
            Ok((id, result)) => (id, Some(result)),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(error) => (error.id(), None),
        };
        let Some(seat) = self.connections.remove(&id) else {
            return Ok(());
        };
        self.update_counters();
        let host = download_url::host_with_port(&self.source.url);
        let result = match result {
            Some(result) => result,
            None if seat.stalled && seat.requested.is_some() => Err(Problem::NoAnswer { host }),
            None if seat.stalled => Err(Problem::Stalled { host }),
            None => Ok(None),
        };
        let Some(part) = seat.requested else {
            return self.stream_ended(&seat, result.map(drop));
        };
        match result {
            Ok(Some(answer)) if !seat.dismissed => self.answered(seat, part, answer),
            Ok(_) => {}
            Err(_) if seat.bounded && self.bounds.failed() => {}
            Err(problem) => {
                self.learn_host_limit(&problem, &seat);
                return self.on_connection_error(problem);
            }
        }
        Ok(())
    }

    /// One that had its answer ended: what it had left is for others.
    fn stream_ended(
        &mut self,
        seat: &Connection,
        result: Result<(), Problem>,
    ) -> Result<(), AttemptError> {
        let host = download_url::host_with_port(&self.source.url);
        let sharing =
            |one: &&Connection| one.requested.is_none() && Arc::ptr_eq(&one.lane, &seat.lane);
        let raced = self.is_raced(seat);
        let Some(left) = seat.taken_back.or_else(|| seat.lane.remaining()) else {
            self.brought_all(seat);
            // Done; whoever raced for it need not go on.
            for other in self.connections.values().filter(sharing) {
                other.task.abort();
            }
            return Ok(());
        };
        if result.is_ok() && self.total.is_none() {
            // The server ended an answer of unknown length: that is the length.
            self.total = Some(seat.lane.close_at_front());
            return Ok(());
        }
        if seat.taken_back.is_none() {
            // The other one that races has asked for the first part alone.
            let parts = seat.lane.take_back(usize::from(raced));
            self.hand_on(parts);
        }
        if seat.dismissed {
            return Ok(());
        }
        let problem = match result {
            Ok(()) if seat.lane.received() > 0 => return Ok(()),
            Ok(()) => Problem::ConnectionLost { host },
            Err(problem) => problem,
        };
        if !raced && !self.first_suffices() && self.replace_stalled(&problem, left) {
            return Ok(());
        }
        self.learn_host_limit(&problem, seat);
        if seat.lane.received() > 0 {
            self.broke = Some(problem.clone());
        }
        self.on_connection_error(problem)
    }

    /// One connection less; the others go on. What an additional one was told, or sent, says nothing about them: each was
    /// found to bring the same file.
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
        // Several that fail at once count as one.
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
        self.end_all(|seat| {
            let patience = adjust::idle_timeout(job, seat.begun, resumable);
            // Of two that race, the one that was begun last has not been silent for longer than it is there.
            seat.lane.idle_time().min(seat.begun.elapsed()) > patience
        });
    }

    /// Ends those of which `is_useless` holds. What they had left is given to others at once.
    pub(super) fn end_all(&mut self, is_useless: impl Fn(&Connection) -> bool) {
        let mut ended = Vec::new();
        for (id, seat) in &mut self.connections {
            if !seat.stalled && is_useless(seat) {
                seat.stalled = true;
                seat.taken_back = seat.lane.remaining();
                seat.task.abort();
                ended.push(*id);
            }
        }
        let ended = ended.iter().filter_map(|id| self.connections.get(id));
        let parts = ended
            .flat_map(|one| one.lane.take_back(usize::from(self.is_raced(one))))
            .collect();
        self.hand_on(parts);
    }

    /// Whether another connection is at the same part.
    fn is_raced(&self, seat: &Connection) -> bool {
        let mut others = self.connections.values().filter(|one| !one.stalled);
        others.any(|one| one.requested.is_none() && Arc::ptr_eq(&one.lane, &seat.lane))
    }
}

/// Whether another connection may fare better: nothing was said that holds for all of them.
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
