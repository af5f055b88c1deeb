//! A desktop names a folder for downloads; where none has, it is the usual one.

use std::io;
use std::path::PathBuf;

use tauri::{AppHandle, Manager, Runtime};

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<PathBuf> {
    let folder = match app.path().download_dir() {
        Ok(folder) => folder,
        // no desktop has named one
        Err(_) => app
            .path()
            .home_dir()
            .map_err(io::Error::other)?
            .join("Downloads"),
    };
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
