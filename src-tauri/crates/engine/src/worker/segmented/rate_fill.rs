//! Chooses the number of connections under a rate limit: as few as reach 97 % of it.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::SegmentedTransfer;

/// Measuring window before the number is changed.
const WINDOW: Duration = Duration::from_millis(500);
/// Share of a limit, in bytes per second, that justifies one connection.
const BYTES_PER_CONNECTION: u64 = 512 << 10;
/// A limit counts as filled at this ratio: 5 % below would be too little.
const FILL_RATIO: f64 = 0.97;

/// Measurements under a limit since `since`.
#[derive(Debug)]
pub(super) struct RateFill {
    since: Instant,
    /// The byte count at that time.
    before: u64,
    /// Connections summed over all samples, and those of them whose bytes waited for the limit.
    seen: usize,
    waiting: usize,
    /// Connections that were once needed to fill the limit.
    needed: usize,
}

impl RateFill {
    pub(super) fn new(before: u64) -> Self {
        Self {
            since: Instant::now(),
            before,
            seen: 0,
            waiting: 0,
            needed: 1,
        }
    }
}

impl SegmentedTransfer<'_> {
    /// The lower of the two limits, in bytes per second.
    pub(super) fn effective_limit(&self) -> Option<u64> {
        let [all, own] = &self.job.limits;
        all.rate().into_iter().chain(own.rate()).min()
    }

    /// Under a limit: if it is not filled although most connections do not wait for it, opens more; if all of them
    /// wait, closes some.
    pub(super) fn adjust_to_limit(&mut self, limit: u64) {
        let waiting = self
            .connections
            .values()
            .filter(|connection| connection.segment.is_held_back())
            .count();
        self.rate_fill.waiting += waiting;
        self.rate_fill.seen += self.connections.len();
        let took = self.rate_fill.since.elapsed();
        if took < WINDOW {
            return;
        }
        let received = self.job.counters.received.load(Ordering::Relaxed);
        let needed = self.rate_fill.needed;
        let seen = std::mem::replace(&mut self.rate_fill, RateFill::new(received));
        self.rate_fill.needed = needed;
        let rate = received.saturating_sub(seen.before) as f64 / took.as_secs_f64();
        let count = self.connections.len().max(1);
        let worth = usize::try_from(limit / BYTES_PER_CONNECTION).unwrap_or(usize::MAX);
        let enough = worth.max(needed);
        let short = rate > 0.0 && rate < FILL_RATIO * limit as f64;
        if short && 2 * seen.waiting < seen.seen && self.may_grow() {
            let times = limit as f64 / rate;
            let wanted = (count as f64 * times)
                .ceil()
                .min(self.max_connections as f64);
            self.target = (wanted as usize).max(self.target).min(self.max_connections);
            self.rate_fill.needed = self.target;
        } else if seen.waiting == seen.seen && count > enough {
            self.target = enough;
            self.close_excess(enough);
        }
    }
}
