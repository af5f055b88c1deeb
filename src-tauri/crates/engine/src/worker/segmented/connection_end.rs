//! Handles the end of a connection: its ranges are reassigned, it is replaced, or the segmented transfer fails.

use std::time::Instant;

use super::SegmentedTransfer;
use super::connection::Connection;
use super::connections::TaskResult;
use super::stall_policy::is_useless;
use crate::domain::byte_ranges::ByteRange;
use crate::domain::problem::Problem;
use crate::worker::AttemptError;

impl SegmentedTransfer<'_> {
    /// A connection ended: successfully, with a problem, or aborted by us. Or its response has arrived.
    pub(super) fn on_connection_end(
        &mut self,
        connection: Connection,
        result: Option<TaskResult>,
    ) -> Result<(), AttemptError> {
        let host = self.host();
        let result = match result {
            Some(result) => result,
            None if connection.is_stalled() && !connection.is_stream() => {
                Err(Problem::NoAnswer { host })
            }
            None if connection.is_stalled() => Err(Problem::Stalled { host }),
            None => Ok(None),
        };
        let Some(part) = connection.requested() else {
            return self.stream_ended(&connection, result.map(drop));
        };
        match result {
            Ok(Some(answer)) if !connection.is_dismissed() => {
                self.on_response(connection, part, answer);
            }
            Ok(_) => {}
            Err(_) if connection.is_bounded() && self.bounded.on_failure() => {}
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
        let raced = self.connections.is_raced(connection);
        let segment = connection.segment();
        let Some(left) = connection.taken_back().or_else(|| segment.remaining()) else {
            self.on_stream_complete(connection);
            // A connection that raced for it is not needed.
            self.connections.abort_racing(connection);
            return Ok(());
        };
        if result.is_ok() && self.outcome.total().is_none() {
            // The server ended a response of unknown length: that is the length.
            self.outcome.set_total(segment.close_at_front());
            return Ok(());
        }
        if connection.taken_back().is_none() {
            // The other racing connection has requested the first range only.
            self.hand_on(segment.take_back(usize::from(raced)));
        }
        if connection.is_dismissed() {
            return Ok(());
        }
        let problem = match result {
            Ok(()) if segment.received() > 0 => return Ok(()),
            Ok(()) => Problem::ConnectionLost { host: self.host() },
            Err(problem) => problem,
        };
        let first_suffices = !self.stalls.has_helped() && self.connections.has_first();
        if !raced && !first_suffices && self.stalls.replaces(&problem, left.start) {
            let at = left.start;
            self.job.reports.warn(format!(
                "a connection stood still; another one takes its place at byte {at}"
            ));
            return Ok(());
        }
        self.learn_host_limit(&problem, connection);
        if segment.received() > 0 {
            self.outcome.on_stream_problem(problem.clone());
        }
        self.on_connection_error(problem)
    }

    /// A stream has received all of its ranges.
    fn on_stream_complete(&mut self, connection: &Connection) {
        self.stalls.note_use(connection.is_of_use());
        let received = connection.segment().received();
        if connection.is_bounded() && self.bounded.on_complete(received, connection.age()) {
            self.connections.end_longest_faded(1);
        }
    }

    /// Lowers the connection limit of a host that refuses additional connections, for all downloads.
    fn learn_host_limit(&mut self, problem: &Problem, connection: &Connection) {
        let refusal = self
            .stalls
            .refusal(problem, connection.segment().received());
        if let Some(keep) = refusal
            && !self.connections.is_empty()
        {
            connection.learn_refusal(keep, &self.job.reports);
        }
    }

    /// One connection less; the others continue. The response to an additional one says nothing about them: each was
    /// checked to bring the same file.
    fn on_connection_error(&mut self, problem: Problem) -> Result<(), AttemptError> {
        if self.source.boundaries.torn() {
            return Err(AttemptError::Broke(problem));
        }
        if self.connections.is_empty() {
            let problem = self.outcome.problem_of_last(problem);
            return Err(AttemptError::Broke(problem));
        }
        let count = self.connections.len();
        let for_all = !may_differ(&problem);
        self.scaling.on_failure(count, for_all, Instant::now());
        self.job.reports.warn(format!(
            "a connection ended ({}); going on with {count}",
            problem.code()
        ));
        self.outcome.on_problem(problem);
        Ok(())
    }

    pub(super) fn final_error(&self) -> AttemptError {
        let problem = self.outcome.last_problem();
        let lost = || Problem::ConnectionLost { host: self.host() };
        AttemptError::Broke(problem.unwrap_or_else(lost))
    }

    pub(super) fn abort_stalled(&mut self) {
        let (change, stalls) = (&self.job.last_network_change, &self.stalls);
        let parts = self.connections.end_all(|connection| {
            stalls.is_stalled(connection.idle_time(), connection.is_older_than(change))
        });
        self.hand_on(parts);
    }

    /// While the first stream waits, ends connections that bring next to nothing. It takes over their ranges.
    pub(super) fn end_useless(&mut self) {
        let Some(first_speed) = self.connections.speed_of_waiting_first() else {
            return;
        };
        let answer_time = self.assignment.answer_time();
        let parts = self.connections.end_all(|one| {
            let additional = !one.is_first() && one.is_stream();
            additional && is_useless(one.segment().speed(), one.age(), first_speed, answer_time)
        });
        self.hand_on(parts);
    }

    /// Gives ranges of ended streams to others, or leaves them for a new request.
    fn hand_on(&mut self, parts: Vec<ByteRange>) {
        let left = self.connections.hand_on(parts);
        self.assignment.add(left);
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
