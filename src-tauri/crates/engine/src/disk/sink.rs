//! Positioned writes, off the async workers: a few threads write for all downloads.
//!
//! A [`Sink`] belongs to one download. It bounds the bytes that wait to be written, notes which are, and keeps the
//! first thing that went wrong.

use std::fs::File;
use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;

use super::buffers::{Batch, Buffers};
use super::hasher::Hasher;
use super::pool::Task;
use super::progress::Journal;
use super::silent::Silent;
use super::target::{Room, Target, Write};
use crate::core::checksum::Algorithm;
use crate::core::plan::Ranges;
use crate::core::problem::Problem;
use crate::core::samples::Samples;

/// Bytes of one download that may wait to be written.
const WAITING: u32 = 2 << 20;
/// How often the disk is looked at while it is waited for.
const LOOK: Duration = Duration::from_millis(50);

/// Where the bytes of one download go.
#[derive(Debug, Clone)]
pub(crate) struct Sink {
    target: Arc<Target>,
    thread: Sender<Task>,
    buffers: Buffers,
    room: Arc<Semaphore>,
    silent: Silent,
}

impl Sink {
    pub(super) fn new(
        target: Arc<Target>,
        thread: Sender<Task>,
        buffers: Buffers,
        silent: Silent,
    ) -> Self {
        Self {
            target,
            thread,
            buffers,
            room: Arc::new(Semaphore::new(WAITING as usize)),
            silent,
        }
    }

    /// A digest of the file is wanted: what is written from now on is put into it.
    pub(crate) fn hash(&self, algorithm: Algorithm) {
        self.target.hasher.get_or_init(|| Hasher::new(algorithm));
    }

    /// What is written from now on is noted there at once.
    pub(super) fn note_in(&self, journal: Journal) {
        self.target.journal.get_or_init(|| journal);
    }

    /// The digest in the making, if one is wanted.
    pub(crate) fn hasher(&self) -> Option<&Hasher> {
        self.target.hasher.get()
    }

    /// Where one connection's bytes are collected.
    pub(crate) fn batch(&self) -> Batch {
        Batch::new(self.buffers.clone())
    }

    /// Waits until `bytes` more may wait to be written. An error is that of an earlier write.
    pub(crate) async fn room(&self, bytes: usize) -> Result<Room, Problem> {
        let length = u32::try_from(bytes).unwrap_or(WAITING).min(WAITING);
        let room = Arc::clone(&self.room).acquire_many_owned(length).await;
        let room = room.expect("the semaphore is never closed");
        self.problem().map_or(Ok(Room(room)), Err)
    }

    /// Hands bytes over to be written at `offset`. Does not wait, so that nothing can come between claiming bytes and
    /// handing them over.
    pub(crate) fn write(&self, room: Room, offset: u64, bytes: Bytes) {
        let write = Write {
            offset,
            bytes,
            _room: room,
        };
        self.thread
            .send((Arc::clone(&self.target), write))
            .expect("a thread ends only after its last sender");
    }

    /// Returns when everything handed over before is written (or has failed): true. False when one write has taken
    /// longer than `patience` says, which is asked again and again.
    pub(crate) async fn drain(&self, patience: impl Fn() -> Duration) -> bool {
        loop {
            let all = self.room.acquire_many(WAITING);
            if let Ok(all) = tokio::time::timeout(LOOK.min(patience()), all).await {
                drop(all.expect("the semaphore is never closed"));
                return true;
            }
            if self.silence() > patience() {
                return false;
            }
        }
    }

    /// How long the disk has taken for the write that is not done yet.
    pub(crate) fn silence(&self) -> Duration {
        self.target.silence()
    }

    /// The disk does not answer: nothing is written any more but what is at it, and nobody begins in this folder until
    /// that has come back.
    pub(crate) fn give_up(&self) -> Problem {
        let folder = self.target.folder();
        self.silent.note(folder, &self.target.wait);
        let problem = Problem::DiskSilent {
            folder: folder.display().to_string(),
        };
        self.target.fail(|| problem.clone());
        problem
    }

    /// What is written. Not yet safe from a power cut: see [`Sink::sync`].
    pub(crate) fn done(&self) -> Ranges {
        lock(&self.target.done).clone()
    }

    /// Makes what is written now safe from a power cut, and says what that is, also when a later write failed. Blocks.
    pub(crate) fn sync(&self) -> Result<Ranges, Problem> {
        let done = self.done();
        self.target.sync();
        let problem = self.problem().filter(|_| self.target.doubtful());
        problem.map_or(Ok(done), Err)
    }

    /// The first thing that went wrong.
    pub(crate) fn problem(&self) -> Option<Problem> {
        if self.target.broken.is_cancelled() {
            lock(&self.target.problem).clone()
        } else {
            None
        }
    }

    /// Resolves when something has gone wrong.
    pub(crate) async fn broken(&self) {
        self.target.broken.cancelled().await;
    }

    pub(super) fn samples(&self) -> &Mutex<Samples> {
        &self.target.samples
    }

    pub(crate) fn trouble(&self, error: &io::Error) -> Problem {
        self.target.trouble(error)
    }

    /// Another handle of the same file, for what comes after the writing.
    pub(crate) fn file(&self) -> io::Result<File> {
        self.target.file.try_clone()
    }
}

/// Nothing that holds one of these locks can panic halfway through a change.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
