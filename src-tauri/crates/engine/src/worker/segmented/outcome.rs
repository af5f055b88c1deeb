//! What is known of the transfer's result: the length of the file, and the problem to report if it fails. Pure.

use crate::domain::problem::Problem;

#[derive(Debug)]
pub(super) struct TransferOutcome {
    /// The length, once it is known.
    total: Option<u64>,
    last_problem: Option<Problem>,
    /// Problem of the last stream that failed after it had received bytes.
    stream_problem: Option<Problem>,
}

impl TransferOutcome {
    pub(super) fn new(total: Option<u64>) -> Self {
        Self {
            total,
            last_problem: None,
            stream_problem: None,
        }
    }

    /// The length, once it is known.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn set_total(&mut self, total: u64) {
        self.total = Some(total);
    }

    /// A connection failed, and others continue.
    pub(super) fn on_problem(&mut self, problem: Problem) {
        self.last_problem = Some(problem);
    }

    /// A stream failed after it had received bytes.
    pub(super) fn on_stream_problem(&mut self, problem: Problem) {
        self.stream_problem = Some(problem);
    }

    /// The problem to report when the last connection failed with `problem`: that of a stream says more than one that
    /// lasts.
    pub(super) fn problem_of_last(&self, problem: Problem) -> Problem {
        let of_stream = self.stream_problem.clone();
        of_stream
            .filter(|_| !problem.is_transient())
            .unwrap_or(problem)
    }

    /// The last problem, if any connection failed.
    pub(super) fn last_problem(&self) -> Option<Problem> {
        self.last_problem.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_problem_of_a_stream_is_reported_instead_of_one_that_lasts() {
        let host = || "files.example".to_owned();
        let lost = Problem::ConnectionLost { host: host() };
        let gone = Problem::Gone { host: host() };
        let stalled = Problem::Stalled { host: host() };
        let mut outcome = TransferOutcome::new(None);
        assert_eq!(outcome.problem_of_last(gone.clone()), gone);
        outcome.on_stream_problem(lost.clone());
        assert_eq!(outcome.problem_of_last(gone), lost);
        assert_eq!(outcome.problem_of_last(stalled.clone()), stalled);
    }
}
