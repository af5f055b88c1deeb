//! Converts a record to a row and back.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use rusqlite::types::FromSql;
use rusqlite::{Connection, Row, Statement, ToSql, named_params};

use super::StoreError;
use crate::domain::download::DownloadId;
use crate::domain::download_url::StoredUrl;
use crate::domain::queue_key::Priority;
use crate::domain::record::{Record, Validators};
use crate::domain::verdict;

/// SQLite stores 64-bit signed integers; no value here comes near their limit.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn small(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// The greatest id of a download. No list comes near it, and JavaScript represents it exactly (below 2^53).
pub(super) const MAX_ID: i64 = 1 << 48;

/// Writes a record: inserts when its id is 0 and returns the new id, else updates the row if it is still there.
pub(super) fn write(connection: &Connection, record: &Record) -> Result<i64, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Unreadable(error.to_string());
    let url = record.url.as_str();
    let folder = record.folder.to_string_lossy();
    let headers = serde_json::to_string(&record.headers).map_err(unreadable)?;
    let state = serde_json::to_string(&record.state).map_err(unreadable)?;
    let done = record.done.to_string();
    let checksum = verdict::to_text(record.checksum.as_ref(), record.server_digest.as_ref());
    let verdict = record.verdict.as_ref().map(serde_json::to_string);
    let verdict = verdict.transpose().map_err(unreadable)?;
    let proxy = record.proxy.as_ref().map(ToString::to_string);
    let credentials = record.credentials.as_ref().map(serde_json::to_string);
    let credentials = credentials.transpose().map_err(unreadable)?;
    let samples = record.fingerprint.to_string();
    let speed_history = serde_json::to_string(&record.speed_history).map_err(unreadable)?;
    let relocation = record.relocation.as_ref().map(serde_json::to_string);
    let relocation = relocation.transpose().map_err(unreadable)?;
    let verification = record.verification.as_ref().map(serde_json::to_string);
    let verification = verification.transpose().map_err(unreadable)?;
    let limit = record.limit.map(signed);
    let priority = record.priority.to_db();
    let total = record.validators.total.map(signed);
    let added_at = signed(record.added_at);
    let start_at = record.start_at.map(signed);
    let tags = (!record.tags.is_empty()).then(|| serde_json::to_string(&record.tags));
    let tags = tags.transpose().map_err(unreadable)?;
    let replaces = record.replaces.as_ref().map(serde_json::to_string);
    let replaces = replaces.transpose().map_err(unreadable)?;
    let mut values: Vec<(&str, &dyn ToSql)> = named_params! {
        ":url": url,
        ":folder": folder,
        ":wanted_name": record.wanted_name,
        ":headers": headers,
        ":checksum": checksum,
        ":connections": record.connections,
        ":speed_limit": limit,
        ":priority": priority,
        ":place": record.queue_position,
        ":state": state,
        ":start_at": start_at,
        ":attempts": record.attempts,
        ":epoch": record.epoch,
        ":added_at": added_at,
        ":name": record.name,
        ":file": record.file_id,
        ":total": total,
        ":etag": record.validators.etag,
        ":modified": record.validators.last_modified,
        ":resumable": record.resumable,
        ":done": done,
        ":verdict": verdict,
        ":proxy": proxy,
        ":credentials": credentials,
        ":samples": samples,
        ":unmetered_only": record.unmetered_only,
        ":speed_history": speed_history,
        ":relocation": relocation,
        ":tags": tags,
        ":verification": verification,
        ":replaces": replaces,
    }
    .to_vec();
    let id = signed(record.id.0);
    if id == 0 {
        connection
            .prepare_cached(INSERT.get_or_init(|| insert(&values)))?
            .execute(values.as_slice())?;
        return Ok(connection.last_insert_rowid());
    }
    let update = UPDATE.get_or_init(|| update(&values));
    values.push((":id", &id));
    connection
        .prepare_cached(update)?
        .execute(values.as_slice())?;
    Ok(id)
}

/// The statements, built once from the column names.
static INSERT: OnceLock<String> = OnceLock::new();
static UPDATE: OnceLock<String> = OnceLock::new();

fn columns(values: &[(&str, &dyn ToSql)]) -> impl Iterator<Item = String> {
    values
        .iter()
        .map(|(name, _)| name.trim_start_matches(':').to_owned())
}

fn insert(values: &[(&str, &dyn ToSql)]) -> String {
    let names: Vec<String> = columns(values).collect();
    let (columns, values) = (names.join(", "), names.join(", :"));
    format!("insert into downloads ({columns}) values (:{values})")
}

fn update(values: &[(&str, &dyn ToSql)]) -> String {
    let pairs: Vec<String> = columns(values)
        .map(|name| format!("{name} = :{name}"))
        .collect();
    format!("update downloads set {} where id = :id", pairs.join(", "))
}

