//! A response requested before its download started; it may still be pending.

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::{AttemptContext, AttemptError};
use crate::domain::download_url;
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
    fn take(&self) -> Option<oneshot::Receiver<RangedResponse>> {
        self.0.lock().take()
    }
}

/// The response to a request for the whole file, if there is one.
pub(super) async fn take_response(
    job: &AttemptContext,
) -> Result<Option<RangedResponse>, AttemptError> {
    let Some(answer) = job.prefetched.take() else {
        return Ok(None);
    };
    let answer = tokio::select! {
        biased;
        () = job.stop.cancelled() => return Err(AttemptError::Stopped),
        answer = answer => answer,
    };
    // Without one, the request is sent as usual.
    let Ok(mut answer) = answer else {
        return Ok(None);
    };
    let host = download_url::host_with_port(&answer.url);
    job.reports.info(format!("{host} has answered already"));
    job.http.classify_html(&mut answer);
    Ok(Some(answer))
}
