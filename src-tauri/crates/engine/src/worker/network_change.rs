//! The moment at which the network last became another one, for all workers.

use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;

#[derive(Debug, Clone, Default)]
pub(crate) struct LastNetworkChange(Arc<Mutex<Option<Instant>>>);

impl LastNetworkChange {
    /// It is another one now.
    pub(crate) fn mark(&self) {
        *self.0.lock() = Some(Instant::now());
    }

    /// Whether it has changed after `then`.
    pub(super) fn is_after(&self, then: Instant) -> bool {
        let last = *self.0.lock();
        last.is_some_and(|last| last > then)
    }
}
