//! `HttpClient` for downloads that share a connection: when a request may, and what its response shows. The rules are
//! in `http2`.

use reqwest::Client;
use reqwest::header::HeaderMap;
use url::Url;

use super::client::HttpClient;
use super::client_pool::RoutedClient;
use super::http2::{self, FailuresBefore, HandshakeGuard};
use super::preconnect;

impl HttpClient {
    /// The same client for one of many downloads from the same host: its first request may share a connection with
    /// theirs.
    pub(crate) fn sharing(mut self) -> Self {
        self.shares = true;
        self
    }

    /// Stored with the response to a request to `url` that may share a connection.
    pub(super) fn shared_failures(&self, url: &Url) -> FailuresBefore {
        self.clients
            .shared_origins
            .failures(&preconnect::origin(url))
    }

    /// Records that a shared response failed before its end; `before` was stored with it.
    pub(crate) fn shared_answer_failed(&self, url: &Url, before: FailuresBefore) {
        let origin = preconnect::origin(url);
        self.clients.shared_origins.learn_failure(&origin, before);
    }

    /// Records what a response shows of its origin, for the requests that may share a connection there.
    pub(super) fn learn_size(&self, url: &Url, http2: Option<bool>, size: Option<u64>) {
        if self.shares {
            let origin = preconnect::origin(url);
            self.clients.shared_origins.learn(&origin, http2, size);
        }
    }

    /// The client for a request that may share its connection, and the guard that makes other requests wait for it.
    pub(super) async fn shared_client(
        &self,
        via: &RoutedClient,
        url: &Url,
        fields: &HeaderMap,
    ) -> Option<(Client, Option<HandshakeGuard>)> {
        if url.scheme() != "https" || via.needs_tunnels() || !http2::is_expressible(fields) {
            return None;
        }
        let origin = preconnect::origin(url);
        let guard = self.clients.shared_origins.admit(&origin).await?;
        Some((self.clients.shared(via)?, guard))
    }
}
