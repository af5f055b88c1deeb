//! A desktop names a folder for downloads; where none has, it is the usual one.

use std::io;

use tauri::{AppHandle, Manager, Runtime};

use super::Usual;

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<Usual> {
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
    Ok(folder.into())
}
