//! Describes what happened, for each problem: the facts beside its code, as the end of a line. Does not depend on
//! downloads.

use indicatif::DecimalBytes;
use millrace_engine::{Problem, TlsFailure};

/// Without a full stop; in lower case except for names.
pub(crate) fn cause(problem: &Problem) -> String {
    match problem {
        Problem::InvalidLink => "not a valid link".into(),
        Problem::UnsupportedScheme { scheme } => {
            format!("{scheme} links are not supported, use http or https")
        }
        Problem::UnknownHost { host } => format!("server {host} not found"),
        Problem::ConnectionRefused { host } => format!("{host} refused the connection"),
        Problem::Unreachable { host } => format!("can't reach {host}"),
        Problem::LocalNetwork { host } => {
            format!("{host} is on the local network, which Millrace isn't allowed to access")
        }
        Problem::Offline { host } => format!("no network to reach {host}"),
        Problem::ConnectTimeout { host } => format!("connecting to {host} timed out"),
        Problem::NoAnswer { host } => format!("{host} didn't respond in time"),
        Problem::Stalled { host } => format!("{host} stopped sending data"),
        Problem::ConnectionLost { host } => format!("the connection to {host} was lost"),
        Problem::TlsFailed { host, reason } => tls(host, *reason),
        Problem::BadResponse { host } => {
            format!("{host} sent an invalid response")
        }
        Problem::NotFound { host } => format!("file not found on {host} (404)"),
        Problem::Gone { host } => format!("the file was removed from {host} (410)"),
        Problem::Unauthorized { host } => format!("{host} requires sign-in (401)"),
        Problem::Forbidden { host } => format!("{host} denied access (403)"),
        Problem::RateLimited { host, .. } => format!("too many requests to {host} (429)"),
        Problem::ServerError { host, status, .. } => {
            format!("{host} has a server error ({status})")
        }
        Problem::UnexpectedStatus { host, status } => {
            format!("unexpected response from {host} ({status})")
        }
        Problem::TooManyRedirects { host } => format!("{host} keeps redirecting this link"),
        Problem::UnsafeRedirect { host, scheme } => {
            format!("{host} redirects to a {scheme} link, which isn't followed")
        }
        Problem::RangeMismatch { host } => {
            format!("{host} sent the wrong part of the file")
        }
        Problem::Encoded { host, encoding } => {
            format!("{host} sent the file compressed with {encoding}, which isn't supported")
        }
        Problem::NotTheFile { host } => format!("{host} sent a web page instead of the file"),
        Problem::ProxyRefused { host } => {
            format!("the proxy {host} rejected the sign-in (407)")
        }
        Problem::ProxyUnreachable { host } => format!("can't connect through the proxy {host}"),
        Problem::Changed { host } => {
            format!("the file on {host} has changed")
        }
        Problem::DiskFull { folder, needed } => match needed {
            Some(needed) => {
                format!(
                    "not enough space in {folder}, {} more needed",
                    DecimalBytes(*needed)
                )
            }
            None => format!("not enough space in {folder}"),
        },
        Problem::ReadOnly { folder } => format!("can't write to {folder}"),
        Problem::FolderMissing { folder } => {
            format!("folder {folder} not found, or its disk is not attached")
        }
        Problem::FileExists { path } => format!("{path} already exists and won't be replaced"),
        Problem::FileTooLarge { folder } => {
            format!("the file system of {folder} doesn't allow files this large")
        }
        Problem::PartialLost { path } => {
            format!("{path} was moved, changed or deleted")
        }
        Problem::InUse { path, holder } => {
            let holder = holder.as_deref().unwrap_or("another process");
            format!("{path} is in use by {holder}")
        }
        Problem::DiskSilent { folder } => format!("the disk with {folder} isn't responding"),
        Problem::DiskFailed { path, reason } => format!("{path}: {reason}"),
        Problem::ChecksumMismatch {
            algorithm, header, ..
        } => match header {
            Some(header) => {
                format!("the {algorithm} doesn't match the server's {header}")
            }
            None => format!("the {algorithm} doesn't match the given checksum"),
        },
    }
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
        Some(TlsFailure::BadCertificate) => format!("the certificate of {host} is invalid"),
        Some(TlsFailure::NothingInCommon) => {
            format!("{host} supports no secure TLS version or cipher")
        }
        Some(TlsFailure::NotTls) => format!("{host} does not speak TLS"),
        None => format!("can't connect securely to {host}"),
    }
}
