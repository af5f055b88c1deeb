//! Bytes that came in a file of their own: they go to their places in the unfinished file, as far as they are missing
//! there, and count when they are safe.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::error::path_problem;
use super::file_system::FileSystem;
use super::fingerprint::{self, Checkpoint};
use super::part_file::{PartLookup, open_part, part_path};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;

/// Bytes that are copied at a time.
const COPY_BLOCK: u64 = 1 << 20;

/// An unfinished file, and what is known of it.
#[derive(Debug)]
pub(crate) struct IngestTarget {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) done: ByteRanges,
    pub(crate) samples: Fingerprint,
    pub(crate) total: Option<u64>,
}

impl IngestTarget {
    pub(crate) fn path(&self) -> PathBuf {
        part_path(&self.folder, &self.name)
    }
}

/// What is on disk for sure now.
#[derive(Debug)]
pub(crate) struct Ingested {
    pub(crate) checkpoint: Checkpoint,
    /// How many bytes were not here before.
    pub(crate) new: u64,
}

/// Why nothing was taken. The unfinished file is as it was, but for bytes in places that nobody counts on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IngestError {
    #[error("{0} bytes came where {1} were announced")]
    Length(u64, u64),
    #[error("the file has its name already")]
    Finished,
    #[error("{}", .0.code())]
    Disk(Problem),
}

/// Puts the bytes of `span`, which are all that is in the file at `handed`, where they belong. What is here already stays
/// as it is. Synced before it is counted. Blocks.
pub(crate) fn ingest_file(
    files: &dyn FileSystem,
    into: &IngestTarget,
    handed: &Path,
    span: ByteRange,
) -> Result<Ingested, IngestError> {
    let IngestTarget {
        folder,
        name,
        id,
        done,
        samples,
        total,
    } = into;
    let theirs = |error: io::Error| IngestError::Disk(path_problem(&error, handed, handed));
    let source = File::open(handed).map_err(theirs)?;
    let length = source.metadata().map_err(theirs)?.len();
    if length != span.len() {
        return Err(IngestError::Length(length, span.len()));
    }
    let found = open_part(files, folder, name, id, (done, samples), *total, &|_, _| {
        false
    })
    .map_err(IngestError::Disk)?;
    let PartLookup::PartFile(part) = found else {
        return Err(IngestError::Finished);
    };
    let path = part_path(folder, name);
    let ours = |error: io::Error| IngestError::Disk(path_problem(&error, &path, folder));
    let mut checkpoint = Checkpoint {
        done: done.clone(),
        ..Checkpoint::default()
    };
    let mut new = 0;
    let mut buffer = Vec::new();
    for gap in done.gaps(span) {
        let mut at = gap.start;
        while let Some(piece) = ByteRange::new(at, gap.end.min(at + COPY_BLOCK)) {
            buffer.resize(usize::try_from(piece.len()).unwrap_or_default(), 0);
            fingerprint::read_at(&source, &mut buffer, piece.start - span.start).map_err(theirs)?;
            files
                .write_at(&part.file, &buffer, piece.start)
                .map_err(ours)?;
            at = piece.end;
        }
        checkpoint.done.insert(gap);
        new += gap.len();
    }
    files.sync(&part.file).map_err(ours)?;
    checkpoint.samples =
        fingerprint::take_fingerprint(&part.file, &checkpoint.done, samples).map_err(ours)?;
    Ok(Ingested { checkpoint, new })
}

/// Deletes a file that was handed over, whatever came of it.
pub(crate) fn delete_handed_file(handed: &Path) {
    // Whoever handed it over clears that folder at the next start.
    let _stays = std::fs::remove_file(handed);
}

#[cfg(test)]
#[path = "ingest_tests.rs"]
mod tests;
