//! Which connections have stalled or are of no use, which of them are replaced, and what their ends say about the host.
//! Pure: times, speeds and problems are passed in.

use std::collections::HashSet;
use std::time::Duration;

use crate::domain::host_limits::{LIMIT_TTL, TENTATIVE_LIMIT_TTL};
use crate::domain::problem::Problem;

/// Idle timeout of a connection that is older than the last network change.
const IDLE_AFTER_CHANGE: Duration = Duration::from_millis(500);
/// Minimum time for an additional connection while the first one waits for it, and the same in response times.
const FIRST_STREAM_GRACE: Duration = Duration::from_millis(500);
const MIN_RESPONSES: u32 = 4;
/// How many times slower than the first one a connection of no use is.
const SLOWER_THAN_OTHERS: u64 = 4;

#[derive(Debug)]
pub(super) struct StallPolicy {
    /// Idle timeout.
    timeout: Duration,
    /// Whether a connection can continue where another one stopped.
    resumable: bool,
    /// Offsets at which connections stalled and were replaced.
    replaced: HashSet<u64>,
    /// Additional connections that were closed before their first byte, or stalled before any was of use.
    closed_early: u32,
    /// Whether an additional connection was of use.
    helped: bool,
}

impl StallPolicy {
    pub(super) fn new(timeout: Duration, resumable: bool) -> Self {
        Self {
            timeout,
            resumable,
            replaced: HashSet::new(),
            closed_early: 0,
            helped: false,
        }
    }

    /// An additional connection was, or was not, of use.
    pub(super) fn note_use(&mut self, of_use: bool) {
        self.helped |= of_use;
    }

    /// Whether an additional connection was of use.
    pub(super) fn has_helped(&self) -> bool {
        self.helped
    }

    /// Whether a connection that has been idle for this long has stalled. If no other one can take over, a network
    /// change since its request does not shorten the time.
    pub(super) fn is_stalled(&self, idle: Duration, network_changed: bool) -> bool {
        let timeout = if self.resumable && network_changed {
            self.timeout.min(IDLE_AFTER_CHANGE)
        } else {
            self.timeout
        };
        idle > timeout
    }

    /// Whether a connection that stalled with the byte `at` to come is replaced immediately, from where it stopped:
    /// always, unless the one before it stalled at the same byte.
    pub(super) fn replaces(&mut self, problem: &Problem, at: u64) -> bool {
        let stalled = matches!(problem, Problem::Stalled { .. });
        stalled && self.resumable && self.replaced.insert(at)
    }

    /// How long the host is kept to the number of connections that it had besides this one, if `problem` shows that it
    /// refuses more. `received`: bytes of the connection that ended so.
    ///
    /// If it only closes them, or lets all of them stall, the second time counts; 403 and other 5xx may be about this
    /// file, so that limit is kept for a minute only.
    pub(super) fn refusal(&mut self, problem: &Problem, received: u64) -> Option<Duration> {
        let busy = matches!(
            problem,
            Problem::RateLimited { .. } | Problem::ServerError { status: 503, .. }
        );
        let doubtful = matches!(
            problem,
            Problem::Forbidden { .. } | Problem::ServerError { .. }
        );
        let closed = matches!(
            problem,
            Problem::ConnectionRefused { .. } | Problem::ConnectionLost { .. }
        ) && received == 0;
        let closed = closed || (!self.helped && matches!(problem, Problem::Stalled { .. }));
        self.closed_early += u32::from(closed);
        let refused = busy || doubtful || (closed && self.closed_early > 1);
        refused.then_some(if doubtful && !busy {
            TENTATIVE_LIMIT_TTL
        } else {
            LIMIT_TTL
        })
    }
}

