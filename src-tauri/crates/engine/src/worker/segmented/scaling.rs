//! The number of connections, chosen by the measured throughput. Pure: byte counts and times are passed in.

use std::time::{Duration, Instant};

/// Sample interval, and that while the number is still being decided.
const SAMPLE_INTERVAL: Duration = Duration::from_millis(100);
const RAMP_UP_INTERVAL: Duration = Duration::from_millis(10);
/// How long it is being decided.
const RAMP_UP_TIME: Duration = Duration::from_secs(1);
/// Bytes per second at which one connection is no bottleneck: as much as two gigabit lines. More connections would only
/// cost CPU time.
pub(super) const FAST_ENOUGH: f64 = 200e6;
/// How long one connection must be that fast before a second one is opened.
const FAST_FOR: Duration = Duration::from_millis(50);
/// Latency above which one connection's window may be the limit.
const HIGH_LATENCY: Duration = Duration::from_millis(20);
/// How long no connection is added after one failed; twice as long after each further failure, up to a limit.
const GROWTH_PAUSE: Duration = Duration::from_secs(3);
const MAX_DOUBLINGS: u32 = 5;

#[derive(Debug)]
pub(super) struct Scaling {
    /// Number of connections to have.
    target: usize,
    max: usize,
    /// Maximum, as last set by the user.
    requested_max: u32,
    /// Whether there may be more than one.
    divisible: bool,
    /// No growth before this, and then one by one; `failures` counts the connections in a row that were of no use.
    no_growth_until: Option<Instant>,
    failures: u32,
    /// Start of the transfer; time and byte count of the last sample.
    begun: Instant,
    last_sample: (Instant, u64),
    /// Consecutive samples below what a machine can take.
    slow_samples: u32,
}

impl Scaling {
    /// Starts with one connection. `received` is the byte count at this time.
    pub(super) fn new(requested_max: u32, divisible: bool, received: u64, now: Instant) -> Self {
        Self {
            target: 1,
            max: allowed(requested_max, divisible),
            requested_max,
            divisible,
            no_growth_until: None,
            failures: 0,
            begun: now,
            last_sample: (now, received),
            slow_samples: 0,
        }
    }

