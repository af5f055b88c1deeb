//! Copies a file to another file system, and compares the copy with what was read before it counts.

use std::fs::File;
use std::io::Error;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::error::{folder_problem, path_problem};
use super::file_info::FileInfo;
use super::file_system::{FileSystem, OpenMode};
use super::native;
use super::part_file::check_free_space;
use super::positioned_io::read_at;
use super::relocation_source::{RelocateError, RelocationControl, RelocationSource};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::problem::Problem;
use crate::domain::relocation::Destination;

/// Bytes copied at a time, between two checks for cancellation.
const COPY_BLOCK: u64 = 1 << 20;

/// Copies to the temporary name, syncs, and compares length and digest. Returns the id of the copy.
pub(super) fn copy(
    files: &dyn FileSystem,
    source: &RelocationSource,
    seen: &FileInfo,
    to: &Destination,
    control: &RelocationControl,
) -> Result<String, RelocateError> {
    let (from, temporary) = (source.path(), to.folder.join(&to.temporary));
    let theirs = |error: Error| path_problem(&error, &from, &source.folder);
    let ours = |error: Error| path_problem(&error, &temporary, &to.folder);
    let whole = ByteRanges::up_to(seen.length);
    let ranges = source.partial.as_ref().unwrap_or(&whole);
    check_free_space(files, &to.folder, ranges.total_len())?;
    let original = files.open_read(&from).map_err(theirs)?;
    let before = stamp(&original).map_err(theirs)?;
    let target = files
        .open(&temporary, OpenMode::CreateNew)
        .map_err(|error| folder_problem(&error, &to.folder))?;
    // Reading both: the copy is compared.
    control.total.store(ranges.total_len(), Ordering::Relaxed);
    let written = digest(ranges, control, |piece, buffer| {
        read_at(&original, buffer, piece.start).map_err(theirs)?;
        files.write_at(&target, buffer, piece.start).map_err(ours)?;
        control.copied.fetch_add(piece.len(), Ordering::Relaxed);
        Ok(())
    })?;
    if let Some(origin) = &source.origin {
        // A file system without such marks is no error.
        let _unmarked = files.quarantine(&target, &temporary, origin);
    }
    if let Some(modified) = before.1 {
        let _untimed = target.set_modified(modified);
    }
    files.sync(&target).map_err(ours)?;
    native::drop_from_cache(&target);
    let read = digest(ranges, control, |piece, buffer| {
        Ok(read_at(&target, buffer, piece.start).map_err(ours)?)
    })?;
    let length = target.metadata().map_err(ours)?.len();
    let reason = if read != written || (source.partial.is_none() && length != seen.length) {
        "the copy is not what was written to it"
    } else if stamp(&original).map_err(theirs)? != before {
        "another program changed the file while it was copied"
    } else {
        let id = files.file_id(&target, &temporary).map_err(ours)?;
        return Ok(source.stored_id(id));
    };
    let (path, reason) = (temporary.display().to_string(), reason.to_owned());
    Err(Problem::DiskFailed { path, reason }.into())
}

/// Length and time of the last change.
fn stamp(file: &File) -> Result<(u64, Option<SystemTime>), Error> {
    let found = file.metadata()?;
    Ok((found.len(), found.modified().ok()))
}

/// The digest of the pieces that `fill` provides.
fn digest(
    ranges: &ByteRanges,
    control: &RelocationControl,
    mut fill: impl FnMut(ByteRange, &mut [u8]) -> Result<(), RelocateError>,
) -> Result<Vec<u8>, RelocateError> {
    let mut hash = Sha256::new();
    let mut buffer = Vec::new();
    for range in ranges.spans() {
        let mut at = range.start;
        while let Some(piece) = ByteRange::new(at, range.end.min(at + COPY_BLOCK)) {
            if control.cancelled.load(Ordering::Relaxed) {
                return Err(RelocateError::Cancelled);
            }
            buffer.resize(usize::try_from(piece.len()).unwrap_or_default(), 0);
            fill(piece, &mut buffer)?;
            hash.update(&buffer);
            at = piece.end;
        }
    }
    Ok(hash.finalize().to_vec())
}
