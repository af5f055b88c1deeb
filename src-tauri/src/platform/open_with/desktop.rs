//! A desktop has programs for files, a browser for folders, a dialog for choosing one, and windows in front of others.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Runtime, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;

use crate::platform::{FolderCallback, PlatformError};

pub(in crate::platform) fn open<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    if !path.exists() {
        return Err(PlatformError::Missing);
    }
    let path = path.to_string_lossy();
    let opened = app.opener().open_path(path, None::<&str>);
    opened.map_err(|error| PlatformError::Refused(error.to_string()))
}

pub(in crate::platform) fn reveal<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    // an unfinished file has another name; its folder is what can be shown
    let shown = if path.exists() {
        Some(path)
    } else {
        path.parent()
    };
    let shown = shown
        .filter(|path| path.exists())
        .ok_or(PlatformError::Missing)?;
    let revealed = app.opener().reveal_item_in_dir(shown);
    revealed.map_err(|error| PlatformError::Refused(error.to_string()))
}

pub(in crate::platform) fn pick_folder<R: Runtime>(app: &AppHandle<R>, done: FolderCallback) {
    let path = |file: FilePath| file.into_path().ok();
    let dialog = app.dialog().file();
    dialog.pick_folder(move |folder| done(folder.and_then(path)));
}

pub(in crate::platform) fn raise<R: Runtime>(window: &WebviewWindow<R>) {
    // a desktop that refuses one of these may still take the next
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

/// A desktop has none.
pub(in crate::platform) fn battery_settings<R: Runtime>(
    _app: &AppHandle<R>,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system has no such settings".into(),
    ))
}

/// A desktop wants none.
pub(in crate::platform) fn reach_local_network<R: Runtime>(_app: &AppHandle<R>) -> Option<bool> {
    None
}

/// Files stay where they are, whatever becomes of the app.
pub(in crate::platform) fn ask_for_public_folder<R: Runtime>(
    _app: &AppHandle<R>,
) -> Option<PathBuf> {
    None
}

/// Whoever keeps a list of files looks by itself.
pub(in crate::platform) fn finished<R: Runtime>(_app: &AppHandle<R>, _path: &Path) {}
