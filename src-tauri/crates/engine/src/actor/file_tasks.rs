//! Background file work: deletes files of removed and restarted downloads, ingests externally fetched ranges. An
//! unresponsive disk delays only the downloads with files on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::Actor;
use super::offload::IngestOutcome;
use crate::disk::{self, Deletion, IngestTarget};
use crate::domain::download::{DownloadId, LogLevel, Update};
use crate::domain::record::Record;
use crate::domain::removal::RemoveMode;
use crate::domain::state::{AfterStop, State};

/// Time for pending file work at shutdown; the rest is done at the next start.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// Result of a file task.
pub(super) enum FileTask {
    /// The file of a removed download was dealt with; the path of one that was kept because it could not be proven to
    /// be ours.
    Removed(DownloadId, Option<PathBuf>),
    /// That part file was deleted or left in place; the path of one that was kept because it could not be proven to be
    /// ours.
    PartDeleted(DownloadId, String, Option<PathBuf>),
    /// A range that was fetched externally was ingested or rejected.
    Ingested(Box<IngestOutcome>),
    /// A handed file that was not needed was deleted.
    HandedFileDeleted,
}

impl Actor {
    /// Discards ranges and part file. The next attempt starts after the deletion, for it needs the name.
    pub(super) fn discard_partial(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let record = &mut entry.record;
        let (Some(name), Some(file)) = (record.name.clone(), record.file_id.clone()) else {
            record.reset_transfer();
            return;
        };
        let old = unfinished(record, record.folder.clone(), name, file.clone());
        entry.deleting_part = Some(file);
        self.sync_queue(id);
        self.delete_part(id, old);
    }

    /// Changes the folder; the bytes on disk do not move along. Does not wait for the deletion of the old part file,
    /// unless the folder is the same: then the next attempt needs its name.
    pub(super) fn move_to_folder(&mut self, id: DownloadId, folder: PathBuf) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let record = &mut entry.record;
        let old = std::mem::replace(&mut record.folder, folder);
        let same = old == record.folder;
        entry.deleting_part.take_if(|_| !same);
        if let (Some(name), Some(file)) = (record.name.clone(), record.file_id.clone()) {
            let old = unfinished(record, old, name, file.clone());
            record.reset_transfer();
            entry.deleting_part = same.then_some(file);
            self.delete_part(id, old);
        }
        self.sync_queue(id);
    }

    fn delete_part(&mut self, id: DownloadId, old: IngestTarget) {
        let pool = Arc::clone(&self.writer_pool);
        self.file_tasks.spawn_blocking(move || {
            let erased =
                pool.erase_part(&old.folder, &old.name, &old.id, (&old.done, &old.samples));
            let kept = (erased == Deletion::Unproven).then(|| old.path());
            FileTask::PartDeleted(id, old.id, kept)
        });
    }

    /// Removes it from the list, then deals with its file. The row is deleted last, so that a crash in between loses
    /// nothing.
    pub(super) fn remove_files(&mut self, id: DownloadId, leftover: RemoveMode) {
        let Some(entry) = self.downloads.get(&id) else {
            return;
        };
        let mut record = entry.record.clone();
        let finished = entry.record.validators.total == Some(record.done.total_len());
        if record.file_id.is_some() {
            // If the process ends before that, the removal is continued at the next start.
            let then = AfterStop::remove(leftover);
            record.state = State::Stopping { then };
            self.store.save(&record);
        }
        let files = Arc::clone(&self.config.file_system);
        let pool = Arc::clone(&self.writer_pool);
        self.file_tasks.spawn_blocking(move || {
            let mut kept = None;
            if let (Some(name), Some(file)) = (record.name.clone(), record.file_id.clone()) {
                let old = unfinished(&record, record.folder.clone(), name, file);
                let known = (&old.done, &old.samples);
                let erased = pool.erase_part(&old.folder, &old.name, &old.id, known);
                kept = (erased == Deletion::Unproven).then(|| old.path());
                if leftover == RemoveMode::Trash {
                    let path = old.folder.join(&old.name);
                    // A file that cannot be moved to the trash stays under its own name.
                    let gone = disk::trash_if_same(&*files, &path, &old.id);
                    let stays =
                        matches!(gone, Ok(Deletion::Foreign | Deletion::Unproven)) && finished;
                    kept = kept.or(stays.then_some(path));
                }
            }
            FileTask::Removed(id, kept)
        });
    }

    pub(super) fn file_task_done(&mut self, task: FileTask) {
        match task {
            FileTask::Removed(id, kept) => {
                self.store.delete(id);
                if let Some(path) = kept {
                    self.broadcast(Update::Kept(id, path));
                }
            }
            FileTask::Ingested(taken) => self.ingest_done(*taken),
            FileTask::HandedFileDeleted => {}
            FileTask::PartDeleted(id, file, kept) => {
                if let Some(path) = kept {
                    self.kept(id, &path);
                }
                let Some(entry) = self.downloads.get_mut(&id) else {
                    return;
                };
                if entry.deleting_part.take_if(|one| *one == file).is_none() {
                    return;
                }
                if entry.record.file_id == Some(file) {
                    entry.record.reset_transfer();
                }
                self.sync_queue(id);
                self.mark_dirty(id);
                self.notify(id);
                self.needs_scheduling = true;
            }
        }
    }

    /// Logs why a file was not deleted.
    fn kept(&mut self, id: DownloadId, path: &Path) {
        let what = "cannot be shown to be the unfinished file of this download: it is kept";
        self.log(id, LogLevel::Warn, format!("{} {what}", path.display()));
    }

    /// Waits for pending file tasks, for up to [`SHUTDOWN_GRACE`].
    pub(super) async fn finish_file_tasks(&mut self) {
        let grace = self.config.disk_timeout.min(SHUTDOWN_GRACE);
        let end = tokio::time::Instant::now() + grace;
        while let Ok(Some(task)) = tokio::time::timeout_at(end, self.file_tasks.join_next()).await {
            if let Ok(task) = task {
                self.file_task_done(task);
            }
        }
    }
}

fn unfinished(record: &Record, folder: PathBuf, name: String, id: String) -> IngestTarget {
    IngestTarget {
        folder,
        name,
        id,
        done: record.done.clone(),
        samples: record.fingerprint.clone(),
        total: record.validators.total,
    }
}
