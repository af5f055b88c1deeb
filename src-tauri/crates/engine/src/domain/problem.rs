//! What can go wrong, as values, and what each calls for.
//!
//! Codes are serialised by name, stored and shown: never renamed, never reused.
//! This module knows no errors of any library; `http`, `disk` and `store` translate theirs.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::checksum::Algorithm;

/// Why a download does not go on. The tag `code` is stable; the facts beside it are for words.
///
/// `host` is the host name (with port if one is named) that the problem speaks of; `folder` and
/// `path` are for display only; lengths are bytes, waits are seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(
    tag = "code",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Problem {
    /// The text is not a link.
    InvalidLink,
    /// Only http and https are fetched.
    UnsupportedScheme { scheme: String },
    /// The name has no address.
    UnknownHost { host: String },
    /// Nothing listens there.
    ConnectionRefused { host: String },
    /// No route, or the network is down.
    Unreachable { host: String },
    /// This machine has no network.
    Offline { host: String },
    /// It is in the local network, which the system keeps from this app until the person allows it.
    LocalNetwork { host: String },
    /// The connection was not made in time.
    ConnectTimeout { host: String },
    /// Connected, but no answer in time.
    NoAnswer { host: String },
    /// Bytes stopped coming.
    Stalled { host: String },
    /// The connection broke before the answer was whole.
    ConnectionLost { host: String },
    /// No trusted TLS connection could be made. Without a `reason` where the library below names none, and in rows that
    /// earlier versions stored.
    TlsFailed {
        host: String,
        #[serde(default)]
        reason: Option<TlsFailure>,
    },
    /// The answer is not HTTP.
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
    /// Any other status that carries no file.
    UnexpectedStatus { host: String, status: u16 },
    /// More redirects than is sane, or a circle of them.
    TooManyRedirects { host: String },
    /// A redirect from https to http, or to something that is not http.
    UnsafeRedirect { host: String, scheme: String },
    /// The server sent another range than the one asked for.
    RangeMismatch { host: String },
    /// The answer came compressed although the plain bytes were asked for.
    Encoded { host: String, encoding: String },
    /// A web page came where the file should be: the sign-in page of a network, most likely.
    NotTheFile { host: String },
    /// The proxy wants a name and password, or others than it was given (407).
    ProxyRefused { host: String },
    /// The proxy made no connection.
    ProxyUnreachable { host: String },
    /// The file on the server is not the one that was begun.
    Changed { host: String },
    /// No room. `needed` is what was still missing.
    DiskFull {
        folder: String,
        #[cfg_attr(feature = "specta", specta(type = Option<f64>))]
        needed: Option<u64>,
    },
    /// The folder or file may not be written.
    ReadOnly { folder: String },
    /// The folder is not there.
    FolderMissing { folder: String },
    /// The file system holds no file of that size.
    FileTooLarge { folder: String },
    /// The unfinished file is gone, or was shortened, changed or replaced.
    PartialLost { path: String },
    /// A file has the name that was asked for; it is never replaced.
    FileExists { path: String },
    /// Another process has this file: `holder`, where the system tells, as `name (process)`.
    InUse {
        path: String,
        holder: Option<String>,
    },
    /// The disk takes nothing and refuses nothing: a network drive that is away, most likely.
    DiskSilent { folder: String },
    /// The disk or the system refused.
    DiskFailed { path: String, reason: String },
    /// The whole file came, and its digest is not the one that was given, or that the server stated in `header`. Both
    /// are in hexadecimal. `kept` is where the file was put.
    ChecksumMismatch {
        /// Earlier versions stored none: they knew SHA-256 only.
        #[serde(default)]
        algorithm: Algorithm,
        expected: String,
        actual: String,
        header: Option<String>,
        kept: Option<String>,
    },
}

/// What is wrong with a TLS connection: with the server's certificate, or with the handshake itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum TlsFailure {
    /// The certificate's time is over.
    Expired,
    /// The certificate's time has not begun.
    NotYetValid,
    /// No trusted authority has issued it: it is self-signed, or of an authority that is not known here.
    UnknownIssuer,
    /// It is for other names.
    OtherName,
    /// Its authority has taken it back.
    Revoked,
    /// Something else is wrong with it.
    BadCertificate,
    /// There is no version or cipher that both sides speak.
    NothingInCommon,
    /// What listens there does not speak TLS.
    NotTls,
}

/// What happens next, automatically or by the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Wait, then go on from the bytes that are there.
    ContinueAfter(Duration),
    /// Go on from the bytes that are there when the network is back, at the latest after this; no attempt is used up.
    ContinueOnline(Duration),
    /// Wait, then begin from nothing.
    RestartAfter(Duration),
    /// Only the person can mend it; what is there is kept for going on.
    AskToContinue(Fix),
    /// Only the person can mend it; the next start begins from nothing.
    AskToRestart(Fix),
}

/// The button that a failed download shows first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    /// Try the same again.
    Retry,
    /// Another link for the same file.
    NewLink,
    /// Make room on the disk, then try again.
    FreeSpace,
    /// Another folder.
    OtherFolder,
    /// Fetch the file again from its beginning.
    StartOver,
}

/// How patient to be: see [`Problem::remedy`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in a row that brought no byte before giving up; at least 1.
    pub max_attempts: u32,
    /// The longest pause between attempts, unless the server asks for more.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 5,
            max_delay: Duration::from_secs(30),
        }
    }
}

impl Problem {
    /// The stable name of this kind of problem, as it is serialised.
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
