//! Renames and moves the files of downloads, and takes over where a file is that was moved by somebody else. The steps
//! are in `domain/relocation.rs`; each is stored before the next begins.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::commands::send_reply;
use super::download_entry::DownloadEntry;
use super::file_tasks::RelocationEnd;
use super::{Actor, unix_now};
use crate::disk::{RecordedFile, RelocateError, RelocationControl, RelocationSource};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::file_name::PART_SUFFIX;
use crate::domain::origin::Origin;
use crate::domain::record::Record;
use crate::domain::relocation::{Destination, Relocation};
use crate::domain::removal::RemoveMode;
use crate::domain::state::{Event, State};
use crate::handle::{CommandError, FileCommand, FileRef, Reply};

impl Actor {
    pub(super) fn handle_file(&mut self, command: FileCommand) {
        match command {
            FileCommand::Get(id, reply) => {
                let file = self.finished_file(id);
                send_reply(reply, file);
            }
            FileCommand::GetAll(ids, reply) => {
                let files = ids.into_iter().filter_map(|id| {
                    let file = self.finished_file(id).ok()?;
                    let silent = self.file_tasks.is_unresponsive(&file.recorded.folder);
                    let busy = self.downloads.get(id)?.relocation.is_running();
                    (!silent && !busy).then_some((id, file))
                });
                let files = files.collect();
                send_reply(reply, Ok(files));
            }
            FileCommand::Rename(id, name, reply) => {
                self.request_relocation(id, None, Some(name), reply);
            }
            FileCommand::Move(id, folder, reply) => {
                self.request_relocation(id, Some(folder), None, reply);
            }
            FileCommand::Located(id, folder, name, file, reply) => {
                let located = self.located(id, folder, name, file);
                send_reply(reply, located);
            }
            FileCommand::DownloadAgain(id, reply) => {
                let again = self.download_again(id);
                send_reply(reply, again);
            }
            FileCommand::Verify(id, against, reply) => self.verify(id, against, reply),
            FileCommand::CancelVerification(id, reply) => {
                let cancelled = self.cancel_verification(id);
                send_reply(reply, cancelled);
            }
        }
    }

    pub(super) fn finished_file(&self, id: DownloadId) -> Result<FileRef, CommandError> {
        let entry = self.downloads.get(id);
        let record = &entry.ok_or(CommandError::UnknownDownload(id))?.record;
        let done = matches!(record.state, State::Done { .. });
        match (&record.name, &record.file_id) {
            (Some(name), Some(file)) if done => Ok(FileRef {
                files: Arc::clone(&self.config.file_system),
                recorded: RecordedFile {
                    folder: record.folder.clone(),
                    name: name.clone(),
                    id: file.clone(),
                    total: record.validators.total,
                    digest: record.known_digest().map(|known| known.checksum),
                },
            }),
            _ => Err(CommandError::NotNow(id)),
        }
    }

    /// Where the file of a finished download is by now.
    fn located(
        &mut self,
        id: DownloadId,
        folder: PathBuf,
        name: String,
        file: String,
    ) -> Result<(), CommandError> {
        let entry = self.downloads.entry_that(|allows| allows.locate, id)?;
        // It reads the file at its old place.
        entry.verification.cancel();
        let text = format!("found as {}", folder.join(&name).display());
        entry.record.folder = folder;
        entry.record.name = Some(name);
        entry.record.file_id = Some(file);
        if let Some(checks) = &mut entry.record.verification {
            checks.forget_mismatch();
        }
        self.log(id, LogLevel::Info, text);
        self.record_changed(id);
        Ok(())
    }

    /// From zero; the finished file, if it is there, is no longer this download's.
    fn download_again(&mut self, id: DownloadId) -> Result<(), CommandError> {
        let entry = self
            .downloads
            .entry_that(|allows| allows.download_again, id)?;
        entry.verification.cancel();
        entry.restart(unix_now());
        entry.reset_retries();
        self.apply_event(id, Event::DownloadAgain);
        Ok(())
    }

    /// Stores what is wanted, and stops the download if it runs: it continues by itself.
    pub(super) fn request_relocation(
        &mut self,
        id: DownloadId,
        folder: Option<PathBuf>,
        name: Option<String>,
        reply: Reply<()>,
    ) {
        let entry = match self.downloads.entry_that(|allows| allows.relocate, id) {
            Ok(entry) => entry,
            Err(error) => return send_reply(reply, Err(error)),
        };
        let exact = name.is_some();
        let folder = folder.unwrap_or_else(|| entry.record.folder.clone());
        let name = name.unwrap_or_else(|| entry.name().to_owned());
        if folder == entry.record.folder && name == entry.name() {
            return send_reply(reply, Ok(()));
        }
        let to = Destination::new(folder, name, exact, fastrand::u64(..));
        entry.record.relocation = Some(Relocation::Requested { to });
        entry.relocation.reply = Some(reply);
        self.sync_queue(id);
        self.record_changed(id);
        self.apply_event(id, Event::Preempt);
        self.continue_relocation(id);
    }

    /// Begins the next step, unless something else is using the file; then its end comes back here.
    pub(super) fn continue_relocation(&mut self, id: DownloadId) {
        let quarantine = self.config.quarantine;
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let Some(step) = entry.record.relocation.clone() else {
            return;
        };
        let busy = entry.record.state.has_worker()
            || entry.deleting_part.is_some()
            || !entry.offload.is_idle();
        if busy || entry.relocation.is_running() {
            return;
        }
        if !entry.record.state.allows().relocate {
            // Its bytes are about to be discarded.
            return self.end_relocation(id, Err(CommandError::NotNow(id)));
        }
        let Some(source) = source_of(&entry.record, quarantine) else {
            if let Relocation::Requested { to } = step {
                entry.expect_at(to);
            }
            return self.end_relocation(id, Ok(()));
        };
        let control = Arc::new(RelocationControl::default());
        entry.relocation.control = Some(Arc::clone(&control));
        entry.relocation.published = 0;
        let (stored, wait) = oneshot::channel();
        self.notify_when_stored(stored);
        self.file_tasks.relocate(id, (step, source), control, wait);
    }

