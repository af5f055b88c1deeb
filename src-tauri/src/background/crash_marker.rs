//! A file that exists while work is kept alive: found at the start, it shows that the previous process was killed.
//! Decides nothing.

use std::fs::{self, File};
use std::path::PathBuf;

#[derive(Debug)]
pub(super) struct CrashMarker {
    file: PathBuf,
    was_left: bool,
}

impl CrashMarker {
    pub(super) fn at(file: PathBuf) -> Self {
        // no work is kept alive yet: the file is from an earlier process
        let left = fs::remove_file(&file).is_ok();
        Self {
            file,
            was_left: left,
        }
    }

    /// Whether an earlier process has left the file.
    pub(super) fn was_left(&self) -> bool {
        self.was_left
    }

    /// Errors are ignored: without the file only a notice to the user is missing.
    pub(super) fn set(&self, held: bool) {
        let _ = if held {
            File::create(&self.file).map(drop)
        } else {
            fs::remove_file(&self.file)
        };
    }
}
