//! The values exchanged between a worker and the actor.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::{Duration, SystemTime};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::host_slots::{FirstPermit, HostSlots};
use super::network_change::LastNetworkChange;
use super::prefetched::PrefetchedResponse;
use super::progress_map::ProgressMap;
use super::rate_limiter::RateLimiter;
use crate::disk::{Checkpoint, FileSystem, PublishOptions, WriterPool};
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::file_time::file_time;
use crate::domain::host_limits::HostLoad;
use crate::domain::origin::Origin;
use crate::domain::problem::Problem;
use crate::domain::record::{Record, Validators};
use crate::domain::validators;
use crate::domain::verdict::{ExpectedDigest, Verdict};
use crate::http::HttpClient;

/// Input of one attempt.
pub(crate) struct AttemptContext {
    pub(crate) record: Record,
    /// An unfinished download that this one may continue.
    pub(crate) predecessor: Option<Box<Record>>,
    pub(crate) http: HttpClient,
    pub(crate) prefetched: PrefetchedResponse,
    pub(crate) file_system: Arc<dyn FileSystem>,
    pub(crate) writer_pool: Arc<WriterPool>,
    /// The limit of all downloads, and this one's own.
    pub(crate) limits: [Arc<RateLimiter>; 2],
    pub(crate) counters: Arc<Counters>,
    pub(crate) host_slots: HostSlots,
    /// Counts the connection of the first request.
    pub(crate) first_permit: FirstPermit,
    pub(crate) last_network_change: LastNetworkChange,
    pub(crate) timeout: Duration,
    /// Maximum of connections; may change at any time.
    pub(crate) max_connections: Arc<AtomicU32>,
    /// Timeout for small disk operations.
    pub(crate) disk_timeout: Duration,
    /// Whether the bytes on disk may be discarded without asking the user; limited, to avoid endless restarts.
    pub(crate) may_restart: bool,
    /// Whether the record's requested name is the only one that the file may get.
    pub(crate) exact_names: bool,
    /// Whether the file gets the server's modification time.
    pub(crate) remote_time: bool,
    /// Whether a small file may be published in one step, without storing each step towards it.
    pub(crate) allow_small_file: bool,
    /// Whether the file is marked as downloaded from the internet.
    pub(crate) quarantine: bool,
    pub(crate) reports: WorkerEventSender,
    pub(crate) stop: CancellationToken,
}

impl AttemptContext {
    /// The only name that the file may get, if there is one.
    pub(super) fn exact_name(&self) -> Option<&str> {
        let wanted = self.record.wanted_name.as_deref();
        wanted.filter(|_| self.exact_names)
    }

    /// How to publish the file with these validators.
    pub(super) fn publish_options(&self, identity: &Validators) -> PublishOptions {
        let stated = identity.last_modified().filter(|_| self.remote_time);
        PublishOptions {
            exact_name: self.exact_name().map(str::to_owned),
            modified: stated
                .and_then(|stated| file_time(validators::bare(stated), SystemTime::now())),
            origin: self.origin(),
        }
    }

    /// The origin that the file is marked with, if marking is on.
    fn origin(&self) -> Option<Origin> {
        let record = &self.record;
        let origin = self
            .quarantine
            .then(|| Origin::new(&record.url, &record.headers));
        origin.flatten()
    }
}

/// Values that the actor reads at its own interval; nothing is sent per chunk.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Bytes of the file that are written.
    pub(crate) received: Arc<AtomicU64>,
    /// Open connections.
    pub(crate) connections: AtomicU32,
    pub(crate) map: ProgressMap,
}

/// Events of a running worker.
#[derive(Debug)]
pub(crate) enum WorkerEvent {
    /// The bytes on disk could not be used: the download restarts from zero.
    Restarted,
    /// The part file is about to be created under this name, once the name is stored (confirmed by the sender).
    NameChosen(String, oneshot::Sender<()>),
    /// The server has responded and the part file is open. The first byte is written after this is stored, if there is
    /// a sender to confirm it.
    ResponseInfo(ResponseInfo, Option<oneshot::Sender<()>>),
    /// These ranges are synced to disk.
    Synced(Checkpoint),
    /// Every byte is written, `total` is the length. The file is published after this is stored, if there is a sender
    /// to confirm it.
    Transferred {
        total: u64,
        /// Whether the length is known only from the end of the response.
        unstated: bool,
        stored: Option<oneshot::Sender<()>>,
    },
    Log(LogLevel, String),
}

/// What is known once the server has responded.
#[derive(Debug)]
pub(crate) struct ResponseInfo {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) identity: Validators,
    pub(crate) resumable: bool,
    /// Whether the origin of the URL itself responded, without a redirect elsewhere.
    pub(crate) answered_by_origin: bool,
    pub(crate) server_digest: Option<ExpectedDigest>,
    /// Ranges of earlier attempts that are kept.
    pub(crate) done: ByteRanges,
    /// Whether some of them are discarded, so that their count starts from zero. The file is the same.
    pub(crate) restarted: bool,
}

/// Result of an attempt.
#[derive(Debug)]
pub(crate) struct AttemptResult {
    /// Events that were not sent before.
    pub(crate) reports: Vec<WorkerEvent>,
    pub(crate) how: AttemptOutcome,
    /// Synced ranges; `None` if the file was never opened.
    pub(crate) done: Option<Checkpoint>,
    /// Whether this attempt received any byte.
    pub(crate) received_any: bool,
    /// Which other connections of ours the host had when it refused the first request.
    pub(crate) load: HostLoad,
}

#[derive(Debug)]
pub(crate) enum AttemptOutcome {
    /// The file has its final name and length; `verdict` says how it was verified.
    Published {
        name: String,
        /// The file id, where publishing may have changed it.
        file: Option<String>,
        total: u64,
        verdict: Verdict,
    },
    Stopped,
    Failed(Problem),
}

/// Sends this worker's events to the actor.
#[derive(Debug, Clone)]
pub(crate) struct WorkerEventSender {
    pub(crate) id: DownloadId,
    pub(crate) out: mpsc::UnboundedSender<(DownloadId, WorkerEvent)>,
}

impl WorkerEventSender {
    pub(super) fn send(&self, report: WorkerEvent) {
        // The actor waits for its workers before it ends.
        let _ended = self.out.send((self.id, report));
    }

    pub(super) fn info(&self, text: String) {
        self.send(WorkerEvent::Log(LogLevel::Info, text));
    }

    pub(super) fn warn(&self, text: String) {
        self.send(WorkerEvent::Log(LogLevel::Warn, text));
    }
}
