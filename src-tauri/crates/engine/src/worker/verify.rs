//! What a whole file is measured by before it gets its name, and what becomes of one that is not the right one.
//!
//! Blocks: runs on threads for that. Knows one file and what is expected of it.

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

/// A whole file that is to be proven.
pub(super) struct Verifier {
    pub(super) expected: Option<ExpectedDigest>,
    /// Whether the server stated the length, which has been checked.
    pub(super) sized: bool,
    pub(super) folder: PathBuf,
    pub(super) files: Arc<dyn FileSystem>,
    pub(super) total: u64,
    pub(super) reports: WorkerEventSender,
    pub(super) stop: CancellationToken,
}

impl Verifier {
    /// The proof of the file at `path`, by what `seen` has of it from the writing and by reading the rest. A file that
    /// is not the right one is put aside.
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

/// Whether only the end of an answer told the length of what is here.
pub(super) fn length_unverified(record: &Record) -> bool {
    record.verdict == Some(Verdict::Nothing)
}

/// The proof of a file that has its name already, found so after the process had died: what is expected is measured
/// once more, for the person may have given something else since.
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
