//! Reads what is left of a corrupt database, row by row, and fills the gaps from the backup.
//!
//! SQLite keeps no checksums: a row counts as read when it is found and parses. Whether a partial file still matches
//! its row is checked when it is resumed, as always.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::row;
use crate::domain::download::DownloadId;
use crate::domain::record::Record;

/// Number of consecutive ids tried behind the last readable row when the database does not say where the last one is.
const MAX_BLIND_PROBES: i64 = 10_000;

/// What is readable in one database file.
#[derive(Debug, Default)]
struct RecoveredRows {
    records: BTreeMap<i64, Record>,
    /// Rows with an id that another row has too: one of the two is corrupt, and it is unknown which.
    doubles: Vec<Record>,
    /// Ids of rows that exist, or may exist, and cannot be read.
    unreadable: BTreeSet<i64>,
    /// Nothing is known of the rows from this id on; `None` when the end was reached.
    unknown_from: Option<i64>,
    /// The highest id ever assigned, as far as the file says.
    highest: i64,
}

/// The downloads of the corrupt database at `broken`, in order of their ids; those that cannot be read there are taken
/// from the backup at `spare`. What a readable part shows to be deleted stays deleted. Also returns the highest id ever
/// assigned.
pub(super) fn recover(broken: &Path, spare: Option<&Path>) -> (Vec<Record>, i64) {
    let mut found = read(broken);
    if let Some(spare) = spare {
        let old = read(spare);
        found.highest = found.highest.max(old.highest);
        for (id, record) in old.records {
            let dark = found.unknown_from.is_some_and(|from| id >= from);
            if dark || found.unreadable.contains(&id) {
                found.records.entry(id).or_insert(record);
            }
        }
    }
    let last = found.records.keys().next_back().copied().unwrap_or(0);
    let mut highest = found.highest.max(last);
    let mut records: Vec<Record> = found.records.into_values().collect();
    for mut record in found.doubles {
        highest += 1;
        record.id = DownloadId(u64::try_from(highest).unwrap_or_default());
        records.push(record);
    }
    (records, highest)
}

fn read(path: &Path) -> RecoveredRows {
    let dark = RecoveredRows {
        unknown_from: Some(0),
        ..RecoveredRows::default()
    };
    let Ok(connection) = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY) else {
        return dark;
    };
    let mut read = read_rows(&connection).unwrap_or(dark);
    scan(&connection, &mut read);
    read
}

/// Adds the rows that the search by id misses, from both ends: a corrupt id hides its neighbours. Each pass ends at the
/// first read error.
fn scan(connection: &Connection, read: &mut RecoveredRows) {
    for query in [
        "select * from downloads order by id",
        "select * from downloads order by id desc",
    ] {
        let pass = |read: &mut RecoveredRows| -> rusqlite::Result<()> {
            let mut query = connection.prepare(query)?;
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                if let Ok(record) = row::read(row) {
                    read.keep(record);
                }
            }
            Ok(())
        };
        let _as_far_as_it_goes = pass(read);
    }
}

impl RecoveredRows {
    fn keep(&mut self, record: Record) {
        let id = i64::try_from(record.id.0).unwrap_or(i64::MAX);
        match self.records.get(&id) {
            Some(known) if *known == record || self.doubles.contains(&record) => {}
            Some(_) => self.doubles.push(record),
            None => {
                self.records.insert(id, record);
            }
        }
    }
}

/// Reads row by row; where one cannot be read, id by id.
fn read_rows(connection: &Connection) -> rusqlite::Result<RecoveredRows> {
    let mut next =
        connection.prepare("select * from downloads where id > ?1 order by id limit 1")?;
    let end: Option<i64> = connection
        .query_row(
            "select seq from sqlite_sequence where name = 'downloads'",
            [],
            |row| row.get(0),
        )
        .optional()
        .unwrap_or_default();
    let end = end.filter(|end| (0..=row::MAX_ID).contains(end));
    let mut read = RecoveredRows {
        highest: end.unwrap_or(0),
        ..RecoveredRows::default()
    };
    let mut at: i64 = 0;
    let mut last_read = 0;
    loop {
        let found = next
            .query_row(params![at], |row| {
                Ok((row.get::<_, i64>("id")?, row::read(row)))
            })
            .optional();
        match found {
            // Out of order: searching for the next one would loop.
            Ok(Some((id, _))) if id <= at => {
                read.unknown_from = Some(last_read + 1);
                return Ok(read);
            }
            Ok(Some((id, Ok(record)))) => {
                read.records.insert(id, record);
                last_read = id;
                at = id;
            }
            Ok(Some((id, Err(_)))) => {
                read.unreadable.insert(id);
                at = id;
            }
            Ok(None) => return Ok(read),
            Err(_) => {
                // Where the database states its last id, nothing is behind that; but the stated id may be corrupt too.
                let believed =
                    end.filter(|end| (last_read..=last_read + MAX_BLIND_PROBES).contains(end));
                if at >= believed.unwrap_or(last_read + MAX_BLIND_PROBES) {
                    read.unknown_from = believed.is_none().then_some(last_read + 1);
                    return Ok(read);
                }
                at += 1;
                read.unreadable.insert(at);
            }
        }
    }
}

/// Writes recovered downloads into an empty database, with their former ids; later ones get greater ids than any ever
/// assigned.
pub(super) fn insert_all(
    connection: &mut Connection,
    records: &[Record],
    highest: i64,
) -> Result<(), super::StoreError> {
    let all = connection.transaction()?;
    for record in records {
        let mut fresh = record.clone();
        fresh.id = DownloadId(0);
        let given = row::write(&all, &fresh)?;
        let id = i64::try_from(record.id.0).unwrap_or(i64::MAX);
        // In ascending order the id just assigned is never greater than the former one.
        all.execute(
            "update downloads set id = ?1 where id = ?2",
            params![id, given],
        )?;
    }
    let told = all.execute(
        "update sqlite_sequence set seq = ?1 where name = 'downloads'",
        params![highest],
    )?;
    if told == 0 {
        all.execute(
            "insert into sqlite_sequence (name, seq) values ('downloads', ?1)",
            params![highest],
        )?;
    }
    Ok(all.commit()?)
}
