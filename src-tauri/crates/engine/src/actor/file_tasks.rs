//! Background file work: deletes files of removed and restarted downloads, ingests externally fetched ranges. An
//! unresponsive disk delays only the downloads with files on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::offload_state::{IngestOutcome, IngestRequest};
use crate::disk::{self, Deletion, FileSystem, IngestTarget, WriterPool};
use crate::domain::download::DownloadId;
use crate::domain::record::Record;
use crate::domain::removal::RemoveMode;
use crate::handle::Reply;

pub(super) struct FileTasks {
    tasks: JoinSet<FileTask>,
    file_system: Arc<dyn FileSystem>,
    writer_pool: Arc<WriterPool>,
}

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

impl FileTasks {
    pub(super) fn new(file_system: Arc<dyn FileSystem>, writer_pool: Arc<WriterPool>) -> Self {
        Self {
            tasks: JoinSet::new(),
            file_system,
            writer_pool,
        }
    }

    /// The next result; `None` if no task is left. Cancel safe.
    pub(super) async fn next(&mut self) -> Option<FileTask> {
        loop {
            if let Ok(task) = self.tasks.join_next().await? {
                return Some(task);
            }
        }
    }

    /// The next result before `end`; `None` if there is none.
    pub(super) async fn next_until(&mut self, end: Instant) -> Option<FileTask> {
        let next = tokio::time::timeout_at(end, self.next()).await;
        next.ok().flatten()
    }

    /// Whether the disk of this folder does not respond.
    pub(super) fn is_unresponsive(&self, folder: &Path) -> bool {
        self.writer_pool.unresponsive().contains(folder)
    }

    /// Deletes a part file.
    pub(super) fn delete_part(&mut self, id: DownloadId, old: IngestTarget) {
        let pool = Arc::clone(&self.writer_pool);
        self.tasks.spawn_blocking(move || {
            let erased =
                pool.erase_part(&old.folder, &old.name, &old.id, (&old.done, &old.samples));
            let kept = (erased == Deletion::Unproven).then(|| old.path());
            FileTask::PartDeleted(id, old.id, kept)
        });
    }

    /// Deletes the part file of a download that has left the list; with [`RemoveMode::Trash`] a finished file is moved
    /// to the trash.
    pub(super) fn remove_files(&mut self, record: Record, mode: RemoveMode) {
        let id = record.id;
        let finished = record.validators.total == Some(record.done.total_len());
        let files = Arc::clone(&self.file_system);
        let pool = Arc::clone(&self.writer_pool);
        self.tasks.spawn_blocking(move || {
            let mut kept = None;
            if let Some(old) = part_of(&record, record.folder.clone()) {
                let known = (&old.done, &old.samples);
                let erased = pool.erase_part(&old.folder, &old.name, &old.id, known);
                kept = (erased == Deletion::Unproven).then(|| old.path());
                if mode == RemoveMode::Trash {
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

    /// Copies a response into the part file, and deletes the handed file.
    pub(super) fn ingest(&mut self, request: IngestRequest, into: IngestTarget) {
        let files = Arc::clone(&self.file_system);
        self.tasks.spawn_blocking(move || {
            let IngestRequest {
                token,
                file,
                span,
                reply,
            } = request;
            let result = disk::ingest_file(&*files, &into, &file, span);
            disk::delete_handed_file(&file);
            FileTask::Ingested(Box::new(IngestOutcome {
                token,
                span,
                result,
                reply,
            }))
        });
    }

    /// Deletes a handed file that is not used, and replies with 0.
    pub(super) fn discard_handed_file(&mut self, file: Option<PathBuf>, reply: Reply<u64>) {
        self.tasks.spawn_blocking(move || {
            if let Some(file) = file {
                disk::delete_handed_file(&file);
            }
            let _unheard = reply.send(Ok(0));
            FileTask::HandedFileDeleted
        });
    }

    /// Replies with the number of new bytes once their row is stored. In a task of its own: the actor itself does the
    /// storing.
    pub(super) fn reply_when_stored(
        &mut self,
        stored: oneshot::Receiver<()>,
        reply: Reply<u64>,
        new: u64,
    ) {
        self.tasks.spawn(async move {
            // An error means that the engine is ending: it stores everything before it has ended.
            let _ending = stored.await;
            let _unheard = reply.send(Ok(new));
            FileTask::HandedFileDeleted
        });
    }
}

/// The part file of this record in `folder`, if it has one.
pub(super) fn part_of(record: &Record, folder: PathBuf) -> Option<IngestTarget> {
    Some(IngestTarget {
        folder,
        name: record.name.clone()?,
        id: record.file_id.clone()?,
        done: record.done.clone(),
        samples: record.fingerprint.clone(),
        total: record.validators.total,
    })
}
