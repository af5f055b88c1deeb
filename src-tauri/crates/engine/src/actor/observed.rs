//! The counters of a worker at the last observation of its speed.

use std::time::Instant;

use crate::domain::limited_by::WaitTimes;

#[derive(Debug)]
pub(super) struct Observed {
    pub(super) at: Instant,
    pub(super) received: u64,
    pub(super) waits: WaitTimes,
    /// Since when no byte has arrived.
    pub(super) idle_since: Instant,
}

impl Observed {
    pub(super) fn new(received: u64) -> Self {
        let now = Instant::now();
        Self {
            at: now,
            received,
            waits: WaitTimes::default(),
            idle_since: now,
        }
    }
}
