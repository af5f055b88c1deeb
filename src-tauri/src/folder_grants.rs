//! The folders that the page may name. It knows ids, minted here after a dialog; the paths stay on this side.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parking_lot::{Mutex, MutexGuard};
use serde::{Deserialize, Serialize};

use crate::ipc::{Folder, IpcError, IpcErrorCode, truncate};
use crate::paths::AppPaths;

/// The id of the folder that needs no dialog.
const DOWNLOADS: &str = "downloads";
/// Bytes of a label as JSON: with one for every category, settings still fit a frame.
const MAX_LABEL: usize = 400;
/// Chosen folders remembered; the one chosen longest ago goes first.
const MAX_GRANTS: usize = 50;
/// Of these, offered again without a dialog.
const MAX_RECENT: usize = 5;

#[derive(Debug)]
pub(crate) struct FolderGrants {
    file: PathBuf,
    downloads: Mutex<Downloads>,
    chosen: Mutex<StoredGrants>,
    /// Ids that are never forgotten.
    pinned: Mutex<Vec<String>>,
}

/// The folder that needs no dialog.
#[derive(Debug, Clone)]
struct Downloads {
    path: PathBuf,
    private: bool,
}

/// As it is stored. The last one is the one chosen last.
#[derive(Debug, Default, Serialize, Deserialize)]
struct StoredGrants {
    minted: u64,
    folders: Vec<FolderGrant>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct FolderGrant {
    id: String,
    path: PathBuf,
}

impl FolderGrants {
    /// What was chosen in earlier runs. A file that cannot be read counts as empty: choices are easily made again.
    pub(crate) fn open(home: &AppPaths) -> Self {
        let file = home.folders();
        let stored = fs::read(&file).ok();
        let chosen = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            file,
            downloads: Mutex::new(Downloads {
                path: home.downloads.clone(),
                private: home.private_downloads,
            }),
            chosen: Mutex::new(chosen.unwrap_or_default()),
            pinned: Mutex::default(),
        }
    }

    /// The one that needs no dialog.
    pub(crate) fn downloads(&self) -> Folder {
        folder(DOWNLOADS, &self.own().path)
    }

    /// Whether what is in the one for downloads goes with the app.
    pub(crate) fn are_private(&self) -> bool {
        self.own().private
    }

    /// From now on the one for downloads is this, in which files stay when the app goes.
    pub(crate) fn go_public(&self, path: PathBuf) {
        let public = Downloads {
            path,
            private: false,
        };
        let mut downloads = self.downloads.lock();
        *downloads = public;
    }

    /// The folder chosen last, else the one for downloads.
    pub(crate) fn latest(&self) -> Folder {
        let chosen = self.lock();
        let last = chosen.folders.last();
        last.map_or_else(|| self.downloads(), |entry| folder(&entry.id, &entry.path))
    }

    /// The path behind an id.
    pub(crate) fn resolve(&self, id: &str) -> Result<PathBuf, IpcError> {
        if id == DOWNLOADS {
            return Ok(self.own().path);
        }
        let chosen = self.lock();
        let entry = chosen.folders.iter().find(|entry| entry.id == id);
        entry.map(|entry| entry.path.clone()).ok_or_else(|| {
            let message = "this folder is not known any more; choose it again";
            IpcError::new(IpcErrorCode::UnknownFolder, message)
        })
    }

    /// The folder behind an id, as a page sees it.
    pub(crate) fn get(&self, id: &str) -> Result<Folder, IpcError> {
        self.resolve(id).map(|path| folder(id, &path))
    }

    /// The person chose this folder in a dialog. It is known from now on, also when that cannot be stored.
    pub(crate) fn grant(&self, path: PathBuf) -> (Folder, io::Result<()>) {
        let pinned = self.pinned.lock();
        let mut chosen = self.lock();
        let known = chosen.folders.iter().position(|entry| entry.path == path);
        let entry = match known {
            Some(place) => chosen.folders.remove(place),
            None => {
                chosen.minted += 1;
                FolderGrant {
                    id: format!("folder-{}", chosen.minted),
                    path,
                }
            }
        };
        let minted = folder(&entry.id, &entry.path);
        if chosen.folders.len() >= MAX_GRANTS {
            let mut entries = chosen.folders.iter();
            let oldest = entries.position(|entry| !pinned.contains(&entry.id));
            oldest.map(|place| chosen.folders.remove(place));
        }
        chosen.folders.push(entry);
        let stored = store(&self.file, &chosen);
        (minted, stored)
    }

    /// Those chosen or used last, the latest first; the one for downloads is never among them.
    pub(crate) fn recent(&self) -> Vec<Folder> {
        let chosen = self.lock();
        let latest = chosen.folders.iter().rev().take(MAX_RECENT);
        latest.map(|entry| folder(&entry.id, &entry.path)).collect()
    }

