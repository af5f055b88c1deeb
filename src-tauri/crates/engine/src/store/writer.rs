//! The thread that owns the database while the engine runs. Combines waiting operations into one transaction.

use std::collections::HashSet;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::backup::ListBackup;
use super::commit::{Sought, StoreOp, commit};
use super::finished::{Finished, Key};
use crate::domain::download::DownloadId;
use crate::domain::record::Record;
use crate::domain::state::State;

/// Handle to the store's thread. Dropping it writes what is left and ends the thread.
#[derive(Debug)]
pub(crate) struct StoreWriter {
    ops: Option<Sender<StoreOp>>,
    thread: Option<JoinHandle<()>>,
    /// Whether headers, credentials and proxies are stored: only where a restored download needs them.
    secrets: bool,
}

impl StoreWriter {
    pub(super) fn start(connection: Connection, spare: Option<ListBackup>) -> Self {
        let (ops, inbox) = channel();
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || run(connection, &inbox, spare))
            .expect("the system gives a thread at start");
        Self {
            ops: Some(ops),
            thread: Some(thread),
            secrets: true,
        }
    }

    /// Stores no headers, credentials and proxies: the caller passes them again when it resumes a download.
    pub(crate) fn without_secrets(mut self) -> Self {
        self.secrets = false;
        self
    }

    fn storable(&self, record: &Record) -> Record {
        let mut record = record.clone();
        if !self.secrets {
            record.drop_secrets(|_| false);
        }
        record
    }

    /// Stores new downloads, all or none, and returns them with their ids once they are on disk.
    pub(crate) async fn add(&self, mut records: Vec<Record>) -> Result<Vec<Record>, String> {
        let (reply, answer) = oneshot::channel();
        let stored = records.iter().map(|record| self.storable(record));
        self.send(StoreOp::Add(stored.collect(), reply));
        let stored = answer.await;
        let stored = stored.unwrap_or_else(|_| Err("the store has stopped".into()))?;
        for (record, stored) in records.iter_mut().zip(stored) {
            record.id = stored.id;
        }
        Ok(records)
    }

    /// Stores a change; a record that was deleted meanwhile stays deleted.
    pub(crate) fn save(&self, record: &Record) {
        self.send(StoreOp::Save(Box::new(self.storable(record))));
    }

    pub(crate) fn delete(&self, id: DownloadId) {
        self.send(StoreOp::Delete(id));
    }

    /// Removes a download from the list and records it as finished.
    pub(crate) fn finish(&self, id: DownloadId, finished: Finished) {
        self.send(StoreOp::Finish(id, Box::new(finished)));
    }

    /// The recorded finished downloads, in the order of the keys.
    pub(crate) async fn find_finished(&self, keys: Vec<Key>) -> Vec<Option<Finished>> {
        let count = keys.len();
        let (reply, answer) = oneshot::channel();
        self.send(StoreOp::FindFinished(keys, reply));
        answer.await.unwrap_or_else(|_| vec![None; count])
    }

    /// Removes data that the last changes have overwritten from the files: it contained secrets.
    pub(crate) fn scrub(&self) {
        self.send(StoreOp::Scrub);
    }

    /// The stored downloads of a URL into a folder, oldest first. Returns a receiver, so that a caller with many
    /// lookups can send all of them before it waits, and they share a transaction.
    pub(crate) fn find(&self, url: &str, folder: &Path) -> oneshot::Receiver<Vec<Record>> {
        self.look_up(Sought::Url(url.to_owned()), folder)
    }

    /// The same for downloads whose file has that name, or is to get it.
    pub(crate) fn find_named(&self, name: &str, folder: &Path) -> oneshot::Receiver<Vec<Record>> {
        self.look_up(Sought::Name(name.to_owned()), folder)
    }

    fn look_up(&self, sought: Sought, folder: &Path) -> oneshot::Receiver<Vec<Record>> {
        let (reply, answer) = oneshot::channel();
        self.send(StoreOp::Find(sought, folder.to_owned(), reply));
        answer
    }

    /// Replies when everything sent before is on disk, or can never be.
    pub(crate) fn notify_when_stored(&self, reply: oneshot::Sender<()>) {
        self.send(StoreOp::Flush(reply));
    }

    /// Returns when everything sent before is on disk.
    pub(crate) async fn flush(&self) {
        let (reply, answer) = oneshot::channel();
        self.notify_when_stored(reply);
        // An error means that the thread is gone, and nothing is left to flush.
        let _gone = answer.await;
    }

    fn send(&self, op: StoreOp) {
        if let Some(ops) = &self.ops {
            // The thread ends only after this sender is dropped.
            let _ended = ops.send(op);
        }
    }
}

impl Drop for StoreWriter {
    fn drop(&mut self) {
        self.ops = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported where it happened.
            let _panicked = thread.join();
        }
    }
}

/// How long a change waits for another one to share a transaction with.
const GROUP_COMMIT_DELAY: Duration = Duration::from_millis(5);

/// Delay before the next attempt after a failed commit, on a full disk for example.
const RETRY_DELAY: Duration = Duration::from_secs(1);

