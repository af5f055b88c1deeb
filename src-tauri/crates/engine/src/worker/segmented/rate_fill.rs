//! How many connections a speed limit is worth: those that it takes to fill it, and no crowd that only trickles.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::SegmentedTransfer;

/// How long a limit is watched before anything follows from it.
const WINDOW: Duration = Duration::from_millis(500);
/// Bytes per second of a limit that keep one connection busy enough not to be missed.
const BYTES_PER_CONNECTION: u64 = 512 << 10;
/// A limit is filled when this part of it comes: five per cent less would be too little.
const FILL_RATIO: f64 = 0.97;

/// What was seen of a limit since `since`.
#[derive(Debug)]
pub(super) struct RateFill {
    since: Instant,
    /// The bytes that were here then.
    before: u64,
    /// Connections seen, look for look, and those of them whose bytes waited for the limit.
    seen: usize,
    waiting: usize,
    /// Connections that it once took to fill the limit.
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
    /// The bytes per second that this download may bring at most.
    pub(super) fn effective_limit(&self) -> Option<u64> {
        let [all, own] = &self.job.limits;
        all.rate().into_iter().chain(own.rate()).min()
    }

    /// Under a limit: where it is not filled although most connections do not wait for it, more are needed; where all of
    /// them wait, fewer do as well.
    pub(super) fn adjust_to_limit(&mut self, limit: u64) {
        let waiting = self
            .connections
            .values()
            .filter(|connection| connection.segment.is_held_back())
            .count();
        self.thrift.waiting += waiting;
        self.thrift.seen += self.connections.len();
        let took = self.thrift.since.elapsed();
        if took < WINDOW {
            return;
        }
        let received = self.job.counters.received.load(Ordering::Relaxed);
        let needed = self.thrift.needed;
        let seen = std::mem::replace(&mut self.thrift, RateFill::new(received));
        self.thrift.needed = needed;
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
            self.thrift.needed = self.target;
        } else if seen.waiting == seen.seen && count > enough {
            self.target = enough;
            self.close_excess(enough);
        }
    }
}
