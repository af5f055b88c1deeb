//! Speed, remaining time, and the token bucket of a rate limit. Pure: the time is passed in.

use std::collections::VecDeque;
use std::time::Duration;

/// Mean speed over the last five seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct SpeedMeter {
    samples: VecDeque<(Duration, u64)>,
}

const WINDOW: Duration = Duration::from_secs(5);

impl SpeedMeter {
    /// Records the total number of bytes at a point in time (of any monotonic clock).
    pub(crate) fn record(&mut self, at: Duration, total: u64) {
        if self.samples.back().is_some_and(|&(_, last)| total < last) {
            self.samples.clear();
        }
        self.samples.push_back((at, total));
        while self.samples.len() > 2 && self.samples[1].0 + WINDOW <= at {
            self.samples.pop_front();
        }
    }

    /// Bytes per second.
    pub(crate) fn speed(&self) -> u64 {
        let (Some(&(from, had)), Some(&(to, have))) = (self.samples.front(), self.samples.back())
        else {
            return 0;
        };
        let took = to.saturating_sub(from).as_secs_f64();
        if took < 0.05 {
            return 0;
        }
        ((have - had) as f64 / took) as u64
    }
}

/// Seconds until `missing` bytes have arrived.
pub(crate) fn eta(missing: u64, speed: u64) -> Option<u64> {
    (speed > 0).then(|| missing.div_ceil(speed))
}

/// Token bucket. Delays on this side are caught up by at most `MAX_CATCH_UP`, so that any five seconds stay within 5 %
/// of the rate.
#[derive(Debug, Clone)]
pub(crate) struct TokenBucket {
    rate: u64,
    /// When the bytes granted so far are due.
    next_free: Duration,
}

const MAX_CATCH_UP: Duration = Duration::from_millis(225);

impl TokenBucket {
    pub(crate) fn new(rate: u64, now: Duration) -> Self {
        Self {
            rate: rate.max(1),
            next_free: now,
        }
    }

    /// Changes the rate from now on.
    pub(crate) fn set(&mut self, rate: u64, now: Duration) {
        *self = Self::new(rate, now);
    }

    /// Grants `bytes` and returns how long to wait before using them.
    pub(crate) fn take(&mut self, bytes: u64, now: Duration) -> Duration {
        let start = self.next_free.max(now.saturating_sub(MAX_CATCH_UP));
        self.next_free = start + Duration::from_secs_f64(bytes as f64 / self.rate as f64);
        self.next_free.saturating_sub(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn speed_is_the_mean_of_the_last_five_seconds() {
        let mut meter = SpeedMeter::default();
        for second in 0..20 {
            let total = if second < 10 {
                second * 1000
            } else {
                10_000 + (second - 10) * 3000
            };
            meter.record(Duration::from_secs(second), total);
        }
        assert_eq!(meter.speed(), 3000);
    }

    #[test]
    fn a_count_that_begins_again_does_not_give_a_wrong_speed() {
        let mut meter = SpeedMeter::default();
        meter.record(ms(0), 5000);
        meter.record(ms(1000), 10);
        meter.record(ms(2000), 1010);
        assert_eq!(meter.speed(), 1000);
    }

    #[test]
    fn a_budget_is_kept_within_five_percent_over_five_seconds() {
        let mut budget = TokenBucket::new(1_000_000, ms(0));
        let mut now = ms(0);
        let mut bytes = 0u64;
        while now < ms(5000) {
            now += budget.take(16_384, now);
            bytes += 16_384;
        }
        assert!((4_750_000..=5_250_000).contains(&bytes), "{bytes}");
    }

    #[test]
    fn what_a_busy_machine_held_up_is_made_up_for_and_what_a_slow_server_saved_is_not() {
        let granted = |pauses: u64| {
            let mut budget = TokenBucket::new(1_000_000, ms(0));
            let (mut now, mut bytes, mut paused) = (ms(0), 0u64, 0);
            while now < ms(5000) {
                now += budget.take(16_384, now);
                bytes += 16_384;
                if now.as_millis() as u64 / 500 > paused {
                    paused += 1;
                    now += ms(pauses);
                }
            }
            bytes
        };
        // Every half second a stall of a fifth of a second.
        assert!((4_750_000..=5_250_000).contains(&granted(200)));
        let mut idle = TokenBucket::new(1_000_000, ms(0));
        let at_once = std::iter::from_fn(|| Some(idle.take(10_000, ms(60_000))))
            .take_while(|wait| wait.is_zero())
            .count();
        assert!(at_once * 10_000 <= 250_000, "{at_once}");
    }
}
