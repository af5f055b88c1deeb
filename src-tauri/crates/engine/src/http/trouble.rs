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
