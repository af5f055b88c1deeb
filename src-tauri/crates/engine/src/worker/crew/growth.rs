//! How many connections a crew should be: decided by what those that are there bring.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Crew;

/// How often the crew looks around, and how often while it is still deciding how many it should be.
const LOOK: Duration = Duration::from_millis(100);
const CLOSE_LOOK: Duration = Duration::from_millis(10);
/// How long it is deciding.
const DECIDING: Duration = Duration::from_secs(1);
/// Bytes per second at which one connection is no bottleneck: two gigabit lines would be full. More connections would
/// only cost more of the processor.
pub(super) const FAST: f64 = 200e6;
/// How long one connection has to be so fast before it gets a second one beside it.
const SURE: Duration = Duration::from_millis(50);
/// A server that answers later than this is far enough away that one connection's window may be the limit.
pub(super) const FAR: Duration = Duration::from_millis(20);

impl Crew<'_> {
    /// When to look around next.
    pub(super) fn next_look(&self) -> Instant {
        let deciding = self.target < self.most && self.begun.elapsed() < DECIDING;
        self.looked.0 + if deciding { CLOSE_LOOK } else { LOOK }
    }

    /// Remembers how much is there, for the next look.
    pub(super) fn look(&mut self) {
        let received = self.job.counters.received.load(Ordering::Relaxed);
        self.looked = (Instant::now(), received);
    }

    /// Whether none has failed lately.
    pub(super) fn calm(&self) -> bool {
        self.calm_until.is_none_or(|until| Instant::now() >= until)
    }

    /// As many connections as there may be, once those that are there are seen not to bring all that a machine can take
    /// - and none has failed lately. Where they do, a second one, for the second core.
    pub(super) fn grow(&mut self) {
        if let Some(limit) = self.limit() {
            return self.fill(limit);
        }
        if !self.calm() || self.target >= self.most {
            return;
        }
        let (at, before) = self.looked;
        let received = self.job.counters.received.load(Ordering::Relaxed);
        let brought = received.saturating_sub(before) as f64;
        let fast = brought >= FAST * at.elapsed().as_secs_f64();
        self.slow_looks = if fast { 0 } else { self.slow_looks + 1 };
        if self.slow_looks > 1 && self.failures > 0 {
            // After a failure, one at a time.
            self.target = self.most.min(self.seats.len() + 1);
        } else if self.slow_looks > 1 {
            self.target = self.most;
        } else if fast && self.begun.elapsed() > SURE {
            self.target = self.target.max(2.min(self.most));
        }
    }
}
