//! One file being written: its written ranges, its first problem, and the duration of the write in progress.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::error::path_problem;
use super::file_system::FileSystem;
use super::hasher::Hasher;
use super::progress_journal::Journal;
use super::unresponsive::DiskWait;
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;

/// Semaphore permit for queued bytes; released when they are written.
#[derive(Debug)]
pub(crate) struct WritePermit(
    #[expect(dead_code, reason = "held, not read")] pub(super) OwnedSemaphorePermit,
);

pub(super) struct PendingWrite {
    pub(super) offset: u64,
    pub(super) bytes: Bytes,
    pub(super) _room: WritePermit,
}

/// One write and its file.
pub(super) type WriteTask = (Arc<WriteTarget>, PendingWrite);

pub(super) struct WriteTarget {
    files: Arc<dyn FileSystem>,
    pub(super) file: File,
    path: PathBuf,
    pub(super) done: Mutex<ByteRanges>,
    pub(super) problem: Mutex<Option<Problem>>,
    pub(super) failed: CancellationToken,
    received: Arc<AtomicU64>,
    /// Set when a digest is computed.
    pub(super) hasher: OnceLock<Hasher>,
    /// Set when writes are recorded in a journal.
    pub(super) journal: OnceLock<Journal>,
    /// A sync has failed: written bytes may be lost, whatever later syncs return.
    sync_failed: AtomicBool,
    /// The fingerprint of the last checkpoint.
    pub(super) samples: Mutex<Fingerprint>,
    /// Start of the write in progress.
    write_started: Mutex<Option<Instant>>,
    /// Writes queued for a thread that is blocked in this file's write; `None` when none is.
    deferred: Mutex<Option<VecDeque<PendingWrite>>>,
    pub(super) wait: Arc<DiskWait>,
}

impl std::fmt::Debug for WriteTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl WriteTarget {
    pub(super) fn new(
        files: Arc<dyn FileSystem>,
        file: File,
        path: PathBuf,
        done: ByteRanges,
        received: Arc<AtomicU64>,
    ) -> Arc<Self> {
        Arc::new(Self {
            files,
            file,
            path,
            done: Mutex::new(done),
            problem: Mutex::new(None),
            failed: CancellationToken::new(),
            received,
            hasher: OnceLock::new(),
            journal: OnceLock::new(),
            sync_failed: AtomicBool::new(false),
            samples: Mutex::default(),
            write_started: Mutex::new(None),
            deferred: Mutex::new(None),
            wait: Arc::default(),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    pub(super) fn to_problem(&self, error: &io::Error) -> Problem {
        path_problem(error, &self.path, self.folder())
    }

    /// Keeps the first problem.
    pub(super) fn fail(&self, problem: impl FnOnce() -> Problem) {
        self.problem.lock().get_or_insert_with(problem);
        self.failed.cancel();
    }

    /// Syncs the written data. Blocks.
    pub(super) fn sync(&self) {
        if let Err(error) = self.files.sync(&self.file) {
            // The system reports lost writes only once: this file is not trusted any more.
            self.sync_failed.store(true, Ordering::Release);
            if let Some(journal) = self.journal.get() {
                journal.give_up();
            }
            self.fail(|| self.to_problem(&error));
        }
    }

    pub(super) fn sync_failed(&self) -> bool {
        self.sync_failed.load(Ordering::Acquire)
    }

    /// Duration of the write in progress.
    pub(super) fn write_time(&self) -> Duration {
        let since = *self.write_started.lock();
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Records the start of a write.
    pub(super) fn begin(&self) {
        *self.write_started.lock() = Some(Instant::now());
    }

    pub(super) fn write(&self, write: PendingWrite) {
        if !self.failed.is_cancelled() {
            self.begin();
            self.put(write.offset, &write.bytes);
        }
        *self.write_started.lock() = None;
    }

    fn put(&self, offset: u64, bytes: &[u8]) {
        if let Err(error) = self.files.write_at(&self.file, bytes, offset) {
            return self.fail(|| self.to_problem(&error));
        }
        if let Some(hasher) = self.hasher.get() {
            hasher.on_write(offset, bytes);
        }
        let length = bytes.len() as u64;
        if let Some(span) = ByteRange::new(offset, offset + length) {
            self.done.lock().insert(span);
            self.received.fetch_add(length, Ordering::Relaxed);
            if let Some(journal) = self.journal.get() {
                journal.wrote(&self.file, offset, bytes);
            }
        }
    }

    /// Defers further writes to the thread that is blocked here.
    pub(super) fn detach(&self) {
        self.deferred.lock().get_or_insert_default();
    }

    /// Returns the write, unless it was deferred to the thread that is blocked here.
    pub(super) fn or_defer(&self, write: PendingWrite) -> Option<PendingWrite> {
        match self.deferred.lock().as_mut() {
            Some(behind) => {
                behind.push_back(write);
                None
            }
            None => Some(write),
        }
    }

    /// Writes the deferred writes in order, on the thread that was blocked.
    pub(super) fn write_deferred(&self) {
        loop {
            let mut behind = self.deferred.lock();
            let next = behind.as_mut().and_then(VecDeque::pop_front);
            let Some(write) = next else {
                *behind = None;
                return;
            };
            drop(behind);
            self.write(write);
        }
    }
}
