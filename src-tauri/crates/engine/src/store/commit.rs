//! One transaction: writes a batch, replies after the commit, and returns the changes to write again.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use super::finished::{self, Finished, Key};
use super::{StoreError, row};
use crate::domain::download::DownloadId;
use crate::domain::record::Record;

/// One write (or, in `Find` and `FindFinished`, one lookup).
pub(super) enum StoreOp {
    Add(Vec<Record>, oneshot::Sender<Result<Vec<Record>, String>>),
    Save(Box<Record>),
    Delete(DownloadId),
    /// The download leaves the list and is recorded as finished.
    Finish(DownloadId, Box<Finished>),
    Find(Sought, PathBuf, oneshot::Sender<Vec<Record>>),
    FindFinished(Vec<Key>, oneshot::Sender<Vec<Option<Finished>>>),
    /// Overwritten data is to be removed from the WAL too.
    Scrub,
    Flush(oneshot::Sender<()>),
}

/// Criterion by which downloads into a folder are looked up.
#[derive(Debug)]
pub(super) enum Sought {
    Url(String),
    Name(String),
}

/// A reply that is sent only after the commit.
enum CommitReply {
    Added(
        Result<Vec<Record>, String>,
        oneshot::Sender<Result<Vec<Record>, String>>,
    ),
    Flushed(oneshot::Sender<()>),
}

/// Writes the batch and sends the replies. Returns the changes that could not be stored: they are written again with
/// the next batch.
pub(super) fn commit(connection: &mut Connection, batch: Vec<StoreOp>) -> Vec<StoreOp> {
    let mut answers = Vec::new();
    let mut changes = Vec::new();
    let outcome = write_all(connection, batch, &mut answers, &mut changes);
    for answer in answers {
        // Ignored: the caller no longer waits.
        let _unheard = match answer {
            CommitReply::Added(added, reply) => {
                let result = match &outcome {
                    Ok(()) => added,
                    Err(error) => Err(error.to_string()),
                };
                reply.send(result).is_ok()
            }
            CommitReply::Flushed(reply) => reply.send(()).is_ok(),
        };
    }
    match outcome {
        Ok(()) => Vec::new(),
        Err(error) => {
            tracing::warn!("the list could not be stored, it is tried again: {error}");
            changes
        }
    }
}

fn write_all(
    connection: &mut Connection,
    batch: Vec<StoreOp>,
    answers: &mut Vec<CommitReply>,
    changes: &mut Vec<StoreOp>,
) -> Result<(), StoreError> {
    let begun = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate);
    for op in batch {
        let open: Option<&Connection> = begun.as_deref().ok();
        match op {
            StoreOp::Add(records, reply) => {
                let added = open.map(|open| add(open, records).map_err(|error| error.to_string()));
                // Without a transaction the reply is its error, see `commit`.
                answers.push(CommitReply::Added(
                    added.unwrap_or_else(|| Ok(Vec::new())),
                    reply,
                ));
            }
            StoreOp::Save(record) => {
                // One bad record must not fail the others of its batch.
                let written = open.map_or(Ok(0), |open| row::write(open, &record));
                warn_of("row was not stored", record.id, written);
                changes.push(StoreOp::Save(record));
            }
            StoreOp::Delete(id) => {
                let deleted = open.map_or(Ok(()), |open| delete(open, id));
                warn_of("row was not deleted", id, deleted);
                changes.push(StoreOp::Delete(id));
            }
            StoreOp::Find(sought, folder, reply) => {
                let found = open.map(|open| find(open, &sought, &folder));
                // On an error the caller finds nothing.
                let _unheard = found.and_then(Result::ok).map(|found| reply.send(found));
            }
            StoreOp::Finish(id, finished) => {
                let finish = |open: &Connection| {
                    delete(open, id)?;
                    finished::write(open, &finished)
                };
                let stored = open.map_or(Ok(()), finish);
                warn_of("row was not moved to the finished ones", id, stored);
                changes.push(StoreOp::Finish(id, finished));
            }
            StoreOp::FindFinished(keys, reply) => {
                let find = |open, key| finished::find(open, key).unwrap_or_default();
                let found = open.map(|open| keys.into_iter().map(|key| find(open, key)).collect());
                let _unheard = found.map(|found| reply.send(found));
            }
            // Done between transactions.
            StoreOp::Scrub => changes.push(StoreOp::Scrub),
            StoreOp::Flush(reply) => answers.push(CommitReply::Flushed(reply)),
        }
    }
    begun?.commit()?;
    Ok(())
}

/// The other operations of the batch are not affected.
fn warn_of<T>(what: &str, id: DownloadId, outcome: Result<T, StoreError>) {
    if let Err(error) = outcome {
        tracing::warn!(download = id.0, "{what}: {error}");
    }
}

