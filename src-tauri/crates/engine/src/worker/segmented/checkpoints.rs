//! Syncs and stores written bytes at an interval, without holding up the transfer.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::disk::FileWriter;
use crate::worker::disk_watchdog::{DiskWatchdog, Heartbeat};
use crate::worker::{AttemptError, WorkerEvent, WorkerEventSender};

/// How often written bytes are synced and stored.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);

pub(super) struct Checkpoints {
    /// Awaited before the transfer returns, so that no event is sent after its end.
    task: Option<JoinHandle<()>>,
    /// Start of the last one.
    last: Instant,
}

impl Checkpoints {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            task: None,
            last: now,
        }
    }

    /// Whether the next one is to start: the interval has passed, and the last one has ended.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        let idle = self.task.as_ref().is_none_or(JoinHandle::is_finished);
        idle && now.duration_since(self.last) >= CHECKPOINT_INTERVAL
    }

    pub(super) fn start(
        &mut self,
        sink: FileWriter,
        reports: WorkerEventSender,
        watchdog: DiskWatchdog,
        now: Instant,
    ) {
        self.last = now;
        self.task = Some(tokio::spawn(checkpoint(sink, reports, watchdog)));
    }

    /// Waits until the last one has ended.
    pub(super) async fn finish(self) {
        if let Some(task) = self.task {
            // A panic in the task was reported where it happened.
            let _panicked = task.await;
        }
    }
}

/// Syncs written bytes, then reports them: stored ranges never include bytes that a power cut could lose.
async fn checkpoint(sink: FileWriter, reports: WorkerEventSender, watchdog: DiskWatchdog) {
    let theirs = sink.clone();
    let sync = move |_: &Heartbeat| theirs.checkpoint();
    match watchdog.run(watchdog.sync_timeout(), sync, drop).await {
        Ok(Ok(stored)) => reports.send(WorkerEvent::Synced(stored)),
        // A failure shows at the next write, or at the end.
        Ok(Err(_)) | Err(AttemptError::Stopped) => {}
        Err(AttemptError::Broke(_)) => drop(sink.abandon()),
    }
}
