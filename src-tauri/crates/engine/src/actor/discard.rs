//! Discards received bytes: of a restart, of another folder, of a removed download. The files are deleted by
//! [`file_tasks`](super::file_tasks).

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::file_tasks::{FileTask, part_of};
use super::{Actor, unix_now};
use crate::domain::download::{DownloadId, LogLevel, Update};
use crate::domain::removal::RemoveMode;
use crate::domain::state::{AfterStop, State};

/// Time for pending file work at shutdown; the rest is done at the next start.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

impl Actor {
    /// Discards ranges and part file. The next attempt starts after the deletion, for it needs the name.
    pub(super) fn discard_partial(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let record = &entry.record;
        let Some(old) = part_of(record, record.folder.clone()) else {
            entry.restart(unix_now());
            return;
        };
        entry.deleting_part = Some(old.id.clone());
        self.sync_queue(id);
        self.file_tasks.delete_part(id, old);
    }

    /// Changes the folder; the bytes on disk do not move along. Does not wait for the deletion of the old part file,
    /// unless the folder is the same: then the next attempt needs its name.
    pub(super) fn move_to_folder(&mut self, id: DownloadId, folder: PathBuf) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let record = &mut entry.record;
        let old = std::mem::replace(&mut record.folder, folder);
        let same = old == record.folder;
        entry.deleting_part.take_if(|_| !same);
        if let Some(old) = part_of(record, old) {
            entry.restart(unix_now());
            entry.deleting_part = same.then(|| old.id.clone());
            self.file_tasks.delete_part(id, old);
        }
        self.sync_queue(id);
    }

    /// Removes it from the list, then deals with its file. The row is deleted last, so that a crash in between loses
    /// nothing.
    pub(super) fn remove_files(&mut self, id: DownloadId, mode: RemoveMode) {
        let Some(entry) = self.downloads.get(id) else {
            return;
        };
        let mut record = entry.record.clone();
        if record.file_id.is_some() {
            // If the process ends before that, the removal is continued at the next start.
            let then = AfterStop::remove(mode);
            record.state = State::Stopping { then };
            self.persistence.save(&record);
        }
        self.file_tasks.remove_files(record, mode);
    }

    pub(super) fn file_task_done(&mut self, task: FileTask) {
        match task {
            FileTask::Removed(id, kept) => {
                self.persistence.delete(id);
                self.replaced_is_gone(id);
                if let Some(path) = kept {
                    self.updates.broadcast(Update::Kept(id, path));
                }
            }
            FileTask::Ingested(outcome) => self.ingest_done(*outcome),
            FileTask::Settled => {}
            FileTask::Relocated(id, end) => {
                self.file_tasks.relocation_ended();
                self.relocation_step_done(id, end);
            }
            FileTask::Verified(end) => {
                self.file_tasks.verification_ended();
                self.verification_done(*end);
            }
            FileTask::KeptNamed(proven, named) => self.kept_named(*proven, named),
            FileTask::PartDeleted(id, file, kept) => {
                if let Some(path) = kept {
                    self.log_kept(id, &path);
                }
                let Some(entry) = self.downloads.get_mut(id) else {
                    return;
                };
                if entry.deleting_part.take_if(|one| *one == file).is_none() {
                    return;
                }
                if entry.record.file_id == Some(file) {
                    entry.restart(unix_now());
                }
                self.sync_queue(id);
                self.record_changed(id);
                self.scheduler.request_start();
                self.continue_relocation(id);
            }
        }
    }

    /// Logs why a file was not deleted.
    fn log_kept(&mut self, id: DownloadId, path: &Path) {
        let what = "cannot be shown to be the unfinished file of this download: it is kept";
        self.log(id, LogLevel::Warn, format!("{} {what}", path.display()));
    }

    /// Waits for pending file tasks, for up to [`SHUTDOWN_GRACE`].
    pub(super) async fn finish_file_tasks(&mut self) {
        let grace = self.config.disk_timeout.min(SHUTDOWN_GRACE);
        let end = tokio::time::Instant::now() + grace;
        while let Some(task) = self.file_tasks.next_until(end).await {
            self.file_task_done(task);
        }
    }
}
