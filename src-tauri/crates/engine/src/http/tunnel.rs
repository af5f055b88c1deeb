//! Tunnels for https URLs through a proxy that requires Digest (RFC 7616) for CONNECT: the default client sends proxies
//! Basic only.
//!
//! Each tunnel gets a nonce of its own and uses it once, so that parallel connections cannot reach the proxy in an
//! order that it refuses. Does not depend on the requests inside the tunnel.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper::header::{HOST, HeaderValue, PROXY_AUTHORIZATION, USER_AGENT};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use reqwest::Body;
use rustls::ClientConfig;
use tower_service::Service;

use super::auth::Authenticator;

type AnyError = Box<dyn Error + Send + Sync>;

/// The body of a refusal is read up to this size, so that its connection can be reused; longer ones are not worth it.
const PAGE: usize = 64 << 10;

/// Why there is no tunnel.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoTunnel {
    #[error("the proxy takes no such credentials")]
    Refused,
    #[error("the proxy does not lead there: {0}")]
    Unsuccessful(StatusCode),
    #[error("the proxy did not answer in time")]
    Late,
    #[error("the proxy cannot be spoken with")]
    Proxy(#[source] AnyError),
}

/// Opens tunnels through one proxy.
#[derive(Debug, Clone)]
pub(super) struct Tunnels {
    proxy: Uri,
    to_proxy: HttpsConnector<HttpConnector>,
    gate: Arc<Authenticator>,
    timeout: Duration,
    wanted: Arc<AtomicBool>,
}

impl Tunnels {
    /// Through `proxy` (`http` or `https`, without credentials); opening a tunnel takes `timeout` at most.
    pub(super) fn new(
        proxy: Uri,
        tls: Arc<ClientConfig>,
        gate: Arc<Authenticator>,
        timeout: Duration,
    ) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        Self {
            proxy,
            to_proxy: (connector, tls).into(),
            gate,
            timeout,
            wanted: Arc::default(),
        }
    }

    /// Whether the proxy is known to require Digest.
    pub(super) fn wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    async fn open(&self, to: &Uri) -> Result<Tunnel, NoTunnel> {
        let place = Place::of(to).ok_or(NoTunnel::Unsuccessful(StatusCode::BAD_REQUEST))?;
        let mut kept = None;
        let mut answer = None;
        let mut answered = 0;
        loop {
            let response = self.ask(&place, &mut kept, answer).await?;
            let status = response.status();
            if status.is_success() {
                let through = hyper::upgrade::on(response).await.map_err(proxy)?;
                return Ok(Tunnel(through));
            }
            if status != StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                return Err(NoTunnel::Unsuccessful(status));
            }
            let field = self
                .gate
                .for_tunnel(response.headers(), &place.authority, answered);
            // A proxy that no longer requires Digest gets Basic again, from the default client.
            self.wanted
                .store(field.is_some() || answered > 0, Ordering::Relaxed);
            answer = Some(field.ok_or(NoTunnel::Refused)?);
            answered += 1;
            if !read_page(response).await {
                kept = None;
            }
        }
    }

    /// Sends CONNECT over the connection in `kept`, or else over a new one, which is then kept.
    async fn ask(
        &self,
        place: &Place,
        kept: &mut Option<SendRequest<Body>>,
        answer: Option<HeaderValue>,
    ) -> Result<Response<Incoming>, NoTunnel> {
        if let Some(mut again) = kept.take()
            && again.ready().await.is_ok()
            && let Ok(response) = again.send_request(place.request(answer.clone())).await
        {
            *kept = Some(again);
            return Ok(response);
        }
        let reached = self.to_proxy.clone().call(self.proxy.clone()).await;
        let (mut new, connection) = Builder::new()
            .title_case_headers(true)
            .handshake(reached.map_err(NoTunnel::Proxy)?)
            .await
            .map_err(proxy)?;
        // The task ends with the connection, which is closed when neither a sender nor a tunnel is left.
        tokio::spawn(connection.with_upgrades());
        let response = new.send_request(place.request(answer)).await;
        *kept = Some(new);
        response.map_err(proxy)
    }
}

fn proxy(error: hyper::Error) -> NoTunnel {
    NoTunnel::Proxy(error.into())
}

/// Target of a tunnel.
#[derive(Debug)]
struct Place {
    /// Host and port: the target of the request, and the `uri` of the Digest response.
    authority: String,
    uri: Uri,
    host: HeaderValue,
}

impl Place {
    /// `None` if there is no host.
    fn of(to: &Uri) -> Option<Self> {
        let authority = format!("{}:{}", to.host()?, to.port_u16().unwrap_or(443));
        Some(Self {
            uri: authority.parse().ok()?,
            host: HeaderValue::try_from(&authority).ok()?,
            authority,
        })
    }

    /// A CONNECT request (RFC 9110, section 9.3.6).
    fn request(&self, answer: Option<HeaderValue>) -> Request<Body> {
        let mut request = Request::new(Body::default());
        *request.method_mut() = Method::CONNECT;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(HOST, self.host.clone());
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(super::DEFAULT_USER_AGENT),
        );
        headers.extend(answer.map(|answer| (PROXY_AUTHORIZATION, answer)));
        request
    }
}

/// Reads the body of a refusal; returns whether its end was reached.
async fn read_page(response: Response<Incoming>) -> bool {
    let mut page = reqwest::Response::from(response.map(Body::wrap));
    let mut read = 0;
    while read <= PAGE {
        match page.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
    false
}

impl Service<Uri> for Tunnels {
    type Response = Tunnel;
    type Error = NoTunnel;
    type Future = Pin<Box<dyn Future<Output = Result<Tunnel, NoTunnel>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoTunnel>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let opened = tokio::time::timeout(this.timeout, this.open(&to)).await;
            opened.map_err(|_| NoTunnel::Late)?
        })
    }
}

/// A connection through the proxy to the target.
#[derive(Debug)]
pub(super) struct Tunnel(Upgraded);

impl Connection for Tunnel {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Tunnel {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl Write for Tunnel {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
