//! Files that have to go: of downloads that leave the list, and of those that begin again from nothing. And bytes that
//! come in files of their own. A disk that does not answer holds up only those it has files of.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::Actor;
use super::returns::TakenIn;
use crate::core::download::DownloadId;
use crate::core::state::{State, Then};
use crate::disk;
use crate::handle::Leftover;

/// What an end of the program gives to disks that take their time; what is left then is done at the next start.
const GRACE: Duration = Duration::from_secs(5);

/// What was done.
pub(super) enum Chore {
    /// The file of a download that has left the list was dealt with.
    Removed(DownloadId),
    /// That unfinished file is gone, or stays where it is, under its own name.
    Cleared(DownloadId, String),
    /// Bytes that were fetched elsewhere were put into the unfinished file, or not.
    TakenIn(Box<TakenIn>),
    /// A file that was handed over in vain is gone.
    Dropped,
}

impl Actor {
    /// Drops the plan and the unfinished file; nothing begins before that is done, for the next attempt wants the name.
    pub(super) fn afresh(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let record = &mut entry.record;
        let (Some(name), Some(file)) = (record.name.clone(), record.file.clone()) else {
            record.afresh();
            return;
        };
        let folder = record.folder.clone();
        entry.clearing = Some(file.clone());
        self.line_up(id);
        self.clear(id, folder, name, file);
    }

    /// Another folder: what is here does not go along. Returns at once; only in the same folder the name is waited for.
    pub(super) fn move_to_folder(&mut self, id: DownloadId, folder: PathBuf) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let record = &mut entry.record;
        let old = std::mem::replace(&mut record.folder, folder);
        let same = old == record.folder;
        entry.clearing.take_if(|_| !same);
        if let (Some(name), Some(file)) = (record.name.clone(), record.file.clone()) {
            record.afresh();
            entry.clearing = same.then(|| file.clone());
            self.clear(id, old, name, file);
        }
        self.line_up(id);
    }

    fn clear(&mut self, id: DownloadId, folder: PathBuf, name: String, file: String) {
        let pool = Arc::clone(&self.pool);
        self.chores.spawn_blocking(move || {
            pool.erase_part(&folder, &name, &file);
            Chore::Cleared(id, file)
        });
    }

    /// Takes it off the list, then deals with its file; the row goes last, so that nothing is lost in between.
    pub(super) fn erase(&mut self, id: DownloadId, leftover: Leftover) {
        let Some(entry) = self.downloads.get(&id) else {
            return;
        };
        let mut record = entry.record.clone();
        if record.file.is_some() {
            // Whatever ends before that: it does not come back.
            let then = Then::remove(leftover);
            record.state = State::Stopping { then };
            self.store.save(&record);
        }
        let files = Arc::clone(&self.config.files);
        let pool = Arc::clone(&self.pool);
        self.chores.spawn_blocking(move || {
            if let (Some(name), Some(file)) = (record.name, record.file) {
                pool.erase_part(&record.folder, &name, &file);
                if leftover == Leftover::Trash {
                    // What cannot be thrown away stays where it is, under its own name.
                    let _kept = disk::discard(&*files, &record.folder.join(name), &file);
                }
            }
            Chore::Removed(id)
        });
    }

    pub(super) fn chore_done(&mut self, chore: Chore) {
        match chore {
            Chore::Removed(id) => self.store.delete(id),
            Chore::TakenIn(taken) => self.taken_in(*taken),
            Chore::Dropped => {}
            Chore::Cleared(id, file) => {
                let Some(entry) = self.downloads.get_mut(&id) else {
                    return;
                };
                if entry.clearing.take_if(|one| *one == file).is_none() {
                    return;
                }
                if entry.record.file == Some(file) {
                    entry.record.afresh();
                }
                self.line_up(id);
                self.save(id);
                self.tell(id);
                self.turn_changed = true;
            }
        }
    }

    /// Waits for what is being done, for a while.
    pub(super) async fn end_chores(&mut self) {
        let grace = self.config.disk_timeout.min(GRACE);
        let end = tokio::time::Instant::now() + grace;
        while let Ok(Some(chore)) = tokio::time::timeout_at(end, self.chores.join_next()).await {
            if let Ok(chore) = chore {
                self.chore_done(chore);
            }
        }
    }
}