    /// A download goes there: it counts as chosen last, also when that cannot be stored. An unknown id changes nothing.
    pub(crate) fn touch(&self, id: &str) -> io::Result<()> {
        let mut chosen = self.lock();
        let place = chosen.folders.iter().position(|entry| entry.id == id);
        let Some(place) = place.filter(|place| place + 1 < chosen.folders.len()) else {
            return Ok(());
        };
        let entry = chosen.folders.remove(place);
        chosen.folders.push(entry);
        store(&self.file, &chosen)
    }

    /// A folder that was stored elsewhere together with its id, which it keeps unless another has it now.
    pub(crate) fn restore(&self, id: &str, path: &Path) -> Folder {
        match self.resolve(id) {
            Ok(known) if known == path || id == DOWNLOADS => folder(id, &known),
            Ok(_) | Err(_) => self.grant(path.to_path_buf()).0,
        }
    }

    /// From now on these, and only these, are kept however many others are chosen.
    pub(crate) fn pin(&self, ids: Vec<String>) {
        *self.pinned.lock() = ids;
    }

    fn own(&self) -> Downloads {
        let downloads = self.downloads.lock();
        downloads.clone()
    }

    fn lock(&self) -> MutexGuard<'_, StoredGrants> {
        self.chosen.lock()
    }
}

fn store(file: &Path, chosen: &StoredGrants) -> io::Result<()> {
    millrace_engine::atomic_write(file, &serde_json::to_vec_pretty(chosen)?)
}

fn folder(id: &str, path: &Path) -> Folder {
    Folder {
        id: id.to_owned(),
        label: truncate(&path.display().to_string(), MAX_LABEL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(folder: &Path) -> AppPaths {
        AppPaths {
            state: folder.to_path_buf(),
            downloads: folder.join("files"),
            fixed_downloads: false,
            private_downloads: false,
        }
    }

    #[test]
    fn a_chosen_folder_keeps_its_id_also_after_a_restart() {
        let temp = tempfile::tempdir().unwrap();
        let home = home(temp.path());
        let folders = FolderGrants::open(&home);
        assert_eq!(folders.latest().id, "downloads");
        let (music, stored) = folders.grant("music".into());
        stored.unwrap();
        let (_, stored) = folders.grant("films".into());
        stored.unwrap();
        let (again, stored) = folders.grant("music".into());
        stored.unwrap();
        assert_eq!(again, music);

        let folders = FolderGrants::open(&home);
        assert_eq!(folders.latest(), music);
        assert_eq!(folders.resolve("folder-2").unwrap(), Path::new("films"));
        assert_eq!(folders.resolve("downloads").unwrap(), home.downloads);
    }

    #[test]
    fn the_folders_used_last_are_offered_first_also_after_a_restart() {
        let temp = tempfile::tempdir().unwrap();
        let home = home(temp.path());
        let folders = FolderGrants::open(&home);
        assert!(folders.recent().is_empty());
        let ids: Vec<String> = (0..MAX_RECENT + 2)
            .map(|number| folders.grant(format!("{number}").into()).0.id)
            .collect();
        folders.touch(&ids[1]).unwrap();
        folders.touch("downloads").unwrap();
        folders.touch("/etc").unwrap();
        for folders in [folders, FolderGrants::open(&home)] {
            let recent: Vec<String> = folders.recent().into_iter().map(|one| one.id).collect();
            assert_eq!(recent.len(), MAX_RECENT);
            assert_eq!(recent[..2], [ids[1].clone(), ids[MAX_RECENT + 1].clone()]);
        }
    }

    #[test]
    fn a_path_is_never_taken_for_an_id() {
        let temp = tempfile::tempdir().unwrap();
        let folders = FolderGrants::open(&home(temp.path()));
        let failure = folders.resolve("/etc").unwrap_err();
        assert_eq!(failure.code, IpcErrorCode::UnknownFolder);
    }

    #[test]
    fn the_folder_chosen_longest_ago_is_forgotten_unless_something_needs_it() {
        let temp = tempfile::tempdir().unwrap();
        let folders = FolderGrants::open(&home(temp.path()));
        let (needed, _) = folders.grant("needed".into());
        let (old, _) = folders.grant("old".into());
        folders.pin(vec![needed.id.clone()]);
        for number in 0..MAX_GRANTS {
            folders.grant(format!("{number}").into()).1.unwrap();
        }
        assert_eq!(folders.resolve(&needed.id).unwrap(), Path::new("needed"));
        folders.resolve(&old.id).unwrap_err();
    }

    #[test]
    fn a_folder_that_was_forgotten_comes_back_under_an_id_that_is_free() {
        let temp = tempfile::tempdir().unwrap();
        let folders = FolderGrants::open(&home(temp.path()));
        let (music, _) = folders.grant("music".into());
        assert_eq!(folders.restore(&music.id, Path::new("music")), music);
        let films = folders.restore(&music.id, Path::new("films"));
        assert_ne!(films.id, music.id);
        assert_eq!(folders.resolve(&films.id).unwrap(), Path::new("films"));
    }
}
