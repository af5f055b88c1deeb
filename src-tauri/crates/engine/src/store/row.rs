//! One record as one row, both ways.

use std::path::PathBuf;

use rusqlite::{Connection, Row, ToSql, named_params};

use super::StoreError;
use crate::core::download::DownloadId;
use crate::core::record::{Identity, Record};

/// How a stored checksum begins: with its algorithm.
const SHA256: &str = "sha-256:";

/// SQLite holds 64-bit signed numbers; nothing here comes near their end.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// Writes a record: inserts when its id is 0 and returns the new id, else updates the row if it is still there.
pub(super) fn write(connection: &Connection, record: &Record) -> Result<i64, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Unreadable(error.to_string());
    let folder = record.folder.to_string_lossy();
    let headers = serde_json::to_string(&record.headers).map_err(unreadable)?;
    let state = serde_json::to_string(&record.state).map_err(unreadable)?;
    let done = record.done.to_string();
    let samples = record.samples.to_string();
    let checksum = record.sha256.as_ref().map(|hex| format!("{SHA256}{hex}"));
    let limit = record.limit.map(signed);
    let total = record.identity.total.map(signed);
    let added_at = signed(record.added_at);
    let mut values: Vec<(&str, &dyn ToSql)> = named_params! {
        ":url": record.url,
        ":folder": folder,
        ":wanted_name": record.wanted_name,
        ":headers": headers,
        ":checksum": checksum,
        ":connections": record.connections,
        ":speed_limit": limit,
        ":state": state,
        ":attempts": record.attempts,
        ":epoch": record.epoch,
        ":added_at": added_at,
        ":name": record.name,
        ":file": record.file,
        ":total": total,
        ":etag": record.identity.etag,
        ":modified": record.identity.modified,
        ":resumable": record.resumable,
        ":done": done,
        ":samples": samples,
    }
    .to_vec();
    let id = signed(record.id.0);
    if id == 0 {
        let mut insert = connection.prepare_cached(
            "insert into downloads (url, folder, wanted_name, headers, checksum, connections, speed_limit, state,
               attempts, epoch, added_at, name, file, total, etag, modified, resumable, done, samples)
             values (:url, :folder, :wanted_name, :headers, :checksum, :connections, :speed_limit, :state,
               :attempts, :epoch, :added_at, :name, :file, :total, :etag, :modified, :resumable, :done, :samples)",
        )?;
        insert.execute(values.as_slice())?;
        return Ok(connection.last_insert_rowid());
    }
    values.push((":id", &id));
    let mut update = connection.prepare_cached(
        "update downloads set url = :url, folder = :folder, wanted_name = :wanted_name, headers = :headers,
           checksum = :checksum, connections = :connections, speed_limit = :speed_limit, state = :state,
           attempts = :attempts, epoch = :epoch, added_at = :added_at, name = :name, file = :file, total = :total,
           etag = :etag, modified = :modified, resumable = :resumable, done = :done,
           samples = :samples
         where id = :id",
    )?;
    update.execute(values.as_slice())?;
    Ok(id)
}

/// Reads a record from a `select *`.
pub(super) fn read(row: &Row<'_>) -> Result<Record, StoreError> {
    let id: i64 = row.get("id")?;
    let unreadable = |what: &str| StoreError::Unreadable(format!("number {id}, its {what}"));
    let folder: String = row.get("folder")?;
    let headers: String = row.get("headers")?;
    let state: String = row.get("state")?;
    let done: String = row.get("done")?;
    Ok(Record {
        id: DownloadId(unsigned(id)),
        url: row.get("url")?,
        folder: PathBuf::from(folder),
        wanted_name: row.get("wanted_name")?,
        headers: serde_json::from_str(&headers).map_err(|_| unreadable("headers"))?,
        sha256: row
            .get::<_, Option<String>>("checksum")?
            .and_then(|checksum| checksum.strip_prefix(SHA256).map(str::to_owned)),
        connections: row.get::<_, Option<i64>>("connections")?.map(small),
        limit: row.get::<_, Option<i64>>("speed_limit")?.map(unsigned),
        state: serde_json::from_str(&state).map_err(|_| unreadable("state"))?,
        attempts: small(row.get("attempts")?),
        epoch: small(row.get("epoch")?),
        added_at: unsigned(row.get("added_at")?),
        name: row.get("name")?,
        file: row.get("file")?,
        identity: Identity {
            total: row.get::<_, Option<i64>>("total")?.map(unsigned),
            etag: row.get("etag")?,
            modified: row.get("modified")?,
        },
        resumable: row.get("resumable")?,
        done: done.parse().map_err(|_| unreadable("plan"))?,
        samples: row
            .get::<_, Option<String>>("samples")?
            .unwrap_or_default()
            .parse()
            .map_err(|_| unreadable("samples"))?,
    })
}
