//! The only module that touches the file system. Deliberately synchronous: callers run it off the async workers.
//!
//! Knows paths and bytes; knows no HTTP and no state of a download. Its errors become [`Problem`]s.

mod aside;
mod boot;
mod buffers;
mod files;
mod handed;
mod hasher;
mod holder;
mod limits;
mod native_id;
mod part;
mod plain;
mod pool;
mod private;
mod progress;
mod publish;
mod quarantine;
mod rename;
mod reserve;
mod samples;
mod silent;
mod sink;
mod target;
mod trouble;
mod unnamed;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub(crate) use aside::keep_aside;
pub(crate) use boot::boot_id;
pub(crate) use buffers::Batch;
pub use files::{Files, Open, PlainFiles, Standing};
pub(crate) use handed::{NotTaken, Taken, Unfinished, drop_handed, take_in};
pub(crate) use hasher::Hasher;
pub use limits::raise_descriptor_limit;
pub(crate) use part::{
    Found, Part, claim, erase, erase_part, find, is_there, same_file, untouched,
};
pub(crate) use pool::Pool;
pub(crate) use progress::ProgressDir;
pub(crate) use publish::{PublishOptions, Published, publish};
pub(crate) use quarantine::quarantine;
pub(crate) use samples::{Block, Checkpoint, blocks};
pub(crate) use silent::{Silent, Wait};
pub(crate) use sink::Sink;
pub(crate) use trouble::path_problem;
pub(crate) use unnamed::{Placed, place};

/// Keeps a second engine away from the same list for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Locks the file beside the store; `None` when another process has it.
pub(crate) fn lock(path: &Path) -> io::Result<Option<Lock>> {
    // Whoever can open it can hold the lock, and keep the list from its owner.
    let file = private::make_private(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Makes the list if it is not there, and keeps it from the other people of this machine: credentials are in it. What
/// SQLite puts beside it follows.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    private::make_private(path).map(drop)
}

/// Moves a broken file out of the way, under a name that is free, and says where to.
pub(crate) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    for n in 1..1000 {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".broken-{n}"));
        let place = PathBuf::from(name);
        if !place.exists() {
            std::fs::rename(path, &place)?;
            // Its newest pages may still be in its log; the index of that is made anew by whoever looks.
            let _none = std::fs::rename(beside(path, "-wal"), beside(&place, "-wal"));
            let _none = std::fs::remove_file(beside(path, "-shm"));
            return Ok(place);
        }
    }
    Err(io::Error::other(
        "too many broken lists stand there already",
    ))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Puts a finished temporary file in the place of `path`, safe from a power cut: the old file or the new one is there,
/// never half of one.
pub(crate) fn replace(temporary: &Path, path: &Path) -> io::Result<()> {
    let file = File::options().write(true).open(temporary)?;
    private::set_owner_only(&file)?;
    plain::sync_all(&file)?;
    std::fs::rename(temporary, path)?;
    path.parent().map_or(Ok(()), plain::settle)
}

/// Throws a finished file away, if it is still the one that was written.
pub(crate) fn discard(files: &dyn Files, path: &Path, file: &str) -> io::Result<()> {
    if same_file(files, path, file) {
        files.discard(path)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
