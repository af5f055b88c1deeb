//! The partial file: creates it under a free name, finds it again, and verifies that it is the same file.

use std::fs::{File, TryLockError};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::{folder_problem, path_problem};
use super::file_info::FileInfo;
use super::file_system::{FileSystem, OpenMode};
use super::numbered_names::{first_free_name, no_free_name};
use super::same_file::{self, Deletion, Known};
use super::sharing_retry::retry_while_shared;
use super::{fingerprint, lock_holder, preallocate};
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::document_id::unfinished;
use crate::domain::file_id::{IdMatch, compare_ids, on_other_volume};
use crate::domain::file_name::PART_SUFFIX;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::origin::Origin;
use crate::domain::problem::Problem;

/// An open, locked partial file.
#[derive(Debug)]
pub(crate) struct PartFile {
    pub(crate) file: File,
    /// The final name, without `.part`.
    pub(crate) name: String,
    /// Identity of the file, independent of its name.
    pub(crate) id: String,
}

/// What was found of a partial file.
#[derive(Debug)]
pub(crate) enum PartLookup {
    /// The partial file exists, with all stored byte ranges.
    PartFile(PartFile),
    /// The file has its final name already, and this id: the process died between the rename and storing that.
    Published(String),
}

pub(super) fn part_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{PART_SUFFIX}"))
}

