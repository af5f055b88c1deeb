//! What was downloaded: finished and removed downloads, and the bytes received per hour and host. A database of its own
//! beside the list, so that neither can harm the other. Bounded in rows and in age.
//!
//! Holds no headers and no credentials. Blocks on the disk: for a thread of the caller's own.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::StoreError;
use super::row::{signed, unsigned};
use crate::domain::download::UnixMillis;

/// Age at which entries and counts are deleted.
const MAX_AGE: UnixMillis = 90 * 24 * HOUR;
const HOUR: UnixMillis = 3_600_000;
/// Entries kept at most; the oldest are deleted first.
const MAX_ENTRIES: u32 = 20_000;
/// Counts kept at most: one per hour and host.
const MAX_COUNTS: u32 = 100_000;
/// Hosts that [`Traffic`] names at most.
const MAX_HOSTS: u32 = 50;

/// One migration per version, as in `schema`.
const VERSIONS: [&str; 1] = ["
create table entries (
  id integer primary key autoincrement,
  download integer not null,    -- its id in the list
  added_at integer not null,    -- milliseconds since 1970, as all times
  url text not null,
  name text not null,
  folder text not null,
  host text not null,
  total integer,
  received integer not null,
  finished_at integer,
  removed_at integer,
  at integer not null,          -- of the latest of both
  unique (download, added_at)
);
create index by_time on entries (at);
create table traffic (
  hour integer not null,        -- hours since 1970
  host text not null,
  bytes integer not null,
  primary key (hour, host)
) without rowid;
create table cleared (at integer not null);
"];

/// A download that was finished or removed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryEntry {
    /// Number in the history; 0 for one that is to be recorded.
    pub id: i64,
    /// Id in the list, of which it may have been removed since.
    pub download: u64,
    pub added_at: UnixMillis,
    pub url: String,
    pub name: String,
    pub folder: String,
    pub host: String,
    /// Length of the file in bytes.
    pub total: Option<u64>,
    /// Bytes that had been received at the end.
    pub received: u64,
    pub finished_at: Option<UnixMillis>,
    pub removed_at: Option<UnixMillis>,
}

/// Bytes received in the time that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Hours since 1970 with the bytes of each, oldest first; hours without any are left out.
    pub hours: Vec<(u64, u64)>,
    /// Hosts with their bytes, most first.
    pub hosts: Vec<(String, u64)>,
}

/// The history could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[error("the history: {0}")]
pub struct HistoryError(String);

impl<E: Into<StoreError>> From<E> for HistoryError {
    fn from(error: E) -> Self {
        Self(error.into().to_string())
    }
}

#[derive(Debug)]
pub struct HistoryStore {
    connection: Connection,
}

impl HistoryStore {
    /// Opens or creates the database. A corrupt one is moved aside by `aside`, and a new one is begun.
    ///
    /// # Errors
    ///
    /// [`HistoryError`].
    pub fn open(
        path: &Path,
        aside: impl FnOnce(&Path) -> io::Result<PathBuf>,
    ) -> Result<Self, HistoryError> {
        let opened = match connect(path) {
            Err(error) if super::is_damage(&error) => {
                aside(path).map_err(StoreError::MoveAside)?;
                connect(path)
            }
            opened => opened,
        };
        Ok(Self {
            connection: opened?,
        })
    }

    /// Records the end of downloads, and bytes received: `(hour, host, bytes)`. In one transaction. An entry that is
    /// there already is completed; what ended before the last [`HistoryStore::clear`] stays forgotten.
    ///
    /// # Errors
    ///
    /// [`HistoryError`]; nothing was recorded then.
    pub fn record(
        &mut self,
        entries: &[HistoryEntry],
        received: &[(u64, String, u64)],
    ) -> Result<(), HistoryError> {
        let change = self.connection.transaction()?;
        {
            let mut insert = change.prepare_cached(
                "insert into entries
                   (download, added_at, url, name, folder, host, total, received, finished_at, removed_at, at)
                 select :download, :added_at, :url, :name, :folder, :host, :total, :received, :finished_at,
                   :removed_at, :at
                 where :at > coalesce((select max(at) from cleared), 0)
                 on conflict (download, added_at) do update set
                   url = excluded.url, name = excluded.name, folder = excluded.folder, host = excluded.host,
                   total = excluded.total, received = excluded.received,
                   finished_at = coalesce(excluded.finished_at, finished_at),
                   removed_at = coalesce(excluded.removed_at, removed_at),
                   at = max(at, excluded.at)",
            )?;
            for entry in entries {
                let at = entry.finished_at.max(entry.removed_at).unwrap_or_default();
                insert.execute(named_params! {
                    ":download": signed(entry.download),
                    ":added_at": signed(entry.added_at),
                    ":url": entry.url,
                    ":name": entry.name,
                    ":folder": entry.folder,
                    ":host": entry.host,
                    ":total": entry.total.map(signed),
                    ":received": signed(entry.received),
                    ":finished_at": entry.finished_at.map(signed),
                    ":removed_at": entry.removed_at.map(signed),
                    ":at": signed(at),
                })?;
            }
            let mut count = change.prepare_cached(
                "insert into traffic (hour, host, bytes) values (?1, ?2, ?3)
                 on conflict (hour, host) do update set bytes = bytes + excluded.bytes",
            )?;
            for (hour, host, bytes) in received {
                count.execute(params![signed(*hour), host, signed(*bytes)])?;
            }
        }
        change.commit()?;
        Ok(())
    }

