//! The only module that talks to SQLite: the list, its plans and its history, kept over any end of the process.
//!
//! Knows records; knows no HTTP and none of the downloaded files. Writes go through one thread that puts whatever has
//! come meanwhile into one transaction (group commit).

mod row;
mod schema;
mod writer;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::core::record::Record;

pub(crate) use writer::Writer;

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
    Aside(std::io::Error),
}

/// An open store, before its writer thread takes it over.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
    /// Where a broken database was set aside, if this opening had to.
    pub(crate) set_aside: Option<PathBuf>,
}

impl Store {
    /// Opens or creates the database. One that SQLite finds broken is set aside beside it, and an empty list begun.
    /// `aside` moves a file out of the way and says where to.
    pub(crate) fn open(
        path: &Path,
        aside: impl FnOnce(&Path) -> std::io::Result<PathBuf>,
    ) -> Result<Self, StoreError> {
        match connect(path) {
            Ok(connection) => Ok(Self {
                connection,
                set_aside: None,
            }),
            Err(StoreError::Sqlite(error)) if broken(&error) => {
                let place = aside(path).map_err(StoreError::Aside)?;
                Ok(Self {
                    connection: connect(path)?,
                    set_aside: Some(place),
                })
            }
            Err(other) => Err(other),
        }
    }

    /// All downloads, oldest first.
    pub(crate) fn all(&self) -> Result<Vec<Record>, StoreError> {
        let mut query = self
            .connection
            .prepare("select * from downloads order by id")?;
        let mut rows = query.query([])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(row::read(row)?);
        }
        Ok(records)
    }

    /// Hands the database to its writer thread.
    pub(crate) fn into_writer(self) -> Writer {
        Writer::start(self.connection)
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // WAL survives the death of the process at any moment; NORMAL survives a power cut with at most the last
    // transactions gone, which costs bytes fetched again, never wrong ones (data is synced before it is stored).
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    schema::migrate(&mut connection)?;
    let verdict: String = connection.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(rusqlite::Error::SqliteFailure(code, Some(verdict)).into());
    }
    Ok(connection)
}

fn broken(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
    )
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests break files on purpose")]
mod tests;
