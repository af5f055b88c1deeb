//! Describes what happened, for each problem: the facts beside its code, as the end of a line. Does not depend on
//! downloads.

use millrace_engine::{Problem, TlsFailure};

/// Without a full stop; in lower case except for names.
pub(crate) fn cause(problem: &Problem) -> String {
    match problem {
        Problem::InvalidLink => "this is no link".into(),
        Problem::UnsupportedScheme { scheme } => {
            format!("{scheme} is not fetched, http and https are")
        }
        Problem::UnknownHost { host } => format!("no address is known for {host}"),
        Problem::ConnectionRefused { host } => format!("nothing listens at {host}"),
        Problem::Unreachable { host } => format!("no way leads to {host}"),
        Problem::LocalNetwork { host } => {
            format!("{host} is in the local network, which this program may not reach")
        }
        Problem::Offline { host } => format!("this machine has no network to reach {host} by"),
        Problem::ConnectTimeout { host } => format!("{host} was not connected in time"),
        Problem::NoAnswer { host } => format!("{host} did not answer in time"),
        Problem::Stalled { host } => format!("no more bytes came from {host}"),
        Problem::ConnectionLost { host } => format!("the connection to {host} broke"),
        Problem::TlsFailed { host, reason } => tls(host, *reason),
        Problem::BadResponse { host } => {
            format!("the answer of {host} is not HTTP as it should be")
        }
        Problem::NotFound { host } => answered(host, 404),
        Problem::Gone { host } => answered(host, 410),
        Problem::Unauthorized { host } => answered(host, 401),
        Problem::Forbidden { host } => answered(host, 403),
        Problem::RateLimited { host, .. } => answered(host, 429),
        Problem::ServerError { host, status, .. } | Problem::UnexpectedStatus { host, status } => {
            answered(host, *status)
        }
        Problem::TooManyRedirects { host } => format!("{host} led on without an end"),
        Problem::UnsafeRedirect { host, scheme } => {
            format!("{host} led to a {scheme} link, which is not followed")
        }
        Problem::RangeMismatch { host } => {
            format!("{host} sent other bytes of the file than those it was asked for")
        }
        Problem::Encoded { host, encoding } => {
            format!("{host} sent the file packed as {encoding}, which cannot be undone")
        }
        Problem::NotTheFile { host } => format!("{host} sent a web page in place of the file"),
        Problem::ProxyRefused { host } => {
            format!("the proxy {host} wants another name and password (407)")
        }
        Problem::ProxyUnreachable { host } => format!("the proxy {host} made no connection"),
        Problem::Changed { host } => {
            format!("the file at {host} is not the one that was begun")
        }
        Problem::DiskFull { folder, needed } => match needed {
            Some(needed) => format!("{folder} has no room, {needed} bytes are missing"),
            None => format!("{folder} has no room"),
        },
        Problem::ReadOnly { folder } => format!("{folder} cannot be written"),
        Problem::FolderMissing { folder } => {
            format!("{folder} is not there, or not on the disk that it was on")
        }
        Problem::FileExists { path } => format!("{path} is there already and is not replaced"),
        Problem::FileTooLarge { folder } => format!("{folder} holds no file of that size"),
        Problem::PartialLost { path } => {
            format!("{path} is gone, or was changed by something else")
        }
        Problem::InUse { path, holder } => {
            let holder = holder.as_deref().unwrap_or("another process");
            format!("{path} is held by {holder}")
        }
        Problem::DiskSilent { folder } => format!("the disk of {folder} does not answer"),
        Problem::DiskFailed { path, reason } => format!("{path}: {reason}"),
        Problem::ChecksumMismatch {
            algorithm, header, ..
        } => match header {
            Some(header) => {
                format!("its {algorithm} is not the one that the server states in {header}")
            }
            None => format!("its {algorithm} is not the one that was given"),
        },
    }
}

fn answered(host: &str, status: u16) -> String {
    format!("{host} answered {status}")
}

fn tls(host: &str, reason: Option<TlsFailure>) -> String {
    match reason {
        Some(TlsFailure::Expired) => format!("the certificate of {host} has expired"),
        Some(TlsFailure::NotYetValid) => format!("the certificate of {host} is not valid yet"),
        Some(TlsFailure::UnknownIssuer) => {
            format!("the certificate of {host} is from an unknown issuer, or self-signed")
        }
        Some(TlsFailure::OtherName) => format!("the certificate of {host} is for another name"),
        Some(TlsFailure::Revoked) => format!("the certificate of {host} has been revoked"),
        Some(TlsFailure::BadCertificate) => format!("the certificate of {host} is not a sound one"),
        Some(TlsFailure::NothingInCommon) => {
            format!("{host} speaks no version or cipher of TLS that is safe")
        }
        Some(TlsFailure::NotTls) => format!("{host} does not speak TLS"),
        None => format!("no secure connection to {host} could be made"),
    }
}
