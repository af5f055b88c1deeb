//! The writer threads of all downloads. A thread that is blocked by its disk is replaced for all other files, and
//! writes what was deferred for its own file once it is unblocked.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use parking_lot::Mutex;

use super::buffers::BufferPool;
use super::file_system::FileSystem;
use super::file_writer::FileWriter;
use super::part_owner::ListMark;
use super::progress_journal::ProgressDir;
use super::small_files::SmallFileQueue;
use super::unresponsive::UnresponsiveDisks;
use super::write_target::{WriteTarget, WriteTask};
use crate::domain::byte_ranges::ByteRanges;

/// A write that takes longer blocks the others of its thread. Common on slow disks; it costs a thread until the write
/// is done.
const STUCK_AFTER: Duration = Duration::from_millis(250);

/// The writer threads. They end when the pool and all its [`FileWriter`]s are dropped.
pub(crate) struct WriterPool {
    pub(super) files: Arc<dyn FileSystem>,
    queues: Vec<(Sender<WriteTask>, Arc<WriterQueue>)>,
    next: AtomicUsize,
    buffers: BufferPool,
    unresponsive: UnresponsiveDisks,
    /// Where writes are recorded, in case the process is killed.
    pub(super) progress: Option<ProgressDir>,
    /// How partial files are marked, if at all.
    pub(super) marks: Option<ListMark>,
    small_files: SmallFileQueue,
}

/// A queue of writes, and the thread that serves it.
struct WriterQueue {
    /// Locked by the thread that waits for the next write.
    inbox: Mutex<Receiver<WriteTask>>,
    serving: Mutex<ActiveWriter>,
}

#[derive(Default)]
struct ActiveWriter {
    /// Number of the thread that serves this queue, counted up with each replacement.
    generation: u64,
    /// The file that this thread is writing.
    at: Option<Arc<WriteTarget>>,
}

impl std::fmt::Debug for WriterPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("queues", &self.queues.len())
            .finish_non_exhaustive()
    }
}

impl WriterPool {
    /// Starts that many threads, which write through `files`.
    pub(crate) fn start(threads: usize, files: Arc<dyn FileSystem>) -> Self {
        let queues = (0..threads.max(1)).map(|_| {
            let (sender, inbox) = channel();
            let queue = Arc::new(WriterQueue {
                inbox: Mutex::new(inbox),
                serving: Mutex::default(),
            });
            spawn_writer(&queue, 0).expect("the system gives threads at start");
            (sender, queue)
        });
        Self {
            files,
            queues: queues.collect(),
            next: AtomicUsize::new(0),
            buffers: BufferPool::default(),
            unresponsive: UnresponsiveDisks::default(),
            small_files: SmallFileQueue::default(),
            progress: None,
            marks: None,
        }
    }

    /// Records writes in journals in this folder.
    pub(crate) fn with_progress(mut self, progress: Option<ProgressDir>) -> Self {
        self.progress = progress;
        self
    }

    /// Marks partial files as of this list.
    pub(crate) fn with_marks(mut self, marks: Option<ListMark>) -> Self {
        self.marks = marks;
        self
    }

    /// Records writes into the file with that id in its journal, in case the process is killed.
    pub(crate) fn record_progress(&self, sink: &FileWriter, id: &str) {
        if let Some(progress) = &self.progress {
            sink.note_in(progress.journal(id, &sink.done()));
        }
    }

    /// The queue of small files.
    pub(crate) fn small_files(&self) -> &SmallFileQueue {
        &self.small_files
    }

    /// The folders with unresponsive disks.
    pub(crate) fn unresponsive(&self) -> &UnresponsiveDisks {
        &self.unresponsive
    }

    /// A writer into `file`, which already contains `done`; `received` is kept at the number of bytes written.
    pub(crate) fn file_writer(
        &self,
        file: File,
        path: PathBuf,
        done: ByteRanges,
        received: Arc<AtomicU64>,
    ) -> FileWriter {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.queues.len();
        received.store(done.total_len(), Ordering::Relaxed);
        let target = WriteTarget::new(Arc::clone(&self.files), file, path, done, received);
        let thread = self.queues[turn].0.clone();
        FileWriter::new(
            target,
            thread,
            self.buffers.clone(),
            self.unresponsive.clone(),
        )
    }

    /// Replaces threads that are blocked by their disk. To be called periodically while anything is written.
    pub(crate) fn replace_stuck(&self) {
        for (_, queue) in &self.queues {
            let mut serving = queue.serving.lock();
            let Some(target) = serving
                .at
                .take_if(|target| target.write_time() > STUCK_AFTER)
            else {
                continue;
            };
            target.detach();
            // If the system provides no thread now, it may at the next call.
            if spawn_writer(queue, serving.generation + 1).is_ok() {
                serving.generation += 1;
                tracing::debug!("a writer thread waits for its disk and was replaced");
            } else {
                // Nothing can have been deferred meanwhile: no other thread serves this queue.
                target.write_deferred();
                serving.at = Some(target);
            }
        }
    }
}

fn spawn_writer(queue: &Arc<WriterQueue>, turn: u64) -> std::io::Result<()> {
    let queue = Arc::clone(queue);
    let thread = std::thread::Builder::new().name("disk".into());
    thread.spawn(move || queue.run(turn)).map(drop)
}

impl WriterQueue {
    /// Serves the queue until all senders are gone, or another thread has replaced this one.
    fn run(&self, turn: u64) {
        loop {
            let Ok((target, write)) = self.inbox.lock().recv() else {
                return;
            };
            let Some(write) = target.or_defer(write) else {
                continue;
            };
            target.begin();
            self.serving.lock().at = Some(Arc::clone(&target));
            target.write(write);
            let mut serving = self.serving.lock();
            if serving.generation != turn {
                drop(serving);
                return target.write_deferred();
            }
            serving.at = None;
        }
    }
}

#[cfg(test)]
#[path = "writer_pool_tests.rs"]
mod tests;
