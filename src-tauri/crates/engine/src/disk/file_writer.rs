//! Positioned writes, off the async workers: a few threads write for all downloads.
//!
//! A [`FileWriter`] belongs to one download. It bounds the queued bytes, records the written ranges, and keeps the
//! first problem.

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
use super::write_target::{PendingWrite, WritePermit, WriteTarget, WriteTask};
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::checksum::Algorithm;
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;

/// Maximum number of queued bytes of one download.
const MAX_QUEUED_BYTES: u32 = 2 << 20;
/// How often the write time is checked while draining.
const DRAIN_POLL: Duration = Duration::from_millis(50);

/// Writes the bytes of one download into its file.
#[derive(Debug, Clone)]
pub(crate) struct FileWriter {
    target: Arc<WriteTarget>,
    thread: Sender<WriteTask>,
    buffers: BufferPool,
    queued_bytes: Arc<Semaphore>,
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
            queued_bytes: Arc::new(Semaphore::new(MAX_QUEUED_BYTES as usize)),
            silent,
        }
    }

    /// Starts hashing: bytes written from now on are included in the digest.
    pub(crate) fn start_hash(&self, algorithm: Algorithm) {
        self.target.hasher.get_or_init(|| Hasher::new(algorithm));
    }

    /// Records writes from now on in this journal immediately.
    pub(super) fn note_in(&self, journal: Journal) {
        self.target.journal.get_or_init(|| journal);
    }

    /// The running digest, if one was started.
    pub(crate) fn hasher(&self) -> Option<&Hasher> {
        self.target.hasher.get()
    }

    /// A buffer that collects one connection's bytes.
    pub(crate) fn write_buffer(&self) -> WriteBuffer {
        WriteBuffer::new(self.buffers.clone())
    }

    /// Waits for a permit to queue `bytes` more. Returns the problem of an earlier write, if any.
    pub(crate) async fn reserve(&self, bytes: usize) -> Result<WritePermit, Problem> {
        let length = u32::try_from(bytes)
            .unwrap_or(MAX_QUEUED_BYTES)
            .min(MAX_QUEUED_BYTES);
        let room = Arc::clone(&self.queued_bytes)
            .acquire_many_owned(length)
            .await;
        let room = room.expect("the semaphore is never closed");
        self.problem().map_or(Ok(WritePermit(room)), Err)
    }

    /// Queues bytes to be written at `offset`. Does not wait, so that nothing can come between claiming bytes and
    /// queueing them.
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

    /// Waits until everything queued before is written (or has failed): true. False when one write takes longer than
    /// `patience`, which is evaluated on each poll.
    pub(crate) async fn drain(&self, patience: impl Fn() -> Duration) -> bool {
        loop {
            let all = self.queued_bytes.acquire_many(MAX_QUEUED_BYTES);
            if let Ok(all) = tokio::time::timeout(DRAIN_POLL.min(patience()), all).await {
                drop(all.expect("the semaphore is never closed"));
                return true;
            }
            if self.write_time() > patience() {
                return false;
            }
        }
    }

    /// Duration of the write in progress.
    pub(crate) fn write_time(&self) -> Duration {
        self.target.write_time()
    }

    /// Gives up on an unresponsive disk: nothing more is written except the write in progress, and nothing new starts
    /// in this folder until that returns.
    pub(crate) fn abandon(&self) -> Problem {
        let folder = self.target.folder();
        tracing::warn!("the disk does not respond: {}", folder.display());
        self.silent.mark(folder, &self.target.wait);
        let problem = Problem::DiskSilent {
            folder: folder.display().to_string(),
        };
        self.target.fail(|| problem.clone());
        problem
    }

    /// The written ranges. Not yet safe from a power cut: see [`FileWriter::sync`].
    pub(crate) fn done(&self) -> ByteRanges {
        self.target.done.lock().clone()
    }

    /// Syncs the ranges written so far and returns them, also when a later write failed. Blocks.
    pub(crate) fn sync(&self) -> Result<ByteRanges, Problem> {
        let done = self.done();
        self.target.sync();
        let problem = self.problem().filter(|_| self.target.sync_failed());
        problem.map_or(Ok(done), Err)
    }

    /// The first problem.
    pub(crate) fn problem(&self) -> Option<Problem> {
        if self.target.failed.is_cancelled() {
            self.target.problem.lock().clone()
        } else {
            None
        }
    }

    /// Resolves when there is a problem.
    pub(crate) async fn failed(&self) {
        self.target.failed.cancelled().await;
    }

    pub(super) fn samples(&self) -> &Mutex<Fingerprint> {
        &self.target.samples
    }

    pub(crate) fn to_problem(&self, error: &io::Error) -> Problem {
        self.target.to_problem(error)
    }

    /// A duplicate of the file handle, for the steps after writing.
    pub(crate) fn file(&self) -> io::Result<File> {
        self.target.file.try_clone()
    }
}
