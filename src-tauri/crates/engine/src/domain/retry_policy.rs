//! How often a download is retried by itself, and the exponential backoff between attempts. Pure: the jitter is passed in.

use std::time::Duration;

/// Limits of automatic retries: see [`Problem::remedy`](super::problem::Problem::remedy).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Consecutive attempts without progress before giving up; at least 1.
    pub max_attempts: u32,
    /// Maximum delay between attempts, unless the server asks for more.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            max_delay: Duration::from_secs(30),
        }
    }
}

/// The delay after `attempts` consecutive attempts without progress (at least 1): 1 s, doubled each time, scaled by
/// 0.75 to 1.25 for a `jitter` of 0.0 to 1.0, at most `max_delay`; but never less than the server's `Retry-After`
/// (RFC 9110, section 10.2.3).
pub(crate) fn backoff(
    attempts: u32,
    asked: Option<u64>,
    patience: &RetryPolicy,
    jitter: f64,
) -> Duration {
    let doubled = 1u64
        .checked_shl(attempts.saturating_sub(1).min(20))
        .unwrap_or(u64::MAX);
    let spread = Duration::from_secs(doubled).mul_f64(0.75 + 0.5 * jitter.clamp(0.0, 1.0));
    let own = spread.min(patience.max_delay);
    own.max(Duration::from_secs(asked.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let patience = RetryPolicy {
            max_attempts: 9,
            max_delay: Duration::from_secs(5),
        };
        let pauses: Vec<u64> = (1..=4)
            .map(|n| backoff(n, None, &patience, 0.5).as_secs())
            .collect();
        assert_eq!(pauses, [1, 2, 4, 5]);
    }

    #[test]
    fn jitter_spreads_a_pause_by_a_quarter_to_both_sides() {
        let patience = RetryPolicy::default();
        let spread = [0.0, 0.5, 1.0].map(|jitter| backoff(3, None, &patience, jitter).as_secs());
        assert_eq!(spread, [3, 4, 5]);
    }

    #[test]
    fn the_server_may_ask_for_a_longer_pause_than_the_longest() {
        let patience = RetryPolicy::default();
        assert_eq!(
            backoff(1, Some(120), &patience, 0.0),
            Duration::from_secs(120)
        );
    }
}
