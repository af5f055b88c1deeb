//! Downloads that the command line has finished, so that running a list again fetches only what is missing. One row per
//! URL, folder and requested name; the three are stored as a hash, since a URL may hold secrets.

use rusqlite::{Connection, OptionalExtension, named_params, params};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::row::{signed, unsigned};
use crate::domain::checksum::Checksum;
use crate::domain::download::UnixMillis;
use crate::domain::record::Record;

/// Maximum number of remembered finished downloads; the oldest are deleted first.
const MAX_ROWS: i64 = 10_000;

/// A finished file as it was when it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finished {
    key: Key,
    pub(crate) name: String,
    /// Identity of the file on disk.
    pub(crate) file: String,
    /// Length in bytes.
    pub(crate) size: u64,
    /// The digest that it was verified by.
    checksum: Option<String>,
    /// When it was published: a file modified later is another one.
    pub(crate) at: UnixMillis,
}

/// Hash of URL, folder and requested name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key([u8; 16]);

impl Key {
    pub(crate) fn of(record: &Record) -> Self {
        let mut hash = Sha256::new();
        let folder = record.folder.as_os_str().as_encoded_bytes();
        let wanted = record.wanted_name.as_deref().unwrap_or_default();
        for part in [record.url.as_str().as_bytes(), folder, wanted.as_bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hash.finalize()[..16]);
        Self(key)
    }
}

impl Finished {
    /// `None` when the record lacks its file id or length.
    pub(crate) fn of(record: &Record, key: Key, at: UnixMillis) -> Option<Self> {
        Some(Self {
            key,
            name: record.name.clone()?,
            file: record.file_id.clone()?,
            size: record.validators.total?,
            checksum: record.checksum.as_ref().map(ToString::to_string),
            at,
        })
    }

    /// Whether it was verified by the digest requested now.
    pub(crate) fn met(&self, wanted: Option<&Checksum>) -> bool {
        wanted.is_none_or(|wanted| self.checksum.as_deref() == Some(&wanted.to_string()))
    }
}

pub(super) fn write(connection: &Connection, finished: &Finished) -> Result<(), StoreError> {
    let query = "insert or replace into finished (link, name, file, size, checksum, at)
        values (:link, :name, :file, :size, :checksum, :at)";
    connection.prepare_cached(query)?.execute(named_params! {
        ":link": finished.key.0,
        ":name": finished.name,
        ":file": finished.file,
        ":size": signed(finished.size),
        ":checksum": finished.checksum,
        ":at": signed(finished.at),
    })?;
    Ok(())
}

pub(super) fn find(connection: &Connection, key: Key) -> Result<Option<Finished>, StoreError> {
    let query = "select name, file, size, checksum, at from finished where link = ?1";
    let mut query = connection.prepare_cached(query)?;
    let found = query.query_row(params![key.0], |row| {
        Ok(Finished {
            key,
            name: row.get(0)?,
            file: row.get(1)?,
            size: unsigned(row.get(2)?),
            checksum: row.get(3)?,
            at: unsigned(row.get(4)?),
        })
    });
    Ok(found.optional()?)
}

/// Deletes the oldest rows beyond `MAX_ROWS`.
pub(super) fn prune(connection: &Connection) -> Result<(), StoreError> {
    let query = "delete from finished where id <= (select max(id) from finished) - ?1";
    connection.execute(query, [MAX_ROWS])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::download::NewDownload;

    fn record(url: &str, folder: &str, name: Option<&str>) -> Record {
        let new = NewDownload {
            url: url.into(),
            folder: folder.into(),
            name: name.map(str::to_owned),
            ..NewDownload::default()
        };
        let mut record = Record::new(new, 1).expect("a link");
        record.name = Some("a.bin".into());
        record.file_id = Some("1:2:3".into());
        record.validators.total = Some(5);
        record
    }

    fn finished(record: &Record, at: UnixMillis) -> Finished {
        Finished::of(record, Key::of(record), at).unwrap()
    }

    fn list() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::store::schema::migrate(&mut connection).unwrap();
        connection
    }

    #[test]
    fn a_finished_download_is_known_by_link_folder_and_wished_name_and_the_last_one_counts() {
        let connection = list();
        let one = record("http://a/?sig=secret", "/f", None);
        for at in [7, 9] {
            write(&connection, &finished(&one, at)).unwrap();
        }
        assert_eq!(
            find(&connection, Key::of(&one)).unwrap(),
            Some(finished(&one, 9))
        );
        for other in [
            record("http://a/?sig=secreT", "/f", None),
            record("http://a/?sig=secret", "/g", None),
            record("http://a/?sig=secret", "/f", Some("b")),
            record("http://a/?sig=secret/f", "", None),
        ] {
            assert_eq!(find(&connection, Key::of(&other)).unwrap(), None);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_goes_first() {
        let connection = list();
        let one = |n: i64| record(&format!("http://a/{n}"), "/f", None);
        for n in 0..MAX_ROWS + 3 {
            write(&connection, &finished(&one(n), 1)).unwrap();
        }
        prune(&connection).unwrap();
        let known = |n| find(&connection, Key::of(&one(n))).unwrap().is_some();
        assert!(!known(2) && known(3) && known(MAX_ROWS + 2));
    }

    #[test]
    fn another_digest_than_the_one_that_was_met_is_not_met() {
        let sha = |digit: &str| digit.repeat(64).parse::<Checksum>().unwrap();
        let mut one = record("http://a/", "/f", None);
        assert!(finished(&one, 1).met(None));
        assert!(!finished(&one, 1).met(Some(&sha("a"))));
        one.checksum = Some(sha("a"));
        assert!(finished(&one, 1).met(Some(&sha("a"))));
        assert!(!finished(&one, 1).met(Some(&sha("b"))));
    }
}