    /// A step has ended.
    pub(super) fn relocation_step_done(&mut self, id: DownloadId, end: RelocationEnd) {
        let closing = self.inbox.is_closed();
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        entry.relocation.control = None;
        let record = &mut entry.record;
        match (end, record.relocation.take()) {
            (RelocationEnd::Moved { name, id: file }, Some(Relocation::Requested { to })) => {
                let text = set_place(record, to, name, file);
                self.log(id, LogLevel::Info, text);
                self.end_relocation(id, Ok(()));
            }
            (RelocationEnd::Copied { id: file }, Some(Relocation::Requested { to })) => {
                record.relocation = Some(Relocation::Copied { to, file });
                self.record_changed(id);
                self.continue_relocation(id);
            }
            (RelocationEnd::Moved { name, id: file }, Some(Relocation::Copied { to, .. })) => {
                let done = matches!(record.state, State::Done { .. });
                let ending = if done { "" } else { PART_SUFFIX };
                let old = record.name.clone().unwrap_or_default();
                record.relocation = record.file_id.clone().map(|file| Relocation::DeleteSource {
                    folder: record.folder.clone(),
                    name: format!("{old}{ending}"),
                    file,
                });
                let text = set_place(record, to, name, file);
                self.log(id, LogLevel::Info, text);
                self.record_changed(id);
                self.continue_relocation(id);
            }
            (
                RelocationEnd::SourceDeleted(gone),
                Some(Relocation::DeleteSource { folder, name, .. }),
            ) => {
                if !gone {
                    let path = folder.join(name);
                    let text = format!("{} could not be deleted: it stays", path.display());
                    self.log(id, LogLevel::Warn, text);
                }
                self.end_relocation(id, Ok(()));
            }
            (RelocationEnd::Failed(RelocateError::Cancelled), step) if closing => {
                // Continued at the next start.
                record.relocation = step;
            }
            (RelocationEnd::Failed(error), _) => {
                let error = match error {
                    RelocateError::Missing => CommandError::FileMissing(id),
                    RelocateError::Cancelled => CommandError::NotNow(id),
                    RelocateError::Problem(problem) => CommandError::Relocation(problem),
                };
                self.log(id, LogLevel::Warn, error.to_string());
                self.end_relocation(id, Err(error));
            }
            // Not of this step: cannot be, for only one is under way.
            (_, step) => record.relocation = step,
        }
    }

    fn end_relocation(&mut self, id: DownloadId, result: Result<(), CommandError>) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        entry.record.relocation = None;
        let state = std::mem::take(&mut entry.relocation);
        self.sync_queue(id);
        self.record_changed(id);
        self.scheduler.request_start();
        if let Some(reply) = state.reply {
            let (stored, wait) = oneshot::channel();
            self.notify_when_stored(stored);
            self.file_tasks.reply_when_stored(wait, reply, result);
        }
        if let Some(mode) = state.removal {
            self.apply_event(id, Event::Remove(mode));
        } else {
            self.ingest_next(id);
        }
    }

    /// A download whose file is being moved is removed afterwards. Returns whether that is so.
    pub(super) fn postpone_removal(&mut self, id: DownloadId, mode: RemoveMode) -> bool {
        let Some(entry) = self.downloads.get_mut(id) else {
            return false;
        };
        if entry.relocation.is_running() {
            entry.relocation.cancel();
            entry.relocation.removal = Some(mode);
            return true;
        }
        entry.record.relocation = None;
        false
    }

    /// Publishes the progress of copies.
    pub(super) fn relocation_tick(&mut self) {
        for entry in self.downloads.iter_mut() {
            let Some(progress) = entry.relocation.progress() else {
                continue;
            };
            if progress.copied != entry.relocation.published {
                entry.relocation.published = progress.copied;
                self.updates.notify(entry);
            }
        }
    }
}

impl DownloadEntry {
    /// There is no file yet: it will be made there.
    fn expect_at(&mut self, to: Destination) {
        self.record.folder = to.folder;
        if to.exact {
            self.set_wanted_name(Some(to.name));
        }
    }
}

/// The record's file, if it has one.
fn source_of(record: &Record, quarantine: bool) -> Option<RelocationSource> {
    let done = matches!(record.state, State::Done { .. });
    let origin = (quarantine && done).then(|| Origin::new(record.url.as_str(), &record.headers));
    Some(RelocationSource {
        folder: record.folder.clone(),
        name: record.name.clone()?,
        id: record.file_id.clone()?,
        total: record.validators.total,
        partial: (!done).then(|| record.done.clone()),
        origin: origin.flatten(),
    })
}

/// The file is there now. Returns the line for the log.
fn set_place(record: &mut Record, to: Destination, name: String, file: String) -> String {
    let text = if record.folder == to.folder {
        format!("renamed to {name}")
    } else {
        format!("moved to {}", to.folder.join(&name).display())
    };
    record.folder = to.folder;
    if to.exact {
        record.wanted_name = Some(name.clone());
    }
    record.name = Some(name);
    record.file_id = Some(file);
    text
}
