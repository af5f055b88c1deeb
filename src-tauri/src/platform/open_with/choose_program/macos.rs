//! Lets the user choose an application in a file dialog.

use std::path::Path;

use millrace_backend::app::PlatformError;
use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

/// Blocks until the user has chosen.
pub(super) fn open_with<R: Runtime>(app: &AppHandle<R>, path: &Path) -> Result<(), PlatformError> {
    let dialog = app.dialog().file().set_directory("/Applications");
    let dialog = dialog.add_filter("", &["app"]);
    let chosen = dialog.blocking_pick_file();
    let Some(program) = chosen.and_then(|file| file.into_path().ok()) else {
        return Ok(());
    };
    let program = program.to_string_lossy();
    let opened = app
        .opener()
        .open_path(path.to_string_lossy(), Some(program));
    opened.map_err(|error| PlatformError::Refused(error.to_string()))
}
