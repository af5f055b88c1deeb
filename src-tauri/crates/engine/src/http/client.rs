//! The one place where a client is made, and one request with its redirects.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LOCATION, RANGE,
};
use reqwest::{Client, StatusCode};
use url::Url;

use super::answer::{self, Answer};
use super::trouble::{UnknownName, problem};
use super::{redirect, tls};
use crate::core::link;
use crate::core::problem::Problem;

/// What a client is made from.
#[derive(Debug, Clone)]
pub(crate) struct NetConfig {
    /// For connecting and for the first byte.
    pub(crate) timeout: Duration,
    /// PEM.
    pub(crate) extra_roots: Vec<Vec<u8>>,
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NetError {
    #[error("a certificate file holds no certificate in PEM form")]
    Certificate,
    #[error(transparent)]
    Client(#[from] reqwest::Error),
    #[error(transparent)]
    Tls(#[from] rustls::Error),
}

/// Connections to servers, kept and used again across downloads.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    client: Client,
    timeout: Duration,
}

/// One question: this link, from this byte on.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a Url,
    /// The link that the person gave: its origin is what the headers were given for.
    pub(crate) home: &'a Url,
    pub(crate) headers: &'a [(String, String)],
    /// The first byte wanted.
    pub(crate) from: u64,
    /// One past the last byte wanted; `None` is all that comes.
    pub(crate) to: Option<u64>,
}

impl Net {
    pub(crate) fn new(config: &NetConfig) -> Result<Self, NetError> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls::config(&config.extra_roots)?)
            // Ranges over HTTP/2 would share one TCP connection, its window and its losses.
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(config.timeout)
            .pool_max_idle_per_host(32)
            .tcp_nodelay(true)
            .dns_resolver(SystemNames)
            .user_agent(concat!("Millrace/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            client,
            timeout: config.timeout,
        })
    }

    /// Asks, follows redirects, and checks the answer against the question. The body has not been read yet.
    pub(crate) async fn ask(&self, ask: &Ask<'_>) -> Result<Answer, Problem> {
        let mut url = ask.url.clone();
        let mut ranged = true;
        let mut trail = redirect::Trail::new(&url);
        loop {
            let host = link::host(&url);
            let request = self
                .client
                .get(url.clone())
                .headers(headers(ask, &url, ranged));
            let sent = tokio::time::timeout(self.timeout * 2, request.send()).await;
            let response = sent
                .map_err(|_| Problem::NoAnswer { host: host.clone() })?
                .map_err(|error| problem(&error, &host))?;
            if redirect::is_one(response.status())
                && let Some(place) = response.headers().get(LOCATION)
            {
                url = trail.follow(&url, place.as_bytes())?;
                continue;
            }
            // An empty file has no first byte to start a range at: RFC 9110, section 14.1.2.
            let refused = response.status() == StatusCode::RANGE_NOT_SATISFIABLE;
            if refused && ask.from == 0 && ranged {
                ranged = false;
                continue;
            }
            let answer = answer::check(response, url.clone(), ask)?;
            // A part of an unknown whole could end anywhere: the whole is asked for.
            if ranged
                && ask.from == 0
                && ask.to.is_none()
                && answer.identity.total.is_none()
                && answer.ranges
            {
                ranged = false;
                continue;
            }
            return Ok(answer);
        }
    }
}

/// Ours, and the person's as far as they may go with the link: credentials stay with the origin they were given for.
fn headers(ask: &Ask<'_>, url: &Url, ranged: bool) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let home = url.origin() == ask.home.origin();
    for (name, value) in ask.headers {
        let parsed = (
            HeaderName::from_bytes(name.trim().as_bytes()),
            HeaderValue::from_str(value.trim()),
        );
        if let (Ok(name), Ok(value)) = parsed
            && (home || redirect::travels(&name))
        {
            headers.append(name, value);
        }
    }
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.remove(RANGE);
    // Answers are compared here. With conditions the server would compare instead: some give a 304 or the whole file
    // for a tag that only another of their machines knows.
    for condition in [
        IF_MATCH,
        IF_NONE_MATCH,
        IF_MODIFIED_SINCE,
        IF_UNMODIFIED_SINCE,
        IF_RANGE,
    ] {
        headers.remove(condition);
    }
    if ranged {
        let range = match ask.to {
            Some(to) => format!("bytes={}-{}", ask.from, to.saturating_sub(1)),
            None => format!("bytes={}-", ask.from),
        };
        let range = HeaderValue::try_from(range).expect("digits are a header value");
        headers.insert(RANGE, range);
    }
    headers
}

/// The system's own resolver, with an error that can be told from all others.
#[derive(Debug)]
struct SystemNames;

impl Resolve for SystemNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let addresses: Vec<SocketAddr> = found.map_err(UnknownName)?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
