//! Decides which requests share an HTTP/2 connection to their origin (RFC 9113), by what responses have shown of it.
//!
//! Many small files of one origin share a connection: one handshake for all of them, and a stream each. Large files
//! keep connections of their own, because ranges in one connection would share its window, its losses and its limits.
//! Builds no client and sends nothing.

use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use reqwest::header::{CONNECTION, HOST, HeaderMap, TE, UPGRADE};
use tokio::sync::watch;
use tower_service::Service;

use super::connect_hook::{ConnectHook, Connected};
use super::error;
use super::preconnect::origin_of_request;

/// Size in bytes of the largest file after which the next one of its origin may share a connection.
const MAX_SHARED_SIZE: u64 = 1 << 20;
/// Failures of shared responses after which only HTTP/1.1 is used with an origin. All that were in progress at a
/// failure count as one.
const MAX_FAILURES: u32 = 2;
/// How long requests wait for the first connection to an origin, and how long those that would open another one wait
/// for what the first response shows. Longer waits are not worth it.
const MAX_CONNECT_WAIT: Duration = Duration::from_secs(2);
/// How long a request that opens no connection waits for the one that another request has opened.
const HAND_OVER_TIME: Duration = Duration::from_secs(5);

/// Bytes of one stream that a server may send before they are read.
pub(super) const STREAM_WINDOW: u32 = 1 << 20;
/// The same for all streams of a connection: a few unread streams must not stop the others.
pub(super) const CONNECTION_WINDOW: u32 = 8 << 20;
/// How often an idle connection is pinged, and how long a reply is waited for.
pub(super) const PING_INTERVAL: Duration = Duration::from_secs(10);

/// What is known of each origin that a client that offers HTTP/2 was used with. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct SharedOrigins(Arc<Mutex<HashMap<String, OriginState>>>);

#[derive(Debug, Default)]
struct OriginState {
    handshake: Handshake,
    /// Whether opening a connection has begun.
    dialed: bool,
    /// Notified when `http2` is set.
    learned: watch::Sender<()>,
    /// Whether the last response came over HTTP/2; `None` before the first one.
    http2: Option<bool>,
    /// Whether the last file was too large to share a connection with others.
    large: bool,
    failures: u32,
}

#[derive(Debug, Default)]
enum Handshake {
    #[default]
    None,
    /// Dropping the sender wakes the requests that wait for its end.
    Running(watch::Sender<()>),
    Over,
}

impl OriginState {
    fn is_shared(&self) -> bool {
        let large = self.large && self.http2 == Some(true);
        !large && self.failures < MAX_FAILURES
    }
}

/// Held by the request that opens an origin's first connection: requests that wait for it continue when this is
/// dropped.
#[derive(Debug)]
pub(super) struct HandshakeGuard {
    origins: SharedOrigins,
    origin: String,
}

impl Drop for HandshakeGuard {
    fn drop(&mut self) {
        self.origins.end_handshake(&self.origin);
    }
}

