//! When rows are stored: once a turn, whatever changed in it, and before anybody is told that it is.

use tokio::sync::oneshot;

use super::Actor;
use crate::config::StoreMode;
use crate::domain::download::{DownloadId, Update};
use crate::domain::state::State;
use crate::domain::verdict::Verdict;
use crate::http;
use crate::store::Finished;

impl Actor {
    /// The record as it is now, or will be before anything else is waited for, is to be stored; or forgotten.
    pub(super) fn mark_dirty(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get(&id) else {
            return;
        };
        if entry.record.state == State::Removed {
            // The row goes when the file has been dealt with.
            if let Some(entry) = self.downloads.remove(&id) {
                self.discard_offload(entry.offload);
            }
            self.broadcast(Update::Removed(id));
        } else {
            self.dirty.insert(id);
        }
    }

    /// Hands over what has changed: of many changes of one download the last.
    pub(super) fn flush_dirty(&mut self) {
        for id in std::mem::take(&mut self.dirty) {
            let Some(entry) = self.downloads.get_mut(&id) else {
                continue;
            };
            let named = entry.record.name.is_some();
            let was_named = std::mem::replace(&mut entry.row_named, named);
            let State::Done { at } = entry.record.state else {
                // Of the command line's, only a row with a file's name is ever taken up again.
                if self.config.store_mode == StoreMode::Exclusive || named || was_named {
                    self.store.save(&entry.record);
                }
                continue;
            };
            // Nobody asks its server again.
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

    /// The length is known by the end of the answer only: so it is remembered, until a digest says more, or a process
    /// that comes after this one takes it for a length that the server stated.
    pub(super) fn mark_length_unverified(&mut self, id: DownloadId) {
        if let Some(entry) = self.downloads.get_mut(&id) {
            entry.record.verdict = Some(Verdict::Nothing);
        }
    }

    /// Answers when every change until now is stored.
    pub(super) fn notify_when_stored(&mut self, reply: oneshot::Sender<()>) {
        self.flush_dirty();
        self.store.notify_when_stored(reply);
    }
}
