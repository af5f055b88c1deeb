//! What a worker is given, and what it tells: the values between it and the actor.

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

/// What a worker is given.
pub(crate) struct AttemptContext {
    pub(crate) record: Record,
    /// An unfinished download that this one may go on with.
    pub(crate) predecessor: Option<Box<Record>>,
    pub(crate) http: HttpClient,
    pub(crate) prefetched: PrefetchedResponse,
    pub(crate) file_system: Arc<dyn FileSystem>,
    pub(crate) writer_pool: Arc<WriterPool>,
    /// The budget of all downloads, and the own one.
    pub(crate) limits: [Arc<RateLimiter>; 2],
    pub(crate) counters: Arc<Counters>,
    pub(crate) host_slots: HostSlots,
    /// Counts the connection of the first request.
    pub(crate) first_permit: FirstPermit,
    pub(crate) last_network_change: LastNetworkChange,
    pub(crate) timeout: Duration,
    /// Connections at most; may change at any moment.
    pub(crate) max_connections: Arc<AtomicU32>,
    /// For the disk to take some bytes.
    pub(crate) disk_timeout: Duration,
    /// Whether what is here may be given up unasked: not without end.
    pub(crate) may_restart: bool,
    /// Whether the record's wanted name is the only one that the file may get.
    pub(crate) exact_names: bool,
    /// Whether the file gets the server's modification time.
    pub(crate) remote_time: bool,
    /// Whether a small file may get its name in one step, without a note of each step towards it.
    pub(crate) allow_small_file: bool,
    /// Whether the file is marked as come from the internet.
    pub(crate) quarantine: bool,
    pub(crate) reports: WorkerEventSender,
    pub(crate) stop: CancellationToken,
}

impl AttemptContext {
    /// The only name that the file may get, if there is such a one.
    pub(super) fn exact_name(&self) -> Option<&str> {
        let wanted = self.record.wanted_name.as_deref();
        wanted.filter(|_| self.exact_names)
    }

    /// How the file of that identity is to be published.
    pub(super) fn publish_options(&self, identity: &Validators) -> PublishOptions {
        let stated = identity.last_modified().filter(|_| self.remote_time);
        PublishOptions {
            exact_name: self.exact_name().map(str::to_owned),
            modified: stated
                .and_then(|stated| file_time(validators::bare(stated), SystemTime::now())),
            origin: self.origin(),
        }
    }

    /// What the file is marked with, if it is to be.
    fn origin(&self) -> Option<Origin> {
        let record = &self.record;
        let origin = self
            .quarantine
            .then(|| Origin::new(&record.url, &record.headers));
        origin.flatten()
    }
}

/// What the actor reads on its own beat; nothing is sent per chunk.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Bytes of the file that are written.
    pub(crate) received: Arc<AtomicU64>,
    /// Open connections.
    pub(crate) connections: AtomicU32,
    pub(crate) map: ProgressMap,
}

/// What a worker learns on its way.
#[derive(Debug)]
pub(crate) enum WorkerEvent {
    /// What was there could not be used: everything begins again.
    Restarted,
    /// The unfinished file is about to be made under this name; it is when that is stored.
    NameChosen(String, oneshot::Sender<()>),
    /// The server has answered, the file on disk is open. The first byte waits until that is stored, if there is
    /// somebody to tell.
    ResponseInfo(ResponseInfo, Option<oneshot::Sender<()>>),
    /// These bytes are on disk for sure.
    Synced(Checkpoint),
    /// Every byte is written, and the file is so long; it gets its name when that is stored, if there is somebody to
    /// tell.
    Transferred {
        total: u64,
        /// Only the end of the answer told the length.
        unstated: bool,
        stored: Option<oneshot::Sender<()>>,
    },
    Log(LogLevel, String),
}

/// What is known once the server has answered.
#[derive(Debug)]
pub(crate) struct ResponseInfo {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) identity: Validators,
    pub(crate) resumable: bool,
    /// It was the link's own origin that answered.
    pub(crate) at_home: bool,
    pub(crate) stated: Option<ExpectedDigest>,
    /// What of the earlier bytes is kept.
    pub(crate) done: ByteRanges,
    /// Whether some of them are given up: what was counted of them begins again. The file is the same.
    pub(crate) afresh: bool,
}

/// A worker's last word.
#[derive(Debug)]
pub(crate) struct AttemptResult {
    /// What was learnt and not told before.
    pub(crate) reports: Vec<WorkerEvent>,
    pub(crate) how: AttemptOutcome,
    /// What is on disk for sure; `None` when it never got as far as the file.
    pub(crate) done: Option<Checkpoint>,
    /// Whether this attempt brought any byte.
    pub(crate) received_any: bool,
    /// What else the host had of ours when it refused the first request.
    pub(crate) load: HostLoad,
}

/// How it ended.
#[derive(Debug)]
pub(crate) enum AttemptOutcome {
    /// The file has its final name, which is this, and this length; that is what proved it.
    Published {
        name: String,
        /// Which file it is now, where its name may have changed that.
        file: Option<String>,
        total: u64,
        verdict: Verdict,
    },
    Stopped,
    Failed(Problem),
}

/// A worker's voice.
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
