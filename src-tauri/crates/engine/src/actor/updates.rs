//! Updates for subscribers: changed snapshots, log lines, removals. None is lost; progress is sent once per
//! `Config::progress_interval`.

use super::{Actor, unix_now};
use crate::domain::download::{DownloadId, LogLevel, LogLine, Snapshot, Update};

impl Actor {
    /// The present snapshots of all downloads.
    pub(super) fn snapshot_all(&mut self) -> Vec<Snapshot> {
        self.rev += 1;
        let rev = self.rev;
        self.downloads
            .values()
            .map(|entry| entry.snapshot(rev))
            .collect()
    }

    /// Publishes the present snapshot of one download.
    pub(super) fn notify(&mut self, id: DownloadId) {
        let at = self.started_at.elapsed();
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        self.rev += 1;
        entry.measure(at);
        entry.last_published_bytes = entry.received();
        let snapshot = entry.snapshot(self.rev);
        self.broadcast(Update::Changed(snapshot));
    }

    /// Publishes the progress of running downloads.
    pub(super) fn progress_tick(&mut self) {
        self.writer_pool.replace_stuck();
        let at = self.started_at.elapsed();
        let mut news = Vec::new();
        for entry in self
            .downloads
            .values_mut()
            .filter(|entry| entry.worker.is_some())
        {
            let speed_before = entry.worker.as_ref().map_or(0, |live| live.meter.speed());
            entry.measure(at);
            let speed = entry.worker.as_ref().map_or(0, |live| live.meter.speed());
            let received = entry.received();
            if received != entry.last_published_bytes || speed != speed_before {
                entry.last_published_bytes = received;
                self.rev += 1;
                news.push(Update::Changed(entry.snapshot(self.rev)));
            }
        }
        for update in news {
            self.broadcast(update);
        }
    }

    pub(super) fn log(&mut self, id: DownloadId, level: LogLevel, text: String) {
        let line = LogLine {
            at: unix_now(),
            level,
            text,
        };
        self.broadcast(Update::Log(id, line));
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
