//! Periodic backup of the list (SQLite backup API), used when the list is corrupt.
//!
//! Made by the store's thread when idle or between two commits: a minute after a change, ten minutes after mere
//! progress, and at a clean shutdown. An old backup is safe: a file's byte ranges only grow as long as it has the same
//! id.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::backup::Backup;

/// Age at which a backup is replaced after a change, and after progress alone.
const MAX_AGE: Duration = Duration::from_secs(60);
const MAX_AGE_OF_PROGRESS: Duration = Duration::from_secs(600);
/// Pages copied per step.
const PAGES: std::ffi::c_int = 4096;

/// The file operations that a backup needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BackupFiles {
    /// Creates an empty file, private to its owner, replacing what an interrupted process left.
    pub(crate) create: fn(temporary: &Path) -> std::io::Result<()>,
    /// Moves a finished temporary file to its path, replacing the older one.
    pub(crate) replace: fn(temporary: &Path, path: &Path) -> std::io::Result<()>,
}

/// The backup of one list.
#[derive(Debug)]
pub(super) struct ListBackup {
    path: PathBuf,
    files: BackupFiles,
    made: Instant,
    changed: bool,
    progressed: bool,
}

/// Path of the backup of the list at `path`.
pub(super) fn backup_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".backup");
    PathBuf::from(name)
}

impl ListBackup {
    pub(super) fn new(list: &Path, files: BackupFiles) -> Self {
        Self {
            path: backup_path(list),
            files,
            made: Instant::now(),
            changed: false,
            progressed: false,
        }
    }

    /// Records that something was written: mere progress of a running download, or more.
    pub(super) fn mark_changed(&mut self, progress: bool) {
        self.progressed |= progress;
        self.changed |= !progress;
    }

    /// Time until the next backup is due; `None` when nothing has changed since the last.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let age = match (self.changed, self.progressed) {
            (true, _) => MAX_AGE,
            (false, true) => MAX_AGE_OF_PROGRESS,
            (false, false) => return None,
        };
        Some(age.saturating_sub(self.made.elapsed()))
    }

    /// Makes a backup if it is due; `at_end` also if it is not due yet but something has changed.
    pub(super) fn back_up_if_due(&mut self, list: &Connection, at_end: bool) {
        match self.due_in() {
            Some(wait) if wait.is_zero() || at_end => {}
            Some(_) | None => return,
        }
        // A failed backup (most likely a full disk) leaves the older one; the next is tried when it is due.
        if let Err(error) = self.copy(list) {
            tracing::warn!("the backup of the list could not be made: {error}");
        }
        self.made = Instant::now();
        self.changed = false;
        self.progressed = false;
    }

    fn copy(&self, list: &Connection) -> Result<(), super::StoreError> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".part");
        let temporary = PathBuf::from(name);
        // Private to its owner from the first byte on; SQLite gives its side files the same permissions.
        (self.files.create)(&temporary).map_err(super::StoreError::MoveAside)?;
        let mut copy = Connection::open(&temporary)?;
        Backup::new(list, &mut copy)?.run_to_completion(PAGES, Duration::ZERO, None)?;
        // A single file, without a WAL beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        copy.close().map_err(|(_, error)| error)?;
        (self.files.replace)(&temporary, &self.path).map_err(super::StoreError::MoveAside)
    }
}
