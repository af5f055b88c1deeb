//! Batches small files per folder. Files that arrive while others are written go into the next batch, which costs one
//! task switch and one sync of the folder, not one of each per file.
//!
//! Has no threads: `push` tells its caller when another thread is useful, and the caller provides it. Knows no
//! download.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use super::file_system::FileSystem;
use super::tmpfile::{SmallFile, place_all};

/// Maximum number of files per batch: each waits for the last one.
const MAX_BATCH: usize = 8;
/// A disk that takes longer per file gets several threads, which can share its latency: one journal sync serves all.
const SLOW_FILE: Duration = Duration::from_millis(2);
/// Maximum number of threads for one folder of a slow disk.
const MAX_THREADS: usize = 16;

/// The waiting files of each folder. Clones share it.
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
            // Assumed until measured.
            is_slow: true,
        }
    }
}

impl SmallFileQueue {
    fn folders(&self) -> MutexGuard<'_, HashMap<PathBuf, FolderQueue>> {
        // Nothing that holds the lock can panic halfway through a change.
        self.0.lock()
    }

    /// Queues a file. Returns whether the caller has to let a thread call [`SmallFileQueue::write`] for that folder:
    /// otherwise one already does.
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

    /// Writes the waiting files of a folder until there are none. Blocks for as long as the disk does.
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

    /// The next batch; without one, the calling thread is no longer counted.
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
