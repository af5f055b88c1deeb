//! Android opens and shares files by their URIs, and lets the person pick a folder, whose grant is kept.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Runtime, WebviewWindow};
use tauri_plugin_android_fs::{AndroidFsExt, FsUri};
use tauri_plugin_transfer::TransferExt;

use crate::platform::content_provider::{
    AndroidProvider, Provider, folder_of, self_test, split, uri_of,
};
use crate::platform::{FolderCallback, PlatformError};

pub(in crate::platform) fn open<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    match locate(app, path)? {
        FileLocation::ProviderUri(uri) => refused(app.android_fs().opener().open_file(&uri)),
        FileLocation::AppPrivate(path) => refused(app.transfer().open(&path)),
    }
}

/// There is no browser of folders to count on: the sheet to other apps is what takes a file further.
pub(in crate::platform) fn reveal<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    match locate(app, path)? {
        FileLocation::ProviderUri(uri) => refused(app.android_fs().opener().share_file(&uri)),
        FileLocation::AppPrivate(path) => refused(app.transfer().share(&path)),
    }
}

fn refused<E: ToString>(done: Result<(), E>) -> Result<(), PlatformError> {
    done.map_err(|error| PlatformError::Refused(error.to_string()))
}

/// Where a file is.
enum FileLocation {
    /// Behind a provider of the system's.
    ProviderUri(FsUri),
    /// A plain file, before Android 11: lent by the app itself.
    AppPrivate(String),
}

fn locate<R: Runtime>(app: &AppHandle<R>, path: &Path) -> Result<FileLocation, PlatformError> {
    let Some((folder, name)) = split(path) else {
        if !path.exists() {
            return Err(PlatformError::Missing);
        }
        return Ok(FileLocation::AppPrivate(
            path.to_string_lossy().into_owned(),
        ));
    };
    let found = AndroidProvider::of(app).find(folder, name);
    let found = found.map_err(|error| PlatformError::Refused(error.to_string()))?;
    let found = found.ok_or(PlatformError::Missing)?;
    Ok(FileLocation::ProviderUri(uri_of(folder, &found)))
}

/// On a thread of its own: the picker is there until the person has decided.
pub(in crate::platform) fn pick_folder<R: Runtime>(app: &AppHandle<R>, done: FolderCallback) {
    let app = app.clone();
    std::thread::spawn(move || done(pick(&app)));
}

/// A folder that files can be kept in as the engine keeps them. One that a provider only lends, or in which nothing can
/// be named anew, is none.
fn pick<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    let picker = app.android_fs().picker();
    let picked = picker.pick_dir(None, true).ok()??;
    picker.persist_uri_permission(&picked).ok()?;
    let folder = folder_of(&picked);
    if self_test(&AndroidProvider::of(app), folder.to_str()?).is_ok() {
        return Some(folder);
    }
    // a grant for nothing
    let _ = picker.release_persisted_uri_permission(&picked);
    None
}

/// The system shows the app when the person asks for it.
pub(in crate::platform) fn raise<R: Runtime>(_window: &WebviewWindow<R>) {}

pub(in crate::platform) fn battery_settings<R: Runtime>(
    app: &AppHandle<R>,
) -> Result<(), PlatformError> {
    refused(app.transfer().battery_settings())
}

/// From Android 17 on; one that cannot be asked now may be the next time.
pub(in crate::platform) fn reach_local_network<R: Runtime>(app: &AppHandle<R>) -> Option<bool> {
    app.transfer().local_network().ok().flatten()
}

/// Before Android 11.
pub(in crate::platform) fn ask_for_public_folder<R: Runtime>(
    app: &AppHandle<R>,
) -> Option<PathBuf> {
    app.transfer().ask_for_public_folder().ok().flatten()
}

/// Plain files are not in the list of galleries and players by themselves; those behind a provider are.
pub(in crate::platform) fn finished<R: Runtime>(app: &AppHandle<R>, path: &Path) {
    if split(path).is_some() {
        return;
    }
    let (app, path) = (app.clone(), path.to_string_lossy().into_owned());
    // one that cannot be listed is there all the same
    tauri::async_runtime::spawn_blocking(move || app.transfer().scan(&path));
}
