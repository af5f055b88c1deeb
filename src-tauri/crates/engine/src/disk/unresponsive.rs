//! Folders with abandoned disk calls that have not returned. Nothing new starts there until they do: there would be two
//! writers of one file, and ever more blocked threads.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

/// Held by whatever may have to wait for a disk, for as long as it does.
#[derive(Debug, Default)]
pub(crate) struct DiskWait;

/// The abandoned waits. Clones share the list.
#[derive(Debug, Clone, Default)]
pub(crate) struct UnresponsiveDisks(Arc<Mutex<Vec<AbandonedWait>>>);

#[derive(Debug)]
struct AbandonedWait {
    folder: PathBuf,
    wait: Weak<DiskWait>,
}

impl UnresponsiveDisks {
    /// Marks a wait as abandoned.
    pub(crate) fn mark(&self, folder: &Path, wait: &Arc<DiskWait>) {
        self.list().push(AbandonedWait {
            folder: folder.to_owned(),
            wait: Arc::downgrade(wait),
        });
    }

    /// Whether an abandoned call still waits for the disk of that folder.
    pub(crate) fn contains(&self, folder: &Path) -> bool {
        let mut list = self.list();
        list.retain(|one| one.wait.strong_count() > 0);
        list.iter().any(|one| one.folder == folder)
    }

    /// Nothing that holds the lock can panic halfway through a change.
    fn list(&self) -> parking_lot::MutexGuard<'_, Vec<AbandonedWait>> {
        self.0.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_silent_until_the_last_who_waits_for_its_disk_has_come_back() {
        let (silent, here) = (UnresponsiveDisks::default(), Path::new("/here"));
        let waits = [Arc::new(DiskWait), Arc::new(DiskWait)];
        assert!(!silent.contains(here));
        for wait in &waits {
            silent.mark(here, wait);
        }
        let [one, other] = waits;
        drop(one);
        assert!(silent.contains(here) && !silent.contains(Path::new("/there")));
        drop(other);
        assert!(!silent.contains(here) && silent.list().is_empty());
    }
}
