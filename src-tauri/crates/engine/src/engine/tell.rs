//! What subscribers hear: snapshots that differ, log lines, removals. Nothing is lost; bytes are told on the beat only.

use super::{Actor, now};
use crate::core::download::{DownloadId, Level, LogLine, Snapshot, Update};

impl Actor {
    /// How all of them stand now.
    pub(super) fn list(&mut self) -> Vec<Snapshot> {
        self.rev += 1;
        let rev = self.rev;
        self.downloads
            .values()
            .map(|entry| entry.snapshot(rev))
            .collect()
    }

    /// Tells how one download stands now.
    pub(super) fn tell(&mut self, id: DownloadId) {
        let at = self.begun.elapsed();
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        self.rev += 1;
        entry.measure(at);
        entry.told = entry.received();
        let snapshot = entry.snapshot(self.rev);
        self.send(Update::Changed(snapshot));
    }

    /// Tells how the running ones have grown.
    pub(super) fn beat(&mut self) {
        self.pool.relieve();
        let at = self.begun.elapsed();
        let mut news = Vec::new();
        for entry in self
            .downloads
            .values_mut()
            .filter(|entry| entry.live.is_some())
        {
            let speed_before = entry.live.as_ref().map_or(0, |live| live.meter.speed());
            entry.measure(at);
            let speed = entry.live.as_ref().map_or(0, |live| live.meter.speed());
            let received = entry.received();
            if received != entry.told || speed != speed_before {
                entry.told = received;
                self.rev += 1;
                news.push(Update::Changed(entry.snapshot(self.rev)));
            }
        }
        for update in news {
            self.send(update);
        }
    }

    pub(super) fn log(&mut self, id: DownloadId, level: Level, text: String) {
        let line = LogLine {
            at: now(),
            level,
            text,
        };
        self.send(Update::Log(id, line));
    }

    /// Whoever has stopped listening is forgotten.
    pub(super) fn send(&mut self, update: Update) {
        let others = self.subscribers.len().saturating_sub(1);
        let mut copies = std::iter::repeat_n(update, others + 1);
        self.subscribers.retain(|subscriber| {
            let own = copies.next();
            own.is_some_and(|own| subscriber.send(own).is_ok())
        });
    }
}
