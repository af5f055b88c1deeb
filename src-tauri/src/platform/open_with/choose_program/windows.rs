//! The system's dialog "Open with".

use std::os::windows::process::CommandExt;
use std::path::Path;
use std::process::Command;

use millrace_backend::app::PlatformError;
use tauri::{AppHandle, Runtime};

/// Returns when the dialog is asked for, not when the user has chosen.
pub(super) fn open_with<R: Runtime>(_app: &AppHandle<R>, path: &Path) -> Result<(), PlatformError> {
    let mut dialog = Command::new("rundll32.exe");
    dialog.arg("shell32.dll,OpenAs_RunDLL");
    // it takes the rest of the line as the path, and no quotes
    dialog.raw_arg(path);
    let started = dialog.spawn();
    started
        .map(drop)
        .map_err(|error| PlatformError::Refused(error.to_string()))
}
