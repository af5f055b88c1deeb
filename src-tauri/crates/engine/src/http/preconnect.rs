//! Opens connections ahead, while the first response of a distant server is pending, for the next requests to the same
//! origin, so that a download's other connections receive their first byte a round trip earlier.
//!
//! Does not depend on requests. A connection that no request takes in time is closed without having sent a byte of one.

use std::any::Any;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use reqwest::Client;
use tokio::task::JoinSet;
use tower_service::Service;
use url::Url;

use super::connect_hook::{ConnectHook, Connected};

/// How long an unused connection is kept open. Servers close idle ones, some after five seconds.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);

tokio::task_local! {
    /// Origin of the request that needs a connection: connectors are not passed it.
    static ORIGIN: String;
}

/// Parked connections; one pool per proxy route.
#[derive(Debug, Clone, Default)]
pub(super) struct IdlePool(Arc<Mutex<IdleConnections>>);

#[derive(Debug, Default)]
struct IdleConnections {
    last: u64,
    by_origin: HashMap<String, Vec<IdleEntry>>,
}

/// A connection's number and the connection, whose type only the client knows.
type IdleEntry = (u64, Box<dyn Any + Send>);

/// Connections that are being opened or are parked. Dropping it closes them all.
#[derive(Debug)]
pub(crate) struct Preconnect {
    _tasks: JoinSet<()>,
    permits: Option<Box<dyn Any + Send + Sync>>,
}

impl Preconnect {
    /// Attaches the permits that count the connections at their host; dropped with them.
    pub(crate) fn counted_by(self, permits: impl Any + Send + Sync) -> Self {
        let permits = Some(Box::new(permits) as Box<dyn Any + Send + Sync>);
        Self { permits, ..self }
    }

    /// From here on, the requests that take the connections count them.
    pub(crate) fn release_permits(&mut self) {
        self.permits = None;
    }
}

/// Runs a request so that it may take a parked connection.
pub(super) async fn with_origin<T>(url: &Url, request: impl Future<Output = T>) -> T {
    ORIGIN.scope(origin(url), request).await
}

/// Origin of the request for which a connection is being opened.
pub(super) fn origin_of_request() -> Option<String> {
    ORIGIN.try_with(Clone::clone).ok()
}

/// Starts opening `count` connections with a client whose connections are parked ([`IdlePool::opener_layer`]).
pub(super) fn preconnect(filler: &Client, url: &Url, count: usize) -> Preconnect {
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        // The request is never sent: the connector parks the connection in `IdlePool` instead of returning it, so
        // `send()` stays pending until it is dropped or fails after `IDLE_TIMEOUT`.
        let request = filler.get(url.clone()).send();
        let origin = origin(url);
        tasks.spawn(async move {
            let _never = ORIGIN.scope(origin, request).await;
        });
    }
    Preconnect {
        _tasks: tasks,
        permits: None,
    }
}

pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

impl IdlePool {
    fn waiting(&self) -> MutexGuard<'_, IdleConnections> {
        // Every change under it is whole.
        self.0.lock()
    }

    /// For the client whose requests take parked connections, and open their own if there is none.
    pub(super) fn consumer_layer(&self) -> PreconnectLayer {
        let kept = self.clone();
        PreconnectLayer { kept, opens: false }
    }

    /// For the client that opens connections for others.
    pub(super) fn opener_layer(&self) -> PreconnectLayer {
        let kept = self.clone();
        PreconnectLayer { kept, opens: true }
    }

    fn park(&self, origin: &str, connection: Box<dyn Any + Send>) -> IdleGuard {
        let mut waiting = self.waiting();
        waiting.last += 1;
        let number = waiting.last;
        let there = waiting.by_origin.entry(origin.to_owned()).or_default();
        there.push((number, connection));
        let (kept, origin) = (self.clone(), origin.to_owned());
        IdleGuard {
            kept,
            origin,
            number,
        }
    }

    /// Takes the connection that was parked last.
    fn checkout<C: 'static>(&self, origin: &str) -> Option<C> {
        let (_, connection) = self.waiting().by_origin.get_mut(origin)?.pop()?;
        connection.downcast().ok().map(|connection| *connection)
    }
}

/// Keeps a connection parked; dropping it removes the connection from the pool.
struct IdleGuard {
    kept: IdlePool,
    origin: String,
    number: u64,
}

