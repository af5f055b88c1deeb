//! The unfinished file: making it under a name nobody has, finding it again, and proving that it is the one.

use std::fs::{File, Metadata, TryLockError};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::files::{Files, Open};
use super::trouble::{folder_problem, path_problem};
use super::{reserve, samples};
use crate::core::name::{PART, numbered};
use crate::core::plan::Ranges;
use crate::core::problem::Problem;
use crate::core::samples::Samples;

/// An open unfinished file.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) file: File,
    /// The final name, without `.part`.
    pub(crate) name: String,
    /// Which file it is, whatever it is called.
    pub(crate) id: String,
}

/// What became of an unfinished file since it was last seen.
#[derive(Debug)]
pub(crate) enum Found {
    /// It is there, with every byte the plan speaks of.
    Part(Part),
    /// It has its final name already: the process died between that and the note of it.
    Published,
}

pub(super) fn part_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{PART}"))
}

/// Makes the unfinished file for `name`, or for the first numbered name that is free, in a folder with room for
/// `total` bytes. Each name is told to `note` before its file is made.
pub(crate) fn claim(
    files: &dyn Files,
    folder: &Path,
    name: &str,
    total: Option<u64>,
    note: impl Fn(&str),
) -> Result<Part, Problem> {
    let metadata = std::fs::metadata(folder).map_err(|error| folder_problem(&error, folder))?;
    if !metadata.is_dir() {
        return Err(folder_problem(
            &Error::from(ErrorKind::NotADirectory),
            folder,
        ));
    }
    room(folder, total.unwrap_or(0))?;
    for n in 0..10_000 {
        let name = numbered(name, n);
        let taken = |path: PathBuf| path.symlink_metadata().is_ok();
        if taken(folder.join(&name)) || taken(part_path(folder, &name)) {
            continue;
        }
        note(&name);
        match files.open(&part_path(folder, &name), Open::CreateNew) {
            Ok(file) => {
                let id = lock_and_identify(&file, &part_path(folder, &name), folder)?;
                if let Err(error) = reserve::reserve(&file, total.unwrap_or(0)) {
                    erase_part(folder, &name, &id);
                    return Err(path_problem(&error, &part_path(folder, &name), folder));
                }
                return Ok(Part { file, name, id });
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(folder_problem(&error, folder)),
        }
    }
    Err(Problem::DiskFailed {
        path: folder.join(name).display().to_string(),
        reason: "ten thousand files of that name are there already".into(),
    })
}

/// The id of the unfinished file that somebody made for `name` and then died over: nobody holds it, and nothing is in
/// it. Room may be reserved for it.
pub(crate) fn untouched(files: &dyn Files, folder: &Path, name: &str) -> Option<String> {
    let path = part_path(folder, name);
    let empty = |metadata: &Metadata| metadata.is_file() && metadata.len() == 0;
    if !path.symlink_metadata().is_ok_and(|found| empty(&found)) {
        return None;
    }
    let file = files.open(&path, Open::Existing).ok()?;
    let id = lock_and_identify(&file, &path, folder).ok()?;
    file.metadata()
        .is_ok_and(|found| empty(&found))
        .then_some(id)
}

/// Whether `missing` more bytes fit.
pub(crate) fn room(folder: &Path, missing: u64) -> Result<(), Problem> {
    match fs4::available_space(folder) {
        Ok(free) if free < missing => Err(Problem::DiskFull {
            folder: folder.display().to_string(),
            needed: Some(missing - free),
        }),
        // A file system that does not say how much is free will say when it is full.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Opens the unfinished file again and checks it against what is known of it: the same file, not shortened, and
/// with the bytes in it that are remembered.
pub(crate) fn find(
    files: &dyn Files,
    folder: &Path,
    name: &str,
    id: &str,
    (done, samples): (&Ranges, &Samples),
    total: Option<u64>,
) -> Result<Found, Problem> {
    let path = part_path(folder, name);
    let lost = || Problem::PartialLost {
        path: path.display().to_string(),
    };
    match std::fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => {
            return Err(folder_problem(
                &Error::from(ErrorKind::NotADirectory),
                folder,
            ));
        }
        Err(error) => return Err(folder_problem(&error, folder)),
    }
    let file = match files.open(&path, Open::Existing) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let whole = folder.join(name);
            let same = same_file(&whole, id);
            let length = std::fs::metadata(&whole).map(|metadata| metadata.len());
            return match (same, total, length) {
                (true, Some(total), Ok(length)) if total == length => Ok(Found::Published),
                (_, _, _) => Err(lost()),
            };
        }
        Err(error) => return Err(path_problem(&error, &path, folder)),
    };
    if lock_and_identify(&file, &path, folder)? != id {
        return Err(lost());
    }
    let metadata = file
        .metadata()
        .map_err(|error| path_problem(&error, &path, folder))?;
    if metadata.len() < done.end() {
        return Err(lost());
    }
    let same = samples::still_there(&file, done, samples);
    if !same.map_err(|error| path_problem(&error, &path, folder))? {
        return Err(lost());
    }
    let there = done.count().max(reserve::allocated(&metadata));
    room(folder, total.unwrap_or(0).saturating_sub(there))?;
    Ok(Found::Part(Part {
        file,
        name: name.to_owned(),
        id: id.to_owned(),
    }))
}

/// Deletes the unfinished file of `name`, if it is the one with that id.
pub(crate) fn erase_part(folder: &Path, name: &str, id: &str) {
    // What cannot be deleted stays recognisable by its `.part`.
    erase(&part_path(folder, name), id);
}

/// Deletes the file at `path`, if it is the one with that id and can be deleted.
pub(crate) fn erase(path: &Path, id: &str) {
    if same_file(path, id) {
        let _stays = std::fs::remove_file(path);
    }
}

/// Whether the file at `path` is the one with that id.
pub(crate) fn same_file(path: &Path, id: &str) -> bool {
    std::fs::symlink_metadata(path).is_ok_and(|metadata| identity(&metadata) == id)
}

fn lock_and_identify(file: &File, path: &Path, folder: &Path) -> Result<String, Problem> {
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Err(Problem::InUse {
            path: path.display().to_string(),
        });
    }
    let metadata = file
        .metadata()
        .map_err(|error| path_problem(&error, path, folder))?;
    Ok(identity(&metadata))
}

#[cfg(unix)]
pub(super) fn identity(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    // Numbers of files are used again; the time of birth, where there is one, is not.
    let born = born(metadata).map_or(0, |age| age.as_nanos());
    format!("{}:{}:{born}", metadata.dev(), metadata.ino())
}

/// Elsewhere the time of creation, to the tick of the file system, tells one file from another.
#[cfg(not(unix))]
pub(super) fn identity(metadata: &Metadata) -> String {
    born(metadata).map_or_else(|| "unknown".into(), |age| age.as_nanos().to_string())
}

fn born(metadata: &Metadata) -> Option<std::time::Duration> {
    let at = metadata.created().ok()?;
    at.duration_since(std::time::UNIX_EPOCH).ok()
}
