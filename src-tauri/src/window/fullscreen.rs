//! On a phone the window fills the screen, so there are no bounds to save or restore.

use tauri::{Runtime, WebviewWindow};

pub(super) fn restore<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}

pub(super) fn save<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}
