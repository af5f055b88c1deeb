//! A disk that can be away: then it takes nothing and refuses nothing. Knows nothing of the engine but its files.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use millrace_engine::{Files, Open, PlainFiles, Standing};

/// Plain files, when it is there.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    away: Mutex<bool>,
    back: Condvar,
}

impl Disk {
    fn away(&self) -> MutexGuard<'_, bool> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_away(&self, away: bool) {
        *self.away() = away;
        self.back.notify_all();
    }

    /// Returns when it is there.
    fn answer(&self) {
        let there = self.back.wait_while(self.away(), |away| *away);
        drop(there.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Files for Disk {
    fn open(&self, path: &Path, how: Open) -> io::Result<File> {
        self.answer();
        PlainFiles.open(path, how)
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.answer();
        PlainFiles.write_at(file, bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.answer();
        PlainFiles.sync(file)
    }

    fn discard(&self, path: &Path, seen: &Standing) -> io::Result<()> {
        self.answer();
        PlainFiles.discard(path, seen)
    }
}
