//! A download as the outside sees it: ids, requests, snapshots and log lines. Values only.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::constraints::UnmetConstraint;
use super::credentials::Credentials;
use super::problem::{Fix, Problem};
use super::proxy::ProxyChoice;
use super::queue_key::{Priority, QueueKey};
use super::verdict::Verdict;

/// Milliseconds since 1970-01-01 UTC.
pub type UnixMillis = u64;

/// The number of a download in its store; never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DownloadId(pub u64);

impl std::fmt::Display for DownloadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewDownload {
    /// An http or https link.
    pub url: String,
    /// Where the file shall be.
    pub folder: PathBuf,
    /// The file's name; without one the server's, else the link's.
    pub name: Option<String>,
    /// Request headers, sent to the link's own origin only.
    pub headers: Vec<(String, String)>,
    /// The digest that the file must have.
    pub checksum: Option<Checksum>,
    /// For the link's own origin only; taken from `user:password@` in the link when there are none here.
    pub credentials: Option<Credentials>,
    /// The way to the server; without one the engine's own.
    pub proxy: Option<ProxyChoice>,
    /// Connections at most; without one the engine's default.
    pub connections: Option<u32>,
    /// Bytes per second at most for this download.
    pub limit: Option<u64>,
    /// How soon it is to have its turn.
    pub priority: Priority,
    /// Added, but not started.
    pub paused: bool,
    /// Added, and started at that time by itself; at once when it has passed.
    pub start_at: Option<UnixMillis>,
    /// Waits for a network that does not cost by the byte, whatever the rules are.
    pub unmetered_only: bool,
}

/// What a server said of a link before it is downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// As it was given, without credentials.
    pub url: String,
    /// The host that redirects led to.
    pub host: String,
    /// What the file would be called.
    pub name: String,
    /// Length of the whole file in bytes.
    pub total: Option<u64>,
    /// Whether the server lets a stopped download go on.
    pub resumable: bool,
    /// Connections that it could have at most.
    pub connections: u32,
}

/// Where a download stands, in one word. See `domain::state` for what moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Queued,
    Probing,
    Running,
    Stopping,
    Waiting,
    Finishing,
    Paused,
    Failed,
    Done,
}

/// Which commands a download takes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AllowedActions {
    pub pause: bool,
    pub resume: bool,
    pub retry: bool,
    pub open: bool,
    /// Another link: nothing runs on the old one.
    pub change_link: bool,
    /// Another folder: nothing is being written.
    pub change_folder: bool,
    /// Priority, limit and connections: there is something left to transfer.
    pub set_options: bool,
}

/// One download at one moment. `rev` grows with every change of anything here, also across restarts of the process.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub id: DownloadId,
    pub rev: u64,
    /// Grows each time the file is begun again from nothing.
    pub epoch: u32,
    pub url: String,
    /// The host that the link names.
    pub host: String,
    pub folder: PathBuf,
    /// The file's name without `.part`; a guess until the server has answered.
    pub name: String,
    pub phase: Phase,
    pub priority: Priority,
    /// Its place in the order of all that are queued: the smaller comes sooner.
    pub queue_key: QueueKey,
    /// Bytes per second at most, of this download alone.
    pub limit: Option<u64>,
    /// Connections at most; without a number of its own the engine's default counts.
    pub max_connections: Option<u32>,
    /// Set while waiting and failed.
    pub problem: Option<Problem>,
    /// The first thing to offer; set when failed.
    pub fix: Option<Fix>,
    /// When the next attempt starts; set while waiting.
    pub wait_until: Option<UnixMillis>,
    /// What holds it although it could run.
    pub waits_for: Option<UnmetConstraint>,
    /// It waits for such a network whatever the rules are.
    pub unmetered_only: bool,
    /// Attempts in a row that brought no byte.
    pub attempts: u32,
    /// Bytes of the file that are here.
    pub received: u64,
    /// Length of the whole file in bytes.
    pub total: Option<u64>,
    /// Bytes per second, mean of the last five seconds.
    pub speed: u64,
    /// Seconds until the last byte, at `speed`.
    pub eta: Option<u64>,
    /// Open connections.
    pub connections: u32,
    /// Whether the server lets a stopped download go on; unknown before it has answered.
    pub resumable: Option<bool>,
    pub added_at: UnixMillis,
    pub finished_at: Option<UnixMillis>,
    /// What proved the file; set when done.
    pub verdict: Option<Verdict>,
    pub allows: AllowedActions,
    /// When it starts by itself; only while paused.
    pub start_at: Option<UnixMillis>,
}

impl Snapshot {
    /// Where the finished file is or will be.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }
}

/// How a log line is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    Info,
    Warn,
    Error,
}

/// One thing that happened to a download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub at: UnixMillis,
    pub level: LogLevel,
    pub text: String,
}

/// What the engine tells its subscribers.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every update is a snapshot"
)]
pub enum Update {
    /// Anything of a download changed. While bytes flow, at most once per [`crate::Config::progress_interval`].
    Changed(Snapshot),
    /// It left the list.
    Removed(DownloadId),
    /// A line for its log.
    Log(DownloadId, LogLine),
    /// It has left the list, and what stands at that path is kept: nothing shows that it is the file which was to go.
    Kept(DownloadId, PathBuf),
}
