//! A spare copy of the list beside it, for the day on which the list cannot be read.
//!
//! Made by the store's thread at rest or between two commits: a minute after something changed, ten minutes after mere
//! progress, and at a clean end. An old copy does no harm: a plan only grows as long as its file has the same id.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::backup::Backup;

/// The age at which a copy is replaced after a change, and after progress alone.
const MAX_AGE: Duration = Duration::from_secs(60);
const MAX_AGE_OF_PROGRESS: Duration = Duration::from_secs(600);
/// Pages copied at a time.
const PAGES: std::ffi::c_int = 4096;

/// Gives a finished temporary file its name, in the place of an older one.
pub(crate) type ReplaceFn = fn(temporary: &Path, path: &Path) -> std::io::Result<()>;

/// The spare copy of one list.
#[derive(Debug)]
pub(super) struct ListBackup {
    path: PathBuf,
    replace: ReplaceFn,
    made: Instant,
    changed: bool,
    progressed: bool,
}

/// Where the spare copy of the list at `path` is.
pub(super) fn backup_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".backup");
    PathBuf::from(name)
}

impl ListBackup {
    pub(super) fn new(list: &Path, replace: ReplaceFn) -> Self {
        Self {
            path: backup_path(list),
            replace,
            made: Instant::now(),
            changed: false,
            progressed: false,
        }
    }

    /// Something was written: mere progress of a running download, or more.
    pub(super) fn mark_changed(&mut self, progress: bool) {
        self.progressed |= progress;
        self.changed |= !progress;
    }

    /// How long until a new copy is due; `None` when nothing has changed since the last.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let age = match (self.changed, self.progressed) {
            (true, _) => MAX_AGE,
            (false, true) => MAX_AGE_OF_PROGRESS,
            (false, false) => return None,
        };
        Some(age.saturating_sub(self.made.elapsed()))
    }

    /// Makes the copy if it is due; `at_end` also before its time.
    pub(super) fn back_up_if_due(&mut self, list: &Connection, at_end: bool) {
        match self.due_in() {
            Some(wait) if wait.is_zero() || at_end => {}
            Some(_) | None => return,
        }
        // A copy that fails (a full disk, most likely) leaves the older one; the next is tried when it is due.
        let _older_stays = self.copy(list);
        self.made = Instant::now();
        self.changed = false;
        self.progressed = false;
    }

    fn copy(&self, list: &Connection) -> Result<(), super::StoreError> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".part");
        let temporary = PathBuf::from(name);
        // Its owner's alone from the first byte on; what SQLite puts beside it follows.
        crate::disk::create_private(&temporary).map_err(super::StoreError::MoveAside)?;
        let mut copy = Connection::open(&temporary)?;
        Backup::new(list, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        // One file, without a log beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        copy.close().map_err(|(_, error)| error)?;
        (self.replace)(&temporary, &self.path).map_err(super::StoreError::MoveAside)
    }
}
