//! The only module that accesses the file system. Deliberately synchronous: callers run it off the async workers.
//!
//! Knows paths and bytes; knows no HTTP and no state of a download. Its errors become `Problem`s.

mod atomic_write;
mod boot_id;
mod buffers;
mod error;
mod file_info;
mod file_system;
mod file_writer;
mod fingerprint;
mod finished_file;
mod hasher;
mod ingest;
mod lock_holder;
mod mismatch;
mod native;
mod native_id;
mod numbered_names;
mod owner_only;
mod part_file;
mod part_owner;
mod part_record;
mod positioned_io;
mod preallocate;
mod progress_journal;
mod progress_slots;
mod publish;
mod quarantine;
mod relocate;
mod relocation_source;
mod rename;
mod rlimit;
mod same_file;
mod sharing_retry;
mod small_files;
mod tmpfile;
mod unresponsive;
mod verified_copy;
mod write_target;
mod writer_pool;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::file_id::{IdMatch, compare_ids};

pub use atomic_write::atomic_write;
pub(crate) use boot_id::boot_id;
pub(crate) use buffers::WriteBuffer;
pub(crate) use error::{path_problem, read_problem};
pub use file_info::FileInfo;
pub use file_system::{FileSystem, NativeFileSystem, OpenMode, Renamed};
pub(crate) use file_writer::FileWriter;
pub(crate) use fingerprint::{Checkpoint, FileBlock, read_blocks};
pub use finished_file::FinishedFile;
pub(crate) use finished_file::{RecordedFile, is_file_of};
pub(crate) use hasher::Hasher;
pub(crate) use ingest::{IngestError, IngestTarget, Ingested, delete_handed_file, ingest_file};
pub(crate) use mismatch::keep_mismatch;
pub(crate) use part_file::{
    PartFile, PartLookup, delete_if_same, empty_part_id, is_there, open_part, quarantine,
};
pub(crate) use part_owner::{ListMark, remove_mark};
pub(crate) use progress_journal::ProgressDir;
pub(crate) use publish::{PublishOptions, Published, publish};
pub(crate) use relocate::{Relocated, delete_source, name_copy, relocate};
pub(crate) use relocation_source::{RelocateError, RelocationControl, RelocationSource};
pub use rlimit::raise_descriptor_limit;
pub(crate) use same_file::{Deletion, trash_if_same};
pub(crate) use tmpfile::{PlacedFile, SmallFile};
pub(crate) use unresponsive::{DiskWait, UnresponsiveDisks};
pub(crate) use writer_pool::WriterPool;

/// Prevents a second engine from using the same list, as long as it lives.
#[derive(Debug)]
pub(crate) struct StoreLock {
    _file: File,
}

/// Locks the file beside the store; `None` when another process holds the lock.
pub(crate) fn lock(path: &Path) -> io::Result<Option<StoreLock>> {
    // Any user who can open it could hold the lock, and block the list's owner.
    let file = owner_only::make_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(StoreLock { _file: file })),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Creates the list if missing, and makes it private to its owner: it contains credentials. SQLite gives its side files
/// the same permissions.
pub(crate) fn restrict_to_owner(path: &Path) -> io::Result<()> {
    owner_only::make_private(path).map(drop)
}

/// Creates an empty file, private to its owner from the first byte on, replacing what an interrupted process left.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    for left in ["", "-journal", "-wal", "-shm"] {
        // Usually none exists.
        let _none = std::fs::remove_file(sibling(path, left));
    }
    owner_only::make_private(path).map(drop)
}

/// Creates the state folder, private to its owner. An existing one is made private if it is evidently a state folder:
/// empty, or containing a list.
///
/// # Errors
///
/// The [`io::Error`] of creating or reading the folder, or of changing its permissions.
pub fn create_state_dir(folder: &Path) -> io::Result<()> {
    owner_only::create_private_dir(folder)?;
    let ours = |name: std::ffi::OsString| name.to_string_lossy().ends_with(".db");
    let mut entries = std::fs::read_dir(folder)?.flatten().peekable();
    if entries.peek().is_none() || entries.any(|entry| ours(entry.file_name())) {
        owner_only::set_dir_owner_only(folder)?;
    }
    Ok(())
}

/// How long corrupt lists are kept, in case the user needs them; not longer, since they may contain passwords.
const BROKEN_KEPT: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);

/// Deletes corrupt copies of the list at `path` that were moved aside longer than [`BROKEN_KEPT`] ago.
pub(crate) fn delete_old_broken(path: &Path) {
    let Some((folder, name)) = path.parent().zip(path.file_name()) else {
        return;
    };
    let prefix = format!("{}.broken-", name.to_string_lossy());
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let age = || entry.metadata().ok()?.modified().ok()?.elapsed().ok();
        if entry.file_name().to_string_lossy().starts_with(&prefix)
            && age().is_some_and(|age| age > BROKEN_KEPT)
        {
            // Retried at the next start.
            let _stays = std::fs::remove_file(entry.path());
        }
    }
}

/// Whether the file at `path` has that id and length, and was not modified since `at`, in milliseconds since 1970.
pub(crate) fn is_unchanged(
    files: &dyn FileSystem,
    path: &Path,
    (id, length): (&str, u64),
    at: u64,
) -> bool {
    let same = |found: &FileInfo| {
        found.is_file && compare_ids(id, &found.id) == IdMatch::Same && found.length == length
    };
    let modified = || {
        let modified = path.symlink_metadata().ok()?.modified().ok()?;
        modified.duration_since(std::time::UNIX_EPOCH).ok()
    };
    files.stat(path).is_ok_and(|found| same(&found))
        && modified().is_some_and(|age| age.as_millis() <= u128::from(at))
}

/// Moves a broken file to the first free name of `NAME.broken-1` and so on, with what SQLite keeps beside it, and returns
/// where to.
///
/// # Errors
///
/// Those of the file system, or when a thousand such files are there.
pub fn move_aside(path: &Path) -> io::Result<PathBuf> {
    for n in 1..1000 {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".broken-{n}"));
        let place = PathBuf::from(name);
        if !place.exists() {
            std::fs::rename(path, &place)?;
            // Its newest pages may still be in its WAL; SQLite rebuilds the index of that when it is opened.
            let _none = std::fs::rename(sibling(path, "-wal"), sibling(&place, "-wal"));
            let _none = std::fs::remove_file(sibling(path, "-shm"));
            // Its age for `delete_old_broken` counts from now.
            let _as_it_was = File::options()
                .write(true)
                .open(&place)
                .and_then(|file| file.set_modified(std::time::SystemTime::now()));
            return Ok(place);
        }
    }
    Err(io::Error::other("too many broken files are there already"))
}

fn sibling(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Replaces `path` with a finished temporary file, atomically also on a power cut: the old file or the new one exists,
/// never a partial one.
pub(crate) fn atomic_replace(temporary: &Path, path: &Path) -> io::Result<()> {
    let file = File::options().write(true).open(temporary)?;
    owner_only::set_owner_only(&file)?;
    native::sync_all(&file)?;
    std::fs::rename(temporary, path)?;
    path.parent().map_or(Ok(()), native::sync_dir)
}

#[cfg(test)]
mod tests;
