//! The last step of a file: synced, whole, and only then under its final name - never over another file.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::part::{Part, same_file};
use super::trouble::{folder_problem, path_problem};
use crate::core::name::{PART, numbered};
use crate::core::problem::Problem;

/// Syncs the unfinished file, checks its length, and gives it its final name, or the next numbered one when that is
/// taken by now. Returns the name it got.
pub(crate) fn publish(part: &Part, folder: &Path, total: u64) -> Result<String, Problem> {
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
    part.file.sync_all().map_err(|e| trouble(&e))?;
    // What is renamed is what stands under the name: it must be what was written.
    if !same_file(&path, &part.id) {
        std::fs::metadata(folder).map_err(|error| folder_problem(&error, folder))?;
        return Err(Problem::PartialLost {
            path: path.display().to_string(),
        });
    }
    for n in 0..10_000 {
        let name = numbered(&part.name, n);
        match rename_without_replacing(&path, &folder.join(&name)) {
            Ok(()) => {
                // The file is whole and has its name; a folder that cannot be synced changes nothing of that.
                let _unsynced = sync_folder(folder);
                return Ok(name);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(trouble(&error)),
        }
    }
    Err(Problem::DiskFailed {
        path: path.display().to_string(),
        reason: "ten thousand files of that name are there already".into(),
    })
}

/// One step where the system has one; else a second link and then the first one removed, which is as safe; else a look
/// and a rename, the best that is left (file systems without links).
pub(super) fn rename_without_replacing(from: &Path, to: &Path) -> io::Result<()> {
    match rename_exclusively(from, to) {
        Err(error) if not_supported(&error) => {}
        done => return done,
    }
    match std::fs::hard_link(from, to) {
        Ok(()) => return std::fs::remove_file(from),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {}
    }
    if to.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(from, to)
}

fn not_supported(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::InvalidInput
    )
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_exclusively(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_exclusively(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// A new name is safe from a power cut only when its folder is synced too.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        match File::open(folder)?.sync_all() {
            // Some file systems sync no folders; then there is nothing more to do.
            Err(error) if not_supported(&error) => Ok(()),
            done => done,
        }
    } else {
        Ok(())
    }
}
