//! Copies bytes that were fetched into a file of their own to their position in the partial file, as far as they are
//! missing there; they count once synced.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::error::path_problem;
use super::file_system::FileSystem;
use super::fingerprint::{self, Checkpoint};
use super::part_file::{PartLookup, open_part, part_path};
use super::positioned_io::read_at;
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;

/// Bytes copied at a time.
const COPY_BLOCK: u64 = 1 << 20;

/// A partial file, and what is known of it.
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

/// The ranges safely on disk after an ingest.
#[derive(Debug)]
pub(crate) struct Ingested {
    pub(crate) checkpoint: Checkpoint,
    /// Number of bytes that were missing before.
    pub(crate) new: u64,
}

/// Why nothing was ingested. The partial file is unchanged, except for bytes in ranges that do not count as present.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IngestError {
    #[error("{0} bytes came where {1} were announced")]
    Length(u64, u64),
    #[error("the file has its name already")]
    Finished,
    #[error("{}", .0.code())]
    Disk(Problem),
}

/// Copies the bytes of `span`, which are the whole content of the file at `handed`, to their position. Bytes already
/// present are not overwritten. Synced before it is counted. Blocks.
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
            read_at(&source, &mut buffer, piece.start - span.start).map_err(theirs)?;
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

/// Deletes a handed-over file, whatever the outcome.
pub(crate) fn delete_handed_file(handed: &Path) {
    // The sender clears that folder at the next start.
    let _stays = std::fs::remove_file(handed);
}

#[cfg(test)]
#[path = "ingest_tests.rs"]
mod tests;
