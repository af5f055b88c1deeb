//! What follows when an attempt fails: the next state's event, by the retry policy, and the line of the log. Pure: the
//! time and the jitter are passed in.

use super::download::{LogLevel, UnixMillis};
use super::problem::{Problem, Remedy};
use super::retry_policy::{RetryPolicy, backoff};
use super::state::Event;

/// A failed attempt.
#[derive(Debug, Clone)]
pub(crate) struct FailedAttempt {
    pub(crate) problem: Problem,
    /// Consecutive attempts without progress, this one included if it counts: see [`uses_up_attempt`].
    pub(crate) attempts: u32,
    /// How often the bytes on disk were discarded since the user's last retry.
    pub(crate) restarts: u32,
    /// Consecutive refusals while the host served other downloads of ours, if they explain this one.
    pub(crate) turned_away: Option<u32>,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FailureOutcome {
    pub(crate) event: Event,
    pub(crate) level: LogLevel,
    pub(crate) text: String,
}

/// Whether an attempt made progress, so that attempts are counted from 0 again: it received bytes, and its problem does
/// not discard them.
pub(crate) fn made_progress(received_any: bool, problem: Option<&Problem>) -> bool {
    received_any && !problem.is_some_and(Problem::invalidates_partial)
}

/// Whether a failure counts as an attempt. An outage does not, nor a refusal that our other downloads explain.
pub(crate) fn uses_up_attempt(problem: &Problem, turned_away: Option<u32>) -> bool {
    !problem.is_outage() && turned_away.is_none()
}

impl FailedAttempt {
    /// `jitter` from 0.0 to 1.0; `now` is the time of day.
    pub(crate) fn outcome(
        self,
        policy: &RetryPolicy,
        jitter: f64,
        now: UnixMillis,
    ) -> FailureOutcome {
        let Self {
            problem,
            attempts,
            restarts,
            turned_away,
        } = self;
        let remedy = match turned_away {
            Some(times) => {
                let wait = backoff(times, problem.retry_after(), policy, jitter);
                Remedy::ContinueAfter(wait)
            }
            // An attempt that receives bytes and discards them again counts as one that receives none.
            None if problem.invalidates_partial() => {
                problem.remedy(attempts.max(restarts), policy, jitter)
            }
            None => problem.remedy(attempts, policy, jitter),
        };
        let code = problem.code();
        match remedy {
            Remedy::ContinueAfter(wait)
            | Remedy::ContinueOnline(wait)
            | Remedy::RestartAfter(wait) => {
                let restart = matches!(remedy, Remedy::RestartAfter(_));
                let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                let wait = wait.as_secs_f64();
                let text = if matches!(problem, Problem::Offline { .. }) {
                    format!("{code}; waiting for the network")
                } else if turned_away.is_some() {
                    format!(
                        "{code} beside other downloads from there; its turn comes in {wait:.1} s"
                    )
                } else {
                    format!("{code}; next attempt in {wait:.1} s")
                };
                FailureOutcome {
                    event: Event::AttemptFailed {
                        problem,
                        until: now.saturating_add(millis),
                        restart,
                    },
                    level: LogLevel::Warn,
                    text,
                }
            }
            Remedy::AskToContinue(fix) | Remedy::AskToRestart(fix) => {
                let restart = matches!(remedy, Remedy::AskToRestart(_));
                let times = if attempts == 1 { "attempt" } else { "attempts" };
                let text = format!("{code}; stopped after {attempts} {times}");
                FailureOutcome {
                    event: Event::Failed {
                        problem,
                        fix,
                        restart,
                    },
                    level: LogLevel::Error,
                    text,
                }
            }
        }
    }
}

#[cfg(test)]
#[path = "attempt_failure_tests.rs"]
mod tests;