fn run(mut connection: Connection, inbox: &Receiver<StoreOp>, mut spare: Option<ListBackup>) {
    let mut left = Vec::new();
    loop {
        let due = spare.as_ref().and_then(ListBackup::due_in);
        let due = due
            .into_iter()
            .chain((!left.is_empty()).then_some(RETRY_DELAY));
        let first = match due.min() {
            Some(wait) => inbox.recv_timeout(wait),
            None => inbox.recv().map_err(RecvTimeoutError::from),
        };
        match first {
            Ok(first) => {
                left.extend(collect_batch(first, inbox, spare.is_some()));
                let batch = std::mem::take(&mut left);
                let scrub = batch.iter().any(|op| matches!(op, StoreOp::Scrub));
                // Of a moved file, the new place has to be stored before the old one is deleted.
                let adds = batch.iter().any(|op| match op {
                    StoreOp::Add(..) => true,
                    StoreOp::Save(record) => record.relocation.is_some(),
                    StoreOp::Delete(_)
                    | StoreOp::Finish(..)
                    | StoreOp::Find(..)
                    | StoreOp::FindFinished(..)
                    | StoreOp::Scrub
                    | StoreOp::Flush(_) => false,
                });
                if let Some(spare) = &mut spare {
                    mark_backup(spare, &batch);
                }
                let batch = dedupe(batch);
                with_full_sync(&mut connection, adds && spare.is_some(), |connection| {
                    left = commit(connection, batch);
                });
                if scrub && left.is_empty() {
                    empty_log(&connection);
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if !left.is_empty() {
                    left = commit(&mut connection, std::mem::take(&mut left));
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if let Some(spare) = &mut spare {
            spare.back_up_if_due(&connection, false);
        }
    }
    if !left.is_empty() {
        // The last attempt; on failure the previous state stays.
        let _lost = commit(&mut connection, left);
    }
    if let Some(spare) = &mut spare {
        spare.back_up_if_due(&connection, true);
    }
}

/// Collects the waiting operations; a change first waits a moment for others. In a durable list a caller may be waiting
/// for the commit, so that any other operation ends that moment; another list's thread sleeps through it.
#[expect(
    clippy::disallowed_methods,
    reason = "to know when it has waited long enough"
)]
fn collect_batch(first: StoreOp, inbox: &Receiver<StoreOp>, awaited: bool) -> Vec<StoreOp> {
    let end = Instant::now() + GROUP_COMMIT_DELAY;
    let mut batch = vec![first];
    if !awaited
        && matches!(
            batch.last(),
            Some(StoreOp::Save(_) | StoreOp::Delete(_) | StoreOp::Finish(..) | StoreOp::Scrub)
        )
    {
        std::thread::sleep(GROUP_COMMIT_DELAY);
    }
    while awaited
        && let Some(StoreOp::Save(_) | StoreOp::Delete(_) | StoreOp::Finish(..) | StoreOp::Scrub) =
            batch.last()
    {
        let left = end.saturating_duration_since(Instant::now());
        let Ok(op) = inbox.recv_timeout(left) else {
            break;
        };
        batch.push(op);
    }
    batch.extend(inbox.try_iter().take(1000));
    batch
}

/// Keeps only the last change of each download.
fn dedupe(batch: Vec<StoreOp>) -> Vec<StoreOp> {
    let mut later = HashSet::new();
    let mut kept: Vec<StoreOp> = Vec::with_capacity(batch.len());
    for op in batch.into_iter().rev() {
        let new = match &op {
            StoreOp::Save(record) => later.insert(record.id),
            StoreOp::Delete(id) | StoreOp::Finish(id, _) => {
                later.insert(*id);
                true
            }
            StoreOp::Add(..)
            | StoreOp::Find(..)
            | StoreOp::FindFinished(..)
            | StoreOp::Scrub
            | StoreOp::Flush(_) => true,
        };
        if new {
            kept.push(op);
        }
    }
    kept.reverse();
    kept
}

/// Commits additions so that they are safe from a power cut when confirmed, at the cost of one sync of the WAL: 0.3 ms
/// instead of 0.02 ms for a small commit on ext4 on a virtual disk. All other changes may lose the last moments.
fn with_full_sync(connection: &mut Connection, care: bool, commit: impl FnOnce(&mut Connection)) {
    let set = |connection: &Connection, level: &str| {
        // If the level cannot be set, the old one stays: at most the last moments before a power cut are lost.
        let _as_it_was = connection.pragma_update(None, "synchronous", level);
    };
    if care {
        set(connection, "FULL");
    }
    commit(connection);
    if care {
        set(connection, "NORMAL");
    }
}

/// Checkpoints the WAL and truncates it: until then it contains the overwritten data.
fn empty_log(connection: &Connection) {
    // A process that is reading now keeps the WAL; the last one that closes the list removes it.
    let _kept = connection.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
}

fn mark_backup(spare: &mut ListBackup, batch: &[StoreOp]) {
    for op in batch {
        match op {
            StoreOp::Add(..) | StoreOp::Delete(_) | StoreOp::Finish(..) | StoreOp::Scrub => {
                spare.mark_changed(false)
            }
            StoreOp::Save(record) => spare.mark_changed(record.state == State::Running),
            StoreOp::Find(..) | StoreOp::FindFinished(..) | StoreOp::Flush(_) => {}
        }
    }
}
