//! Why the hub refuses something.

use millrace_engine::DownloadId;

/// Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HubError {
    /// The engine has ended, and the hub with it.
    #[error("the engine has stopped")]
    Stopped,
    #[error("no download has the number {0}; the list is unchanged")]
    UnknownDownload(DownloadId),
    /// Another document of this window has attached since, or the session was closed.
    #[error("this session is closed; attach again")]
    StaleSession,
    #[error("this page attaches too often; wait a second")]
    TooManyAttaches,
    #[error("too many windows watch the list; close one")]
    TooManySessions,
}
