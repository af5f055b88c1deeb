//! What the page asks of the desktop. It passes ids; paths stay here.

use millrace_engine::DownloadId;

use super::{CommandResult, Room, request};
use crate::app::Request;
use crate::ipc::Folder;

/// Opens a finished file with the program that the desktop has for it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_file(desk: Room<'_>, id: u64) -> CommandResult<()> {
    let done = request(&desk, |reply| Request::Open(DownloadId(id), reply)).await;
    super::log_failure(&desk, "open_file", done)
}

/// Shows a download's file in its folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reveal(desk: Room<'_>, id: u64) -> CommandResult<()> {
    let done = request(&desk, |reply| Request::Reveal(DownloadId(id), reply)).await;
    super::log_failure(&desk, "reveal", done)
}

/// Where files go when nothing else is said.
#[tauri::command]
#[specta::specta]
pub(crate) fn default_folder(desk: Room<'_>) -> Folder {
    desk.settings.now().folder
}

/// The folders chosen or used last, the latest first, so that they need no dialog.
#[tauri::command]
#[specta::specta]
pub(crate) fn recent_folders(desk: Room<'_>) -> Vec<Folder> {
    desk.folders.recent()
}

/// Lets the person choose a folder; null when they do not. Its id can be used from now on; the default stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_folder(desk: Room<'_>) -> CommandResult<Option<Folder>> {
    let picked = request(&desk, Request::PickFolder).await;
    super::log_failure(&desk, "pick_folder", picked)
}
