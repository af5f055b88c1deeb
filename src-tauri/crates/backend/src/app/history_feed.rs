//! Tells the history what ends and what is received. Knows the last state of each download, for when it is removed.

use std::collections::BTreeMap;

use millrace_engine::{HistoryEntry, Phase, Snapshot, unix_now};

use crate::history::History;

#[derive(Debug)]
pub(super) struct HistoryFeed {
    history: History,
    known: BTreeMap<u64, Known>,
}

#[derive(Debug)]
struct Known {
    entry: HistoryEntry,
    /// Which start from zero `entry.received` belongs to.
    epoch: u32,
}

impl HistoryFeed {
    pub(super) fn new(history: History) -> Self {
        Self {
            history,
            known: BTreeMap::new(),
        }
    }

    /// A download that was in the list at the start. Its end is told again: the process may have died between the two
    /// databases.
    pub(super) fn seed(&mut self, snapshot: &Snapshot) {
        let known = Known::from(snapshot);
        if snapshot.phase == Phase::Done {
            self.history.ended(known.entry.clone());
        }
        self.known.insert(snapshot.id.0, known);
    }

    pub(super) fn changed(&mut self, snapshot: &Snapshot) {
        let before = self.known.get(&snapshot.id.0);
        let counted = before
            .filter(|before| before.epoch == snapshot.epoch)
            .map_or(0, |before| before.entry.received);
        let was_done = before.is_some_and(|before| before.entry.finished_at.is_some());
        let received = snapshot.received.saturating_sub(counted);
        if received > 0 {
            self.history.received(&snapshot.host, received);
        }
        let known = Known::from(snapshot);
        if snapshot.phase == Phase::Done && !was_done {
            self.history.ended(known.entry.clone());
        }
        self.known.insert(snapshot.id.0, known);
    }

    pub(super) fn removed(&mut self, id: u64) {
        if let Some(Known { entry, .. }) = self.known.remove(&id) {
            self.history.ended(HistoryEntry {
                removed_at: Some(unix_now()),
                ..entry
            });
        }
    }
}

impl From<&Snapshot> for Known {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            entry: HistoryEntry {
                id: 0,
                download: snapshot.id.0,
                added_at: snapshot.added_at,
                url: snapshot.url.clone(),
                name: snapshot.name.clone(),
                folder: snapshot.folder.to_string_lossy().into_owned(),
                host: snapshot.host.clone(),
                total: snapshot.total,
                received: snapshot.received,
                finished_at: snapshot.finished_at,
                removed_at: None,
            },
            epoch: snapshot.epoch,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_snapshot::snapshot;

    #[tokio::test]
    async fn bytes_are_counted_once_and_ends_are_told_also_of_what_is_removed() {
        let place = tempfile::tempdir().unwrap();
        let history = History::open(place.path().join("history.db"), true);
        let mut feed = HistoryFeed::new(history.clone());
        let mut one = snapshot(7);
        (one.received, one.host) = (100, "host".into());
        feed.seed(&one);
        one.received = 150;
        feed.changed(&one);
        feed.changed(&one);
        // from zero again
        (one.epoch, one.received) = (one.epoch + 1, 30);
        feed.changed(&one);
        (one.phase, one.finished_at) = (Phase::Done, Some(unix_now()));
        feed.changed(&one);
        feed.removed(7);
        feed.removed(7);
        let traffic = history.traffic().await.unwrap();
        assert_eq!(traffic.hosts, [("host".to_owned(), 80)]);
        let entries = history.entries(String::new(), 0, 10).await.unwrap();
        assert_eq!(entries.len(), 1);
        assert!(entries[0].finished_at.is_some() && entries[0].removed_at.is_some());
    }
}
