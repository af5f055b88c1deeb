//! The folders that the page may name. It knows only ids, issued here after a dialog; paths are not sent to it.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use parking_lot::{Mutex, MutexGuard};
use serde::{Deserialize, Serialize};

use crate::paths::AppPaths;
use crate::truncate::truncate;

/// Id of the download folder, which needs no dialog.
const DOWNLOADS: &str = "downloads";
/// Maximum length of a label, in bytes of JSON: with one per category, settings still fit into a frame.
const MAX_LABEL: usize = 400;
/// Maximum number of chosen folders stored; the least recently chosen is dropped first.
const MAX_GRANTS: usize = 50;
/// How many of these are offered again without a dialog.
const MAX_RECENT: usize = 5;

/// A folder that the person chose. The id is all that the page hands back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Folder {
    pub id: String,
    /// For display only.
    pub label: String,
}

/// Why there is no such folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FolderError {
    /// It was never granted, or has been dropped since.
    #[error("this folder is not known any more; choose it again")]
    Unknown,
}

#[derive(Debug)]
pub struct FolderGrants {
    file: PathBuf,
    downloads: Mutex<Downloads>,
    chosen: Mutex<StoredGrants>,
    /// Ids that are never dropped.
    pinned: Mutex<Vec<String>>,
}

/// The download folder, which needs no dialog.
#[derive(Debug, Clone)]
struct Downloads {
    path: PathBuf,
    private: bool,
}

/// Stored form; the most recently chosen folder is last.
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
    /// Loads the folders chosen in earlier runs. An unreadable file counts as empty: folders are easily chosen again.
    pub fn open(home: &AppPaths) -> Self {
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

    /// The download folder.
    pub fn downloads(&self) -> Folder {
        folder(DOWNLOADS, &self.own().path)
    }

    /// Whether files in the download folder are removed together with the app.
    pub fn are_private(&self) -> bool {
        self.own().private
    }

    /// Replaces the download folder by one whose files stay when the app is removed.
    pub fn go_public(&self, path: PathBuf) {
        let public = Downloads {
            path,
            private: false,
        };
        let mut downloads = self.downloads.lock();
        *downloads = public;
    }

    /// The most recently chosen folder, otherwise the download folder.
    pub fn latest(&self) -> Folder {
        let chosen = self.lock();
        let last = chosen.folders.last();
        last.map_or_else(|| self.downloads(), |entry| folder(&entry.id, &entry.path))
    }

    /// The path of an id.
    ///
    /// # Errors
    ///
    /// [`FolderError::Unknown`].
    pub fn resolve(&self, id: &str) -> Result<PathBuf, FolderError> {
        if id == DOWNLOADS {
            return Ok(self.own().path);
        }
        let chosen = self.lock();
        let entry = chosen.folders.iter().find(|entry| entry.id == id);
        entry
            .map(|entry| entry.path.clone())
            .ok_or(FolderError::Unknown)
    }

    /// The folder of an id, as a page sees it.
    ///
    /// # Errors
    ///
    /// [`FolderError::Unknown`].
    pub fn get(&self, id: &str) -> Result<Folder, FolderError> {
        self.resolve(id).map(|path| folder(id, &path))
    }

    /// Whether a path that comes from elsewhere is a folder that the user has chosen, or lies in one.
    pub fn covers(&self, path: &Path) -> bool {
        let plain = |part| !matches!(part, Component::ParentDir | Component::CurDir);
        let chosen = self.lock();
        let mut own = chosen.folders.iter().map(|entry| &entry.path);
        path.is_absolute()
            && path.components().all(plain)
            && (path.starts_with(&self.own().path) || own.any(|folder| path.starts_with(folder)))
    }

    /// Adds a folder that the user chose in a dialog. It is known in this run even if it cannot be stored.
    pub fn grant(&self, path: PathBuf) -> (Folder, io::Result<()>) {
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

    /// The folders chosen or used last, latest first; never the download folder.
    pub fn recent(&self) -> Vec<Folder> {
        let chosen = self.lock();
        let latest = chosen.folders.iter().rev().take(MAX_RECENT);
        latest.map(|entry| folder(&entry.id, &entry.path)).collect()
    }

    /// Marks a folder as used last, even if that cannot be stored. Ignores an unknown id.
    ///
    /// # Errors
    ///
    /// Those of the file system.
    pub fn touch(&self, id: &str) -> io::Result<()> {
        let mut chosen = self.lock();
        let place = chosen.folders.iter().position(|entry| entry.id == id);
        let Some(place) = place.filter(|place| place + 1 < chosen.folders.len()) else {
            return Ok(());
        };
        let entry = chosen.folders.remove(place);
        chosen.folders.push(entry);
        store(&self.file, &chosen)
    }

    /// Adds a folder that was stored elsewhere with its id; it keeps the id unless that now belongs to another folder.
    pub fn restore(&self, id: &str, path: &Path) -> Folder {
        match self.resolve(id) {
            Ok(known) if known == path || id == DOWNLOADS => folder(id, &known),
            Ok(_) | Err(_) => self.grant(path.to_path_buf()).0,
        }
    }

    /// Replaces the set of ids that are never dropped.
    pub fn pin(&self, ids: Vec<String>) {
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
        assert_eq!(folders.resolve("/etc"), Err(FolderError::Unknown));
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

    #[test]
    fn a_path_from_elsewhere_is_covered_by_the_folders_that_were_chosen_and_no_other() {
        let place = tempfile::tempdir().unwrap();
        let home = AppPaths {
            state: place.path().to_path_buf(),
            downloads: place.path().join("files"),
            fixed_downloads: false,
            private_downloads: false,
        };
        let folders = FolderGrants::open(&home);
        let chosen = place.path().join("chosen");
        folders.grant(chosen.clone()).1.unwrap();
        for covered in [&home.downloads, &chosen, &chosen.join("sub")] {
            assert!(folders.covers(covered), "{covered:?}");
        }
        for other in [
            place.path().to_path_buf(),
            place.path().join("chosen2"),
            chosen.join("..").join("other"),
            PathBuf::from("files"),
        ] {
            assert!(!folders.covers(&other), "{other:?}");
        }
    }
}
