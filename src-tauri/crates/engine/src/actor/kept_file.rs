//! Completes a failed download with the file that was kept for its wrong digest, once a digest proves that file.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::commands::send_reply;
use super::{Actor, unix_now};
use crate::disk::{RecordedFile, RelocateError, Relocated, RelocationSource};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::record::Record;
use crate::domain::relocation::Destination;
use crate::domain::state::Event;
use crate::domain::verification::{Verification, VerifyOutcome};
use crate::handle::{CommandError, FileRef, Reply};

/// A kept file with a digest that proves it, which is to get the name of its download.
pub(super) struct ProvenFile {
    pub(super) id: DownloadId,
    verification: Verification,
    reply: Reply<VerifyOutcome>,
}

impl Actor {
    /// The file of a finished download, or the one that was kept for its wrong digest.
    pub(super) fn file_to_verify(&self, id: DownloadId) -> Result<FileRef, CommandError> {
        let entry = self.downloads.get(id);
        match entry.and_then(|entry| kept_file(&entry.record)) {
            Some(recorded) => Ok(FileRef {
                files: Arc::clone(&self.config.file_system),
                recorded,
            }),
            None => self.finished_file(id),
        }
    }

    /// Renames the proven file. The verification counts as running until then: no other command interferes.
    pub(super) fn name_kept(
        &mut self,
        id: DownloadId,
        verification: Verification,
        reply: Reply<VerifyOutcome>,
    ) {
        let names = self.config.exact_names;
        let entry = self.downloads.get(id);
        let place = entry.and_then(|entry| place_of(&entry.record, names));
        let Some(place) = place else {
            return send_reply(reply, Err(CommandError::NotNow(id)));
        };
        let proven = ProvenFile {
            id,
            verification,
            reply,
        };
        self.file_tasks.name_kept(proven, place);
    }

    /// The download is finished if its file has its name now, otherwise it is as it was.
    pub(super) fn kept_named(
        &mut self,
        proven: ProvenFile,
        named: Result<Relocated, RelocateError>,
    ) {
        let ProvenFile {
            id,
            verification,
            reply,
        } = proven;
        let Some(entry) = self.downloads.get_mut(id) else {
            // Removed meanwhile; the file keeps its name.
            return send_reply(reply, Ok(VerifyOutcome::Cancelled));
        };
        entry.verification.control = None;
        let result = match named {
            Ok(Relocated::Moved { name, id: file }) => {
                let record = &mut entry.record;
                record.note_proof(&verification);
                record.attempts = 0;
                record.name = Some(name.clone());
                record.file_id = Some(file);
                let text = format!("the kept file is saved as {name}");
                self.log(id, LogLevel::Info, text);
                self.apply_event(id, Event::Proven(unix_now()));
                Ok(VerifyOutcome::Verified { verification })
            }
            // Within one folder nothing is copied.
            Ok(Relocated::Copied { .. }) | Err(RelocateError::Cancelled) => {
                Err(CommandError::NotNow(id))
            }
            Err(RelocateError::Missing) => Err(CommandError::FileMissing(id)),
            Err(RelocateError::Problem(problem)) => Err(CommandError::Relocation(problem)),
        };
        if let Err(error) = &result {
            self.log(id, LogLevel::Warn, error.to_string());
        }
        self.record_changed(id);
        let (stored, wait) = oneshot::channel();
        self.notify_when_stored(stored);
        self.file_tasks.reply_when_stored(wait, reply, result);
    }
}

/// The file that was kept for its wrong digest, if there is one.
fn kept_file(record: &Record) -> Option<RecordedFile> {
    let kept = Path::new(record.state.kept_file()?);
    Some(RecordedFile {
        folder: kept.parent()?.to_owned(),
        name: kept.file_name()?.to_str()?.to_owned(),
        id: record.file_id.clone()?,
        total: record.validators.total,
        digest: None,
    })
}

/// The kept file, and where it belongs.
fn place_of(record: &Record, exact_names: bool) -> Option<(RelocationSource, Destination)> {
    let kept = kept_file(record)?;
    let to = Destination::new(
        kept.folder.clone(),
        record.name.clone()?,
        exact_names && record.wanted_name.is_some(),
        fastrand::u64(..),
    );
    let source = RelocationSource {
        folder: kept.folder,
        name: kept.name,
        id: kept.id,
        total: kept.total,
        partial: None,
        // Marked already, before its digest was known.
        origin: None,
    };
    Some((source, to))
}
