//! Android opens and shares files by URI, and lets the user pick a folder, whose grant is persisted.

use std::path::{Path, PathBuf};

use millrace_backend::app::{FileCallback, FolderCallback, PlatformError};
use tauri::{AppHandle, Runtime, WebviewWindow};
use tauri_plugin_android_fs::{AndroidFsExt, FsUri};
use tauri_plugin_transfer::TransferExt;

use crate::platform::content_provider::{
    AndroidProvider, Provider, folder_of, self_test, split, uri_of,
};

pub(in crate::platform) fn open<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    match locate(app, path)? {
        FileLocation::ProviderUri(uri) => refused(app.android_fs().opener().open_file(&uri)),
        FileLocation::AppPrivate(path) => refused(app.transfer().open(&path)),
    }
}

/// Not offered: the system asks which app opens a file when there are several.
pub(in crate::platform) fn open_with<R: Runtime>(
    _app: &AppHandle<R>,
    _path: &Path,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system has no such dialog".into(),
    ))
}

/// Not offered: a picked document has no path.
pub(in crate::platform) fn pick_file<R: Runtime>(_app: &AppHandle<R>, done: FileCallback) {
    done(None);
}

/// Not offered: the link can be copied.
pub(in crate::platform) fn open_link<R: Runtime>(
    _app: &AppHandle<R>,
    _link: &str,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system does not open links from here".into(),
    ))
}

/// Opens the share sheet: not every phone has a file browser that could show a folder.
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

/// The location of a file.
enum FileLocation {
    /// In a content provider of the system.
    ProviderUri(FsUri),
    /// A plain file, before Android 11: shared through the app's own provider.
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

/// Runs on its own thread: the picker stays open until the user has decided.
pub(in crate::platform) fn pick_folder<R: Runtime>(app: &AppHandle<R>, done: FolderCallback) {
    let app = app.clone();
    std::thread::spawn(move || done(pick(&app)));
}

/// The picked folder, if the engine can keep files in it. `None` if its grant cannot be persisted, or files in it
/// cannot be renamed.
fn pick<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    let picker = app.android_fs().picker();
    let picked = picker.pick_dir(None, true).ok()??;
    picker.persist_uri_permission(&picked).ok()?;
    let folder = folder_of(&picked);
    if self_test(&AndroidProvider::of(app), folder.to_str()?).is_ok() {
        return Some(folder);
    }
    // the grant is of no use
    let _ = picker.release_persisted_uri_permission(&picked);
    None
}

/// The system shows the app when the user opens it.
pub(in crate::platform) fn raise<R: Runtime>(_window: &WebviewWindow<R>) {}

pub(in crate::platform) fn battery_settings<R: Runtime>(
    app: &AppHandle<R>,
) -> Result<(), PlatformError> {
    refused(app.transfer().battery_settings())
}

/// From Android 17 on; on an error the user may be asked the next time.
pub(in crate::platform) fn reach_local_network<R: Runtime>(app: &AppHandle<R>) -> Option<bool> {
    app.transfer().local_network().ok().flatten()
}

/// Needed before Android 11.
pub(in crate::platform) fn ask_for_public_folder<R: Runtime>(
    app: &AppHandle<R>,
) -> Option<PathBuf> {
    app.transfer().ask_for_public_folder().ok().flatten()
}

/// Has a plain file added to the list of galleries and players; files of a provider are listed by it.
pub(in crate::platform) fn finished<R: Runtime>(app: &AppHandle<R>, path: &Path) {
    if split(path).is_some() {
        return;
    }
    let (app, path) = (app.clone(), path.to_string_lossy().into_owned());
    // ignored: the file exists without being listed
    tauri::async_runtime::spawn_blocking(move || app.transfer().scan(&path));
}
