//! Maps errors of reqwest, hyper, rustls and the system to problems with a remedy.

use std::error::Error;
use std::io;

use super::tls;
use crate::domain::problem::Problem;

/// The resolver found no address.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address")]
pub(super) struct ResolveError(#[source] pub(super) io::Error);

pub(super) fn from_reqwest(error: &reqwest::Error, host: &str) -> Problem {
    let problem = classify(error, host);
    trace(error, host, &problem);
    problem
}

/// Reports the causes of the error: a [`Problem`] has only what the user can act on. Without reqwest's own text, which
/// names the URL: its path may be a secret.
fn trace(error: &reqwest::Error, host: &str, problem: &Problem) {
    let code = problem.code();
    let causes = causes(error).filter(|cause| !cause.is::<reqwest::Error>());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    tracing::info!(host, code, "request failed: {}", causes.join(": "));
}

fn classify(error: &reqwest::Error, host: &str) -> Problem {
    if let Some(known) = known(error, host) {
        return known;
    }
    let host = host.to_owned();
    if error.is_timeout() {
        return Problem::ConnectTimeout { host };
    }
    if error.is_connect() {
        return Problem::Unreachable { host };
    }
    if error.is_builder() {
        return Problem::InvalidLink;
    }
    Problem::ConnectionLost { host }
}

/// The problem for the outermost cause that is recognized.
pub(super) fn known(error: &(dyn Error + 'static), host: &str) -> Option<Problem> {
    let host = host.to_owned();
    for cause in causes(error) {
        if cause.is::<ResolveError>() {
            return Some(Problem::UnknownHost { host });
        }
        if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            let reason = tls::failure(error);
            return Some(Problem::TlsFailed { host, reason });
        }
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && let Some(found) = from_io_kind(io.kind(), &host)
            && !causes(cause).any(|inner| inner.is::<rustls::Error>())
        {
            return Some(found);
        }
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>()
            && hyper.is_parse()
        {
            return Some(Problem::BadResponse { host });
        }
    }
    None
}

/// The same for a request through a proxy: an error before the connection was established is the proxy's, unless it
/// says that it is the server's. The libraries distinguish these cases only in their messages.
pub(super) fn from_proxied(error: &reqwest::Error, host: &str, proxy: &str) -> Problem {
    if !error.is_connect() {
        return from_reqwest(error, host);
    }
    let problem = classify_proxied(error, host, proxy);
    trace(error, host, &problem);
    problem
}

/// Whether the proxy refused the request's credentials, or asks for some.
pub(super) fn is_proxy_refusal(error: &reqwest::Error) -> bool {
    error.is_connect()
        && matches!(
            classify_proxied(error, "", ""),
            Problem::ProxyRefused { .. }
        )
}

fn classify_proxied(error: &reqwest::Error, host: &str, proxy: &str) -> Problem {
    let (host, proxy) = (host.to_owned(), proxy.to_owned());
    let mut tunnel = false;
    for error in causes(error) {
        let words = error.to_string();
        tunnel |= words.starts_with("tunnel error: failed");
        let says = |what: &str| words.contains(what);
        if says("proxy authorization required")
            || says("credentials not accepted")
            || says("does not support user/pass")
            || says("connection not allowed")
        {
            return Problem::ProxyRefused { host: proxy };
        }
        if says("error resolving for socks proxy") {
            return Problem::UnknownHost { host };
        }
        if words == "tunnel error: unsuccessful"
            || says("SOCKS error: host unreachable")
            || says("SOCKS error: network unreachable")
            || says("SOCKS error: general server failure")
        {
            return Problem::Unreachable { host };
        }
        if says("SOCKS error: connection refused") {
            return Problem::ConnectionRefused { host };
        }
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            let host = if tunnel { proxy } else { host };
            let reason = tls::failure(error);
            return Problem::TlsFailed { host, reason };
        }
    }
    Problem::ProxyUnreachable { host: proxy }
}

/// An error and its causes, the outermost first. The error inside an `io::Error` is not its `source`, and several may
/// be nested.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system's list of kinds is open"
)]
fn from_io_kind(kind: io::ErrorKind, host: &str) -> Option<Problem> {
    let host = host.to_owned();
    match kind {
        io::ErrorKind::ConnectionRefused => Some(Problem::ConnectionRefused { host }),
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable
        // A firewall on this machine, or a system that denies the app network access.
        | io::ErrorKind::PermissionDenied => Some(Problem::Unreachable { host }),
        io::ErrorKind::TimedOut => Some(Problem::ConnectTimeout { host }),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(Problem::ConnectionLost { host }),
        _ => None,
    }
}
