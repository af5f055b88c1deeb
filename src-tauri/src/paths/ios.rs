//! The folder `Downloads` in the app's documents, which the Files app shows.

use std::io;

use tauri::{AppHandle, Manager, Runtime};

use super::Usual;

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<Usual> {
    let documents = app.path().document_dir().map_err(io::Error::other)?;
    let folder = documents.join("Downloads");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.into())
}
