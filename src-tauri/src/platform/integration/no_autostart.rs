//! A phone starts apps when it wants to.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Runtime};

/// Nobody starts an app on a phone with it.
pub(crate) const HIDDEN: &str = "--hidden";

/// One that does nothing.
pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("autostart").build()
}

pub(super) fn set<R: Runtime>(_app: &AppHandle<R>, wanted: bool) -> Result<(), String> {
    if wanted {
        return Err("phones start no app by themselves".to_owned());
    }
    Ok(())
}