    pub(super) fn target(&self) -> usize {
        self.target
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    pub(super) fn set_target(&mut self, target: usize) {
        self.target = target;
    }

    /// The first response took this long: at a high latency, all connections are opened at once.
    pub(super) fn on_first_response(&mut self, latency: Duration) {
        if latency > HIGH_LATENCY {
            self.target = self.max;
        }
    }

    /// Applies the user's maximum; `Some` with the number of connections to keep at most if it has changed. Further
    /// ones are opened as they help.
    pub(super) fn set_requested_max(&mut self, requested: u32) -> Option<usize> {
        if std::mem::replace(&mut self.requested_max, requested) == requested {
            return None;
        }
        self.max = allowed(requested, self.divisible);
        self.target = self.target.min(self.max);
        Some(self.max)
    }

    /// Time of the next sample.
    pub(super) fn next_sample_at(&self, now: Instant) -> Instant {
        let deciding = self.target < self.max && now.duration_since(self.begun) < RAMP_UP_TIME;
        self.last_sample.0
            + if deciding {
                RAMP_UP_INTERVAL
            } else {
                SAMPLE_INTERVAL
            }
    }

    /// Stores the byte count for the next sample.
    pub(super) fn sample(&mut self, received: u64, now: Instant) {
        self.last_sample = (now, received);
    }

    /// Whether no connection has failed lately.
    pub(super) fn may_grow(&self, now: Instant) -> bool {
        self.no_growth_until.is_none_or(|until| now >= until)
    }

    /// Whether a connection has failed since the last response.
    pub(super) fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// Raises the target to the maximum once the throughput is measured to be below what a machine can take, and no
    /// connection has failed lately. At full throughput, a second one, for the second core. `open` is the number of
    /// connections.
    pub(super) fn scale_up(&mut self, received: u64, open: usize, now: Instant) {
        if !self.may_grow(now) || self.target >= self.max {
            return;
        }
        let (at, before) = self.last_sample;
        let brought = received.saturating_sub(before) as f64;
        let fast = brought >= FAST_ENOUGH * now.duration_since(at).as_secs_f64();
        self.slow_samples = if fast { 0 } else { self.slow_samples + 1 };
        if self.slow_samples > 1 && self.failures > 0 {
            // After a failure, one at a time.
            self.target = self.max.min(open + 1);
        } else if self.slow_samples > 1 {
            self.target = self.max;
        } else if fast && now.duration_since(self.begun) > FAST_FOR {
            self.target = self.target.max(2.min(self.max));
        }
    }

    /// The server has responded to an additional connection.
    pub(super) fn on_response(&mut self) {
        self.failures = 0;
    }

    /// A connection failed; `open` others continue. `for_all`: another one would fare no better.
    pub(super) fn on_failure(&mut self, open: usize, for_all: bool, now: Instant) {
        self.target = open.max(1);
        // Several failures at the same time count as one.
        if self.may_grow(now) || self.failures == 0 {
            self.failures += 1;
        }
        let doublings = (self.failures - 1).min(MAX_DOUBLINGS);
        self.no_growth_until = Some(now + GROWTH_PAUSE * 2u32.pow(doublings));
        if for_all {
            self.max = self.target;
        }
    }
}

/// Maximum of connections, within what the user allows.
fn allowed(requested: u32, divisible: bool) -> usize {
    if divisible {
        requested.max(1) as usize
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const MB: u64 = 1_000_000;

    fn begun(max: u32) -> (Scaling, Instant) {
        let now = Instant::now();
        (Scaling::new(max, true, 0, now), now)
    }

    #[test]
    fn the_throughput_decides_the_target() {
        // (milliseconds from the start, bytes received until then, target), of sixteen at most.
        type Course = &'static [(u32, u64, usize)];
        let table: [(&str, Course); 5] = [
            ("one slow sample is no proof", &[(10, MB, 1)]),
            ("two in a row are", &[(10, MB, 1), (20, 2 * MB, 16)]),
            (
                "a fast one between them starts again",
                &[
                    (10, MB, 1),
                    (20, 4 * MB, 1),
                    (30, 5 * MB, 1),
                    (40, 6 * MB, 16),
                ],
            ),
            (
                "full throughput for a while gets a second one",
                &[
                    (10, 2 * MB, 1),
                    (50, 10 * MB, 1),
                    (60, 13 * MB, 2),
                    (70, 16 * MB, 2),
                ],
            ),
            ("nothing is slow", &[(10, 0, 1), (20, 0, 16)]),
        ];
        for (what, course) in table {
            let (mut scaling, start) = begun(16);
            for (at, received, target) in course {
                let now = start + MS * *at;
                scaling.scale_up(*received, scaling.target(), now);
                scaling.sample(*received, now);
                assert_eq!(scaling.target(), *target, "{what}, after {at} ms");
            }
        }
    }

    #[test]
    fn samples_are_close_together_only_while_the_number_is_decided() {
        let (mut scaling, start) = begun(16);
        assert_eq!(scaling.next_sample_at(start), start + 10 * MS);
        assert_eq!(scaling.next_sample_at(start + 1000 * MS), start + 100 * MS);
        scaling.set_target(16);
        assert_eq!(scaling.next_sample_at(start), start + 100 * MS);
        scaling.sample(0, start + 100 * MS);
        assert_eq!(scaling.next_sample_at(start), start + 200 * MS);
    }

    #[test]
    fn a_high_latency_opens_all_at_once() {
        for (latency, target) in [(20, 1), (21, 16)] {
            let (mut scaling, _) = begun(16);
            scaling.on_first_response(MS * latency);
            assert_eq!(scaling.target(), target, "{latency} ms");
        }
    }

    #[test]
    fn the_users_maximum_counts_where_there_may_be_several() {
        // (divisible, at the start, later, what is closed down to, maximum)
        let table = [
            (true, 16, 16, None, 16),
            (true, 16, 4, Some(4), 4),
            (true, 4, 16, Some(16), 16),
            (true, 4, 0, Some(1), 1),
            (false, 16, 4, Some(1), 1),
        ];
        for (divisible, first, later, kept, max) in table {
            let mut scaling = Scaling::new(first, divisible, 0, Instant::now());
            scaling.set_target(scaling.max());
            let was = format!("{first} and then {later}");
            assert_eq!(scaling.set_requested_max(later), kept, "{was}");
            assert_eq!(scaling.max(), max, "{was}");
            assert!(scaling.target() <= max, "{was}");
        }
    }

    #[test]
    fn failures_pause_the_growth_for_longer_each_time() {
        let (mut scaling, mut now) = begun(16);
        for seconds in [3, 6, 12, 24, 48, 96, 96] {
            scaling.on_failure(4, false, now);
            // Another one at the same time is the same failure.
            scaling.on_failure(3, false, now);
            assert_eq!((scaling.target(), scaling.max()), (3, 16));
            let until = now + Duration::from_secs(seconds);
            assert!(!scaling.may_grow(until - MS) && scaling.may_grow(until));
            now = until;
        }
        assert!(scaling.has_failed());
        scaling.on_response();
        assert!(!scaling.has_failed());
    }

    #[test]
    fn after_a_failure_connections_are_added_one_by_one() {
        let (mut scaling, start) = begun(16);
        scaling.on_failure(2, false, start);
        for at in [10, 20] {
            scaling.scale_up(0, 2, start + MS * at);
        }
        assert_eq!(scaling.target(), 2, "during the pause");
        for at in [3000, 3100] {
            scaling.scale_up(0, 2, start + MS * at);
        }
        assert_eq!(scaling.target(), 3);
    }

    #[test]
    fn what_would_befall_each_connection_lowers_the_maximum() {
        let (mut scaling, start) = begun(16);
        scaling.on_failure(0, true, start);
        assert_eq!((scaling.target(), scaling.max()), (1, 1));
    }
}
