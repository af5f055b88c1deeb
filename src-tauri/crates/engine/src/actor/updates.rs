//! Updates for subscribers: changed snapshots, log lines, removals. None is lost; progress is sent once per
//! `Config::progress_interval`.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::download_entry::DownloadEntry;
use super::downloads::Downloads;
use crate::domain::download::{DownloadId, LogLevel, LogLine, Snapshot, UnixMillis, Update};

/// Target of the events that repeat the lines of the downloads' logs.
const LOG_TARGET: &str = "millrace_engine::download";

#[derive(Debug)]
pub(super) struct Updates {
    subscribers: Vec<mpsc::UnboundedSender<Update>>,
    /// Revision of the last snapshot.
    rev: u64,
    started_at: Instant,
}

impl Updates {
    /// The revisions of this run are greater than `rev`.
    pub(super) fn new(rev: u64) -> Self {
        Self {
            subscribers: Vec::new(),
            rev,
            started_at: Instant::now(),
        }
    }

    /// Monotonic time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.started_at.elapsed()
    }

    /// The present snapshots of all downloads.
    pub(super) fn snapshot_all(&mut self, downloads: &Downloads) -> Vec<Snapshot> {
        self.rev += 1;
        let rev = self.rev;
        downloads.iter().map(|entry| entry.snapshot(rev)).collect()
    }

    /// The subscriber gets every update from now on. Returns the present snapshots.
    pub(super) fn subscribe(
        &mut self,
        subscriber: mpsc::UnboundedSender<Update>,
        downloads: &Downloads,
    ) -> Vec<Snapshot> {
        self.subscribers.push(subscriber);
        self.snapshot_all(downloads)
    }

    /// Publishes the present snapshot of one download.
    pub(super) fn notify(&mut self, entry: &mut DownloadEntry) {
        self.rev += 1;
        entry.measure(self.elapsed());
        entry.last_published_bytes = entry.received();
        let snapshot = entry.snapshot(self.rev);
        self.broadcast(Update::Changed(snapshot));
    }

    /// Publishes the progress of running downloads.
    pub(super) fn tick(&mut self, downloads: &mut Downloads) {
        let at = self.elapsed();
        for entry in downloads.iter_mut() {
            let Some(speed_before) = entry.worker.as_ref().map(|worker| worker.meter.speed())
            else {
                continue;
            };
            entry.measure(at);
            let speed = entry
                .worker
                .as_ref()
                .map_or(0, |worker| worker.meter.speed());
            let received = entry.received();
            if received != entry.last_published_bytes || speed != speed_before {
                entry.last_published_bytes = received;
                self.rev += 1;
                let snapshot = entry.snapshot(self.rev);
                self.broadcast(Update::Changed(snapshot));
            }
        }
    }

    /// Publishes a line of the download's log; `at` is the time of day. The same line is an event of [`tracing`].
    pub(super) fn log(&mut self, id: DownloadId, at: UnixMillis, level: LogLevel, text: String) {
        let download = id.0;
        match level {
            LogLevel::Info => tracing::info!(target: LOG_TARGET, download, "{text}"),
            LogLevel::Warn => tracing::warn!(target: LOG_TARGET, download, "{text}"),
            LogLevel::Error => tracing::error!(target: LOG_TARGET, download, "{text}"),
        }
        self.broadcast(Update::Log(id, LogLine { at, level, text }));
    }

    /// Subscribers that are gone are dropped.
    pub(super) fn broadcast(&mut self, update: Update) {
        let others = self.subscribers.len().saturating_sub(1);
        let mut copies = std::iter::repeat_n(update, others + 1);
        self.subscribers.retain(|subscriber| {
            let own = copies.next();
            own.is_some_and(|own| subscriber.send(own).is_ok())
        });
    }
}
