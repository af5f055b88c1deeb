//! Stores rows: once per turn of the loop, whatever changed in it, and before anybody is notified that they are stored.

use tokio::sync::oneshot;

use super::Actor;
use crate::config::StoreMode;
use crate::domain::download::{DownloadId, Update};
use crate::domain::state::State;
use crate::domain::verdict::Verdict;
use crate::http;
use crate::store::Finished;

impl Actor {
    /// Marks the row dirty, or drops the download if it was removed; rows are written at the end of this turn of the
    /// loop.
    pub(super) fn mark_dirty(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get(&id) else {
            return;
        };
        if entry.record.state == State::Removed {
            // The row is deleted when the file has been dealt with.
            if let Some(entry) = self.downloads.remove(&id) {
                self.discard_offload(entry.offload);
            }
            self.broadcast(Update::Removed(id));
        } else {
            self.dirty.insert(id);
        }
    }

    /// Hands the dirty rows to the store, each as it is now.
    pub(super) fn flush_dirty(&mut self) {
        for id in std::mem::take(&mut self.dirty) {
            let Some(entry) = self.downloads.get_mut(&id) else {
                continue;
            };
            let named = entry.record.name.is_some();
            let was_named = std::mem::replace(&mut entry.row_named, named);
            let State::Done { at } = entry.record.state else {
                // Of the command line's rows, only one with a file name is ever restored.
                if self.config.store_mode == StoreMode::Exclusive || named || was_named {
                    self.store.save(&entry.record);
                }
                continue;
            };
            // No further request will need them.
            let secrets = entry.record.drop_secrets(http::is_safe_cross_origin);
            match (
                self.config.store_mode,
                Finished::of(&entry.record, entry.key, at),
            ) {
                (StoreMode::Shared, Some(finished)) => self.store.finish(id, finished),
                (StoreMode::Shared, None) => self.store.delete(id),
                (StoreMode::Exclusive, _) => self.store.save(&entry.record),
            }
            if secrets && self.config.store_mode == StoreMode::Exclusive {
                self.store.scrub();
            }
        }
    }

    /// The server did not state the length, it is known only from the end of the response. This is stored until a
    /// digest confirms it, because a later process would take it for a length that the server stated.
    pub(super) fn mark_length_unverified(&mut self, id: DownloadId) {
        if let Some(entry) = self.downloads.get_mut(&id) {
            entry.record.verdict = Some(Verdict::Nothing);
        }
    }

    /// Replies when every change up to now is stored.
    pub(super) fn notify_when_stored(&mut self, reply: oneshot::Sender<()>) {
        self.flush_dirty();
        self.store.notify_when_stored(reply);
    }
}
