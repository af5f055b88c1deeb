//! The folder `Downloads` in the app's documents, which the Files app shows.

use std::io;

use millrace_backend::paths::DownloadFolder;
use tauri::{AppHandle, Manager, Runtime};

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<DownloadFolder> {
    let documents = app.path().document_dir().map_err(io::Error::other)?;
    let folder = documents.join("Downloads");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.into())
}
