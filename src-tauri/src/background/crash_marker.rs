//! That work is held, as a file: whoever finds it at the start knows that the process before died meanwhile. Decides nothing.

use std::fs::{self, File};
use std::path::PathBuf;

#[derive(Debug)]
pub(super) struct CrashMarker {
    file: PathBuf,
    was_left: bool,
}

impl CrashMarker {
    pub(super) fn at(file: PathBuf) -> Self {
        // nothing is held yet: the mark is of an earlier process
        let left = fs::remove_file(&file).is_ok();
        Self {
            file,
            was_left: left,
        }
    }

    /// Whether an earlier process has left it.
    pub(super) fn was_left(&self) -> bool {
        self.was_left
    }

    /// A mark that cannot be made costs a hint, no more.
    pub(super) fn set(&self, held: bool) {
        let _ = if held {
            File::create(&self.file).map(drop)
        } else {
            fs::remove_file(&self.file)
        };
    }
}
