//! iOS previews files and shares them; folders are the app's own, and the Files app shows them.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Runtime, WebviewWindow};
use tauri_plugin_transfer::TransferExt;

use crate::platform::{FolderCallback, PlatformError};

pub(in crate::platform) fn open<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
) -> Result<(), PlatformError> {
    let opened = app.transfer().open(&there(path)?);
    opened.map_err(|error| PlatformError::Refused(error.to_string()))
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

/// There is none to choose: only one's own is shown by the Files app.
pub(in crate::platform) fn pick_folder<R: Runtime>(_app: &AppHandle<R>, done: FolderCallback) {
    done(None);
}

/// The system shows the app when the person asks for it.
pub(in crate::platform) fn raise<R: Runtime>(_window: &WebviewWindow<R>) {}

/// iOS has none for an app.
pub(in crate::platform) fn battery_settings<R: Runtime>(
    _app: &AppHandle<R>,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "this system has no such settings".into(),
    ))
}

/// iOS asks by itself, when it is tried.
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
