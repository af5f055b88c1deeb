//! Positioned writes, off the async workers: a few threads write for all downloads.
//!
//! A [`FileWriter`] belongs to one download. It bounds the bytes that wait to be written, notes which are, and keeps the
//! first thing that went wrong.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::buffers::{BufferPool, WriteBuffer};
use super::hasher::Hasher;
use super::progress_journal::Journal;
use super::unresponsive::UnresponsiveDisks;
use super::write_target::{PendingWrite, WritePermit, WriteTarget};
use super::writer_pool::WriteTask;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::checksum::Algorithm;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;

/// Bytes of one download that may wait to be written.
const MAX_QUEUED_BYTES: u32 = 2 << 20;
/// How often the disk is looked at while it is waited for.
const DRAIN_POLL: Duration = Duration::from_millis(50);

/// Where the bytes of one download go.
#[derive(Debug, Clone)]
pub(crate) struct FileWriter {
    target: Arc<WriteTarget>,
    thread: Sender<WriteTask>,
    buffers: BufferPool,
    reserve: Arc<Semaphore>,
    silent: UnresponsiveDisks,
}

impl FileWriter {
    pub(super) fn new(
        target: Arc<WriteTarget>,
        thread: Sender<WriteTask>,
        buffers: BufferPool,
        silent: UnresponsiveDisks,
    ) -> Self {
        Self {
            target,
            thread,
            buffers,
            reserve: Arc::new(Semaphore::new(MAX_QUEUED_BYTES as usize)),
            silent,
        }
    }

    /// A digest of the file is wanted: what is written from now on is put into it.
    pub(crate) fn start_hash(&self, algorithm: Algorithm) {
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
    pub(crate) fn write_buffer(&self) -> WriteBuffer {
        WriteBuffer::new(self.buffers.clone())
    }

    /// Waits until `bytes` more may wait to be written. An error is that of an earlier write.
    pub(crate) async fn reserve(&self, bytes: usize) -> Result<WritePermit, Problem> {
        let length = u32::try_from(bytes)
            .unwrap_or(MAX_QUEUED_BYTES)
            .min(MAX_QUEUED_BYTES);
        let room = Arc::clone(&self.reserve).acquire_many_owned(length).await;
        let room = room.expect("the semaphore is never closed");
        self.problem().map_or(Ok(WritePermit(room)), Err)
    }

    /// Hands bytes over to be written at `offset`. Does not wait, so that nothing can come between claiming bytes and
    /// handing them over.
    pub(crate) fn write(&self, room: WritePermit, offset: u64, bytes: Bytes) {
        let write = PendingWrite {
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
            let all = self.reserve.acquire_many(MAX_QUEUED_BYTES);
            if let Ok(all) = tokio::time::timeout(DRAIN_POLL.min(patience()), all).await {
                drop(all.expect("the semaphore is never closed"));
                return true;
            }
            if self.write_time() > patience() {
                return false;
            }
        }
    }

    /// How long the disk has taken for the write that is not done yet.
    pub(crate) fn write_time(&self) -> Duration {
        self.target.write_time()
    }

    /// The disk does not answer: nothing is written any more but what is at it, and nobody begins in this folder until
    /// that has come back.
    pub(crate) fn abandon(&self) -> Problem {
        let folder = self.target.folder();
        self.silent.mark(folder, &self.target.wait);
        let problem = Problem::DiskSilent {
            folder: folder.display().to_string(),
        };
        self.target.fail(|| problem.clone());
        problem
    }

    /// What is written. Not yet safe from a power cut: see [`FileWriter::sync`].
    pub(crate) fn done(&self) -> ByteRanges {
        self.target.done.lock().clone()
    }

    /// Makes what is written now safe from a power cut, and says what that is, also when a later write failed. Blocks.
    pub(crate) fn sync(&self) -> Result<ByteRanges, Problem> {
        let done = self.done();
        self.target.sync();
        let problem = self.problem().filter(|_| self.target.sync_failed());
        problem.map_or(Ok(done), Err)
    }

    /// The first thing that went wrong.
    pub(crate) fn problem(&self) -> Option<Problem> {
        if self.target.failed.is_cancelled() {
            self.target.problem.lock().clone()
        } else {
            None
        }
    }

    /// Resolves when something has gone wrong.
    pub(crate) async fn failed(&self) {
        self.target.failed.cancelled().await;
    }

    pub(super) fn samples(&self) -> &Mutex<Fingerprint> {
        &self.target.samples
    }

    pub(crate) fn to_problem(&self, error: &io::Error) -> Problem {
        self.target.to_problem(error)
    }

    /// Another handle of the same file, for what comes after the writing.
    pub(crate) fn file(&self) -> io::Result<File> {
        self.target.file.try_clone()
    }
}
