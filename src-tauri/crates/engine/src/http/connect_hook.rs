//! Hooks around the opening of a connection: the layer and the service that all connector hooks share.

use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

/// Future of a connection.
pub(super) type Connected<S, R> = Pin<
    Box<dyn Future<Output = Result<<S as Service<R>>::Response, <S as Service<R>>::Error>> + Send>,
>;

/// Opens connections with the connector `S`.
pub(super) trait ConnectHook<S: Service<R>, R> {
    /// `connector` is ready for one call.
    fn connect(&self, connector: &mut S, request: R) -> Connected<S, R>;
}

#[derive(Debug, Clone)]
pub(super) struct ConnectHookLayer<A>(pub(super) A);

#[derive(Debug, Clone)]
pub(super) struct ConnectHookService<A, S> {
    around: A,
    connector: S,
}

impl<A: Clone, S> Layer<S> for ConnectHookLayer<A> {
    type Service = ConnectHookService<A, S>;

    fn layer(&self, connector: S) -> ConnectHookService<A, S> {
        let around = self.0.clone();
        ConnectHookService { around, connector }
    }
}

impl<A: ConnectHook<S, R>, S: Service<R>, R> Service<R> for ConnectHookService<A, S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Connected<S, R>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, request: R) -> Connected<S, R> {
        self.around.connect(&mut self.connector, request)
    }
}
