//! What a path of the file system itself stands for: the ways of every platform whose folders are folders.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::files::Standing;

pub(super) fn look(path: &Path) -> io::Result<Standing> {
    let metadata = std::fs::symlink_metadata(path)?;
    Ok(Standing {
        file: metadata.is_file(),
        length: metadata.len(),
        id: identity(&metadata),
    })
}

pub(super) fn identify(file: &File) -> io::Result<String> {
    Ok(identity(&file.metadata()?))
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    // Numbers of files are used again; the time of birth, where there is one, is not.
    let born = born(metadata).map_or(0, |age| age.as_nanos());
    format!("{}:{}:{born}", metadata.dev(), metadata.ino())
}

/// Elsewhere the time of creation, to the tick of the file system, tells one file from another.
#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> String {
    born(metadata).map_or_else(|| "unknown".into(), |age| age.as_nanos().to_string())
}

fn born(metadata: &Metadata) -> Option<std::time::Duration> {
    let at = metadata.created().ok()?;
    at.duration_since(std::time::UNIX_EPOCH).ok()
}

/// One step where the system has one; else a second link and then the first one removed, which is as safe; else a look
/// and a rename, the best that is left (file systems without links).
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
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
pub(super) fn settle(folder: &Path) -> io::Result<()> {
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
