//! Phones have no autostart.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{AppHandle, Runtime};

/// Never passed on a phone.
pub(crate) const HIDDEN: &str = "--hidden";

/// A plugin that does nothing.
pub(crate) fn plugin<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("autostart").build()
}

pub(super) fn set<R: Runtime>(_app: &AppHandle<R>, wanted: bool) -> Result<(), String> {
    if wanted {
        return Err("phones start no app by themselves".to_owned());
    }
    Ok(())
}
