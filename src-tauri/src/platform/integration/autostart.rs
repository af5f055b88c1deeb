//! Starts the app with the user's session, without a window.

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Runtime};
use tauri_plugin_autostart::{Builder, ManagerExt};

/// Argument of such a start: no window, only the tray.
pub(crate) const HIDDEN: &str = "--hidden";

pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new().arg(HIDDEN).build()
}

pub(super) fn set<R: Runtime>(app: &AppHandle<R>, wanted: bool) -> Result<(), String> {
    let manager = app.autolaunch();
    let set = if wanted {
        manager.enable()
    } else {
        manager.disable()
    };
    set.map_err(|error| error.to_string())
}
