//! Opens files with their programs, shows folders in the file browser, picks folders in a dialog, and raises windows.

#[cfg_attr(target_os = "linux", path = "choose_program/linux.rs")]
#[cfg_attr(target_os = "macos", path = "choose_program/macos.rs")]
#[cfg_attr(windows, path = "choose_program/windows.rs")]
mod choose_program;

use std::path::{Path, PathBuf};

use millrace_backend::app::{FileCallback, FolderCallback, PlatformError};
use tauri::{AppHandle, Runtime, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;

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

pub(in crate::platform) fn open_with<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    if !path.exists() {
        return Err(PlatformError::Missing);
    }
    choose_program::open_with(app, path)
}

pub(in crate::platform) fn open_link<R: Runtime>(
    app: &AppHandle<R>,
    link: &str,
) -> Result<(), PlatformError> {
    let opened = app.opener().open_url(link, None::<&str>);
    opened.map_err(|error| PlatformError::Refused(error.to_string()))
}

pub(in crate::platform) fn reveal<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    // an unfinished file has another name; show its folder instead
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

pub(in crate::platform) fn pick_file<R: Runtime>(app: &AppHandle<R>, done: FileCallback) {
    let path = |file: FilePath| file.into_path().ok();
    let dialog = app.dialog().file();
    dialog.pick_file(move |file| done(file.and_then(path)));
}

pub(in crate::platform) fn raise<R: Runtime>(window: &WebviewWindow<R>) {
    // ignored: a desktop that rejects one of these calls may accept the next
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

/// A desktop has no such settings.
pub(in crate::platform) fn battery_settings<R: Runtime>(
    _app: &AppHandle<R>,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system has no such settings".into(),
    ))
}

/// A desktop requires no permission.
pub(in crate::platform) fn reach_local_network<R: Runtime>(_app: &AppHandle<R>) -> Option<bool> {
    None
}

/// Not needed: files are kept when the app is removed.
pub(in crate::platform) fn ask_for_public_folder<R: Runtime>(
    _app: &AppHandle<R>,
) -> Option<PathBuf> {
    None
}

/// Nothing to do: programs that list files scan by themselves.
pub(in crate::platform) fn finished<R: Runtime>(_app: &AppHandle<R>, _path: &Path) {}
