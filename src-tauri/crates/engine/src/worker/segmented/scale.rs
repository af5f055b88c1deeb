//! Chooses the number of connections by the measured throughput.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::SegmentedTransfer;

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
pub(super) const HIGH_LATENCY: Duration = Duration::from_millis(20);

impl SegmentedTransfer<'_> {
    /// Time of the next sample.
    pub(super) fn next_sample_at(&self) -> Instant {
        let deciding = self.target < self.max_connections && self.begun.elapsed() < RAMP_UP_TIME;
        self.last_sample.0
            + if deciding {
                RAMP_UP_INTERVAL
            } else {
                SAMPLE_INTERVAL
            }
    }

    /// Stores the byte count for the next sample.
    pub(super) fn sample(&mut self) {
        let received = self.job.counters.received.load(Ordering::Relaxed);
        self.last_sample = (Instant::now(), received);
    }

    /// Whether no connection has failed lately.
    pub(super) fn may_grow(&self) -> bool {
        self.no_growth_until
            .is_none_or(|until| Instant::now() >= until)
    }

    /// Raises the target to the maximum once the throughput is measured to be below what a machine can take, and no
    /// connection has failed lately. At full throughput, a second one, for the second core.
    pub(super) fn scale_up(&mut self) {
        if let Some(limit) = self.effective_limit() {
            return self.adjust_to_limit(limit);
        }
        if !self.may_grow() || self.target >= self.max_connections {
            return;
        }
        let (at, before) = self.last_sample;
        let received = self.job.counters.received.load(Ordering::Relaxed);
        let brought = received.saturating_sub(before) as f64;
        let fast = brought >= FAST_ENOUGH * at.elapsed().as_secs_f64();
        self.slow_samples = if fast { 0 } else { self.slow_samples + 1 };
        if self.slow_samples > 1 && self.failures > 0 {
            // After a failure, one at a time.
            self.target = self.max_connections.min(self.connections.len() + 1);
        } else if self.slow_samples > 1 {
            self.target = self.max_connections;
        } else if fast && self.begun.elapsed() > FAST_FOR {
            self.target = self.target.max(2.min(self.max_connections));
        }
    }
}
