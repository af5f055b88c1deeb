//! The desktop portal's dialog for choosing a program (org.freedesktop.portal.OpenURI). Sent over D-Bus, so it is the
//! desktop's own, also inside a sandbox.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use millrace_backend::app::PlatformError;
use tauri::{AppHandle, Runtime};
use zbus::blocking::Connection;
use zbus::zvariant::{Fd, Value};

/// Returns when the dialog is asked for, not when the user has chosen.
pub(super) fn open_with<R: Runtime>(_app: &AppHandle<R>, path: &Path) -> Result<(), PlatformError> {
    let file = File::open(path).map_err(|_| PlatformError::Missing)?;
    ask(&file).map_err(|error| PlatformError::Refused(error.to_string()))
}

fn ask(file: &File) -> zbus::Result<()> {
    let options = HashMap::from([("ask", Value::from(true))]);
    // no window to put the dialog in front of
    let body = ("", Fd::from(file), options);
    Connection::session()?.call_method(
        Some("org.freedesktop.portal.Desktop"),
        "/org/freedesktop/portal/desktop",
        Some("org.freedesktop.portal.OpenURI"),
        "OpenFile",
        &body,
    )?;
    Ok(())
}