impl Drop for IdleGuard {
    fn drop(&mut self) {
        let mut waiting = self.kept.waiting();
        let Some(there) = waiting.by_origin.get_mut(&self.origin) else {
            return;
        };
        let at = there.iter().position(|(number, _)| *number == self.number);
        // Closed after the lock is released.
        let _closed = at.map(|at| there.swap_remove(at));
        if there.is_empty() {
            waiting.by_origin.remove(&self.origin);
        }
        drop(waiting);
    }
}

/// Connector hook: parks new connections (`opens`), or takes parked ones.
#[derive(Debug, Clone)]
pub(super) struct PreconnectLayer {
    kept: IdlePool,
    opens: bool,
}

impl<S, R> ConnectHook<S, R> for PreconnectLayer
where
    S: Service<R>,
    S::Response: Send + 'static,
    S::Error: From<io::Error> + Send + 'static,
    S::Future: Send + 'static,
{
    fn connect(&self, connector: &mut S, request: R) -> Connected<S, R> {
        let kept = self.kept.clone();
        match origin_of_request() {
            Some(origin) if self.opens => {
                let connecting = connector.call(request);
                Box::pin(async move {
                    let place = kept.park(&origin, Box::new(connecting.await?));
                    tokio::time::sleep(IDLE_TIMEOUT).await;
                    drop(place);
                    Err(io::Error::from(io::ErrorKind::NotConnected).into())
                })
            }
            Some(origin) => match kept.checkout(&origin) {
                Some(connection) => Box::pin(std::future::ready(Ok(connection))),
                None => Box::pin(connector.call(request)),
            },
            None => Box::pin(connector.call(request)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll};

    use tower_layer::Layer;

    use super::super::connect_hook::{ConnectHookLayer, ConnectHookService};
    use super::*;

    /// Connects immediately; a connection is a number.
    #[derive(Clone, Default)]
    struct Numbers(Arc<Mutex<u32>>);

    impl Service<()> for Numbers {
        type Response = u32;
        type Error = io::Error;
        type Future = std::future::Ready<io::Result<u32>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            let mut last = self.0.lock();
            *last += 1;
            std::future::ready(Ok(*last))
        }
    }

    async fn connect(
        service: &mut ConnectHookService<PreconnectLayer, Numbers>,
        origin: &str,
    ) -> io::Result<u32> {
        let connecting = ORIGIN.sync_scope(origin.to_owned(), || service.call(()));
        connecting.await
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_made_ahead_is_taken_once_by_a_request_to_its_origin() {
        let (kept, numbers) = (IdlePool::default(), Numbers::default());
        let mut filler = ConnectHookLayer(kept.opener_layer()).layer(numbers.clone());
        let mut taker = ConnectHookLayer(kept.consumer_layer()).layer(numbers);
        let made = tokio::spawn(async move { connect(&mut filler, "http://a").await });
        tokio::task::yield_now().await;
        assert_eq!(connect(&mut taker, "http://b").await.unwrap(), 2);
        assert_eq!(connect(&mut taker, "http://a").await.unwrap(), 1);
        assert_eq!(connect(&mut taker, "http://a").await.unwrap(), 3);
        assert_eq!(
            made.await.unwrap().unwrap_err().kind(),
            io::ErrorKind::NotConnected
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_nobody_takes_is_closed_after_a_moment_or_with_its_download() {
        let (kept, numbers) = (IdlePool::default(), Numbers::default());
        let mut filler = ConnectHookLayer(kept.opener_layer()).layer(numbers.clone());
        let mut other = filler.clone();
        let made = tokio::spawn(async move { connect(&mut filler, "http://a").await });
        tokio::time::sleep(IDLE_TIMEOUT - Duration::from_millis(1)).await;
        assert_eq!(kept.waiting().by_origin.len(), 1);
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert!(kept.waiting().by_origin.is_empty());
        assert!(made.is_finished());
        let made = tokio::spawn(async move { connect(&mut other, "http://a").await });
        tokio::task::yield_now().await;
        assert_eq!(kept.waiting().by_origin.len(), 1);
        made.abort();
        tokio::task::yield_now().await;
        assert!(kept.waiting().by_origin.is_empty());
    }
}
