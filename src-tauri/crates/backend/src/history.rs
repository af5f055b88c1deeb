//! The history of downloads, written by a thread of its own: a disk that does not respond never holds up the caller.
//!
//! Bytes received are collected and written twice a minute, ends at once. A history that cannot be opened or written
//! stops nothing else: it is logged, and what was to be written is kept for the next attempt, within bounds.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use millrace_engine::{HistoryEntry, HistoryError, HistoryStore, Traffic, move_aside, unix_now};
use parking_lot::Mutex;
use tokio::sync::oneshot;

/// How long bytes received are collected.
const COLLECT: Duration = Duration::from_secs(30);
/// How often old entries are deleted.
const PRUNE: Duration = Duration::from_secs(24 * 3600);
/// Ends and counts that wait to be written at most; further ones are dropped.
const MAX_PENDING: usize = 20_000;
/// How long [`History::flush`] waits for a disk that does not respond.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);
const HOUR: u64 = 3_600_000;

/// Handle to the history's thread.
#[derive(Debug, Clone)]
pub struct History {
    tasks: Sender<Task>,
    pending: Arc<Mutex<Pending>>,
    enabled: Arc<AtomicBool>,
}

type Store = Result<HistoryStore, String>;

enum Task {
    /// Something is pending.
    Wake,
    Run(Box<dyn FnOnce(&mut Store) + Send>),
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Wake => "Wake",
            Self::Run(_) => "Run",
        })
    }
}

/// What is to be written.
#[derive(Debug, Default)]
struct Pending {
    ended: Vec<HistoryEntry>,
    received: HashMap<(u64, String), u64>,
}

/// Why the history does not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct HistoryUnavailable(String);

impl History {
    /// Opens or creates the history at `path` on its thread. Records nothing while it is not `enabled`.
    pub fn open(path: PathBuf, enabled: bool) -> Self {
        let (tasks, inbox) = channel();
        let pending = Arc::<Mutex<Pending>>::default();
        let own = Arc::clone(&pending);
        let work = move || run(&path, &inbox, &own);
        // without a thread nothing answers, which the queries report
        let _none = thread::Builder::new().name("history".into()).spawn(work);
        Self {
            tasks,
            pending,
            enabled: Arc::new(AtomicBool::new(enabled)),
        }
    }

    /// What is there stays when it is disabled.
    pub fn set_enabled(&self, enabled: bool) {
        self.enabled.store(enabled, Ordering::Relaxed);
    }

    /// A download was finished or removed.
    pub fn ended(&self, entry: HistoryEntry) {
        self.add(|pending| {
            if pending.ended.len() < MAX_PENDING {
                pending.ended.push(entry);
            }
        });
    }

    /// Bytes were received from this host.
    pub fn received(&self, host: &str, bytes: u64) {
        let key = (unix_now() / HOUR, host.to_owned());
        self.add(|pending| {
            if pending.received.len() < MAX_PENDING || pending.received.contains_key(&key) {
                *pending.received.entry(key).or_default() += bytes;
            }
        });
    }

    fn add(&self, add: impl FnOnce(&mut Pending)) {
        if !self.enabled.load(Ordering::Relaxed) {
            return;
        }
        let mut pending = self.pending.lock();
        let before = (pending.ended.len(), pending.received.is_empty());
        add(&mut pending);
        let wakes = pending.ended.len() > before.0 || (before.1 && !pending.received.is_empty());
        drop(pending);
        if wakes {
            let _gone = self.tasks.send(Task::Wake);
        }
    }

    /// Entries whose name, host or link contains `search`, latest first.
    ///
    /// # Errors
    ///
    /// [`HistoryUnavailable`]; the same for the functions below.
    pub async fn entries(
        &self,
        search: String,
        first: u32,
        count: u32,
    ) -> Result<Vec<HistoryEntry>, HistoryUnavailable> {
        self.ask(move |store| store.entries(&search, first, count))
            .await
    }

