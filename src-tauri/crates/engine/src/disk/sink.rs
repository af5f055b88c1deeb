//! Positioned writes, off the async workers: a few threads write for all downloads.
//!
//! A [`Sink`] belongs to one download. It bounds the bytes that wait to be written, notes which are, and keeps the
//! first thing that went wrong.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::buffers::{Batch, Buffers};
use super::hasher::Hasher;
use super::trouble::path_problem;
use crate::core::checksum::Algorithm;
use crate::core::plan::{Ranges, Span};
use crate::core::problem::Problem;
use crate::core::samples::Samples;

/// Bytes of one download that may wait to be written.
const WAITING: u32 = 2 << 20;

/// The writing threads. They end when the pool and every sink made from it are dropped.
#[derive(Debug)]
pub(crate) struct Pool {
    threads: Vec<Sender<Write>>,
    next: AtomicUsize,
    buffers: Buffers,
}

struct Write {
    target: Arc<Target>,
    offset: u64,
    bytes: Bytes,
    _room: Room,
}

/// Leave to hand over some bytes; given back when they are written.
#[derive(Debug)]
pub(crate) struct Room(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

#[derive(Debug)]
struct Target {
    file: File,
    path: PathBuf,
    done: Mutex<Ranges>,
    problem: Mutex<Option<Problem>>,
    broken: CancellationToken,
    received: Arc<AtomicU64>,
    /// There when a digest is wanted.
    hasher: OnceLock<Hasher>,
    /// A sync has failed: what was written may be lost, whatever later ones say.
    doubtful: AtomicBool,
    /// Of the last checkpoint.
    samples: Mutex<Samples>,
}

/// Where the bytes of one download go.
#[derive(Debug, Clone)]
pub(crate) struct Sink {
    target: Arc<Target>,
    thread: Sender<Write>,
    buffers: Buffers,
    room: Arc<Semaphore>,
}

impl Pool {
    pub(crate) fn start(threads: usize) -> Self {
        let threads = (0..threads.max(1)).map(|n| {
            let (sender, inbox) = channel();
            std::thread::Builder::new()
                .name(format!("disk-{n}"))
                .spawn(move || run(&inbox))
                .expect("the system gives threads at start");
            sender
        });
        Self {
            threads: threads.collect(),
            next: AtomicUsize::new(0),
            buffers: Buffers::default(),
        }
    }

    /// A sink into `file`, of which `done` is there already; `received` is kept at the number of bytes there.
    pub(crate) fn sink(
        &self,
        file: File,
        path: PathBuf,
        done: Ranges,
        received: Arc<AtomicU64>,
    ) -> Sink {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.threads.len();
        received.store(done.count(), Ordering::Relaxed);
        Sink {
            target: Arc::new(Target {
                file,
                path,
                done: Mutex::new(done),
                problem: Mutex::new(None),
                broken: CancellationToken::new(),
                received,
                hasher: OnceLock::new(),
                doubtful: AtomicBool::new(false),
                samples: Mutex::default(),
            }),
            thread: self.threads[turn].clone(),
            buffers: self.buffers.clone(),
            room: Arc::new(Semaphore::new(WAITING as usize)),
        }
    }
}

impl Sink {
    /// A digest of the file is wanted: what is written from now on is put into it.
    pub(crate) fn hash(&self, algorithm: Algorithm) {
        self.target.hasher.get_or_init(|| Hasher::new(algorithm));
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
            target: Arc::clone(&self.target),
            offset,
            bytes,
            _room: room,
        };
        self.thread
            .send(write)
            .expect("a thread ends only after its last sender");
    }

    /// Returns when everything handed over before is written (or has failed).
    pub(crate) async fn drain(&self) {
        let all = self.room.acquire_many(WAITING).await;
        drop(all.expect("the semaphore is never closed"));
    }

    /// What is written. Not yet safe from a power cut: see [`Sink::sync`].
    pub(crate) fn done(&self) -> Ranges {
        lock(&self.target.done).clone()
    }

    /// Makes what is written now safe from a power cut, and says what that is, also when a later write failed. Blocks.
    pub(crate) fn sync(&self) -> Result<Ranges, Problem> {
        let done = self.done();
        if let Err(error) = self.target.file.sync_data() {
            // The system tells of lost bytes once, and forgets: this file is not to be trusted any more.
            self.target.doubtful.store(true, Ordering::Release);
            self.target.fail(&error);
        }
        let doubtful = self.target.doubtful.load(Ordering::Acquire);
        let problem = self.problem().filter(|_| doubtful);
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

    pub(super) fn trouble(&self, error: &io::Error) -> Problem {
        self.target.trouble(error)
    }

    /// Another handle of the same file, for what comes after the writing.
    pub(crate) fn file(&self) -> io::Result<File> {
        self.target.file.try_clone()
    }
}

impl Target {
    fn trouble(&self, error: &io::Error) -> Problem {
        let folder = self.path.parent().unwrap_or(&self.path);
        path_problem(error, &self.path, folder)
    }

    /// Keeps the first thing that went wrong.
    fn fail(&self, error: &io::Error) {
        lock(&self.problem).get_or_insert_with(|| self.trouble(error));
        self.broken.cancel();
    }

    fn write(&self, offset: u64, bytes: &[u8]) {
        if self.broken.is_cancelled() {
            return;
        }
        if let Err(error) = write_at(&self.file, bytes, offset) {
            self.fail(&error);
            return;
        }
        if let Some(hasher) = self.hasher.get() {
            hasher.wrote(offset, bytes);
        }
        let length = bytes.len() as u64;
        if let Some(span) = Span::new(offset, offset + length) {
            lock(&self.done).insert(span);
            self.received.fetch_add(length, Ordering::Relaxed);
        }
    }
}

fn run(inbox: &Receiver<Write>) {
    while let Ok(write) = inbox.recv() {
        write.target.write(write.offset, &write.bytes);
    }
}

/// Nothing that holds one of these locks can panic halfway through a change.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(super) fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
