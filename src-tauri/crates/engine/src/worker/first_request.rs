//! The first request of an attempt, and the response that may be there before it.

use std::time::{Duration, Instant};

use super::{AttemptContext, AttemptError, preconnect};
use crate::domain::download_url;
use crate::http::{RangeRequest, RangedResponse};

/// After this time without a response the server is far away, and a further connection will take as long.
const SLOW_RESPONSE: Duration = Duration::from_millis(50);
/// Missing bytes above which connections are opened before the server has responded.
const WORTH_PRECONNECTING: u64 = 16 << 20;

/// The response to a request for the whole file, if there is one.
pub(super) async fn take_prefetched(
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
    job.reports
        .info(format!("using the response of {host} to the add dialog"));
    job.http.classify_html(&mut answer);
    Ok(Some(answer))
}

/// The server's response, unless the worker is stopped first. `missing`: the bytes known to be missing.
pub(super) async fn send_request(
    job: &AttemptContext,
    ask: &RangeRequest<'_>,
    missing: u64,
) -> Result<RangedResponse, AttemptError> {
    let begun = Instant::now();
    let mut ahead = None;
    let asking = job.http.ask_first(ask);
    tokio::pin!(asking);
    let large = missing >= WORTH_PRECONNECTING;
    let mut answer = loop {
        tokio::select! {
            biased;
            () = job.stop.cancelled() => return Err(AttemptError::Stopped),
            answer = &mut asking => break answer?,
            () = tokio::time::sleep(SLOW_RESPONSE), if large && ahead.is_none() => {
                ahead = Some(preconnect::connect_ahead(job, ask));
            }
        }
    };
    answer.latency = begun.elapsed();
    answer.preconnect = ahead.flatten();
    Ok(answer)
}
