//! One file that bytes are written into: what of it is written, what went wrong first, and for how long it has been
//! waited for.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::files::Files;
use super::hasher::Hasher;
use super::progress::Journal;
use super::silent::Wait;
use super::sink::lock;
use super::trouble::path_problem;
use crate::core::plan::{Ranges, Span};
use crate::core::problem::Problem;
use crate::core::samples::Samples;

/// Leave to hand over some bytes; given back when they are written.
#[derive(Debug)]
pub(crate) struct Room(
    #[expect(dead_code, reason = "held, not read")] pub(super) OwnedSemaphorePermit,
);

pub(super) struct Write {
    pub(super) offset: u64,
    pub(super) bytes: Bytes,
    pub(super) _room: Room,
}

pub(super) struct Target {
    files: Arc<dyn Files>,
    pub(super) file: File,
    path: PathBuf,
    pub(super) done: Mutex<Ranges>,
    pub(super) problem: Mutex<Option<Problem>>,
    pub(super) broken: CancellationToken,
    received: Arc<AtomicU64>,
    /// There when a digest is wanted.
    pub(super) hasher: OnceLock<Hasher>,
    /// There when what is written is to be known after a kill.
    pub(super) journal: OnceLock<Journal>,
    /// A sync has failed: what was written may be lost, whatever later ones say.
    doubtful: AtomicBool,
    /// Of the last checkpoint.
    pub(super) samples: Mutex<Samples>,
    /// When the write began that is not done yet.
    since: Mutex<Option<Instant>>,
    /// What came while a write held its thread up, for that thread; `None` when none does.
    behind: Mutex<Option<VecDeque<Write>>>,
    pub(super) wait: Arc<Wait>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Target {
    pub(super) fn new(
        files: Arc<dyn Files>,
        file: File,
        path: PathBuf,
        done: Ranges,
        received: Arc<AtomicU64>,
    ) -> Arc<Self> {
        Arc::new(Self {
            files,
            file,
            path,
            done: Mutex::new(done),
            problem: Mutex::new(None),
            broken: CancellationToken::new(),
            received,
            hasher: OnceLock::new(),
            journal: OnceLock::new(),
            doubtful: AtomicBool::new(false),
            samples: Mutex::default(),
            since: Mutex::new(None),
            behind: Mutex::new(None),
            wait: Arc::default(),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }

    pub(super) fn trouble(&self, error: &io::Error) -> Problem {
        path_problem(error, &self.path, self.folder())
    }

    /// Keeps the first thing that went wrong.
    pub(super) fn fail(&self, problem: impl FnOnce() -> Problem) {
        lock(&self.problem).get_or_insert_with(problem);
        self.broken.cancel();
    }

    /// Makes what is written safe from a power cut. Blocks.
    pub(super) fn sync(&self) {
        if let Err(error) = self.files.sync(&self.file) {
            // The system tells of lost bytes once, and forgets: this file is not to be trusted any more.
            self.doubtful.store(true, Ordering::Release);
            if let Some(journal) = self.journal.get() {
                journal.give_up();
            }
            self.fail(|| self.trouble(&error));
        }
    }

    pub(super) fn doubtful(&self) -> bool {
        self.doubtful.load(Ordering::Acquire)
    }

    /// How long the write has taken that is not done yet.
    pub(super) fn silence(&self) -> Duration {
        let since = *lock(&self.since);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// A write is about to begin.
    pub(super) fn begin(&self) {
        *lock(&self.since) = Some(Instant::now());
    }

    pub(super) fn write(&self, write: Write) {
        if !self.broken.is_cancelled() {
            self.begin();
            self.put(write.offset, &write.bytes);
        }
        *lock(&self.since) = None;
    }

    fn put(&self, offset: u64, bytes: &[u8]) {
        if let Err(error) = self.files.write_at(&self.file, bytes, offset) {
            return self.fail(|| self.trouble(&error));
        }
        if let Some(hasher) = self.hasher.get() {
            hasher.wrote(offset, bytes);
        }
        let length = bytes.len() as u64;
        if let Some(span) = Span::new(offset, offset + length) {
            lock(&self.done).insert(span);
            self.received.fetch_add(length, Ordering::Relaxed);
            if let Some(journal) = self.journal.get() {
                journal.wrote(&self.file, offset, bytes);
            }
        }
    }

    /// From now on what comes waits for the thread that is held here.
    pub(super) fn hold(&self) {
        lock(&self.behind).get_or_insert_default();
    }

    /// The write, unless it has to wait for the thread that is held here.
    pub(super) fn unless_held(&self, write: Write) -> Option<Write> {
        match lock(&self.behind).as_mut() {
            Some(behind) => {
                behind.push_back(write);
                None
            }
            None => Some(write),
        }
    }

    /// The thread that was held writes what came meanwhile, in its order.
    pub(super) fn catch_up(&self) {
        loop {
            let mut behind = lock(&self.behind);
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
