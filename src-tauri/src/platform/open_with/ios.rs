//! iOS previews and shares files; folders belong to the app, and the Files app shows them.

use std::path::{Path, PathBuf};

use millrace_backend::app::{FileCallback, FolderCallback, PlatformError};
use tauri::{AppHandle, Runtime, WebviewWindow};
use tauri_plugin_transfer::TransferExt;

pub(in crate::platform) fn open<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    let opened = app.transfer().open(&there(path)?);
    opened.map_err(|error| PlatformError::Refused(error.to_string()))
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

/// Not offered: the link can be copied.
pub(in crate::platform) fn open_link<R: Runtime>(
    _app: &AppHandle<R>,
    _link: &str,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system does not open links from here".into(),
    ))
}

pub(in crate::platform) fn reveal<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    let shared = app.transfer().share(&there(path)?);
    shared.map_err(|error| PlatformError::Refused(error.to_string()))
}

fn there(path: &Path) -> Result<String, PlatformError> {
    if path.exists() {
        Ok(path.to_string_lossy().into_owned())
    } else {
        Err(PlatformError::Missing)
    }
}

/// There is no choice: the Files app shows only the app's own folder.
pub(in crate::platform) fn pick_folder<R: Runtime>(_app: &AppHandle<R>, done: FolderCallback) {
    done(None);
}

/// Not offered: the Files app's documents are not the app's own.
pub(in crate::platform) fn pick_file<R: Runtime>(_app: &AppHandle<R>, done: FileCallback) {
    done(None);
}

/// The system shows the app when the user opens it.
pub(in crate::platform) fn raise<R: Runtime>(_window: &WebviewWindow<R>) {}

/// iOS has no such settings for an app.
pub(in crate::platform) fn battery_settings<R: Runtime>(
    _app: &AppHandle<R>,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system has no such settings".into(),
    ))
}

/// iOS asks by itself at the first attempt.
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