    /// Entries whose name, host or link contains `search`, latest first, from the place `first` on.
    ///
    /// # Errors
    ///
    /// [`HistoryError`].
    pub fn entries(
        &self,
        search: &str,
        first: u32,
        count: u32,
    ) -> Result<Vec<HistoryEntry>, HistoryError> {
        let mut query = self.connection.prepare_cached(
            "select * from entries
             where ?1 = '' or instr(lower(name), ?1) or instr(lower(host), ?1) or instr(lower(url), ?1)
             order by at desc, id desc limit ?3 offset ?2",
        )?;
        let found = query.query_map(params![search.to_lowercase(), first, count], read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The entry of this number.
    ///
    /// # Errors
    ///
    /// [`HistoryError`].
    pub fn entry(&self, id: i64) -> Result<Option<HistoryEntry>, HistoryError> {
        let mut query = self
            .connection
            .prepare_cached("select * from entries where id = ?1")?;
        Ok(query.query_row([id], read).optional()?)
    }

    /// Bytes received.
    ///
    /// # Errors
    ///
    /// [`HistoryError`].
    pub fn traffic(&self) -> Result<Traffic, HistoryError> {
        let mut hours = self
            .connection
            .prepare_cached("select hour, sum(bytes) from traffic group by hour order by hour")?;
        let hours =
            hours.query_map([], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?))))?;
        let hours = hours.collect::<Result<_, _>>()?;
        let mut hosts = self.connection.prepare_cached(
            "select host, sum(bytes) as all_bytes from traffic group by host
             order by all_bytes desc, host limit ?1",
        )?;
        let hosts = hosts.query_map([MAX_HOSTS], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
        let hosts = hosts.collect::<Result<_, _>>()?;
        Ok(Traffic { hours, hosts })
    }

    /// Forgets everything up to now, also what the list still has.
    ///
    /// # Errors
    ///
    /// [`HistoryError`]; nothing was forgotten then.
    pub fn clear(&mut self, now: UnixMillis) -> Result<(), HistoryError> {
        let change = self.connection.transaction()?;
        change.execute_batch("delete from entries; delete from traffic; delete from cleared;")?;
        change.execute("insert into cleared (at) values (?1)", [signed(now)])?;
        change.commit()?;
        // nothing of it stays in the log of the database
        self.connection
            .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Deletes what is too old or too much.
    ///
    /// # Errors
    ///
    /// [`HistoryError`].
    pub fn prune(&mut self, now: UnixMillis) -> Result<(), HistoryError> {
        let oldest = now.saturating_sub(MAX_AGE);
        let change = self.connection.transaction()?;
        change.execute("delete from entries where at < ?1", [signed(oldest)])?;
        change.execute(
            "delete from entries where id in
               (select id from entries order by at desc, id desc limit -1 offset ?1)",
            [MAX_ENTRIES],
        )?;
        change.execute(
            "delete from traffic where hour < ?1",
            [signed(oldest / HOUR)],
        )?;
        change.execute(
            "delete from traffic where (hour, host) in
               (select hour, host from traffic order by hour desc, bytes desc limit -1 offset ?1)",
            [MAX_COUNTS],
        )?;
        change.commit()?;
        Ok(())
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Links may contain secrets: what is deleted leaves no trace in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    let change = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = change.query_row("pragma user_version", [], |row| row.get(0))?;
    let newest = VERSIONS.len() as i64;
    if found > newest {
        return Err(StoreError::Newer(found));
    }
    for script in VERSIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        change.execute_batch(script)?;
    }
    change.pragma_update(None, "user_version", newest)?;
    change.commit()?;
    Ok(connection)
}

fn read(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let time = |name| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(name)?.map(unsigned));
    Ok(HistoryEntry {
        id: row.get("id")?,
        download: unsigned(row.get("download")?),
        added_at: unsigned(row.get("added_at")?),
        url: row.get("url")?,
        name: row.get("name")?,
        folder: row.get("folder")?,
        host: row.get("host")?,
        total: time("total")?,
        received: unsigned(row.get("received")?),
        finished_at: time("finished_at")?,
        removed_at: time("removed_at")?,
    })
}

#[cfg(test)]
#[path = "history_tests.rs"]
#[expect(clippy::disallowed_methods, reason = "tests break files on purpose")]
mod tests;