/// Places of the columns of one statement, by name: looking for them anew in every row takes longer than reading it.
#[derive(Debug)]
pub(super) struct Columns(HashMap<String, usize>);

impl Columns {
    pub(super) fn of(statement: &Statement<'_>) -> Self {
        let names = statement.column_names();
        Self(names.map(str::to_owned).zip(0..).collect())
    }
}

/// A row whose columns are known.
struct NamedRow<'a> {
    row: &'a Row<'a>,
    columns: &'a Columns,
}

impl NamedRow<'_> {
    fn get<N: AsRef<str>, T: FromSql>(&self, name: N) -> rusqlite::Result<T> {
        let at = self.columns.0.get(name.as_ref());
        let missing = || rusqlite::Error::InvalidColumnName(name.as_ref().to_owned());
        self.row.get(*at.ok_or_else(missing)?)
    }
}

/// Reads a record from a `select *`.
pub(super) fn read(row: &Row<'_>) -> Result<Record, StoreError> {
    read_one_of(row, &Columns::of(row.as_ref()))
}

/// Reads a record, as one of many of a statement.
pub(super) fn read_one_of(row: &Row<'_>, columns: &Columns) -> Result<Record, StoreError> {
    let row = NamedRow { row, columns };
    let id: i64 = row.get("id")?;
    let unreadable = |what: &str| StoreError::Unreadable(format!("number {id}, its {what}"));
    if !(1..=MAX_ID).contains(&id) {
        return Err(unreadable("number"));
    }
    let url: String = row.get("url")?;
    let folder: String = row.get("folder")?;
    let headers: String = row.get("headers")?;
    let state: String = row.get("state")?;
    let done: String = row.get("done")?;
    let checksum: Option<String> = row.get("checksum")?;
    let checksum = checksum.as_deref().map(verdict::from_text).transpose();
    let (checksum, server_digest) = checksum
        .map_err(|_| unreadable("checksum"))?
        .unwrap_or_default();
    let proxy: Option<String> = row.get("proxy")?;
    let credentials: Option<String> = row.get("credentials")?;
    Ok(Record {
        id: DownloadId(unsigned(id)),
        url: StoredUrl::from_text(&url),
        folder: PathBuf::from(folder),
        wanted_name: row.get("wanted_name")?,
        headers: serde_json::from_str(&headers).map_err(|_| unreadable("headers"))?,
        checksum,
        credentials: credentials
            .map(|json| serde_json::from_str(&json))
            .transpose()
            .map_err(|_| unreadable("credentials"))?,
        proxy: proxy
            .map(|text| text.parse())
            .transpose()
            .map_err(|_| unreadable("proxy"))?,
        connections: row.get::<_, Option<i64>>("connections")?.map(small),
        limit: row.get::<_, Option<i64>>("speed_limit")?.map(unsigned),
        priority: Priority::from_db(row.get("priority")?),
        queue_position: row.get("place")?,
        state: serde_json::from_str(&state).map_err(|_| unreadable("state"))?,
        start_at: row.get::<_, Option<i64>>("start_at")?.map(unsigned),
        attempts: small(row.get("attempts")?),
        epoch: small(row.get("epoch")?),
        added_at: unsigned(row.get("added_at")?),
        name: row.get("name")?,
        file_id: row.get("file")?,
        validators: Validators {
            total: row.get::<_, Option<i64>>("total")?.map(unsigned),
            etag: row.get("etag")?,
            last_modified: row.get("modified")?,
            coding: None,
        },
        resumable: row.get("resumable")?,
        done: done.parse().map_err(|_| unreadable("plan"))?,
        server_digest,
        verdict: row
            .get::<_, Option<String>>("verdict")?
            .map(|verdict| serde_json::from_str(&verdict))
            .transpose()
            .map_err(|_| unreadable("verdict"))?,
        fingerprint: row
            .get::<_, Option<String>>("samples")?
            .unwrap_or_default()
            .parse()
            .map_err(|_| unreadable("samples"))?,
        unmetered_only: row.get("unmetered_only")?,
        // For display only: one that cannot be read is none.
        speed_history: row
            .get::<_, Option<String>>("speed_history")?
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default(),
        relocation: row
            .get::<_, Option<String>>("relocation")?
            .map(|relocation| serde_json::from_str(&relocation))
            .transpose()
            .map_err(|_| unreadable("relocation"))?,
        tags: row
            .get::<_, Option<String>>("tags")?
            .map(|tags| serde_json::from_str(&tags))
            .transpose()
            .map_err(|_| unreadable("tags"))?
            .unwrap_or_default(),
        verification: row
            .get::<_, Option<String>>("verification")?
            .map(|verification| serde_json::from_str(&verification))
            .transpose()
            .map_err(|_| unreadable("verification"))?,
        replaces: row
            .get::<_, Option<String>>("replaces")?
            .map(|replaces| serde_json::from_str(&replaces))
            .transpose()
            .map_err(|_| unreadable("replaces"))?,
    })
}
