//! Stores rows: once per turn of the loop, whatever changed in it, and before anybody is notified that they are stored.

use std::collections::BTreeSet;
use std::path::Path;

use tokio::sync::oneshot;

use super::downloads::Downloads;
use crate::config::StoreMode;
use crate::disk::StoreLock;
use crate::domain::download::DownloadId;
use crate::domain::record::Record;
use crate::domain::state::State;
use crate::http;
use crate::store::{Finished, Key, StoreWriter};

pub(super) struct Persistence {
    store: StoreWriter,
    mode: StoreMode,
    /// Downloads whose rows are stored at the end of this turn of the loop.
    dirty: BTreeSet<DownloadId>,
    /// Held until the last row is stored.
    _lock: Option<StoreLock>,
}

impl Persistence {
    pub(super) fn new(store: StoreWriter, mode: StoreMode, lock: Option<StoreLock>) -> Self {
        Self {
            store,
            mode,
            dirty: BTreeSet::new(),
            _lock: lock,
        }
    }

    pub(super) fn mode(&self) -> StoreMode {
        self.mode
    }

    /// The row is stored at the end of this turn of the loop, as it is then.
    pub(super) fn mark_dirty(&mut self, id: DownloadId) {
        self.dirty.insert(id);
    }

    /// Hands the dirty rows to the store, each as it is now.
    pub(super) fn flush(&mut self, downloads: &mut Downloads) {
        for id in std::mem::take(&mut self.dirty) {
            let Some(entry) = downloads.get_mut(id) else {
                continue;
            };
            let named = entry.record.name.is_some();
            let was_named = std::mem::replace(&mut entry.row.named, named);
            let State::Done { at } = entry.record.state else {
                // Of the command line's rows, only one with a file name is ever restored.
                if self.mode == StoreMode::Exclusive || named || was_named {
                    self.store.save(&entry.record);
                }
                continue;
            };
            // No further request will need them.
            let secrets = entry.record.drop_secrets(http::is_safe_cross_origin);
            match (self.mode, Finished::of(&entry.record, entry.row.key, at)) {
                (StoreMode::Shared, Some(finished)) => self.store.finish(id, finished),
                (StoreMode::Shared, None) => self.store.delete(id),
                (StoreMode::Exclusive, _) => self.store.save(&entry.record),
            }
            if secrets && self.mode == StoreMode::Exclusive {
                self.store.scrub();
            }
        }
    }

    /// Replies when every change up to now is stored.
    pub(super) fn notify_when_stored(
        &mut self,
        downloads: &mut Downloads,
        reply: oneshot::Sender<()>,
    ) {
        self.flush(downloads);
        self.store.notify_when_stored(reply);
    }

    /// Stores this row now, ahead of the dirty ones.
    pub(super) fn save(&self, record: &Record) {
        self.store.save(record);
    }

    pub(super) fn delete(&self, id: DownloadId) {
        self.store.delete(id);
    }

    /// Stores new downloads, all or none, and returns them with their ids once they are on disk.
    ///
    /// # Errors
    ///
    /// The reason why none was stored.
    pub(super) async fn add(&self, records: Vec<Record>) -> Result<Vec<Record>, String> {
        self.store.add(records).await
    }

    /// The stored downloads of a URL into a folder, oldest first.
    pub(super) fn find(&self, url: &str, folder: &Path) -> oneshot::Receiver<Vec<Record>> {
        self.store.find(url, folder)
    }

    /// The same for downloads whose file has that name, or is to get it.
    pub(super) fn find_named(&self, name: &str, folder: &Path) -> oneshot::Receiver<Vec<Record>> {
        self.store.find_named(name, folder)
    }

    /// The recorded finished downloads, in the order of the keys.
    pub(super) async fn find_finished(&self, keys: Vec<Key>) -> Vec<Option<Finished>> {
        self.store.find_finished(keys).await
    }

    /// Returns when everything handed to the store is on disk.
    pub(super) async fn sync(&self) {
        self.store.flush().await;
    }
}
