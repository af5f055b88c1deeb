//! Remembers which servers recently failed on a range request, so that the next download there starts without a range.
//! In memory only, and bounded.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::time::Instant;
use url::Url;

use crate::domain::problem::Problem;

/// How long a server is remembered.
const REMEMBERED: Duration = Duration::from_secs(3600);
/// The same for a server that did not respond: until the next attempt.
const SILENCE_REMEMBERED: Duration = Duration::from_secs(120);
/// Servers remembered at most.
const MAX_SERVERS: usize = 256;

/// By origin.
#[derive(Debug, Default)]
pub(super) struct RangeSupport(Mutex<HashMap<String, Known>>);

#[derive(Debug, Clone, Copy)]
struct Known {
    refusal: Option<Refusal>,
    at: Instant,
}

/// Why a request was repeated without a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The server does not understand ranges, or answers them wrongly.
    Plain,
    /// It may have been busy or have refused for another reason: if it states that it supports ranges, that is
    /// believed.
    Doubtful,
    /// It did not respond, for an unknown reason: only a download without any data starts without a range because of
    /// it.
    Silent,
}

impl Refusal {
    fn remembered(self) -> Duration {
        match self {
            Self::Plain | Self::Doubtful => REMEMBERED,
            Self::Silent => SILENCE_REMEMBERED,
        }
    }

    /// Whether the range may have caused the problem, so that the same request without one may succeed. Not so for
    /// authentication, for a request to wait, and for a captive portal.
    pub(super) fn of(problem: &Problem, retry_after: bool) -> Option<Self> {
        let plain = matches!(
            problem,
            Problem::RangeMismatch { .. }
                | Problem::UnexpectedStatus {
                    status: 400 | 405 | 412 | 501 | 505,
                    ..
                }
        );
        // Request Timeout, and Too Early.
        let timing = matches!(
            problem,
            Problem::ServerError {
                status: 408 | 425,
                ..
            }
        );
        let doubtful = matches!(
            problem,
            Problem::Forbidden { .. }
                | Problem::NotFound { .. }
                | Problem::Gone { .. }
                | Problem::ServerError { .. }
                | Problem::UnexpectedStatus { .. }
                | Problem::BadResponse { .. }
                | Problem::ConnectionLost { .. }
        );
        if plain {
            Some(Self::Plain)
        } else if doubtful && !timing && !retry_after {
            Some(Self::Doubtful)
        } else {
            None
        }
    }
}

impl RangeSupport {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        // Every change under it is whole.
        self.0.lock()
    }

    /// How a server refused ranges last, unless that has expired.
    pub(super) fn refusal(&self, url: &Url) -> Option<Refusal> {
        let known = self.known();
        let found = known.get(&url.origin().ascii_serialization())?;
        let refusal = found.refusal?;
        (found.at.elapsed() < refusal.remembered()).then_some(refusal)
    }

    /// A range request failed and the same request without a range returned the file; or there was no response. A
    /// server that has recently answered other ranges correctly refused only this one, and is not marked unless the
    /// refusal is [`Refusal::Plain`].
    pub(super) fn refused(&self, url: &Url, refusal: Refusal) {
        let origin = url.origin().ascii_serialization();
        let mut known = self.known();
        let good = known
            .get(&origin)
            .is_some_and(|found| found.refusal.is_none() && found.at.elapsed() < REMEMBERED);
        if !good || refusal == Refusal::Plain {
            put(&mut known, origin, Some(refusal));
        }
    }

    /// A range request was answered with exactly that range.
    pub(super) fn worked(&self, url: &Url) {
        let origin = url.origin().ascii_serialization();
        put(&mut self.known(), origin, None);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "servers are remembered for a time"
)]
fn put(known: &mut HashMap<String, Known>, origin: String, refusal: Option<Refusal>) {
    if known.len() >= MAX_SERVERS && !known.contains_key(&origin) {
        let oldest = known.iter().min_by_key(|(_, one)| one.at);
        let oldest = oldest.map(|(origin, _)| origin.clone());
        oldest.map(|oldest| known.remove(&oldest));
    }
    let at = Instant::now();
    known.insert(origin, Known { refusal, at });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(link: &str) -> Url {
        Url::parse(link).expect("a link")
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_is_remembered_for_an_hour_or_until_a_range_works() {
        let servers = RangeSupport::default();
        let (here, there) = (url("http://a/x"), url("http://a:81/x"));
        assert_eq!(servers.refusal(&here), None);
        servers.refused(&here, Refusal::Doubtful);
        assert_eq!(servers.refusal(&url("http://a/y")), Some(Refusal::Doubtful));
        assert_eq!(servers.refusal(&there), None);
        servers.worked(&here);
        assert_eq!(servers.refusal(&here), None);
        servers.refused(&here, Refusal::Doubtful);
        assert_eq!(servers.refusal(&here), None, "it answers others");
        servers.refused(&here, Refusal::Plain);
        assert_eq!(servers.refusal(&here), Some(Refusal::Plain));
        tokio::time::advance(REMEMBERED).await;
        assert_eq!(servers.refusal(&here), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_was_silent_is_remembered_until_the_next_try() {
        let servers = RangeSupport::default();
        let here = url("http://a/x");
        servers.refused(&here, Refusal::Silent);
        assert_eq!(servers.refusal(&here), Some(Refusal::Silent));
        tokio::time::advance(SILENCE_REMEMBERED).await;
        assert_eq!(servers.refusal(&here), None);
        servers.worked(&here);
        servers.refused(&here, Refusal::Silent);
        assert_eq!(servers.refusal(&here), None, "it answers ranges");
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_servers_are_remembered_and_no_more() {
        let servers = RangeSupport::default();
        for n in 0..2 * MAX_SERVERS {
            servers.refused(&url(&format!("http://h{n}/")), Refusal::Plain);
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert_eq!(servers.known().len(), MAX_SERVERS);
        assert_eq!(servers.refusal(&url("http://h0/")), None);
        let last = url(&format!("http://h{}/", 2 * MAX_SERVERS - 1));
        assert_eq!(servers.refusal(&last), Some(Refusal::Plain));
    }
}
