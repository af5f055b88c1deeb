//! Reads and writes `settings.json`, always as a whole. An unreadable file is moved aside.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use millrace_engine::{atomic_write, move_aside};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Settings;
use crate::folder_grants::{Folder, FolderGrants};

/// Incremented when older programs cannot read the file any more.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored<S> {
    version: u32,
    settings: S,
    /// The paths of the folder ids, so that this file does not depend on `folders.json`.
    folders: BTreeMap<String, PathBuf>,
}

/// Reads the stored settings; `None` when there are none yet. An invalid file is moved aside, and its new path returned
/// as the error; if it cannot be moved, it stays and will be replaced.
pub(super) fn read(file: &Path, folders: &FolderGrants) -> Result<Option<Settings>, PathBuf> {
    let aside = || move_aside(file).unwrap_or_else(|_| file.to_path_buf());
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) => return Err(aside()),
    };
    understood(&bytes, folders).map(Some).ok_or_else(aside)
}

fn understood(bytes: &[u8], folders: &FolderGrants) -> Option<Settings> {
    let stored: Stored<Value> = serde_json::from_slice(bytes).ok()?;
    if stored.version > VERSION {
        return None;
    }
    // A setting that is missing in the file, because a later program of the same version added it, has its default.
    let mut whole = serde_json::to_value(Settings {
        // whoever has settings has used the program
        welcomed: true,
        ..Settings::new(folders.downloads())
    });
    let whole = whole.as_mut().ok()?;
    whole
        .as_object_mut()?
        .extend(stored.settings.as_object()?.clone());
    let mut settings: Settings = serde_json::from_value(whole.take()).ok()?;
    let find = |folder: &Folder| match stored.folders.get(&folder.id) {
        Some(path) => folders.restore(&folder.id, path),
        None => folders.downloads(),
    };
    settings.folder = find(&settings.folder);
    for own in &mut settings.categories {
        own.folder = find(&own.folder);
    }
    for rule in &mut settings.rules {
        rule.folder = rule.folder.as_ref().map(find);
    }
    let now = settings.clone();
    super::validation::validate(settings, &now, folders).ok()
}

/// On disk before this returns, or the old file stands. For its owner alone: a proxy's password may be in it.
pub(super) fn write(file: &Path, settings: &Settings, folders: &FolderGrants) -> io::Result<()> {
    let ids = settings.folders().into_iter();
    let paths = ids.filter_map(|id| folders.resolve(&id).ok().map(|path| (id, path)));
    let stored = Stored {
        version: VERSION,
        settings,
        folders: paths.collect(),
    };
    atomic_write(file, &serde_json::to_vec_pretty(&stored)?)
}
