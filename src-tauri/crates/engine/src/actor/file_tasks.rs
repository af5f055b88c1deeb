//! Background file work: deletes files of removed and restarted downloads, ingests externally fetched ranges. An
//! unresponsive disk delays only the downloads with files on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::kept_file::ProvenFile;
use super::offload_state::{IngestOutcome, IngestRequest};
use super::verification::{MAX_AT_ONCE, VerificationEnd, VerificationTask};
use crate::disk::{
    self, Deletion, FileSystem, IngestTarget, RelocateError, Relocated, RelocationControl,
    RelocationSource, WriterPool,
};
use crate::domain::download::DownloadId;
use crate::domain::record::Record;
use crate::domain::relocation::{Destination, Relocation};
use crate::domain::removal::RemoveMode;
use crate::handle::{CommandError, Reply};

pub(super) struct FileTasks {
    tasks: JoinSet<FileTask>,
    /// Renames and moves among them.
    relocations: usize,
    /// Verifications among them.
    verifications: usize,
    /// Bounds the files that are read for verifications at the same time.
    verifying: Arc<Semaphore>,
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
    /// Nothing follows from it.
    Settled,
    /// A step of a rename or move.
    Relocated(DownloadId, RelocationEnd),
    /// A finished file was verified, or not.
    Verified(Box<VerificationEnd>),
    /// A kept file that was proven has the name of its download, or not.
    KeptNamed(Box<ProvenFile>, Result<Relocated, RelocateError>),
}

/// How a step of a rename or move has ended.
pub(super) enum RelocationEnd {
    /// The file, or its copy, has its new name there, and this id.
    Moved {
        name: String,
        id: String,
    },
    /// The copy is complete, with this id.
    Copied {
        id: String,
    },
    /// The file that the copy was made of was deleted, or was not.
    SourceDeleted(bool),
    Failed(RelocateError),
}

impl FileTasks {
    pub(super) fn new(file_system: Arc<dyn FileSystem>, writer_pool: Arc<WriterPool>) -> Self {
        Self {
            tasks: JoinSet::new(),
            relocations: 0,
            verifications: 0,
            verifying: Arc::new(Semaphore::new(MAX_AT_ONCE)),
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
            FileTask::Settled
        });
    }

    /// Whether there are tasks with a progress that is shown.
    pub(super) fn have_progress(&self) -> bool {
        self.relocations > 0 || self.verifications > 0
    }

    pub(super) fn relocation_ended(&mut self) {
        self.relocations = self.relocations.saturating_sub(1);
    }

    /// Carries out one step of a rename or move, once that it is under way is stored.
    pub(super) fn relocate(
        &mut self,
        id: DownloadId,
        (step, source): (Relocation, RelocationSource),
        control: Arc<RelocationControl>,
        stored: oneshot::Receiver<()>,
    ) {
        self.relocations += 1;
        let files = Arc::clone(&self.file_system);
        self.tasks.spawn(async move {
            // An error means that the engine is ending: it stores everything before it has ended.
            let _ending = stored.await;
            let work = move || relocation_step(&*files, &step, &source, &control);
            let end = tokio::task::spawn_blocking(work).await;
            let broken = || RelocationEnd::Failed(RelocateError::Cancelled);
            FileTask::Relocated(id, end.unwrap_or_else(|_| broken()))
        });
    }

    /// Verifies a finished file.
    pub(super) fn verify(&mut self, task: VerificationTask) {
        self.verifications += 1;
        let turns = Arc::clone(&self.verifying);
        self.tasks
            .spawn(async move { FileTask::Verified(Box::new(task.run(turns).await)) });
    }

    /// Gives a kept file the name of its download, or the next numbered one.
    pub(super) fn name_kept(
        &mut self,
        proven: ProvenFile,
        (source, to): (RelocationSource, Destination),
    ) {
        let files = Arc::clone(&self.file_system);
        self.tasks.spawn_blocking(move || {
            let control = RelocationControl::default();
            let named = disk::relocate(&*files, &source, &to, &control);
            FileTask::KeptNamed(Box::new(proven), named)
        });
    }

    pub(super) fn verification_ended(&mut self) {
        self.verifications = self.verifications.saturating_sub(1);
    }

    /// Replies once the row is stored. In a task of its own: the actor itself does the storing.
    pub(super) fn reply_when_stored<T: Send + 'static>(
        &mut self,
        stored: oneshot::Receiver<()>,
        reply: Reply<T>,
        result: Result<T, CommandError>,
    ) {
        self.tasks.spawn(async move {
            // An error means that the engine is ending: it stores everything before it has ended.
            let _ending = stored.await;
            let _unheard = reply.send(result);
            FileTask::Settled
        });
    }
}

fn relocation_step(
    files: &dyn FileSystem,
    step: &Relocation,
    source: &RelocationSource,
    control: &RelocationControl,
) -> RelocationEnd {
    let ended = match step {
        Relocation::Requested { to } => disk::relocate(files, source, to, control),
        Relocation::Copied { to, file } => {
            let named = disk::name_copy(files, source, to, file);
            named.map(|(name, id)| Relocated::Moved { name, id })
        }
        Relocation::DeleteSource { folder, name, file } => {
            let gone = disk::delete_source(files, &folder.join(name), file);
            return RelocationEnd::SourceDeleted(gone);
        }
    };
    match ended {
        Ok(Relocated::Moved { name, id }) => RelocationEnd::Moved { name, id },
        Ok(Relocated::Copied { id }) => RelocationEnd::Copied { id },
        Err(error) => RelocationEnd::Failed(error),
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
