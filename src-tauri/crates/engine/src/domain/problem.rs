//! Problem codes, remedies and the retry policy, as values.
//!
//! Codes are serialised by name, stored and shown: never renamed, never reused.
//! Knows no library's errors; `http`, `disk` and `store` translate theirs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::checksum::Algorithm;

/// Why a download does not continue. The tag `code` is stable; the other fields are for the message.
///
/// `host` is the host name (with the port if the URL names one) that the problem concerns; `folder` and `path` are for
/// display only; lengths are in bytes, delays in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[cfg_attr(test, derive(strum::EnumCount))]
#[serde(
    tag = "code",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Problem {
    /// The text is not a URL.
    InvalidLink,
    /// The scheme is neither http nor https.
    UnsupportedScheme { scheme: String },
    /// The host name does not resolve.
    UnknownHost { host: String },
    /// The connection was refused.
    ConnectionRefused { host: String },
    /// No route to the host, or the network is down.
    Unreachable { host: String },
    /// This machine has no network connection.
    Offline { host: String },
    /// The host is in the local network, which the system denies this app until the user allows it.
    LocalNetwork { host: String },
    /// The connection was not established in time.
    ConnectTimeout { host: String },
    /// Connected, but no response in time.
    NoAnswer { host: String },
    /// The body stopped arriving.
    Stalled { host: String },
    /// The connection was lost before the response was complete.
    ConnectionLost { host: String },
    /// No trusted TLS connection could be established. `reason` is `None` where the TLS library reports none, and in
    /// rows stored by earlier versions.
    TlsFailed {
        host: String,
        #[serde(default)]
        reason: Option<TlsFailure>,
    },
    /// The response is not valid HTTP.
    BadResponse { host: String },
    /// 404.
    NotFound { host: String },
    /// 410.
    Gone { host: String },
    /// 401.
    Unauthorized { host: String },
    /// 403.
    Forbidden { host: String },
    /// 429.
    RateLimited {
        host: String,
        #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
        retry_after: Option<u64>,
    },
    /// 408, 425 and 5xx.
    ServerError {
        host: String,
        status: u16,
        #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
        retry_after: Option<u64>,
    },
    /// Any other status without a file.
    UnexpectedStatus { host: String, status: u16 },
    /// Too many redirects, or a redirect loop.
    TooManyRedirects { host: String },
    /// A redirect from https to http, or to another scheme.
    UnsafeRedirect { host: String, scheme: String },
    /// The server sent another range than the requested one.
    RangeMismatch { host: String },
    /// The response was compressed although `identity` was requested.
    Encoded { host: String, encoding: String },
    /// HTML arrived instead of the file: most likely the sign-in page of a network.
    NotTheFile { host: String },
    /// The proxy requires credentials, or rejected the given ones (407).
    ProxyRefused { host: String },
    /// The proxy could not be reached, or made no connection.
    ProxyUnreachable { host: String },
    /// The file on the server is no longer the one whose download was started.
    Changed { host: String },
    /// No space left. `needed` is how much is missing.
    DiskFull {
        folder: String,
        #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
        needed: Option<u64>,
    },
    /// The folder or file is not writable.
    ReadOnly { folder: String },
    /// The folder does not exist.
    FolderMissing { folder: String },
    /// The file system does not support files of that size.
    FileTooLarge { folder: String },
    /// The partial file is gone, or was truncated, changed or replaced.
    PartialLost { path: String },
    /// The requested name is taken; an existing file is never replaced.
    FileExists { path: String },
    /// Another process has the file open: `holder`, where the system reports it, as `name (process)`.
    InUse {
        path: String,
        holder: Option<String>,
    },
    /// The disk neither writes nor fails: most likely a disconnected network drive.
    DiskSilent { folder: String },
    /// The disk or the system returned an error.
    DiskFailed { path: String, reason: String },
    /// The whole file arrived, but its digest is not the user's, or not the one that the server stated in `header`.
    /// Both are hexadecimal. `kept` is where the file was moved.
    ChecksumMismatch {
        /// Earlier versions, which supported SHA-256 only, stored none.
        #[serde(default)]
        algorithm: Algorithm,
        expected: String,
        actual: String,
        header: Option<String>,
        kept: Option<String>,
    },
}

/// Cause of a failed TLS connection: the server's certificate, or the handshake itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum TlsFailure {
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// No trusted authority issued the certificate: it is self-signed, or its authority is unknown here.
    UnknownIssuer,
    /// The certificate is for other host names.
    OtherName,
    /// The certificate was revoked.
    Revoked,
    /// The certificate is invalid for another reason.
    BadCertificate,
    /// No TLS version or cipher suite in common.
    NothingInCommon,
    /// The peer does not speak TLS.
    NotTls,
}

/// What follows a problem: an automatic retry, or a request to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Wait, then continue from the bytes already received.
    ContinueAfter(Duration),
    /// Continue from the bytes already received when the network is back, at the latest after this; uses up no attempt.
    ContinueOnline(Duration),
    /// Wait, then restart from zero.
    RestartAfter(Duration),
    /// Needs the user; the partial file is kept to continue from.
    AskToContinue(Fix),
    /// Needs the user; the next start is from zero.
    AskToRestart(Fix),
}

/// The action that is offered first for a failed download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    /// Retry unchanged.
    Retry,
    /// Another URL for the same file.
    NewLink,
    /// Free space on the disk, then retry.
    FreeSpace,
    /// Another folder.
    OtherFolder,
    /// Download the file again from zero.
    StartOver,
}

impl Problem {
    /// The stable code of this kind of problem, as serialised.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidLink => "invalid-link",
            Self::UnsupportedScheme { .. } => "unsupported-scheme",
            Self::UnknownHost { .. } => "unknown-host",
            Self::ConnectionRefused { .. } => "connection-refused",
            Self::Unreachable { .. } => "unreachable",
            Self::Offline { .. } => "offline",
            Self::ConnectTimeout { .. } => "connect-timeout",
            Self::NoAnswer { .. } => "no-answer",
            Self::LocalNetwork { .. } => "local-network",
            Self::Stalled { .. } => "stalled",
            Self::ConnectionLost { .. } => "connection-lost",
            Self::TlsFailed { .. } => "tls-failed",
            Self::BadResponse { .. } => "bad-response",
            Self::NotFound { .. } => "not-found",
            Self::Gone { .. } => "gone",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Forbidden { .. } => "forbidden",
            Self::RateLimited { .. } => "rate-limited",
            Self::ServerError { .. } => "server-error",
            Self::UnexpectedStatus { .. } => "unexpected-status",
            Self::TooManyRedirects { .. } => "too-many-redirects",
            Self::UnsafeRedirect { .. } => "unsafe-redirect",
            Self::RangeMismatch { .. } => "range-mismatch",
            Self::Encoded { .. } => "encoded",
            Self::NotTheFile { .. } => "not-the-file",
            Self::ProxyRefused { .. } => "proxy-refused",
            Self::ProxyUnreachable { .. } => "proxy-unreachable",
            Self::Changed { .. } => "changed",
            Self::DiskFull { .. } => "disk-full",
            Self::ReadOnly { .. } => "read-only",
            Self::FolderMissing { .. } => "folder-missing",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::PartialLost { .. } => "partial-lost",
            Self::FileExists { .. } => "file-exists",
            Self::InUse { .. } => "in-use",
            Self::DiskSilent { .. } => "disk-silent",
            Self::DiskFailed { .. } => "disk-failed",
            Self::ChecksumMismatch { .. } => "checksum-mismatch",
        }
    }
}
