//! The folders that the page may name. It knows ids, minted here after a dialog; the paths stay on this side.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::home::Home;
use crate::view::{CommandFailure, FailureCode, Folder};

/// The id of the folder that needs no dialog.
const DOWNLOADS: &str = "downloads";
/// Chosen folders remembered; the one chosen longest ago goes first.
const MOST: usize = 50;

#[derive(Debug)]
pub(crate) struct Folders {
    file: PathBuf,
    downloads: PathBuf,
    fixed: bool,
    chosen: Mutex<Chosen>,
}

/// As it is stored. The last one is the one chosen last.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Chosen {
    minted: u64,
    folders: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry {
    id: String,
    path: PathBuf,
}

impl Folders {
    /// What was chosen in earlier runs. A file that cannot be read counts as empty: choices are easily made again.
    pub(crate) fn open(home: &Home) -> Self {
        let file = home.folders();
        let stored = fs::read(&file).ok();
        let chosen = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            file,
            downloads: home.downloads.clone(),
            fixed: home.fixed_downloads,
            chosen: Mutex::new(chosen.unwrap_or_default()),
        }
    }

    /// The folder chosen last, else the one for downloads.
    pub(crate) fn default(&self) -> Folder {
        let chosen = self.lock();
        match chosen.folders.last() {
            Some(entry) if !self.fixed => folder(&entry.id, &entry.path),
            Some(_) | None => folder(DOWNLOADS, &self.downloads),
        }
    }

    /// The path behind an id; without an id that of the default folder.
    pub(crate) fn resolve(&self, id: Option<&str>) -> Result<PathBuf, CommandFailure> {
        let default = self.default().id;
        let id = id.unwrap_or(&default);
        if id == DOWNLOADS {
            return Ok(self.downloads.clone());
        }
        let chosen = self.lock();
        let entry = chosen.folders.iter().find(|entry| entry.id == id);
        entry.map(|entry| entry.path.clone()).ok_or_else(|| {
            let message = "this folder is not known any more; choose it again";
            CommandFailure::new(FailureCode::UnknownFolder, message)
        })
    }

    /// The person chose this folder in a dialog. It is the default from now on, also when that cannot be stored.
    pub(crate) fn choose(&self, path: PathBuf) -> (Folder, io::Result<()>) {
        let mut chosen = self.lock();
        let known = chosen.folders.iter().position(|entry| entry.path == path);
        let entry = match known {
            Some(place) => chosen.folders.remove(place),
            None => {
                chosen.minted += 1;
                Entry {
                    id: format!("folder-{}", chosen.minted),
                    path,
                }
            }
        };
        let minted = folder(&entry.id, &entry.path);
        chosen.folders.push(entry);
        if chosen.folders.len() > MOST {
            chosen.folders.remove(0);
        }
        let stored = store(&self.file, &chosen);
        (minted, stored)
    }

    fn lock(&self) -> MutexGuard<'_, Chosen> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Replaces the file as a whole, so that it is never half written.
fn store(file: &Path, chosen: &Chosen) -> io::Result<()> {
    let new = file.with_extension("json.new");
    fs::write(&new, serde_json::to_vec_pretty(chosen)?)?;
    fs::rename(new, file)
}

fn folder(id: &str, path: &Path) -> Folder {
    Folder {
        id: id.to_owned(),
        label: path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(folder: &Path, fixed: bool) -> Home {
        Home {
            state: folder.to_path_buf(),
            downloads: folder.join("files"),
            fixed_downloads: fixed,
        }
    }

    #[test]
    fn a_chosen_folder_is_the_default_also_after_a_restart() {
        let temp = tempfile::tempdir().unwrap();
        let home = home(temp.path(), false);
        let folders = Folders::open(&home);
        assert_eq!(folders.default().id, "downloads");
        let (music, stored) = folders.choose("music".into());
        stored.unwrap();
        let (_, stored) = folders.choose("films".into());
        stored.unwrap();
        let (again, stored) = folders.choose("music".into());
        stored.unwrap();
        assert_eq!(again, music);

        let folders = Folders::open(&home);
        assert_eq!(folders.default(), music);
        assert_eq!(folders.resolve(None).unwrap(), Path::new("music"));
        assert_eq!(
            folders.resolve(Some("folder-2")).unwrap(),
            Path::new("films")
        );
        assert_eq!(folders.resolve(Some("downloads")).unwrap(), home.downloads);
    }

    #[test]
    fn a_path_is_never_taken_for_an_id() {
        let temp = tempfile::tempdir().unwrap();
        let folders = Folders::open(&home(temp.path(), false));
        let failure = folders.resolve(Some("/etc")).unwrap_err();
        assert_eq!(failure.code, FailureCode::UnknownFolder);
    }

    #[test]
    fn a_folder_named_by_the_environment_stays_the_default() {
        let temp = tempfile::tempdir().unwrap();
        let folders = Folders::open(&home(temp.path(), true));
        folders.choose("music".into()).1.unwrap();
        assert_eq!(folders.default().id, "downloads");
    }
}
