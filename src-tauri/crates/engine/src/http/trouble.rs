//! From errors of the libraries below to problems with a remedy.

use std::error::Error;
use std::io;

use crate::core::problem::Problem;

/// The resolver's "no".
#[derive(Debug, thiserror::Error)]
#[error("the name has no address")]
pub(super) struct UnknownName(#[source] pub(super) io::Error);

/// The deepest cause that says something decides.
pub(super) fn problem(error: &reqwest::Error, host: &str) -> Problem {
    let host = host.to_owned();
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<UnknownName>() {
            return Problem::UnknownHost { host };
        }
        if error.is::<rustls::Error>() {
            return Problem::TlsFailed { host };
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            // An error inside an io::Error is not its `source`.
            if let Some(inner) = io.get_ref()
                && let Some(found) = inside(inner, &host)
            {
                return found;
            }
            if let Some(found) = of_kind(io.kind(), &host) {
                return found;
            }
        }
        if let Some(hyper) = error.downcast_ref::<hyper::Error>()
            && hyper.is_parse()
        {
            return Problem::BadResponse { host };
        }
        cause = error.source();
    }
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

/// The same for a request that went through a proxy: what went wrong before there was a connection is the proxy's, unless
/// it says that it is the server's. The libraries below tell these cases apart in words only.
pub(super) fn behind(error: &reqwest::Error, host: &str, proxy: &str) -> Problem {
    if !error.is_connect() {
        return problem(error, host);
    }
    let (host, proxy) = (host.to_owned(), proxy.to_owned());
    let mut tunnel = false;
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
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
        let tls = error.is::<rustls::Error>()
            || error
                .downcast_ref::<io::Error>()
                .and_then(io::Error::get_ref)
                .is_some_and(|inner| inner.is::<rustls::Error>());
        if tls {
            let host = if tunnel { proxy } else { host };
            return Problem::TlsFailed { host };
        }
        cause = error.source();
    }
    Problem::ProxyUnreachable { host: proxy }
}

fn inside(error: &(dyn Error + Send + Sync + 'static), host: &str) -> Option<Problem> {
    let host = host.to_owned();
    if error.is::<rustls::Error>() {
        Some(Problem::TlsFailed { host })
    } else if error.is::<UnknownName>() {
        Some(Problem::UnknownHost { host })
    } else {
        None
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the system's list of kinds is open"
)]
fn of_kind(kind: io::ErrorKind, host: &str) -> Option<Problem> {
    let host = host.to_owned();
    match kind {
        io::ErrorKind::ConnectionRefused => Some(Problem::ConnectionRefused { host }),
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Some(Problem::Unreachable { host }),
        io::ErrorKind::TimedOut => Some(Problem::ConnectTimeout { host }),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(Problem::ConnectionLost { host }),
        _ => None,
    }
}