impl SharedOrigins {
    fn states(&self) -> MutexGuard<'_, HashMap<String, OriginState>> {
        // Every change under it is whole.
        self.0.lock()
    }

    /// `None` if a request to `origin` may not share a connection. While nothing is known of the origin, the first
    /// request connects and gets the guard, and the others wait for it instead of all connecting at the same time.
    pub(super) async fn admit(&self, origin: &str) -> Option<Option<HandshakeGuard>> {
        let mut handshake = {
            let mut states = self.states();
            let state = states.entry(origin.to_owned()).or_default();
            if !state.is_shared() {
                return None;
            }
            match &state.handshake {
                Handshake::None => {
                    state.handshake = Handshake::Running(watch::Sender::new(()));
                    let (origins, origin) = (self.clone(), origin.to_owned());
                    return Some(Some(HandshakeGuard { origins, origin }));
                }
                Handshake::Running(end) => end.subscribe(),
                Handshake::Over => return Some(None),
            }
        };
        let _over = tokio::time::timeout(MAX_CONNECT_WAIT, handshake.changed()).await;
        let states = self.states();
        let shared = states.get(origin).is_none_or(OriginState::is_shared);
        shared.then_some(None)
    }

    fn end_handshake(&self, origin: &str) {
        if let Some(state) = self.states().get_mut(origin) {
            state.handshake = Handshake::Over;
        }
    }

    /// Records what a response shows of its origin: whether it came over HTTP/2, where that was offered, and the file's
    /// length in bytes, if it is stated.
    pub(super) fn learn(&self, origin: &str, http2: Option<bool>, size: Option<u64>) {
        let mut states = self.states();
        let state = states.entry(origin.to_owned()).or_default();
        state.http2 = http2.or(state.http2);
        state.learned.send_replace(());
        state.large = size.is_some_and(|size| size > MAX_SHARED_SIZE);
    }

    /// How often shared responses of this origin have failed, for the request that is sent now.
    pub(super) fn failures(&self, origin: &str) -> FailuresBefore {
        let states = self.states();
        FailuresBefore(states.get(origin).map_or(0, |state| state.failures))
    }

    /// Records that a shared response of this origin failed; `before` is the count when its request was sent. All that
    /// were in progress when one failed count as one: a lost connection takes every stream with it.
    pub(super) fn learn_failure(&self, origin: &str, before: FailuresBefore) {
        let mut states = self.states();
        let state = states.entry(origin.to_owned()).or_default();
        if state.failures == before.0 {
            state.failures += 1;
        }
    }

    /// Whether one connection to this origin serves all requests.
    fn has_http2(&self, origin: &str) -> bool {
        let states = self.states();
        states
            .get(origin)
            .is_some_and(|state| state.http2 == Some(true))
    }

    /// `None` if a connection to `origin` is to be opened now, otherwise what to wait for first: where one connection
    /// serves all requests, and where that is not known yet, one request opens it.
    fn begin_dial(&self, origin: &str) -> Option<watch::Receiver<()>> {
        let mut states = self.states();
        let state = states.entry(origin.to_owned()).or_default();
        match (state.http2, &state.handshake) {
            (Some(false), _) => None,
            (Some(true), Handshake::Running(end)) => Some(end.subscribe()),
            (Some(true), Handshake::None | Handshake::Over) => {
                state.handshake = Handshake::Running(watch::Sender::new(()));
                None
            }
            (None, _) if state.dialed => Some(state.learned.subscribe()),
            (None, _) => {
                state.dialed = true;
                None
            }
        }
    }
}

/// How often shared responses of an origin had failed when a request was sent there. Stored with its response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FailuresBefore(u32);

/// Error for a request that waited for the connection of another one.
#[derive(Debug, thiserror::Error)]
#[error("another connection serves this request")]
struct ServedByAnother;

/// Whether the fields mean the same in HTTP/2: connection-specific ones do not exist there (RFC 9113, section 8.2.2),
/// and another Host is another request.
pub(super) fn is_expressible(fields: &HeaderMap) -> bool {
    let own = [CONNECTION, HOST, TE, UPGRADE];
    own.iter().all(|name| !fields.contains_key(name))
}

/// Whether a request that failed over a client that offers HTTP/2 is to be repeated without it: not if there was no
/// connection at all (a failed TLS handshake does not count as such), or no response in time.
pub(super) fn is_worth_another_way(error: &reqwest::Error) -> bool {
    let other = |cause: &(dyn Error + 'static)| {
        cause.is::<rustls::Error>() || cause.is::<ServedByAnother>()
    };
    let made = !error.is_connect() && !error.is_timeout();
    made || error::causes(error).any(other)
}

/// Connector hook of a client that offers HTTP/2: reports the end of an origin's handshake, and opens one connection
/// where one serves all requests.
impl<S, R> ConnectHook<S, R> for SharedOrigins
where
    S: Service<R> + Clone + Send + 'static,
    S::Response: Send + 'static,
    S::Error: From<io::Error> + Send + 'static,
    S::Future: Send + 'static,
    R: Send + 'static,
{
    fn connect(&self, connector: &mut S, request: R) -> Connected<S, R> {
        let Some(origin) = origin_of_request() else {
            return Box::pin(connector.call(request));
        };
        let origins = self.clone();
        let Some(mut other) = origins.begin_dial(&origin) else {
            let connecting = connector.call(request);
            let guard = HandshakeGuard { origins, origin };
            return Box::pin(async move {
                let connected = connecting.await;
                drop(guard);
                connected
            });
        };
        // The clone may not be ready, but this one is.
        let clone = connector.clone();
        let mut ready = std::mem::replace(connector, clone);
        Box::pin(async move {
            let _told = tokio::time::timeout(MAX_CONNECT_WAIT, other.changed()).await;
            if origins.has_http2(&origin) {
                // The client gives the other connection to the request that waits for this one.
                tokio::time::sleep(HAND_OVER_TIME).await;
                let served = io::Error::other(ServedByAnother);
                return Err(served.into());
            }
            ready.call(request).await
        })
    }
}

#[cfg(test)]
#[path = "http2_tests.rs"]
mod tests;