/// Whether an additional connection brings next to nothing while the first stream, which is this fast, waits for it.
/// Speeds are in bytes per second; `answer_time` is how long a response takes to begin.
pub(super) fn is_useless(
    speed: u64,
    age: Duration,
    first_speed: u64,
    answer_time: Duration,
) -> bool {
    let slow = speed.saturating_mul(SLOWER_THAN_OTHERS) < first_speed;
    slow && age > FIRST_STREAM_GRACE.max(answer_time * MIN_RESPONSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const TIMEOUT: Duration = Duration::from_secs(30);

    fn host() -> String {
        "files.example".into()
    }

    fn stalled() -> Problem {
        Problem::Stalled { host: host() }
    }

    fn lost() -> Problem {
        Problem::ConnectionLost { host: host() }
    }

    fn server_error(status: u16) -> Problem {
        Problem::ServerError {
            host: host(),
            status,
            retry_after: None,
        }
    }

    #[test]
    fn a_network_change_shortens_the_timeout_where_another_connection_can_take_over() {
        // (timeout, resumable, network changed, longest idle time)
        let table = [
            (TIMEOUT, true, false, TIMEOUT),
            (TIMEOUT, true, true, 500 * MS),
            (TIMEOUT, false, true, TIMEOUT),
            (100 * MS, true, true, 100 * MS),
        ];
        for (timeout, resumable, changed, longest) in table {
            let policy = StallPolicy::new(timeout, resumable);
            let what = format!("{timeout:?}, resumable {resumable}, changed {changed}");
            assert!(!policy.is_stalled(longest, changed), "{what}");
            assert!(policy.is_stalled(longest + MS, changed), "{what}");
        }
    }

    #[test]
    fn a_stalled_connection_is_replaced_once_at_each_byte() {
        let mut policy = StallPolicy::new(TIMEOUT, true);
        let course = [
            (stalled(), 10, true),
            (stalled(), 10, false),
            (lost(), 20, false),
            (stalled(), 20, true),
        ];
        for (problem, at, replaced) in course {
            assert_eq!(
                policy.replaces(&problem, at),
                replaced,
                "{problem:?} at {at}"
            );
        }
        assert!(!StallPolicy::new(TIMEOUT, false).replaces(&stalled(), 10));
    }

    #[test]
    fn a_refusal_is_told_from_an_accident() {
        let rate_limited = Problem::RateLimited {
            host: host(),
            retry_after: None,
        };
        let forbidden = Problem::Forbidden { host: host() };
        // Ends of connections in order: (problem, bytes received, how long the limit is kept).
        type Course<'a> = &'a [(Problem, u64, Option<Duration>)];
        let table: [(&str, bool, Course<'_>); 6] = [
            ("busy", false, &[(rate_limited, 0, Some(LIMIT_TTL))]),
            ("busy", false, &[(server_error(503), 0, Some(LIMIT_TTL))]),
            (
                "may be about the file",
                false,
                &[
                    (server_error(500), 0, Some(TENTATIVE_LIMIT_TTL)),
                    (forbidden, 0, Some(TENTATIVE_LIMIT_TTL)),
                ],
            ),
            (
                "the second one without a byte counts",
                false,
                &[
                    (lost(), 0, None),
                    (lost(), 1, None),
                    (lost(), 0, Some(LIMIT_TTL)),
                ],
            ),
            (
                "as does the second that stalls before any was of use",
                false,
                &[(stalled(), 1, None), (stalled(), 1, Some(LIMIT_TTL))],
            ),
            (
                "later it is an accident",
                true,
                &[(stalled(), 1, None), (stalled(), 1, None)],
            ),
        ];
        for (what, helped, course) in table {
            let mut policy = StallPolicy::new(TIMEOUT, true);
            policy.note_use(helped);
            for (problem, received, kept) in course {
                let kept = *kept;
                assert_eq!(policy.refusal(problem, *received), kept, "{what}");
            }
        }
    }

    #[test]
    fn what_was_of_use_once_stays_so() {
        let mut policy = StallPolicy::new(TIMEOUT, true);
        policy.note_use(false);
        assert!(!policy.has_helped());
        policy.note_use(true);
        policy.note_use(false);
        assert!(policy.has_helped());
    }

    #[test]
    fn a_connection_has_time_to_become_of_use() {
        // (speed, age, speed of the first one, response time, useless)
        let table = [
            (24, 501, 100, 1, true),
            (25, 501, 100, 1, false),
            (0, 500, 100, 1, false),
            (0, 800, 100, 200, false),
            (0, 801, 100, 200, true),
            (0, 501, 0, 1, false),
        ];
        for (speed, age, first, answer, useless) in table {
            let found = is_useless(speed, MS * age, first, MS * answer);
            assert_eq!(found, useless, "{speed} B/s after {age} ms");
        }
    }
}
