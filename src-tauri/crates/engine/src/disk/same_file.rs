//! Verifies that the file at a path is the expected one: by its id, and where that is inconclusive by its content.
//! Only a file shown to be it is deleted or renamed.

use std::fs::File;
use std::io;
use std::path::Path;

use super::file_info::FileInfo;
use super::file_system::{FileSystem, OpenMode};
use super::fingerprint::{self, read_blocks};
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::document_id::{is_document, unfinished};
use crate::domain::file_id::{FileId, IdMatch, compare_ids};
use crate::domain::fingerprint::{Fingerprint, block_positions};

/// The present byte ranges of a file, and their fingerprint.
pub(crate) type Known<'a> = (&'a ByteRanges, &'a Fingerprint);

/// The result of deleting a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deletion {
    /// The file no longer exists, or could not be deleted and is still recognisable.
    Gone,
    /// Another file is at its path, and stays.
    Foreign,
    /// The file at its path may be it, but that cannot be shown: it stays.
    Unproven,
}

/// Deletes the partial file at `path`, if it is the one with that id. `noted` is whether other records about an open
/// file with such an id show that it is this one.
pub(super) fn delete_if_same(
    files: &dyn FileSystem,
    path: &Path,
    id: &str,
    known: Known<'_>,
    noted: &dyn Fn(&File, &str) -> bool,
) -> Deletion {
    let Ok(seen) = files.stat(path) else {
        return Deletion::Gone;
    };
    let ours = match compare_ids(id, &seen.id) {
        IdMatch::Same => true,
        IdMatch::Inconclusive => is_shown(files, path, &seen, known, noted),
        IdMatch::Different => return Deletion::Foreign,
    };
    if !ours {
        return Deletion::Unproven;
    }
    let _stays = files.remove(path, &seen);
    Deletion::Gone
}

/// Moves a finished file to the trash, if it is still the file that was written, with its length and time where its id
/// contains them.
pub(crate) fn trash_if_same(files: &dyn FileSystem, path: &Path, id: &str) -> io::Result<Deletion> {
    let seen = match files.stat(path) {
        Ok(seen) => seen,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Deletion::Gone),
        Err(error) => return Err(error),
    };
    match compare_ids(id, &seen.id) {
        IdMatch::Same => files.trash(path, &seen).map(|()| Deletion::Gone),
        IdMatch::Inconclusive => Ok(Deletion::Unproven),
        IdMatch::Different => Ok(Deletion::Foreign),
    }
}

fn is_shown(
    files: &dyn FileSystem,
    path: &Path,
    seen: &FileInfo,
    known: Known<'_>,
    noted: &dyn Fn(&File, &str) -> bool,
) -> bool {
    if is_empty(&seen.id, seen.length, known) {
        return seen.is_file;
    }
    let Ok(file) = files.open(path, OpenMode::Existing) else {
        return false;
    };
    is_remembered(&file, known).unwrap_or(false) || noted(&file, &unfinished(seen.id.clone()))
}

/// Whether a document is as created: no bytes received, and none in it.
pub(super) fn is_empty(id: &str, length: u64, (done, _): Known<'_>) -> bool {
    is_document(id) && length == 0 && done.is_empty()
}

/// Whether the fingerprint has blocks of the present ranges: only then the content proves anything.
pub(super) fn says_anything((done, samples): Known<'_>) -> bool {
    samples.0.iter().any(|sample| done.contains(sample.span))
}

/// Whether the file has the content of the fingerprint, and that is not empty.
fn is_remembered(file: &File, known: Known<'_>) -> io::Result<bool> {
    let (done, samples) = known;
    Ok(says_anything(known)
        && file.metadata()?.len() >= done.end()
        && fingerprint::matches(file, done, samples)?)
}

/// Whether the file at the final name is the complete file with that id: renamed by a process that died before storing
/// that. A document may get another id with another name; then its length and every block of the fingerprint have to
/// match.
pub(super) fn is_published(
    files: &dyn FileSystem,
    path: &Path,
    seen: &FileInfo,
    id: &str,
    known: Known<'_>,
) -> bool {
    if compare_ids(id, &seen.id) == IdMatch::Same {
        return true;
    }
    let whole = *known.0 == ByteRanges::up_to(seen.length);
    let documents = is_document(id) && is_document(&seen.id);
    documents
        && whole
        && files
            .open(path, OpenMode::Existing)
            .and_then(|file| is_remembered(&file, known))
            .unwrap_or(false)
}

/// The file at `path`, if it is the open `file` with that id.
pub(super) fn seen_open(
    files: &dyn FileSystem,
    path: &Path,
    file: &File,
    id: &str,
) -> Option<FileInfo> {
    let seen = files.stat(path).ok()?;
    let same = match compare_ids(id, &seen.id) {
        IdMatch::Same => true,
        IdMatch::Inconclusive | IdMatch::Different
            if is_unchanged(files, path, file, id, &seen) =>
        {
            true
        }
        IdMatch::Inconclusive => {
            let there = files.open(path, OpenMode::Existing);
            there.and_then(|there| same_bytes(file, &there)).ok()?
        }
        IdMatch::Different => false,
    };
    same.then_some(seen)
}

/// Whether the open file is the one at the path, by the id that it has now: it keeps its inode number while it is
/// open, but not on every file system its creation time. Native files only: a document provider answers from its list,
/// not from the open file.
fn is_unchanged(
    files: &dyn FileSystem,
    path: &Path,
    file: &File,
    id: &str,
    seen: &FileInfo,
) -> bool {
    let plain = [id, &seen.id].iter().all(|id| FileId::parse(id).is_some());
    let now = || files.file_id(file, path);
    plain && now().is_ok_and(|now| compare_ids(&now, &seen.id) == IdMatch::Same)
}

/// Whether two open files have the same length and the same content at some positions.
fn same_bytes(one: &File, other: &File) -> io::Result<bool> {
    let length = one.metadata()?.len();
    if other.metadata()?.len() != length {
        return Ok(false);
    }
    let places = block_positions(&ByteRanges::up_to(length));
    let (ours, theirs) = (
        read_blocks(one, places.clone())?,
        read_blocks(other, places)?,
    );
    let mut pairs = ours.iter().zip(&theirs);
    Ok(pairs.all(|(ours, theirs)| ours.bytes == theirs.bytes))
}