/// All or none.
fn add(connection: &Connection, mut records: Vec<Record>) -> Result<Vec<Record>, StoreError> {
    connection.execute_batch("savepoint adding")?;
    let written = records.iter_mut().try_for_each(|record| {
        let id = row::write(connection, record)?;
        record.id = DownloadId(u64::try_from(id).unwrap_or_default());
        Ok(())
    });
    if written.is_err() {
        connection.execute_batch("rollback to adding")?;
    }
    connection.execute_batch("release adding")?;
    written.map(|()| records)
}

fn delete(connection: &Connection, id: DownloadId) -> Result<(), StoreError> {
    let mut delete = connection.prepare_cached("delete from downloads where id = ?1")?;
    delete.execute(params![i64::try_from(id.0).unwrap_or(i64::MAX)])?;
    Ok(())
}

fn find(
    connection: &Connection,
    sought: &Sought,
    folder: &Path,
) -> Result<Vec<Record>, StoreError> {
    let (query, by) = match sought {
        Sought::Url(url) => (
            "select * from downloads where url = ?1 and folder = ?2 order by id",
            url,
        ),
        Sought::Name(name) => (
            "select * from downloads where (name = ?1 or wanted_name = ?1) and folder = ?2 order by id",
            name,
        ),
    };
    let mut query = connection.prepare_cached(query)?;
    let mut rows = query.query(params![by, folder.to_string_lossy()])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        // An unreadable row does not affect the others.
        records.extend(row::read(row));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::download::NewDownload;
    use crate::domain::download_url::StoredUrl;

    fn list() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        crate::store::schema::migrate(&mut connection).unwrap();
        connection
    }

    fn wish(url: &str) -> Record {
        let new = NewDownload {
            url: url.into(),
            ..NewDownload::default()
        };
        Record::new(new, 1).expect("a link")
    }

    fn added(connection: &mut Connection, records: Vec<Record>) -> Result<Vec<Record>, String> {
        let (reply, mut answer) = oneshot::channel();
        assert!(commit(connection, vec![StoreOp::Add(records, reply)]).is_empty());
        answer.try_recv().unwrap()
    }

    fn urls(connection: &Connection) -> Vec<String> {
        let mut query = connection
            .prepare("select url from downloads order by id")
            .unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// Makes the list reject rows with that URL.
    fn forbid(connection: &Connection, url: &str) {
        let trigger = format!(
            "create trigger no before insert on downloads when new.url = '{url}' begin select raise(abort, 'no'); end"
        );
        connection.execute_batch(&trigger).unwrap();
    }

    #[test]
    fn a_list_of_links_of_which_one_cannot_be_stored_is_not_stored_and_takes_no_other_with_it() {
        let mut connection = list();
        forbid(&connection, "http://bad/");
        let [(first, mut one), (second, mut two), (third, mut three)] =
            [oneshot::channel(), oneshot::channel(), oneshot::channel()];
        let left = commit(
            &mut connection,
            vec![
                StoreOp::Add(vec![wish("http://a/")], first),
                StoreOp::Add(vec![wish("http://b/"), wish("http://bad/")], second),
                StoreOp::Add(vec![wish("http://c/")], third),
            ],
        );
        assert!(left.is_empty());
        assert!(one.try_recv().unwrap().is_ok());
        assert!(two.try_recv().unwrap().is_err());
        assert!(three.try_recv().unwrap().is_ok());
        assert_eq!(urls(&connection), ["http://a/", "http://c/"]);
    }

    #[test]
    fn a_change_that_finds_the_disk_full_is_stored_when_there_is_room_again() {
        let mut connection = list();
        let mut record = added(&mut connection, vec![wish("http://a/")])
            .unwrap()
            .remove(0);
        let pages: i64 = connection
            .query_row("pragma page_count", [], |row| row.get(0))
            .unwrap();
        let most = |connection: &Connection, pages: i64| {
            connection
                .query_row(&format!("pragma max_page_count = {pages}"), [], |row| {
                    row.get::<_, i64>(0)
                })
                .unwrap()
        };
        most(&connection, pages);
        record.url = StoredUrl::from_text(&format!("http://a/{}", "x".repeat(100_000)));
        let left = commit(
            &mut connection,
            vec![StoreOp::Save(Box::new(record.clone()))],
        );
        assert_eq!(left.len(), 1);
        assert_eq!(urls(&connection), ["http://a/"]);
        most(&connection, pages + 100);
        assert!(commit(&mut connection, left).is_empty());
        assert_eq!(urls(&connection), [record.url.as_str()]);
    }
}