/// Creates the partial file for `name`, or for the first free numbered name, in a folder with space for `total` bytes.
/// Each name is passed to `note` before its file is created.
pub(crate) fn create_part(
    files: &dyn FileSystem,
    folder: &Path,
    name: &str,
    total: Option<u64>,
    note: impl Fn(&str),
) -> Result<PartFile, Problem> {
    check_folder(files, folder)?;
    check_free_space(files, folder, total.unwrap_or(0))?;
    let part = first_free_name(name, |name| {
        let taken = |path: PathBuf| files.stat(&path).is_ok();
        if taken(folder.join(&name)) || taken(part_path(folder, &name)) {
            return Ok(None);
        }
        note(&name);
        match files.open(&part_path(folder, &name), OpenMode::CreateNew) {
            Ok(file) => {
                let id = lock_and_identify(files, &file, &part_path(folder, &name), folder)?;
                if let Err(error) = preallocate::preallocate(&file, total.unwrap_or(0)) {
                    let nothing = (&ByteRanges::default(), &Fingerprint::default());
                    delete_part(files, folder, &name, &id, nothing, &|_, _| false);
                    return Err(path_problem(&error, &part_path(folder, &name), folder));
                }
                Ok(Some(PartFile { file, name, id }))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(folder_problem(&error, folder)),
        }
    })?;
    part.ok_or_else(|| no_free_name(&folder.join(name)))
}

/// The id of the partial file that a process created for `name` before it died: not locked, and empty. Space may be
/// preallocated for it.
pub(crate) fn empty_part_id(files: &dyn FileSystem, folder: &Path, name: &str) -> Option<String> {
    let path = part_path(folder, name);
    let empty = |found: &FileInfo| found.is_file && found.length == 0;
    if !files.stat(&path).is_ok_and(|found| empty(&found)) {
        return None;
    }
    let file = files.open(&path, OpenMode::Existing).ok()?;
    let id = lock_and_identify(files, &file, &path, folder).ok()?;
    let still = file.metadata().is_ok_and(|found| found.len() == 0);
    still.then_some(id)
}

/// Fails unless `missing` more bytes fit.
pub(super) fn check_free_space(
    files: &dyn FileSystem,
    folder: &Path,
    missing: u64,
) -> Result<(), Problem> {
    match files.free_space(folder) {
        Ok(free) if free < missing => Err(Problem::DiskFull {
            folder: folder.display().to_string(),
            needed: Some(missing - free),
        }),
        // A file system that does not report its free space fails when full.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Opens the partial file and checks it against what is known of it: the same file, not truncated, and with the
/// fingerprint's content. Returns its present id. `noted` is whether other records about an open file with such an id
/// show that it is this one.
pub(crate) fn open_part(
    files: &dyn FileSystem,
    folder: &Path,
    name: &str,
    id: &str,
    known: Known<'_>,
    total: Option<u64>,
    noted: &dyn Fn(&File, &str) -> bool,
) -> Result<PartLookup, Problem> {
    let (done, samples) = known;
    let path = part_path(folder, name);
    let trouble = |error: Error| path_problem(&error, &path, folder);
    let lost = || Problem::PartialLost {
        path: path.display().to_string(),
    };
    // Without stored bytes a restart from zero loses nothing.
    let missing = || {
        if done.is_empty() {
            lost()
        } else {
            gone(files, folder, &path, id)
        }
    };
    check_folder(files, folder)?;
    let file = match retry_while_shared(|| files.open(&path, OpenMode::Existing)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let place = folder.join(name);
            let whole = files.stat(&place).ok();
            let whole = whole.filter(|found| Some(found.length) == total);
            return match whole {
                Some(seen) if same_file::is_published(files, &place, &seen, id, known) => {
                    Ok(PartLookup::Published(seen.id))
                }
                Some(_) | None => Err(missing()),
            };
        }
        Err(error) => return Err(trouble(error)),
    };
    let now = lock_and_identify(files, &file, &path, folder)?;
    let matched = compare_ids(id, &now);
    if matched == IdMatch::Different {
        return Err(missing());
    }
    let metadata = file.metadata().map_err(trouble)?;
    // Where the id is inconclusive, the content has to match.
    let shown = matched == IdMatch::Same
        || same_file::says_anything(known)
        || same_file::is_empty(&now, metadata.len(), known)
        || noted(&file, &now);
    if metadata.len() < done.end() || !shown {
        return Err(lost());
    }
    if !fingerprint::matches(&file, done, samples).map_err(trouble)? {
        return Err(lost());
    }
    let there = done.total_len().max(preallocate::allocated(&metadata));
    check_free_space(files, folder, total.unwrap_or(0).saturating_sub(there))?;
    Ok(PartLookup::PartFile(PartFile {
        file,
        name: name.to_owned(),
        id: now,
    }))
}

/// The problem of a missing file with that id at `path`: where the folder is now on another disk, or is an empty mount
/// point, the file still exists and is waited for.
pub(super) fn gone(files: &dyn FileSystem, folder: &Path, path: &Path, id: &str) -> Problem {
    // The folder itself, also where its path is a symbolic link.
    let there = files.stat(&folder.join("."));
    if there.is_ok_and(|there| on_other_volume(id, &there.id)) {
        return Problem::FolderMissing {
            folder: folder.display().to_string(),
        };
    }
    Problem::PartialLost {
        path: path.display().to_string(),
    }
}

/// Deletes the partial file of `name`, if it is shown to be the one with that id; see [`same_file::delete_if_same`].
pub(super) fn delete_part(
    files: &dyn FileSystem,
    folder: &Path,
    name: &str,
    id: &str,
    known: Known<'_>,
    noted: &dyn Fn(&File, &str) -> bool,
) -> Deletion {
    // A file that cannot be deleted stays recognisable by its `.part`.
    same_file::delete_if_same(files, &part_path(folder, name), id, known, noted)
}

/// Deletes the file just created at `path`, if it has that id and can be deleted.
pub(crate) fn delete_if_same(files: &dyn FileSystem, path: &Path, id: &str) {
    if let Ok(seen) = files.stat(path)
        && compare_ids(id, &seen.id) == IdMatch::Same
    {
        let _stays = files.remove(path, &seen);
    }
}

/// Whether the file with that id is at `path`, for display: where the id is inconclusive, the length decides.
pub(crate) fn is_there(files: &dyn FileSystem, path: &Path, id: &str, total: Option<u64>) -> bool {
    files.stat(path).is_ok_and(|found| {
        found.is_file
            && match compare_ids(id, &found.id) {
                IdMatch::Same => true,
                IdMatch::Inconclusive => total.is_none_or(|total| total == found.length),
                IdMatch::Different => false,
            }
    })
}

pub(super) fn check_folder(files: &dyn FileSystem, folder: &Path) -> Result<(), Problem> {
    match files.is_folder(folder) {
        Ok(true) => Ok(()),
        Ok(false) => Err(folder_problem(
            &Error::from(ErrorKind::NotADirectory),
            folder,
        )),
        Err(error) => Err(folder_problem(&error, folder)),
    }
}

fn lock_and_identify(
    files: &dyn FileSystem,
    file: &File,
    path: &Path,
    folder: &Path,
) -> Result<String, Problem> {
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(Problem::InUse {
            path: path.display().to_string(),
            holder: lock_holder::holder(file),
        });
    }
    let id = files.file_id(file, path);
    id.map(unfinished)
        .map_err(|error| path_problem(&error, path, folder))
}

/// Marks the partial file, before it has a name that anyone opens. A failure does not affect the file.
pub(crate) fn quarantine(
    files: &dyn FileSystem,
    part: &PartFile,
    folder: &Path,
    origin: &Origin,
) -> std::io::Result<()> {
    files.quarantine(&part.file, &part_path(folder, &part.name), origin)
}
