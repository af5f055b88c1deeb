//! Files that have to go: of downloads that leave the list, and of those that begin again from nothing. And bytes that
//! come in files of their own. A disk that does not answer holds up only those it has files of.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::Actor;
use super::returns::TakenIn;
use crate::core::download::{DownloadId, Level, Update};
use crate::core::record::Record;
use crate::core::state::{State, Then};
use crate::disk::{self, Erased, Unfinished};
use crate::handle::Leftover;

/// What an end of the program gives to disks that take their time; what is left then is done at the next start.
const GRACE: Duration = Duration::from_secs(5);

/// What was done.
pub(super) enum Chore {
    /// The file of a download that has left the list was dealt with; what is kept for want of a proof that it is ours.
    Removed(DownloadId, Option<PathBuf>),
    /// That unfinished file is gone, or stays where it is, under its own name; the path of one that only may be ours.
    Cleared(DownloadId, String, Option<PathBuf>),
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
        let old = unfinished(record, record.folder.clone(), name, file.clone());
        entry.clearing = Some(file);
        self.line_up(id);
        self.clear(id, old);
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
            let old = unfinished(record, old, name, file.clone());
            record.afresh();
            entry.clearing = same.then_some(file);
            self.clear(id, old);
        }
        self.line_up(id);
    }

    fn clear(&mut self, id: DownloadId, old: Unfinished) {
        let pool = Arc::clone(&self.pool);
        self.chores.spawn_blocking(move || {
            let erased =
                pool.erase_part(&old.folder, &old.name, &old.id, (&old.done, &old.samples));
            let kept = (erased == Erased::Unproven).then(|| old.path());
            Chore::Cleared(id, old.id, kept)
        });
    }

    /// Takes it off the list, then deals with its file; the row goes last, so that nothing is lost in between.
    pub(super) fn erase(&mut self, id: DownloadId, leftover: Leftover) {
        let Some(entry) = self.downloads.get(&id) else {
            return;
        };
        let mut record = entry.record.clone();
        let finished = entry.record.identity.total == Some(record.done.count());
        if record.file.is_some() {
            // Whatever ends before that: it does not come back.
            let then = Then::remove(leftover);
            record.state = State::Stopping { then };
            self.store.save(&record);
        }
        let files = Arc::clone(&self.config.files);
        let pool = Arc::clone(&self.pool);
        self.chores.spawn_blocking(move || {
            let mut kept = None;
            if let (Some(name), Some(file)) = (record.name.clone(), record.file.clone()) {
                let old = unfinished(&record, record.folder.clone(), name, file);
                let known = (&old.done, &old.samples);
                let erased = pool.erase_part(&old.folder, &old.name, &old.id, known);
                kept = (erased == Erased::Unproven).then(|| old.path());
                if leftover == Leftover::Trash {
                    let path = old.folder.join(&old.name);
                    // What cannot be thrown away stays where it is, under its own name.
                    let gone = disk::discard(&*files, &path, &old.id);
                    let stays = matches!(gone, Ok(Erased::Foreign | Erased::Unproven)) && finished;
                    kept = kept.or(stays.then_some(path));
                }
            }
            Chore::Removed(id, kept)
        });
    }

    pub(super) fn chore_done(&mut self, chore: Chore) {
        match chore {
            Chore::Removed(id, kept) => {
                self.store.delete(id);
                if let Some(path) = kept {
                    self.send(Update::Kept(id, path));
                }
            }
            Chore::TakenIn(taken) => self.taken_in(*taken),
            Chore::Dropped => {}
            Chore::Cleared(id, file, kept) => {
                if let Some(path) = kept {
                    self.kept(id, &path);
                }
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

    /// Says of what is to go why it stays.
    fn kept(&mut self, id: DownloadId, path: &Path) {
        let what = "cannot be shown to be the unfinished file of this download: it is kept";
        self.log(id, Level::Warn, format!("{} {what}", path.display()));
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

fn unfinished(record: &Record, folder: PathBuf, name: String, id: String) -> Unfinished {
    Unfinished {
        folder,
        name,
        id,
        done: record.done.clone(),
        samples: record.samples.clone(),
        total: record.identity.total,
    }
}
