//! Events and results that a worker sends to the actor. Values only.

use tokio::sync::{mpsc, oneshot};

use crate::disk::Checkpoint;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::host_limits::HostLoad;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::domain::verdict::{ExpectedDigest, Verdict};

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
