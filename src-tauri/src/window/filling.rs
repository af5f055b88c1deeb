//! On a phone the window fills the screen, and the system says where that is.

use tauri::{Runtime, WebviewWindow};

pub(super) fn put_back<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}

pub(super) fn remember<R: Runtime>(_window: &WebviewWindow<R>) -> tauri::Result<()> {
    Ok(())
}
