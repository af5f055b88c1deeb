//! A disk that can become unresponsive: calls then neither succeed nor fail. Depends only on the engine's file system
//! interface.

use std::fs::File;
use std::io;
use std::path::Path;

use millrace_engine::{FileInfo, FileSystem, NativeFileSystem, OpenMode};
use parking_lot::{Condvar, Mutex, MutexGuard};

/// The native file system; calls block while it is away.
#[derive(Debug, Default)]
pub(crate) struct FlakyDisk {
    away: Mutex<bool>,
    back: Condvar,
}

impl FlakyDisk {
    fn away(&self) -> MutexGuard<'_, bool> {
        self.away.lock()
    }

    pub(crate) fn set_away(&self, away: bool) {
        *self.away() = away;
        self.back.notify_all();
    }

    /// Blocks while the disk is away.
    fn answer(&self) {
        self.back.wait_while(&mut self.away(), |away| *away);
    }
}

impl FileSystem for FlakyDisk {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        self.answer();
        NativeFileSystem.open(path, how)
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.answer();
        NativeFileSystem.write_at(file, bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.answer();
        NativeFileSystem.sync(file)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        self.answer();
        NativeFileSystem.trash(path, seen)
    }
}
