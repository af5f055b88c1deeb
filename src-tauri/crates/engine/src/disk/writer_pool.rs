//! The threads that write for all downloads, and what becomes of one that its disk does not let go: another takes its
//! place for all other files, and the one that is held writes what came for its file meanwhile once it is free.

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
use super::write_target::{PendingWrite, WriteTarget};
use crate::domain::byte_ranges::ByteRanges;

/// A write that takes longer holds up the others of its thread. Slow disks do that all the time; it costs a thread
/// until the write is done.
const STUCK_AFTER: Duration = Duration::from_millis(250);

/// The writing threads. They end when the pool and every sink made from it are dropped.
pub(crate) struct WriterPool {
    pub(super) files: Arc<dyn FileSystem>,
    desks: Vec<(Sender<WriteTask>, Arc<WriterQueue>)>,
    next: AtomicUsize,
    buffers: BufferPool,
    unresponsive: UnresponsiveDisks,
    /// Where it is noted what is written, for the case of a kill.
    pub(super) progress: Option<ProgressDir>,
    /// How unfinished files are marked, if they are.
    pub(super) marks: Option<ListMark>,
    small_files: SmallFileQueue,
}

/// What goes where.
pub(super) type WriteTask = (Arc<WriteTarget>, PendingWrite);

/// Where writes wait, and the thread that serves them.
struct WriterQueue {
    /// Taken by the one whose turn it is.
    inbox: Mutex<Receiver<WriteTask>>,
    serving: Mutex<ActiveWriter>,
}

#[derive(Default)]
struct ActiveWriter {
    /// Counts the threads that were put here.
    generation: u64,
    /// What the last of them is writing.
    at: Option<Arc<WriteTarget>>,
}

impl std::fmt::Debug for WriterPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("desks", &self.desks.len())
            .finish_non_exhaustive()
    }
}

impl WriterPool {
    /// That many threads, which write by `files`.
    pub(crate) fn start(threads: usize, files: Arc<dyn FileSystem>) -> Self {
        let desks = (0..threads.max(1)).map(|_| {
            let (sender, inbox) = channel();
            let desk = Arc::new(WriterQueue {
                inbox: Mutex::new(inbox),
                serving: Mutex::default(),
            });
            spawn_writer(&desk, 0).expect("the system gives threads at start");
            (sender, desk)
        });
        Self {
            files,
            desks: desks.collect(),
            next: AtomicUsize::new(0),
            buffers: BufferPool::default(),
            unresponsive: UnresponsiveDisks::default(),
            small_files: SmallFileQueue::default(),
            progress: None,
            marks: None,
        }
    }

    /// What is written is noted there at once.
    pub(crate) fn with_progress(mut self, progress: Option<ProgressDir>) -> Self {
        self.progress = progress;
        self
    }

    /// Unfinished files are marked as of this list.
    pub(crate) fn with_marks(mut self, marks: Option<ListMark>) -> Self {
        self.marks = marks;
        self
    }

    /// Notes for the case of a kill what is written into the file with that id.
    pub(crate) fn record_progress(&self, sink: &FileWriter, id: &str) {
        if let Some(progress) = &self.progress {
            sink.note_in(progress.journal(id, &sink.done()));
        }
    }

    /// Small files that wait for their folders.
    pub(crate) fn small_files(&self) -> &SmallFileQueue {
        &self.small_files
    }

    /// Folders whose disk does not answer.
    pub(crate) fn unresponsive(&self) -> &UnresponsiveDisks {
        &self.unresponsive
    }

    /// A sink into `file`, of which `done` is there already; `received` is kept at the number of bytes there.
    pub(crate) fn file_writer(
        &self,
        file: File,
        path: PathBuf,
        done: ByteRanges,
        received: Arc<AtomicU64>,
    ) -> FileWriter {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.desks.len();
        received.store(done.total_len(), Ordering::Relaxed);
        let target = WriteTarget::new(Arc::clone(&self.files), file, path, done, received);
        let thread = self.desks[turn].0.clone();
        FileWriter::new(
            target,
            thread,
            self.buffers.clone(),
            self.unresponsive.clone(),
        )
    }

    /// Puts another thread where one has been held by its disk. To be called now and then while anything is written.
    pub(crate) fn replace_stuck(&self) {
        for (_, desk) in &self.desks {
            let mut serving = desk.serving.lock();
            let Some(target) = serving
                .at
                .take_if(|target| target.write_time() > STUCK_AFTER)
            else {
                continue;
            };
            target.detach();
            // A system that gives no thread now may give one at the next look.
            if spawn_writer(desk, serving.generation + 1).is_ok() {
                serving.generation += 1;
            } else {
                // Nothing can have come for it meanwhile: there is nobody who would have taken it on.
                target.write_deferred();
                serving.at = Some(target);
            }
        }
    }
}

fn spawn_writer(desk: &Arc<WriterQueue>, turn: u64) -> std::io::Result<()> {
    let desk = Arc::clone(desk);
    let thread = std::thread::Builder::new().name("disk".into());
    thread.spawn(move || desk.run(turn)).map(drop)
}

impl WriterQueue {
    /// Writes what comes, until there is nobody left who could send anything, or another one does it.
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
