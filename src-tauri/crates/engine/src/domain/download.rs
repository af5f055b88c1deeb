//! Public view of a download: ids, requests, snapshots and log lines. Values only.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::checksum::Checksum;
use super::constraints::UnmetConstraint;
use super::credentials::Credentials;
pub use super::download_id::DownloadId;
use super::limited_by::LimitedBy;
use super::problem::{Fix, Problem};
use super::proxy::ProxyChoice;
use super::queue_key::{Priority, QueueKey};
use super::relocation::RelocationProgress;
use super::verdict::Verdict;
use super::verification::{Verification, VerificationProgress};

/// Milliseconds since 1970-01-01 UTC.
pub type UnixMillis = u64;

/// A request to add a download.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewDownload {
    /// An http or https URL.
    pub url: String,
    /// The target folder.
    pub folder: PathBuf,
    /// The file's name; without one the server's, else the URL's.
    pub name: Option<String>,
    /// Request headers, sent to the URL's own origin only.
    pub headers: Vec<(String, String)>,
    /// The expected digest of the file.
    pub checksum: Option<Checksum>,
    /// For the URL's own origin only; taken from `user:password@` in the URL when `None`.
    pub credentials: Option<Credentials>,
    /// The proxy to use; without one the engine's.
    pub proxy: Option<ProxyChoice>,
    /// Maximum number of connections; without one the engine's default.
    pub connections: Option<u32>,
    /// Rate limit of this download in bytes per second.
    pub limit: Option<u64>,
    /// Priority in the queue.
    pub priority: Priority,
    /// Added paused.
    pub paused: bool,
    /// Added paused and started automatically at that time; immediately when it has passed.
    pub start_at: Option<UnixMillis>,
    /// Waits for an unmetered network, whatever the general constraints are.
    pub unmetered_only: bool,
    /// Words of the user to find it by; bounded by [`crate::MAX_TAGS`] and [`crate::MAX_TAG_CHARS`].
    pub tags: Vec<String>,
    /// Ahead of all others of its priority; else behind them.
    pub queue_first: bool,
}

/// What a server reported about a URL before the download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeResult {
    /// The requested URL, without credentials.
    pub url: String,
    /// The host after redirects.
    pub host: String,
    /// The file name that a download would choose.
    pub name: String,
    /// Length of the whole file in bytes.
    pub total: Option<u64>,
    /// Whether the server supports resuming.
    pub resumable: bool,
    /// Maximum number of connections that a download could use.
    pub connections: u32,
}

/// Phase of a download's life. See `domain::state` for the transitions.
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

/// What a list counts and filters by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum PhaseGroup {
    /// Started and not yet at an end, also while it waits for the next attempt.
    Active,
    Queued,
    Paused,
    Failed,
    Done,
}

impl Phase {
    pub fn group(self) -> PhaseGroup {
        match self {
            Self::Probing | Self::Running | Self::Stopping | Self::Waiting | Self::Finishing => {
                PhaseGroup::Active
            }
            Self::Queued => PhaseGroup::Queued,
            Self::Paused => PhaseGroup::Paused,
            Self::Failed => PhaseGroup::Failed,
            Self::Done => PhaseGroup::Done,
        }
    }
}

/// The commands that a download accepts now.
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
    /// Priority, limit and connections still have an effect.
    pub set_options: bool,
    /// Another name or folder for its file, with the bytes that are here.
    pub relocate: bool,
    /// Its file may be searched at another place.
    pub locate: bool,
    /// Again from zero, although it is finished.
    pub download_again: bool,
    /// Its finished file may be verified, or the one that was kept for its wrong digest: that is not under way.
    pub verify: bool,
    /// What is sent with requests, and the checksum: nothing runs, or it continues from the bytes on disk.
    pub set_request: bool,
    /// A start time: it is paused, or can be.
    pub set_start: bool,
    /// Another name: no file has been begun.
    pub set_name: bool,
}

/// One download at one moment. `rev` increases with every change of any field, also across restarts of the process.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    pub id: DownloadId,
    pub rev: u64,
    /// Increases with each restart from zero.
    pub epoch: u32,
    pub url: String,
    /// The host in the URL.
    pub host: String,
    pub folder: PathBuf,
    /// The file's name without `.part`; provisional until the server has responded.
    pub name: String,
    pub phase: Phase,
    pub priority: Priority,
    /// Position in the queue order; the smaller key starts first.
    pub queue_key: QueueKey,
    /// Rate limit of this download alone, in bytes per second.
    pub limit: Option<u64>,
    /// Maximum number of connections; without one the engine's default applies.
    pub max_connections: Option<u32>,
    /// Set while waiting and when failed.
    pub problem: Option<Problem>,
    /// The suggested fix; set when failed.
    pub fix: Option<Fix>,
    /// When the next attempt starts; set while waiting.
    pub wait_until: Option<UnixMillis>,
    /// The unmet constraint that blocks it although it is queued.
    pub waits_for: Option<UnmetConstraint>,
    /// Waits for an unmetered network, whatever the general constraints are.
    pub unmetered_only: bool,
    /// Words of the user to find it by.
    pub tags: Vec<String>,
    /// Consecutive attempts without progress.
    pub attempts: u32,
    /// Bytes received so far.
    pub received: u64,
    /// Length of the whole file in bytes.
    pub total: Option<u64>,
    /// Bytes per second, mean of the last five seconds.
    pub speed: u64,
    /// Seconds until the last byte, at `speed`.
    pub eta: Option<u64>,
    /// Open connections.
    pub connections: u32,
    /// What limits the speed, as of the last second; `None` when that is not known, and while it does not run.
    pub limited_by: Option<LimitedBy>,
    /// Whether the server supports resuming; unknown until it has responded.
    pub resumable: Option<bool>,
    pub added_at: UnixMillis,
    pub finished_at: Option<UnixMillis>,
    /// How the file was verified; set when done.
    pub verdict: Option<Verdict>,
    pub allows: AllowedActions,
    /// Scheduled start; only while paused.
    pub start_at: Option<UnixMillis>,
    /// Its file is being copied to another folder; set while bytes are copied.
    pub relocation: Option<RelocationProgress>,
    /// The last verification on request that compared its file with something and counts: a value from the user that
    /// does not match is left out where a digest of the file is known. Set when done.
    pub verification: Option<Verification>,
    /// Its file is being verified on request.
    pub verifying: Option<VerificationProgress>,
    /// The download that takes its place when that one is complete; this one does not start until then.
    pub replaced_by: Option<DownloadId>,
}

impl Snapshot {
    /// Path of the finished file, whether it exists yet or not.
    pub fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }
}

/// Severity of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    Info,
    Warn,
    Error,
}

/// One log entry of a download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub at: UnixMillis,
    pub level: LogLevel,
    pub text: String,
}

/// What the engine sends to its subscribers.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every update is a snapshot"
)]
pub enum Update {
    /// Any field of a download changed. While bytes arrive, at most once per [`crate::Config::progress_interval`].
    Changed(Snapshot),
    /// The download left the list.
    Removed(DownloadId),
    /// A line for the log of the download.
    Log(DownloadId, LogLine),
    /// The download left the list, and the file at that path was kept: it could not be shown to be the one to delete.
    Kept(DownloadId, PathBuf),
}
