//! What commands take and return beside the types of `view` and of the engine, and why they fail. Field names are camel
//! case.

mod error;
mod history;
mod list_transfer;
mod options;
mod platform_info;
mod segments;

use millrace_engine::{Algorithm, Checksum, DownloadId, Phase, Priority};
use serde::{Deserialize, Serialize};

pub use self::error::{IpcError, IpcErrorCode};
pub use self::history::{HistoryItem, HistoryPage, TrafficReport};
pub use self::list_transfer::{ImportOptions, ImportReport, SavedFile};
pub use self::options::{MASK, OptionChange, Properties, is_secret, masked_proxy};
pub use self::platform_info::{Os, PlatformInfo};
pub use self::segments::{ActiveSegment, Segments};
use crate::category::Category;
use crate::folder_grants::Folder;
use crate::preview::PreviewKind;

/// How a new download differs from the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct DownloadOptions {
    /// The id of a [`Folder`]; null for the one where files of its kind go.
    pub folder: Option<String>,
    pub name: Option<String>,
    pub headers: Vec<(String, String)>,
    /// `sha-256:HEX` and its like, or the hexadecimal digits alone: MD5, SHA-1, SHA-256 or SHA-512.
    pub checksum: Option<String>,
    pub connections: Option<u32>,
    /// Bytes per second.
    pub limit: Option<u64>,
    /// Add it, but do not start it.
    pub paused: bool,
    /// `system`, `none` or a link; null for what is set.
    pub proxy: Option<String>,
    /// For the link's own origin only.
    pub credentials: Option<CredentialsInput>,
    pub priority: Priority,
    /// Paused until then, in ms since 1970.
    pub start_at: Option<u64>,
    /// Only over a network that does not cost by the byte, whatever is set for all.
    pub unmetered_only: bool,
    /// Words of the user to find it by; at most 6 of 24 characters.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Ahead of all others of its priority in the queue.
    #[serde(default)]
    pub queue_first: bool,
    /// Name of a folder in the chosen one, made if there is none yet. `{host}` and `{ext}` stand for those of the link.
    #[serde(default)]
    pub subfolder: Option<String>,
}

/// Credentials for a server.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct CredentialsInput {
    pub user: String,
    pub password: String,
}

/// Without the secret.
impl std::fmt::Debug for CredentialsInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// What happens to the file when its download leaves the list. The unfinished part of one is deleted either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum RemoveMode {
    Keep,
    Trash,
}

impl From<RemoveMode> for millrace_engine::RemoveMode {
    fn from(leftover: RemoveMode) -> Self {
        match leftover {
            RemoveMode::Keep => Self::Keep,
            RemoveMode::Trash => Self::Trash,
        }
    }
}

/// Where in the queue a download goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", tag = "at")]
pub enum QueueMove {
    First,
    Last,
    /// Just ahead of another one, whose priority it takes.
    Before {
        id: u64,
    },
    /// Just behind another one, whose priority it takes.
    After {
        id: u64,
    },
}

impl From<QueueMove> for millrace_engine::QueueMove {
    fn from(place: QueueMove) -> Self {
        match place {
            QueueMove::First => Self::Top,
            QueueMove::Last => Self::Bottom,
            QueueMove::Before { id } => Self::Before(DownloadId(id)),
            QueueMove::After { id } => Self::After(DownloadId(id)),
        }
    }
}

/// A digest of a whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct FileDigest {
    pub algorithm: Algorithm,
    /// Hexadecimal, lower case.
    pub hex: String,
}

impl From<&Checksum> for FileDigest {
    fn from(checksum: &Checksum) -> Self {
        Self {
            algorithm: checksum.algorithm(),
            hex: checksum.hex(),
        }
    }
}

/// What the quick look shows of a finished file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    pub kind: PreviewKind,
    /// Where a picture, a sound or a film is loaded from.
    pub url: Option<String>,
    pub text: Option<String>,
    /// The text is only the beginning of the file.
    pub cut: bool,
}

/// One of several links that are added together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AddItem {
    pub url: String,
    /// Null for the server's or the link's.
    pub name: Option<String>,
    /// Its own, as in [`DownloadOptions`]; none if absent.
    #[serde(default)]
    pub checksum: Option<String>,
}

/// A download that the list has already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Duplicate {
    pub id: u64,
    pub by: DuplicateKind,
    pub name: String,
    pub phase: Phase,
    /// Bytes that are on disk.
    pub received: u64,
    /// What the file of a second copy will be called.
    pub copy_name: String,
}

/// In what it is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum DuplicateKind {
    /// The link.
    Link,
    /// The file's name and folder.
    File,
}

/// What a server says of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ProbeResult {
    /// As it was given, without credentials: what is downloaded next goes on with the answer to it.
    pub url: String,
    /// Where redirects led.
    pub host: String,
    pub name: String,
    /// Bytes; null when the server does not say.
    pub total: Option<u64>,
    pub resumable: Option<bool>,
    pub category: Category,
    /// As many as it could have.
    pub connections: u32,
    /// Where files of its kind go, unless another one was asked for.
    pub folder: Folder,
    /// Free bytes for that folder; null where the system does not say.
    pub free: Option<u64>,
    /// The patterns of the rule that chose the folder; empty for a rule by type alone.
    pub rule: Option<String>,
}

impl ProbeResult {
    pub fn of(
        seen: millrace_engine::ProbeResult,
        folder: Folder,
        free: Option<u64>,
        rule: Option<String>,
    ) -> Self {
        Self {
            category: Category::of(&seen.name),
            url: seen.url,
            host: seen.host,
            name: seen.name,
            total: seen.total,
            resumable: Some(seen.resumable),
            connections: seen.connections,
            folder,
            free,
            rule,
        }
    }
}
