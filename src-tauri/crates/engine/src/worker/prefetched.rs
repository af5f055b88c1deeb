//! A response requested before its download started; it may still be pending.

use parking_lot::Mutex;
use tokio::sync::oneshot;

use crate::http::RangedResponse;

/// Taken at most once.
#[derive(Debug, Default)]
pub(crate) struct PrefetchedResponse(Mutex<Option<oneshot::Receiver<RangedResponse>>>);

impl From<oneshot::Receiver<RangedResponse>> for PrefetchedResponse {
    fn from(answer: oneshot::Receiver<RangedResponse>) -> Self {
        Self(Mutex::new(Some(answer)))
    }
}

impl PrefetchedResponse {
    pub(super) fn take(&self) -> Option<oneshot::Receiver<RangedResponse>> {
        self.0.lock().take()
    }
}
