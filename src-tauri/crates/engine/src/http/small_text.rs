//! Fetches a small text from the origin of a download.

use std::time::Duration;

use super::client::{Chain, HttpClient};
use super::range_request::RangeRequest;
use super::response;
use crate::domain::checksum_file::MAX_BYTES;
use crate::domain::download_url;
use crate::domain::problem::Problem;

impl HttpClient {
    /// The text at that URL. `None` if the server has none there: also for an HTML page, for more than [`MAX_BYTES`],
    /// and for a redirect to another origin, which is not followed. `timeout`: between two pieces of the body.
    ///
    /// # Errors
    ///
    /// Why the server gives no answer, or wants to be left alone for a while.
    pub(crate) async fn small_text(
        &self,
        ask: &RangeRequest<'_>,
        timeout: Duration,
    ) -> Result<Option<String>, Problem> {
        match self.read_small(ask, timeout).await {
            Err(problem) if is_refusal(&problem) => Ok(None),
            result => result,
        }
    }

    async fn read_small(
        &self,
        ask: &RangeRequest<'_>,
        timeout: Duration,
    ) -> Result<Option<String>, Problem> {
        let mut chain = Chain::within_origin(ask.url);
        let response = self.exchange(ask, &mut chain, false).await?;
        let host = download_url::host_with_port(&chain.url);
        let mut answer = response::check(response, chain.url, ask, true, &[])?;
        if answer.html {
            return Ok(None);
        }
        let mut text = Vec::new();
        let stalled = |_| Problem::Stalled { host: host.clone() };
        loop {
            let next = tokio::time::timeout(timeout, answer.body.next()).await;
            let Some(bytes) = next.map_err(stalled)?? else {
                break;
            };
            if text.len() + bytes.len() > MAX_BYTES {
                return Ok(None);
            }
            text.extend_from_slice(&bytes);
        }
        Ok(Some(String::from_utf8_lossy(&text).into_owned()))
    }
}

/// Whether the server has answered, but not with the file.
fn is_refusal(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::NotFound { .. }
            | Problem::Gone { .. }
            | Problem::Unauthorized { .. }
            | Problem::Forbidden { .. }
            | Problem::ServerError { .. }
            | Problem::UnexpectedStatus { .. }
            | Problem::TooManyRedirects { .. }
            | Problem::UnsafeRedirect { .. }
            | Problem::RangeMismatch { .. }
            | Problem::Encoded { .. }
            | Problem::NotTheFile { .. }
            | Problem::Changed { .. }
    )
}
