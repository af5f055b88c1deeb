//! Tells whether a request was sent on a new connection, or on an idle one that the server may have closed meanwhile
//! (RFC 9112, section 9.3.1). Does not depend on responses.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tower_service::Service;

use super::connect_hook::{ConnectHook, Connected};

tokio::task_local! {
    /// Whether the request that runs in this task opened a connection.
    static CONNECTED: Arc<AtomicBool>;
}

/// Runs a request; also returns whether it opened a connection itself.
pub(super) async fn watched<T>(request: impl Future<Output = T>) -> (T, bool) {
    let connected = Arc::new(AtomicBool::new(false));
    let outcome = CONNECTED.scope(Arc::clone(&connected), request).await;
    (outcome, connected.load(Ordering::Relaxed))
}

/// Whether the connection ended before the first byte of the response.
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

/// Whether the header section of a response exceeded the limits.
pub(super) fn too_large(error: &(dyn Error + 'static)) -> bool {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.any(|cause| {
        let hyper = cause.downcast_ref::<hyper::Error>();
        // hyper has a predicate for it on the server side only; the message is the same on both sides.
        hyper.is_some_and(|hyper| hyper.is_parse() && hyper.to_string().contains("too large"))
    })
}

/// Innermost connector hook: marks the running request as one that opened a connection.
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
            // Not within the request if another connection became idle first: the client then finishes this one in the
            // background, for the pool.
            let _outside = CONNECTED.try_with(|it| it.store(true, Ordering::Relaxed));
            connected
        })
    }
}
