//! What a whole file is measured by before it gets its name, and what becomes of one that is not the right one.
//!
//! Blocks: runs on threads for that. Knows one file and what is expected of it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::wait::Pulse;
use super::{Halt, Job, Reports};
use crate::core::problem::Problem;
use crate::core::record::Record;
use crate::core::verdict::{Expected, Verdict};
use crate::disk::{self, Files, Hasher, Open, Part};

/// A whole file that is to be proven.
pub(super) struct Proof {
    pub(super) expected: Option<Expected>,
    /// Whether the server stated the length, which has been checked.
    pub(super) sized: bool,
    pub(super) folder: PathBuf,
    pub(super) files: Arc<dyn Files>,
    pub(super) total: u64,
    pub(super) reports: Reports,
    pub(super) stop: CancellationToken,
}

impl Proof {
    /// The proof of the file at `path`, by what `seen` has of it from the writing and by reading the rest. A file that
    /// is not the right one is put aside.
    pub(super) fn check(
        self,
        part: &Part,
        path: &Path,
        seen: Option<&Hasher>,
        pulse: &Pulse,
    ) -> Result<Verdict, Halt> {
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
        let pending = hasher.pending(self.total);
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
            Ok(None) => return Err(Halt::Stopped),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                let path = path.display().to_string();
                return Err(Problem::PartialLost { path }.into());
            }
            Err(error) => return Err(disk::path_problem(&error, path, &self.folder).into()),
        };
        if actual == expected.checksum {
            let verdict = expected.met();
            self.reports.info(format!("verified: {verdict}"));
            return Ok(verdict);
        }
        let kept = match disk::keep_aside(&*self.files, part, path, &self.folder, self.total) {
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
        Err(expected.missed(&actual, kept).into())
    }
}

/// Whether only the end of an answer told the length of what is here.
pub(super) fn by_its_end(record: &Record) -> bool {
    record.verdict == Some(Verdict::Nothing)
}

/// The proof of a file that has its name already, found so after the process had died: what is expected is measured
/// once more, for the person may have given something else since.
pub(super) async fn again(
    job: &Job,
    (name, file): (&str, &str),
    total: u64,
) -> Result<Verdict, Halt> {
    let folder = job.record.folder.clone();
    let proof = Proof {
        expected: Expected::of(job.record.checksum.as_ref(), job.record.stated.as_ref()),
        sized: !by_its_end(&job.record),
        folder: folder.clone(),
        files: Arc::clone(&job.files),
        total,
        reports: job.reports.clone(),
        stop: job.stop.clone(),
    };
    let files = Arc::clone(&job.files);
    let (name, id) = (name.to_owned(), file.to_owned());
    let work = move |pulse: &Pulse| {
        let path = folder.join(&name);
        let file = files
            .open(&path, Open::Existing)
            .map_err(|error| disk::path_problem(&error, &path, &folder))?;
        let part = Part { file, name, id };
        proof.check(&part, &path, None, pulse)
    };
    let care = job.care();
    care.wait(care.long(), work, drop).await?
}
