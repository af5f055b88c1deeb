//! Wire types between the core and the page, and the conversion of a snapshot to a row.
//!
//! Field names are camel case. Numbers are JSON numbers: sizes, times and ids stay far below 2^53. Does not depend on
//! windows or channels.

mod category;
mod error;
mod notification_permission;
mod row;
mod segments;
mod settings;
mod truncate;

pub use category::Category;
pub use error::{IpcError, IpcErrorCode};
pub use notification_permission::NotificationPermission;
pub use row::{Row, RowNumbers, only_numbers_changed};
pub use segments::{ActiveSegment, Segments};
pub use settings::{
    CategoryFolder, ConstraintSettings, Language, Os, PlatformInfo, Proxy, Says, Settings, Theme,
};
pub use truncate::truncate;

use millrace_engine::{DownloadId, Phase, Priority};
use serde::{Deserialize, Serialize};

/// Counts over the whole list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Bytes per second of everything together.
    pub speed: u64,
    pub all: u32,
    /// Probing, running, finishing, stopping or waiting.
    pub active: u32,
    pub queued: u32,
    pub paused: u32,
    pub failed: u32,
    pub done: u32,
}

/// A stretch of the list, newest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// The place of the first row in the whole list, from 0.
    pub first: u32,
    pub rows: Vec<Row>,
    /// Rows in the whole list.
    pub length: u32,
    pub totals: Totals,
}

/// What changed in the list since the frame before.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// From 1, without gaps within a session.
    pub seq: u32,
    /// New rows, and those in which more than numbers changed.
    pub rows: Vec<Row>,
    /// Of the other rows that changed.
    pub numbers: Vec<RowNumbers>,
    /// Ids that left the list. One that was removed comes back, as a row of a later frame, only when that is undone.
    pub removed: Vec<u64>,
    pub totals: Totals,
    /// Too much has changed to be told row by row: pull the pages again.
    pub resync: bool,
    /// What is set now; set when something else than this page has changed it.
    pub settings: Option<Settings>,
    /// The download to show: a notice about it was clicked.
    pub open: Option<u64>,
    /// Links from elsewhere, to be put before the person, who decides; nothing is added yet. Without any, the person wants to
    /// add one, and the clipboard may hold it.
    pub add: Option<Vec<Offered>>,
}

/// A link from elsewhere, with what goes along with the request, as the app says that handed it in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Offered {
    pub url: String,
    pub name: Option<String>,
    pub headers: Vec<(String, String)>,
}

impl Offered {
    /// Total length of its texts in bytes.
    pub fn length(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
        self.url.len() + self.name.as_ref().map_or(0, String::len) + headers
    }
}

impl From<String> for Offered {
    fn from(url: String) -> Self {
        Self {
            url,
            ..Self::default()
        }
    }
}

/// A folder that the person chose. The id is all that the page hands back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    pub id: String,
    /// For display only.
    pub label: String,
}

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

/// How much of the page the person sees; sets the rate of frames.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Activity {
    #[default]
    Focused,
    Visible,
    Hidden,
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

/// One of several links that are added together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AddItem {
    pub url: String,
    /// Null for the server's or the link's.
    pub name: Option<String>,
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
}

impl ProbeResult {
    pub fn of(seen: millrace_engine::ProbeResult, folder: Folder) -> Self {
        Self {
            category: Category::of(&seen.name),
            url: seen.url,
            host: seen.host,
            name: seen.name,
            total: seen.total,
            resumable: Some(seen.resumable),
            connections: seen.connections,
            folder,
        }
    }
}
