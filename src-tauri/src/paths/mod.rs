//! Where the system keeps this app's state and the user's downloads; the environment may say otherwise.

#[cfg_attr(desktop, path = "desktop.rs")]
#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(target_os = "ios", path = "ios.rs")]
mod platform_downloads;

use std::io;
#[cfg(all(desktop, unix))]
use std::path::PathBuf;

use millrace_backend::paths::AppPaths;
use tauri::{AppHandle, Manager, Runtime};

#[cfg(target_os = "android")]
pub(crate) use self::platform_downloads::MEDIA_FOLDER;

/// Determines the folders, and creates them if they are missing.
pub(crate) fn resolve<R: Runtime>(app: &AppHandle<R>) -> io::Result<AppPaths> {
    AppPaths::resolve(
        || app.path().app_data_dir().map_err(io::Error::other),
        || platform_downloads::downloads(app),
    )
}

/// The state folder, before there is an app; created if it is missing.
#[cfg(all(desktop, unix))]
pub(crate) fn state_of(identifier: &str) -> io::Result<PathBuf> {
    // the parent of the app's own data folder, as in Tauri
    let data = || dirs::data_dir().ok_or_else(|| io::ErrorKind::NotFound.into());
    millrace_backend::paths::state_dir(|| data().map(|folder| folder.join(identifier)))
}
