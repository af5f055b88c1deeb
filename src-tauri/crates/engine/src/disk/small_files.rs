//! Small files on their way into their folders. What comes while others are written goes with the next of them: a batch
//! costs one turn of a thread and one sync of the folder, not one of each for a file.
//!
//! Has no threads: whoever brings a file is told when a thread more is of use, and lends it. Knows no download.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use parking_lot::{Mutex, MutexGuard};

use super::file_system::FileSystem;
use super::publish::PublishOptions;
use super::tmpfile::{PlacedFile, place_all};

/// Files of one batch: those of it wait for its last one.
const MAX_BATCH: usize = 8;
/// A disk that takes longer for a file gets several threads, whose waiting it can share: one sync of a journal serves all.
const SLOW_FILE: Duration = Duration::from_millis(2);
/// Threads for one folder of a slow disk.
const MAX_THREADS: usize = 16;

/// A whole file, and who waits for it.
pub(crate) struct SmallFile {
    /// The next free numbered one is taken where this is taken.
    pub(crate) name: String,
    /// One after another.
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) options: PublishOptions,
    /// Told once, from the thread that wrote: `None` where files without a name are not to be had. An error leaves
    /// nothing behind.
    pub(crate) done: Box<dyn FnOnce(std::io::Result<Option<PlacedFile>>) + Send>,
}

impl std::fmt::Debug for SmallFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmallFile")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What waits for each folder. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct SmallFileQueue(Arc<Mutex<HashMap<PathBuf, FolderQueue>>>);

#[derive(Debug)]
struct FolderQueue {
    waiting: Vec<SmallFile>,
    threads: usize,
    is_slow: bool,
}

impl Default for FolderQueue {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
            threads: 0,
            // Until it has shown how fast it is.
            is_slow: true,
        }
    }
}

impl SmallFileQueue {
    fn folders(&self) -> MutexGuard<'_, HashMap<PathBuf, FolderQueue>> {
        // Nothing that holds the lock can panic halfway through a change.
        self.0.lock()
    }

    /// Takes a file in. Whether the caller is to have a thread call [`SmallFileQueue::write`] for that folder: else one
    /// does already.
    #[must_use]
    pub(crate) fn push(&self, folder: &Path, file: SmallFile) -> bool {
        let mut folders = self.folders();
        let queue = match folders.get_mut(folder) {
            Some(queue) => queue,
            None => folders.entry(folder.to_owned()).or_default(),
        };
        queue.waiting.push(file);
        let helps = queue.threads == 0 || queue.is_slow && queue.threads < MAX_THREADS;
        queue.threads += usize::from(helps);
        helps
    }

    /// Writes what waits for a folder, until nothing does. Blocks for as long as the disk does.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a disk takes decides how many threads it gets"
    )]
    pub(crate) fn write(&self, files: &dyn FileSystem, folder: &Path) {
        while let Some(batch) = self.take(folder) {
            let count = u32::try_from(batch.len()).unwrap_or(u32::MAX);
            let begun = Instant::now();
            place_all(files, folder, batch);
            let is_slow = begun.elapsed() > SLOW_FILE * count;
            if let Some(queue) = self.folders().get_mut(folder) {
                queue.is_slow = is_slow;
            }
        }
    }

    /// The next batch; without one, the thread that asks is not counted any more.
    fn take(&self, folder: &Path) -> Option<Vec<SmallFile>> {
        let mut folders = self.folders();
        let queue = folders.get_mut(folder)?;
        if queue.waiting.is_empty() {
            queue.threads = queue.threads.saturating_sub(1);
            return None;
        }
        let most = if queue.is_slow { 1 } else { MAX_BATCH };
        let count = most.min(queue.waiting.len());
        Some(queue.waiting.drain(..count).collect())
    }
}

#[cfg(all(test, target_os = "linux"))]
#[path = "small_files_tests.rs"]
mod tests;
