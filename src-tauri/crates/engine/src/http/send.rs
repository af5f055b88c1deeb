//! Sends one GET on its proxy route, and finds the problem if no response comes. Does not depend on redirects or on
//! authentication at servers.

use std::error::Error;

use hyper::Uri;
use hyper::header::HeaderMap;
use hyper_util::client::legacy;
use reqwest::{Client, Response};
use url::Url;

use super::client_pool::RoutedClient;
use super::tunnel::NoTunnel;
use super::{error, preconnect, tls};
use crate::domain::download_url;
use crate::domain::problem::Problem;

/// No response came.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error(transparent)]
    Usual(#[from] reqwest::Error),
    #[error(transparent)]
    Tunnelled(#[from] legacy::Error),
}

/// Sends a GET with `client`, the route's default client or a variant of it. If the proxy refuses its credentials, a
/// tunnel with Digest is tried, and used from then on if the proxy requires it.
pub(super) async fn send(
    client: &Client,
    via: &RoutedClient,
    url: &Url,
    headers: HeaderMap,
) -> Result<Response, SendError> {
    let Some((tunnelled, to)) = tunnelled(via, url) else {
        let request = client.get(url.clone()).headers(headers);
        return Ok(preconnect::with_origin(url, request.send()).await?);
    };
    if !tunnelled.wanted() {
        let request = client.get(url.clone()).headers(headers.clone());
        let sent = preconnect::with_origin(url, request.send()).await;
        if !sent.as_ref().is_err_and(error::is_proxy_refusal) {
            return Ok(sent?);
        }
    }
    Ok(tunnelled.get(to, headers).await?)
}

fn tunnelled<'a>(
    via: &'a RoutedClient,
    url: &Url,
) -> Option<(&'a super::tunnel_client::Tunnelled, Uri)> {
    Some((via.tunnelled.as_ref()?, url.as_str().parse().ok()?))
}

impl SendError {
    pub(super) fn usual(&self) -> Option<&reqwest::Error> {
        match self {
            Self::Usual(error) => Some(error),
            Self::Tunnelled(_) => None,
        }
    }

    pub(super) fn cause(&self) -> &(dyn Error + 'static) {
        match self {
            Self::Usual(error) => error,
            Self::Tunnelled(error) => error,
        }
    }

    /// The problem of a request for `url` through `proxy`.
    pub(super) fn problem(&self, url: &Url, proxy: Option<&str>) -> Problem {
        let host = download_url::host_with_port(url);
        match (self, proxy) {
            (Self::Usual(error), Some(proxy)) => error::from_proxied(error, &host, proxy),
            (Self::Usual(error), None) => error::from_reqwest(error, &host),
            (Self::Tunnelled(error), proxy) => {
                behind_tunnel(error, host, proxy.unwrap_or_default().to_owned())
            }
        }
    }
}

fn behind_tunnel(error: &legacy::Error, host: String, proxy: String) -> Problem {
    let found = error::causes(error).find_map(|cause| cause.downcast_ref::<NoTunnel>());
    match found {
        Some(NoTunnel::Refused) => Problem::ProxyRefused { host: proxy },
        Some(NoTunnel::Unsuccessful(_)) => Problem::Unreachable { host },
        Some(NoTunnel::Late) => Problem::ProxyUnreachable { host: proxy },
        Some(NoTunnel::Proxy(error)) => {
            let mut causes = error::causes(&**error);
            match causes.find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
                Some(error) => Problem::TlsFailed {
                    host: proxy,
                    reason: tls::failure(error),
                },
                None => Problem::ProxyUnreachable { host: proxy },
            }
        }
        None => error::known(error, &host).unwrap_or(if error.is_connect() {
            Problem::Unreachable { host }
        } else {
            Problem::ConnectionLost { host }
        }),
    }
}
