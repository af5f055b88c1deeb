//! The last step of a file: synced, whole, and only then under its final name - never over another file.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::SystemTime;

use super::files::Files;
use super::part::{Part, same_file};
use super::trouble::{folder_problem, path_problem};
use crate::core::name::{PART, numbered};
use crate::core::problem::Problem;

/// What a finished file is given besides its bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublishOptions {
    /// The only name that it may get; without one, the next numbered name when its own is taken.
    pub(crate) exact_name: Option<String>,
    /// Its modification time.
    pub(crate) modified: Option<SystemTime>,
}

/// Syncs the unfinished file, checks its length, and gives it its final name, or the next numbered one when that is
/// taken by now. Returns the name it got.
///
/// # Errors
///
/// [`Problem::FileExists`] when the only name allowed is taken; the unfinished file stays as it is.
pub(crate) fn publish(
    files: &dyn Files,
    part: &Part,
    folder: &Path,
    total: u64,
    options: &PublishOptions,
) -> Result<String, Problem> {
    let path = folder.join(format!("{}{PART}", part.name));
    let trouble = |error: &io::Error| path_problem(error, &path, folder);
    let length = part.file.metadata().map_err(|e| trouble(&e))?.len();
    if length > total {
        // Bytes behind the end can only be left over from an earlier, longer version of the file.
        part.file.set_len(total).map_err(|e| trouble(&e))?;
    }
    if length < total {
        return Err(Problem::PartialLost {
            path: path.display().to_string(),
        });
    }
    if let Some(time) = options.modified {
        // A file system that keeps no such time keeps the file all the same.
        let _untimed = part.file.set_modified(time);
    }
    part.file.sync_all().map_err(|e| trouble(&e))?;
    // What is renamed is what stands under the name: it must be what was written.
    if !same_file(files, &path, &part.id) {
        let folder_there = files.is_folder(folder);
        folder_there.map_err(|error| folder_problem(&error, folder))?;
        return Err(Problem::PartialLost {
            path: path.display().to_string(),
        });
    }
    for n in 0..10_000 {
        let exact = options.exact_name.clone();
        let name = exact.unwrap_or_else(|| numbered(&part.name, n));
        match files.rename(&path, &folder.join(&name)) {
            Ok(()) => {
                // The file is whole and has its name; a folder that cannot be synced changes nothing of that.
                let _unsynced = files.settle(folder);
                return Ok(name);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if options.exact_name.is_some() {
                    let path = folder.join(name).display().to_string();
                    return Err(Problem::FileExists { path });
                }
            }
            Err(error) => return Err(trouble(&error)),
        }
    }
    Err(Problem::DiskFailed {
        path: path.display().to_string(),
        reason: "ten thousand files of that name are there already".into(),
    })
}
