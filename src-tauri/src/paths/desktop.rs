//! The desktop's download folder; if none is configured, `Downloads` in the home folder.

use std::io;

use millrace_backend::paths::DownloadFolder;
use tauri::{AppHandle, Manager, Runtime};

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<DownloadFolder> {
    let folder = match app.path().download_dir() {
        Ok(folder) => folder,
        // none is configured
        Err(_) => app
            .path()
            .home_dir()
            .map_err(io::Error::other)?
            .join("Downloads"),
    };
    std::fs::create_dir_all(&folder)?;
    Ok(folder.into())
}
