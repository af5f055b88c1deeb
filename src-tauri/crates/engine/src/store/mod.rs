//! The only module that uses SQLite: stores the list, its byte ranges and its history, safe against any end of the
//! process.
//!
//! Knows records; knows no HTTP and none of the downloaded files. One thread does all writes, as many per transaction
//! as have arrived meanwhile (group commit).

#[expect(clippy::disallowed_methods, reason = "a spare copy has an age")]
mod backup;
mod commit;
mod finished;
mod history;
mod recover;
mod row;
mod schema;
mod writer;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::domain::record::Record;

pub(crate) use backup::BackupFiles;
use backup::ListBackup;
pub(crate) use finished::{Finished, Key};
pub use history::{HistoryEntry, HistoryError, HistoryStore, Traffic};
pub(crate) use writer::StoreWriter;

/// The store could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("the list was written by a newer version of Millrace (format {0})")]
    Newer(i64),
    #[error("a stored download cannot be read: {0}")]
    Unreadable(String),
    #[error("the broken list could not be set aside: {0}")]
    MoveAside(std::io::Error),
}

/// An open store, before its writer thread takes it over.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    id: u32,
    path: PathBuf,
    /// Where a corrupt database was moved aside, if that was necessary, and how many downloads were recovered from it
    /// and its backup.
    pub(crate) recovered: Option<(PathBuf, usize)>,
}

impl Store {
    /// Opens or creates the database. A corrupt one is moved aside, and a new list is created from what can still be
    /// read there and in the backup. `aside` moves a file out of the way and returns its new path.
    pub(crate) fn open(
        path: &Path,
        aside: impl FnOnce(&Path) -> std::io::Result<PathBuf>,
    ) -> Result<Self, StoreError> {
        match connect(path) {
            Ok((connection, id)) => Ok(Self {
                connection,
                id,
                path: path.to_owned(),
                recovered: None,
            }),
            Err(error) if is_damage(&error) => Self::rebuild(path, aside),
            Err(other) => Err(other),
        }
    }

    /// Opens the database and reads all downloads, oldest first. A row that cannot be parsed counts as corruption too.
    pub(crate) fn open_all(
        path: &Path,
        aside: impl Fn(&Path) -> std::io::Result<PathBuf>,
    ) -> Result<(Self, Vec<Record>), StoreError> {
        let mut store = Self::open(path, &aside)?;
        let mut records = store.all();
        if records.as_ref().is_err_and(is_damage) {
            drop(store);
            store = Self::rebuild(path, aside)?;
            records = store.all();
        }
        Ok((store, records?))
    }

    /// Moves the corrupt database aside and creates a new one from what is left of it.
    fn rebuild(
        path: &Path,
        aside: impl FnOnce(&Path) -> std::io::Result<PathBuf>,
    ) -> Result<Self, StoreError> {
        let place = aside(path).map_err(StoreError::MoveAside)?;
        let (records, highest) = recover::recover(&place, Some(&backup::backup_path(path)));
        let (mut connection, id) = connect(path)?;
        recover::insert_all(&mut connection, &records, highest)?;
        Ok(Self {
            connection,
            id,
            path: path.to_owned(),
            recovered: Some((place, records.len())),
        })
    }

    /// Distinguishes this list from earlier ones at the same path.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// All downloads, oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Record>, StoreError> {
        let mut query = self
            .connection
            .prepare("select * from downloads order by id")?;
        let columns = row::Columns::of(&query);
        let mut rows = query.query([])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(row::read_one_of(row, &columns)?);
        }
        Ok(records)
    }

    /// Hands the database to its writer thread. With `backup` it is a durable list: additions are safe from a power
    /// cut once confirmed, and a backup is kept.
    pub(crate) fn into_writer(self, backup: Option<BackupFiles>) -> StoreWriter {
        let spare = backup.map(|files| ListBackup::new(&self.path, files));
        StoreWriter::start(self.connection, spare)
    }
}

/// The open database and its id.
fn connect(path: &Path) -> Result<(Connection, u32), StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // WAL survives the death of the process at any moment; NORMAL survives a power cut with at most the last
    // transactions lost, which costs bytes fetched again, never wrong ones (data is synced before it is stored).
    // Additions to a list are committed with FULL: see `writer`.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Deleted and overwritten data leaves no trace in the file: it may contain passwords.
    connection.pragma_update(None, "secure_delete", true)?;
    // Otherwise SQLite prepares a query again for each bound value.
    connection.set_db_config(
        rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG,
        true,
    )?;
    schema::migrate(&mut connection)?;
    let verdict: String = connection.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(rusqlite::Error::SqliteFailure(code, Some(verdict)).into());
    }
    mend_sequence(&connection)?;
    finished::prune(&connection)?;
    let id = schema::list_id(&mut connection)?;
    Ok((connection, id))
}

/// Repairs the sequence from which SQLite takes the next id. SQLite does not check its value: a corrupt one would
/// leave no ids for later downloads.
fn mend_sequence(connection: &Connection) -> Result<(), StoreError> {
    let sound = "select count(*) = 0 from sqlite_sequence where typeof(seq) <> 'integer' or seq not between 0 and ?1";
    if !connection.query_row(sound, [row::MAX_ID], |row| row.get(0))? {
        connection.execute(
            "update sqlite_sequence set seq = (select coalesce(max(id), 0) from downloads where id <= ?1)",
            [row::MAX_ID],
        )?;
    }
    Ok(())
}

/// Whether the database file is corrupt. Any read error counts, except those caused by the disk, another process or a
/// lack of resources: there the same file may be readable at the next attempt.
fn is_damage(error: &StoreError) -> bool {
    use rusqlite::ErrorCode as Code;
    match error {
        StoreError::Newer(_) | StoreError::MoveAside(_) => false,
        StoreError::Unreadable(_) => true,
        StoreError::Sqlite(error) => !matches!(
            error.sqlite_error_code(),
            Some(
                Code::SystemIoFailure
                    | Code::DatabaseBusy
                    | Code::DatabaseLocked
                    | Code::DiskFull
                    | Code::CannotOpen
                    | Code::PermissionDenied
                    | Code::ReadOnly
                    | Code::OutOfMemory
                    | Code::FileLockingProtocolFailed
                    | Code::NoLargeFileSupport
                    | Code::OperationAborted
                    | Code::OperationInterrupted
                    | Code::AuthorizationForStatementDenied
            )
        ),
    }
}

#[cfg(test)]
fn backup_files() -> BackupFiles {
    BackupFiles {
        create: crate::disk::create_private,
        replace: crate::disk::atomic_replace,
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests break files on purpose")]
mod tests;

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests break files on purpose")]
mod recover_tests;

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "tests copy files, for a bounded time"
)]
mod power_loss_tests;
