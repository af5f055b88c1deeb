//! Tells whether a request went out on a connection of its own, or on one that was kept from before and that the server
//! may have closed meanwhile (RFC 9112, section 9.3.1). Knows no answer.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tower_service::Service;

use super::connect_hook::{ConnectHook, Connected};

tokio::task_local! {
    /// Whether the request that runs here made a connection.
    static CONNECTED: Arc<AtomicBool>;
}

/// Runs a request; tells beside its outcome whether it made a connection itself.
pub(super) async fn watched<T>(request: impl Future<Output = T>) -> (T, bool) {
    let connected = Arc::new(AtomicBool::new(false));
    let outcome = CONNECTED.scope(Arc::clone(&connected), request).await;
    (outcome, connected.load(Ordering::Relaxed))
}

/// Whether a connection ended before the first byte of the answer came.
pub(super) fn ended_unanswered(error: &(dyn Error + 'static)) -> bool {
    let ended = [
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::UnexpectedEof,
    ];
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(hyper) = error.downcast_ref::<hyper::Error>()
            && (hyper.is_incomplete_message() || hyper.is_closed() || hyper.is_canceled())
        {
            return true;
        }
        if let Some(io) = error.downcast_ref::<io::Error>()
            && ended.contains(&io.kind())
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether the head of an answer had more fields or bytes than are read.
pub(super) fn too_large(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.any(|cause| {
        let hyper = cause.downcast_ref::<hyper::Error>();
        // The library tells it apart for servers only, but in the same words for all.
        hyper.is_some_and(|hyper| hyper.is_parse() && hyper.to_string().contains("too large"))
    })
}

/// Stands before what connects, inside of all others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reuse;

impl<S, R> ConnectHook<S, R> for Reuse
where
    S: Service<R>,
    S::Response: Send + 'static,
    S::Error: Send + 'static,
    S::Future: Send + 'static,
{
    fn connect(&self, connector: &mut S, request: R) -> Connected<S, R> {
        let connecting = connector.call(request);
        Box::pin(async move {
            let connected = connecting.await;
            // Outside of a request when another connection came free first, and this one is kept for later.
            let _outside = CONNECTED.try_with(|it| it.store(true, Ordering::Relaxed));
            connected
        })
    }
}
