//! What the Files app shows of the app: its documents, and in them the downloads.

use std::io;
use std::path::PathBuf;

use tauri::{AppHandle, Manager, Runtime};

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<PathBuf> {
    let documents = app.path().document_dir().map_err(io::Error::other)?;
    let folder = documents.join("Downloads");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