    /// Those of these entries that are there.
    ///
    /// # Errors
    ///
    /// [`HistoryUnavailable`].
    pub async fn find(&self, ids: Vec<i64>) -> Result<Vec<HistoryEntry>, HistoryUnavailable> {
        self.ask(move |store| {
            let found = ids.iter().map(|id| store.entry(*id));
            let found = found.collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().flatten().collect())
        })
        .await
    }

    /// Bytes received.
    ///
    /// # Errors
    ///
    /// [`HistoryUnavailable`].
    pub async fn traffic(&self) -> Result<Traffic, HistoryUnavailable> {
        self.ask(|store| store.traffic()).await
    }

    /// Forgets everything up to now.
    ///
    /// # Errors
    ///
    /// [`HistoryUnavailable`].
    pub async fn clear(&self) -> Result<(), HistoryUnavailable> {
        self.ask(|store| store.clear(unix_now())).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut HistoryStore) -> Result<T, HistoryError> + Send + 'static,
    ) -> Result<T, HistoryUnavailable> {
        let (reply, answer) = oneshot::channel();
        let run = Box::new(move |store: &mut Store| {
            let answer = match store {
                Ok(store) => query(store).map_err(|error| error.to_string()),
                Err(error) => Err(error.clone()),
            };
            let _gone = reply.send(answer);
        });
        let _ended = self.tasks.send(Task::Run(run));
        let answer = answer.await.map_err(|_| "the history has ended".to_owned());
        answer.and_then(|answer| answer).map_err(HistoryUnavailable)
    }

    /// Waits until everything up to now is written, but not long for a disk that does not respond.
    pub fn flush(&self) {
        let (reply, answer) = sync_channel(1);
        let run = Box::new(move |_: &mut Store| {
            let _gone = reply.try_send(());
        });
        if self.tasks.send(Task::Run(run)).is_ok() {
            let _slow = answer.recv_timeout(FLUSH_TIMEOUT);
        }
    }
}

fn run(path: &Path, inbox: &Receiver<Task>, pending: &Mutex<Pending>) {
    let mut store = HistoryStore::open(path, move_aside).map_err(|error| {
        tracing::warn!("{error}");
        error.to_string()
    });
    let mut pruned: Option<Instant> = None;
    // when the bytes that are collected are written
    let mut due: Option<Instant> = None;
    loop {
        let task = match due {
            Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => inbox.recv().map_err(RecvTimeoutError::from),
        };
        let soon = matches!(task, Ok(Task::Wake)) && pending.lock().ended.is_empty();
        if soon {
            due = due.or_else(|| Some(Instant::now() + COLLECT));
        } else {
            due = None;
            write(&mut store, pending);
        }
        match task {
            Ok(Task::Wake) | Err(RecvTimeoutError::Timeout) => {}
            Ok(Task::Run(run)) => run(&mut store),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if pruned.is_none_or(|at| at.elapsed() > PRUNE) {
            pruned = Some(Instant::now());
            if let Ok(store) = &mut store
                && let Err(error) = store.prune(unix_now())
            {
                tracing::warn!("{error}");
            }
        }
    }
}

/// What cannot be written stays pending, with what has been added meanwhile.
fn write(store: &mut Store, pending: &Mutex<Pending>) {
    let Ok(store) = store else { return };
    let Pending { ended, received } = std::mem::take(&mut *pending.lock());
    if ended.is_empty() && received.is_empty() {
        return;
    }
    let counts = received
        .into_iter()
        .map(|((hour, host), bytes)| (hour, host, bytes));
    let counts: Vec<_> = counts.collect();
    if let Err(error) = store.record(&ended, &counts) {
        tracing::warn!("{error}");
        let mut pending = pending.lock();
        let newer = std::mem::replace(&mut pending.ended, ended);
        pending.ended.extend(newer);
        for (hour, host, bytes) in counts {
            *pending.received.entry((hour, host)).or_default() += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(download: u64) -> HistoryEntry {
        HistoryEntry {
            download,
            finished_at: Some(unix_now()),
            ..HistoryEntry::default()
        }
    }

    #[tokio::test]
    async fn what_is_told_is_there_after_a_restart_and_nothing_is_told_while_it_is_off() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("history.db");
        let history = History::open(path.clone(), true);
        history.ended(entry(1));
        history.received("host", 5);
        history.set_enabled(false);
        history.ended(entry(2));
        history.received("host", 5);
        history.flush();
        drop(history);
        let history = History::open(path, true);
        let entries = history.entries(String::new(), 0, 10).await.unwrap();
        assert_eq!(entries.len(), 1);
        let ids = vec![entries[0].id, 99];
        assert_eq!(history.find(ids).await.unwrap(), entries);
        let hosts = history.traffic().await.unwrap().hosts;
        assert_eq!(hosts, [("host".to_owned(), 5)]);
        history.clear().await.unwrap();
        assert_eq!(history.entries(String::new(), 0, 10).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_history_that_cannot_be_opened_says_so_and_takes_what_it_is_told() {
        let place = tempfile::tempdir().unwrap();
        let history = History::open(place.path().join("none").join("history.db"), true);
        history.ended(entry(1));
        let refused = history.traffic().await.unwrap_err();
        assert!(refused.to_string().starts_with("the history:"), "{refused}");
    }
}
