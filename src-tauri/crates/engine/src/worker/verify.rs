//! Verifies a complete file before it is published, and moves one with a wrong digest aside.
//!
//! Blocking: runs on threads for blocking work. Depends on one file and its expected digest only.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::disk_watchdog::Heartbeat;
use super::{AttemptContext, AttemptError, WorkerEventSender};
use crate::disk::{self, FileSystem, Hasher, OpenMode, PartFile};
use crate::domain::problem::Problem;
use crate::domain::record::Record;
use crate::domain::verdict::{ExpectedDigest, Verdict};

/// A complete file to be verified.
pub(super) struct Verifier {
    pub(super) expected: Option<ExpectedDigest>,
    /// Whether the server stated the length, which was then checked.
    pub(super) sized: bool,
    pub(super) folder: PathBuf,
    pub(super) files: Arc<dyn FileSystem>,
    pub(super) total: u64,
    pub(super) reports: WorkerEventSender,
    pub(super) stop: CancellationToken,
}

impl Verifier {
    /// Verifies the file at `path` with the bytes that `seen` has hashed while writing, and reads the rest. A file with
    /// a wrong digest is moved aside.
    pub(super) fn verify(
        self,
        part: &PartFile,
        path: &Path,
        seen: Option<&Hasher>,
        pulse: &Heartbeat,
    ) -> Result<Verdict, AttemptError> {
        let Some(expected) = self.expected else {
            let verdict = if self.sized {
                Verdict::Length
            } else {
                Verdict::Nothing
            };
            self.reports.info(format!("verified: {verdict}"));
            return Ok(verdict);
        };
        let algorithm = expected.checksum.algorithm();
        let unseen = Hasher::new(algorithm);
        let hasher = seen.unwrap_or(&unseen);
        let pending = hasher.remaining(self.total);
        if pending > 0 {
            let what = format!("reading {pending} bytes again for their {algorithm}");
            self.reports.info(what);
        }
        let stop = || {
            pulse.beat();
            self.stop.is_cancelled()
        };
        let actual = match hasher.finish(&part.file, self.total, stop) {
            Ok(Some(actual)) => actual,
            Ok(None) => return Err(AttemptError::Stopped),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                let path = path.display().to_string();
                return Err(Problem::PartialLost { path }.into());
            }
            Err(error) => return Err(disk::path_problem(&error, path, &self.folder).into()),
        };
        if actual == expected.checksum {
            let verdict = expected.into_verdict();
            self.reports.info(format!("verified: {verdict}"));
            return Ok(verdict);
        }
        let kept = match disk::keep_mismatch(&*self.files, part, path, &self.folder, self.total) {
            Ok(place) => {
                let kept = place.display().to_string();
                let who = expected.source();
                self.reports.warn(format!(
                    "the {algorithm} is not the one that {who}: the file is kept as {kept}"
                ));
                Some(kept)
            }
            Err(problem) => {
                let why = format!("the wrong file could not be put aside ({})", problem.code());
                self.reports.warn(why);
                None
            }
        };
        Err(expected.mismatch(&actual, kept).into())
    }
}

/// Whether the length of the bytes on disk is known only from the end of a response.
pub(super) fn length_unverified(record: &Record) -> bool {
    record.verdict == Some(Verdict::Nothing)
}

/// Verifies a file that was published before the process ended: its digest is computed again, for the user may have set
/// another checksum since.
pub(super) async fn verify_published(
    job: &AttemptContext,
    (name, file): (&str, &str),
    total: u64,
) -> Result<Verdict, AttemptError> {
    let folder = job.record.folder.clone();
    let proof = Verifier {
        expected: ExpectedDigest::choose(
            job.record.checksum.as_ref(),
            job.record.server_digest.as_ref(),
        ),
        sized: !length_unverified(&job.record),
        folder: folder.clone(),
        files: Arc::clone(&job.file_system),
        total,
        reports: job.reports.clone(),
        stop: job.stop.clone(),
    };
    let files = Arc::clone(&job.file_system);
    let (name, id) = (name.to_owned(), file.to_owned());
    let work = move |pulse: &Heartbeat| {
        let path = folder.join(&name);
        let file = files
            .open(&path, OpenMode::Existing)
            .map_err(|error| disk::path_problem(&error, &path, &folder))?;
        let part = PartFile { file, name, id };
        proof.verify(&part, &path, None, pulse)
    };
    let care = job.watchdog();
    care.run(care.sync_timeout(), work, drop).await?
}
