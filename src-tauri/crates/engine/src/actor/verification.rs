//! Verifies finished files on request: reads the file in the background and compares its digest with the one that is
//! known, given, or published beside the link. Never changes the file. One that was kept for its wrong digest is read in
//! the same way.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use super::commands::send_reply;
use super::verification_state::VerificationControl;
use super::{Actor, unix_now};
use crate::disk::{self, FinishedFile};
use crate::domain::checksum::{Algorithm, Checksum};
use crate::domain::checksum_file::{self, Candidate};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::record::Record;
use crate::domain::state::State;
use crate::domain::verification::{DigestSource, KnownDigest, Verification, VerifyOutcome};
use crate::handle::{CommandError, FileRef, Reply, VerifyAgainst};
use crate::http::{self, HttpClient, RangeRequest};

/// Files read at the same time; more would only make the disk slower.
pub(super) const MAX_AT_ONCE: usize = 2;
/// Maximum number of characters of the name of a checksum file that is stored.
const MAX_NAME: usize = 100;

/// What a verification needs, apart from the actor.
pub(super) struct VerificationTask {
    id: DownloadId,
    epoch: u32,
    file: FileRef,
    known: Option<KnownDigest>,
    search: Option<ChecksumSearch>,
    control: Arc<VerificationControl>,
    reply: Reply<VerifyOutcome>,
}

/// Result of a [`VerificationTask`].
pub(super) struct VerificationEnd {
    id: DownloadId,
    /// Of the download when it began: the file of another one is another file.
    epoch: u32,
    reply: Reply<VerifyOutcome>,
    result: Result<VerifyOutcome, CommandError>,
}

impl Actor {
    pub(super) fn verify(
        &mut self,
        id: DownloadId,
        against: VerifyAgainst,
        reply: Reply<VerifyOutcome>,
    ) {
        match self.verification_task(id, against) {
            Ok((file, known, search)) => {
                let Some(entry) = self.downloads.get_mut(id) else {
                    return;
                };
                let control = Arc::new(VerificationControl::default());
                entry.verification.control = Some(Arc::clone(&control));
                entry.verification.published = 0;
                self.file_tasks.verify(VerificationTask {
                    id,
                    epoch: entry.record.epoch,
                    file,
                    known,
                    search,
                    control,
                    reply,
                });
                self.notify(id);
            }
            Err(error) => send_reply(reply, Err(error)),
        }
    }

    fn verification_task(
        &mut self,
        id: DownloadId,
        against: VerifyAgainst,
    ) -> Result<(FileRef, Option<KnownDigest>, Option<ChecksumSearch>), CommandError> {
        let entry = self.downloads.entry_that(|allows| allows.verify, id)?;
        let mut record = entry.record.clone();
        record.drop_secrets(http::is_safe_cross_origin);
        let file = self.file_to_verify(id)?;
        if self.file_tasks.is_unresponsive(&record.folder) {
            let folder = record.folder.display().to_string();
            return Err(CommandError::Verification(Problem::DiskSilent { folder }));
        }
        let (known, search) = match against {
            VerifyAgainst::Known if record.state.kept_file().is_some() => {
                (record.expected_digest(), None)
            }
            VerifyAgainst::Known => (record.known_digest(), None),
            VerifyAgainst::Given(checksum) => (Some(KnownDigest::given(checksum)), None),
            VerifyAgainst::Beside => {
                let http = self.workers.client_for(&record);
                let timeout = self.config.timeout;
                let search = ChecksumSearch {
                    http,
                    timeout,
                    record,
                };
                (None, Some(search))
            }
        };
        Ok((file, known, search))
    }

    pub(super) fn cancel_verification(&mut self, id: DownloadId) -> Result<(), CommandError> {
        self.downloads.entry(id)?.verification.cancel();
        Ok(())
    }

    pub(super) fn verification_done(&mut self, end: VerificationEnd) {
        let VerificationEnd {
            id,
            epoch,
            reply,
            result,
        } = end;
        let Some(entry) = self.downloads.get_mut(id) else {
            // Removed meanwhile.
            return send_reply(reply, Ok(VerifyOutcome::Cancelled));
        };
        let control = entry.verification.control.take();
        let record = &mut entry.record;
        let done = matches!(record.state, State::Done { .. });
        let same = record.epoch == epoch && (done || record.state.kept_file().is_some());
        let result = if !same && matches!(result, Ok(VerifyOutcome::Verified { .. })) {
            Ok(VerifyOutcome::Cancelled)
        } else {
            result
        };
        match &result {
            Ok(VerifyOutcome::Verified { verification }) => {
                if done {
                    record.note_verification(verification);
                }
                let (level, text) = log_text(verification);
                let proven = verification.matches() && !done;
                if proven {
                    entry.verification.control = control;
                }
                self.log(id, level, text);
                if proven {
                    return self.name_kept(id, verification.clone(), reply);
                }
            }
            Ok(VerifyOutcome::NothingFound) => {
                self.log(id, LogLevel::Info, "no checksum beside the link".into());
            }
            Ok(VerifyOutcome::Cancelled) => {}
            Err(error) => self.log(id, LogLevel::Warn, error.to_string()),
        }
        self.record_changed(id);
        let (stored, wait) = oneshot::channel();
        self.notify_when_stored(stored);
        self.file_tasks.reply_when_stored(wait, reply, result);
    }

