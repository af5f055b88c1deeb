//! The time of the last network change, shared by all workers.

use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;

#[derive(Debug, Clone, Default)]
pub(crate) struct LastNetworkChange(Arc<Mutex<Option<Instant>>>);

impl LastNetworkChange {
    pub(crate) fn mark(&self) {
        *self.0.lock() = Some(Instant::now());
    }

    pub(super) fn is_after(&self, then: Instant) -> bool {
        let last = *self.0.lock();
        last.is_some_and(|last| last > then)
    }
}
