//! Renames a download's file, or moves it to another folder: in one step where the file system can, else by a copy that
//! is compared with its source before that is deleted. Never replaces another file. Each function can be repeated after
//! a kill and then finds what was done before.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use super::error::path_problem;
use super::file_system::FileSystem;
use super::numbered_names::{first_free_name, no_free_name};
use super::part_file::{check_folder, part_path};
use super::relocation_source::{RelocateError, RelocationControl, RelocationSource};
use super::sharing_retry::retry_while_shared;
use super::verified_copy::copy;
use crate::domain::file_id::{IdMatch, compare_ids};
use crate::domain::file_name::numbered;
use crate::domain::problem::Problem;
use crate::domain::relocation::Destination;

/// How many numbered names are searched for a file that may have been renamed before a kill.
const MAX_SEARCHED: u32 = 100;

/// What [`relocate`] has done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Relocated {
    /// The file has its new name there, and this id.
    Moved { name: String, id: String },
    /// A copy with this id is complete under the temporary name; the source has the other id.
    Copied { id: String },
}

/// Moves the file to its destination, or copies it where only that is possible.
pub(crate) fn relocate(
    files: &dyn FileSystem,
    source: &RelocationSource,
    to: &Destination,
    control: &RelocationControl,
) -> Result<Relocated, RelocateError> {
    let temporary = to.folder.join(&to.temporary);
    let Some(seen) = source.find(files) else {
        return find_renamed(files, source, to, &source.id)
            .or_else(|| {
                rename_temporary(files, source, to, &source.id)
                    .ok()
                    .flatten()
            })
            .map(|(name, id)| Relocated::Moved { name, id })
            .ok_or(RelocateError::Missing);
    };
    // What a killed process has left of a copy.
    remove_temporary(files, &temporary);
    check_folder(files, &to.folder)?;
    let from = source.path();
    let trouble = |error: &Error| path_problem(error, &from, &to.folder);
    let same_folder = source.folder == to.folder;
    let step = |name: String| {
        let place = source.place(&to.folder, &name);
        if is_taken(files, source, &to.folder, &name) {
            // On a file system that ignores case, `a` and `A` are names of one file.
            let same = files.stat(&place).is_ok_and(|there| there.id == seen.id);
            if same_folder && same && name != source.name {
                retry_while_shared(|| files.rename(&from, &temporary, &seen))?;
                let seen = files.stat(&temporary)?;
                let renamed = files.rename(&temporary, &place, &seen)?;
                return Ok(Some(renamed_id(files, source, (name, &place), renamed)));
            }
            return Ok(None);
        }
        let moved = retry_while_shared(|| {
            if same_folder {
                files.rename(&from, &place, &seen)
            } else {
                files.move_to_folder(&from, &place, &seen)
            }
        });
        match moved {
            Ok(renamed) => Ok(Some(renamed_id(files, source, (name, &place), renamed))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(error),
        }
    };
    match try_names(to, step) {
        Ok(Some((name, id))) => {
            sync_both(files, &source.folder, &to.folder);
            Ok(Relocated::Moved { name, id })
        }
        Ok(None) => Err(taken(source, to).into()),
        Err(error) if error.kind() == ErrorKind::CrossesDevices => {
            let copied = copy(files, source, &seen, to, control);
            if copied.is_err() {
                remove_temporary(files, &temporary);
            }
            copied.map(|id| Relocated::Copied { id })
        }
        Err(error) => Err(trouble(&error).into()),
    }
}

/// Gives the complete copy with that id its name; returns that and the id it has then.
pub(crate) fn name_copy(
    files: &dyn FileSystem,
    source: &RelocationSource,
    to: &Destination,
    id: &str,
) -> Result<(String, String), RelocateError> {
    let named = match rename_temporary(files, source, to, id)? {
        Some(named) => Some(named),
        // Renamed by a process that died before it stored that.
        None => find_renamed(files, source, to, id),
    };
    if named.is_some() {
        sync_both(files, &to.folder, &to.folder);
    }
    named.ok_or(RelocateError::Missing)
}

/// Deletes the file that a copy was made of, if it is still that one. Returns whether it is gone.
pub(crate) fn delete_source(files: &dyn FileSystem, path: &Path, id: &str) -> bool {
    match files.stat(path) {
        Ok(seen) if compare_ids(id, &seen.id) == IdMatch::Same => {
            retry_while_shared(|| files.remove(path, &seen)).is_ok()
        }
        Ok(_) => false,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// Deletes what is left of a copy of this temporary name.
pub(crate) fn remove_temporary(files: &dyn FileSystem, temporary: &Path) {
    if let Ok(seen) = files.stat(temporary) {
        // The name says whose it is; the next attempt needs another one.
        let _stays = files.remove(temporary, &seen);
    }
}

fn try_names<T>(
    to: &Destination,
    mut step: impl FnMut(String) -> Result<Option<T>, Error>,
) -> Result<Option<T>, Error> {
    if to.exact {
        step(to.name.clone())
    } else {
        first_free_name(&to.name, step)
    }
}

fn taken(source: &RelocationSource, to: &Destination) -> Problem {
    let place = source.place(&to.folder, &to.name);
    if to.exact {
        let path = place.display().to_string();
        Problem::FileExists { path }
    } else {
        no_free_name(&place)
    }
}

/// An unfinished file also reserves its final name.
fn is_taken(files: &dyn FileSystem, source: &RelocationSource, folder: &Path, name: &str) -> bool {
    let there = |path: PathBuf| files.stat(&path).is_ok();
    there(folder.join(name)) || (source.partial.is_some() && there(part_path(folder, name)))
}

fn renamed_id(
    files: &dyn FileSystem,
    source: &RelocationSource,
    (name, place): (String, &Path),
    renamed: Option<super::file_system::Renamed>,
) -> (String, String) {
    let (name, id) = match renamed {
        Some(renamed) => (renamed.name, Some(renamed.standing.id)),
        None => (name, files.stat(place).ok().map(|there| there.id)),
    };
    let id = id.map_or_else(|| source.id.clone(), |id| source.stored_id(id));
    // A provider names the unfinished file as a whole.
    let name = match &source.partial {
        Some(_) => name.strip_suffix(".part").unwrap_or(&name).to_owned(),
        None => name,
    };
    (name, id)
}

/// The file with that id under one of the names that it may have got.
fn find_renamed(
    files: &dyn FileSystem,
    source: &RelocationSource,
    to: &Destination,
    id: &str,
) -> Option<(String, String)> {
    let most = if to.exact { 1 } else { MAX_SEARCHED };
    (0..most).find_map(|n| {
        let name = numbered(&to.name, n);
        let seen = files.stat(&source.place(&to.folder, &name)).ok()?;
        let seen = source.stored_id(seen.id);
        (compare_ids(id, &seen) == IdMatch::Same).then_some((name, seen))
    })
}

/// Gives the file under the temporary name its own, if it is there.
fn rename_temporary(
    files: &dyn FileSystem,
    source: &RelocationSource,
    to: &Destination,
    id: &str,
) -> Result<Option<(String, String)>, Problem> {
    let temporary = to.folder.join(&to.temporary);
    let Ok(seen) = files.stat(&temporary) else {
        return Ok(None);
    };
    if compare_ids(id, &source.stored_id(seen.id.clone())) != IdMatch::Same {
        return Ok(None);
    }
    let named = try_names(to, |name| {
        if is_taken(files, source, &to.folder, &name) {
            return Ok(None);
        }
        let place = source.place(&to.folder, &name);
        match retry_while_shared(|| files.rename(&temporary, &place, &seen)) {
            Ok(renamed) => Ok(Some(renamed_id(files, source, (name, &place), renamed))),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(error),
        }
    });
    let named = named.map_err(|error| path_problem(&error, &temporary, &to.folder))?;
    named.map(Some).ok_or_else(|| taken(source, to))
}

/// The names survive a power cut; failing to sync them does not change that the file is there.
fn sync_both(files: &dyn FileSystem, from: &Path, to: &Path) {
    let _unsynced = files.sync_dir(to);
    if from != to {
        let _unsynced = files.sync_dir(from);
    }
}

#[cfg(test)]
#[path = "relocate_tests.rs"]
mod tests;