    /// Publishes the progress of verifications.
    pub(super) fn verification_tick(&mut self) {
        for entry in self.downloads.iter_mut() {
            let Some(progress) = entry.verification.progress() else {
                continue;
            };
            if progress.read != entry.verification.published {
                entry.verification.published = progress.read;
                self.updates.notify(entry);
            }
        }
    }
}

fn log_text(verification: &Verification) -> (LogLevel, String) {
    let algorithm = verification.algorithm;
    let Some(compared) = &verification.compared else {
        let text = format!("{algorithm} computed: {}", verification.digest);
        return (LogLevel::Info, text);
    };
    let source = match &compared.source {
        DigestSource::Given => "the given checksum".to_owned(),
        DigestSource::Server { header } => format!("the server's {header}"),
        DigestSource::File { host, name } => format!("{name} at {host}"),
    };
    if compared.matches {
        (
            LogLevel::Info,
            format!("verified: {algorithm} matches {source}"),
        )
    } else if compared.proven {
        let text = format!("the file has changed: its {algorithm} no longer matches {source}");
        (LogLevel::Warn, text)
    } else {
        let text = format!("the {algorithm} of the file does not match {source}");
        (LogLevel::Warn, text)
    }
}

impl VerificationTask {
    /// `turns` bounds the files that are read at the same time.
    pub(super) async fn run(self, turns: Arc<Semaphore>) -> VerificationEnd {
        let Self {
            id,
            epoch,
            file,
            known,
            search,
            control,
            reply,
        } = self;
        let stop = control.stop.clone();
        let work = async move {
            let known = match search {
                Some(search) => match search.run().await.map_err(CommandError::Verification)? {
                    Some(found) => Some(found),
                    None => return Ok(VerifyOutcome::NothingFound),
                },
                None => known,
            };
            let _turn = turns.acquire_owned().await;
            let read = tokio::task::spawn_blocking(move || read(id, &file, known, &control));
            read.await.unwrap_or(Err(CommandError::Stopped))
        };
        // A thread that reads sees the cancellation itself, unless the disk does not respond.
        let result = tokio::select! {
            result = work => result,
            () = stop.cancelled() => Ok(VerifyOutcome::Cancelled),
        };
        VerificationEnd {
            id,
            epoch,
            reply,
            result,
        }
    }
}

/// Blocks until the file is read.
fn read(
    id: DownloadId,
    file: &FileRef,
    known: Option<KnownDigest>,
    control: &VerificationControl,
) -> Result<VerifyOutcome, CommandError> {
    let path = file.recorded.path();
    let unreadable =
        |error: std::io::Error| CommandError::Verification(disk::read_problem(&error, &path));
    let opened = match FinishedFile::open(&*file.files, &file.recorded) {
        Ok(opened) => opened.ok_or(CommandError::FileMissing(id))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(CommandError::FileMissing(id));
        }
        Err(error) => return Err(unreadable(error)),
    };
    control.total.store(opened.length, Ordering::Relaxed);
    let algorithm = known
        .as_ref()
        .map_or(Algorithm::Sha256, |known| known.checksum.algorithm());
    let actual = opened.digest(algorithm, |read| {
        control.read.store(read, Ordering::Relaxed);
        !control.stop.is_cancelled()
    });
    let Some(actual) = actual.map_err(unreadable)? else {
        return Ok(VerifyOutcome::Cancelled);
    };
    Ok(VerifyOutcome::Verified {
        verification: verification(known, &actual),
    })
}

fn verification(known: Option<KnownDigest>, actual: &Checksum) -> Verification {
    Verification {
        at: unix_now(),
        algorithm: actual.algorithm(),
        digest: actual.hex(),
        compared: known.map(|known| known.compare(actual)),
    }
}

/// The search for a checksum file beside the link of a download.
struct ChecksumSearch {
    http: HttpClient,
    timeout: Duration,
    record: Record,
}

impl ChecksumSearch {
    /// The checksum of the first checksum file that has one of this file. Sends what is kept of
    /// the download's headers, none of them a secret, and follows no redirect to another origin.
    ///
    /// # Errors
    ///
    /// Why the server cannot be asked; that it has no such file is none.
    async fn run(self) -> Result<Option<KnownDigest>, Problem> {
        let link = self.record.url.valid()?.as_url();
        let names = [
            checksum_file::last_segment(link),
            self.record.name.clone(),
            self.record.wanted_name.clone(),
        ];
        let names: Vec<String> = names.into_iter().flatten().collect();
        for Candidate { url, single } in checksum_file::candidates(link) {
            let ask = RangeRequest {
                url: &url,
                origin_url: link,
                headers: &self.record.headers,
                from: 0,
                to: None,
            };
            let text = self.http.small_text(&ask, self.timeout).await?;
            let found = text.and_then(|text| checksum_file::find(&text, &names, single));
            if let Some(checksum) = found {
                let name = checksum_file::last_segment(&url).unwrap_or_default();
                let name = name.chars().take(MAX_NAME).collect();
                let host = download_url::host_with_port(&url);
                return Ok(Some(KnownDigest {
                    checksum,
                    source: DigestSource::File { host, name },
                    proven: false,
                }));
            }
        }
        Ok(None)
    }
}
