//! Keeps a complete file with the wrong digest beside the others, under a name that says so.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::path_problem;
use super::file_system::FileSystem;
use super::numbered_names::{first_free_name, no_free_name};
use super::part_file::PartFile;
use super::publish::seen_part;
use super::sharing_retry::retry_while_shared;
use crate::domain::problem::Problem;

/// Suffix of such a file's name.
const MISMATCH: &str = ".mismatch";

/// Renames the file at `from` to `NAME.mismatch`, or the next free numbered name, and returns the new path. Bytes
/// beyond `total` are truncated.
pub(crate) fn keep_mismatch(
    files: &dyn FileSystem,
    part: &PartFile,
    from: &Path,
    folder: &Path,
    total: u64,
) -> Result<PathBuf, Problem> {
    let trouble = |error: &std::io::Error| path_problem(error, from, folder);
    let length = part.file.metadata().map_err(|e| trouble(&e))?.len();
    if length > total {
        part.file.set_len(total).map_err(|e| trouble(&e))?;
    }
    let seen = seen_part(files, part, from, folder)?;
    let name = format!("{}{MISMATCH}", part.name);
    let moved = first_free_name(&name, |name| {
        let place = folder.join(name);
        match retry_while_shared(|| files.rename(from, &place, &seen)) {
            Ok(renamed) => {
                // Renamed; after a power cut it may have the old name again, which is just as clear.
                let _unsynced = files.sync_dir(folder);
                Ok(Some(
                    renamed.map_or(place, |renamed| folder.join(renamed.name)),
                ))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    })?;
    moved.ok_or_else(|| no_free_name(from))
}
