//! A disk that can be away: then it takes nothing and refuses nothing. Knows nothing of the engine but its files.

use std::fs::File;
use std::io;
use std::path::Path;

use millrace_engine::{FileInfo, FileSystem, NativeFileSystem, OpenMode};
use parking_lot::{Condvar, Mutex, MutexGuard};

/// Plain files, when it is there.
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

    /// Returns when it is there.
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
