//! The client for https URLs through a proxy that requires Digest: configured like the default client, with tunnels of
//! its own (see `tunnel`).

use std::sync::Arc;
use std::time::Duration;

use hyper::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use hyper::{Request, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::{Body, Response};
use rustls::ClientConfig;
use tower_layer::Layer;
use url::Url;

use super::auth::Authenticator;
use super::connect_hook::{ConnectHookLayer, ConnectHookService};
use super::connection_reuse::Reuse;
use super::tunnel::Tunnels;
use super::{MANY_FIELDS, MAX_IDLE};

/// Cheap to clone: clones share connections.
#[derive(Debug, Clone)]
pub(super) struct Tunnelled {
    client: legacy::Client<ConnectHookService<Reuse, HttpsConnector<Tunnels>>, Body>,
    tunnels: Tunnels,
}

impl Tunnelled {
    /// `None` if `proxy` is not an HTTP proxy.
    pub(super) fn new(
        proxy: &Url,
        tls: &ClientConfig,
        gate: &Arc<Authenticator>,
        timeout: Duration,
    ) -> Option<Self> {
        if !matches!(proxy.scheme(), "http" | "https") {
            return None;
        }
        let tls = Arc::new(tls.clone());
        let bare: Uri = proxy.origin().ascii_serialization().parse().ok()?;
        let tunnels = Tunnels::new(bare, Arc::clone(&tls), Arc::clone(gate), timeout);
        let connector = ConnectHookLayer(Reuse).layer(HttpsConnector::from((tunnels.clone(), tls)));
        let client = legacy::Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(MAX_IDLE)
            .pool_timer(TokioTimer::new())
            .http1_title_case_headers(true)
            .http1_max_headers(MANY_FIELDS)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_ignore_invalid_headers_in_responses(true)
            .build(connector);
        Some(Self { client, tunnels })
    }

    /// Whether the proxy is known to require Digest.
    pub(super) fn wanted(&self) -> bool {
        self.tunnels.wanted()
    }

    /// Sends a GET for `to`. `headers` take precedence over the defaults of every request.
    pub(super) async fn get(&self, to: Uri, headers: HeaderMap) -> Result<Response, legacy::Error> {
        let mut request = Request::new(Body::default());
        *request.uri_mut() = to;
        let all = request.headers_mut();
        *all = headers;
        let ours = [(ACCEPT, "*/*"), (USER_AGENT, super::DEFAULT_USER_AGENT)];
        for (name, value) in ours {
            let value = HeaderValue::from_static(value);
            all.entry(name).or_insert(value);
        }
        let response = self.client.request(request).await?;
        Ok(Response::from(response.map(Body::wrap)))
    }
}
