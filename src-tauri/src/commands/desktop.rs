//! Commands for the desktop. The page passes ids; paths are not sent to it.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, request, settings};
use millrace_backend::folder_grants::Folder;
use millrace_backend::request::Request;
use millrace_engine::DownloadId;
use tauri::State;

/// Opens a finished file with the program that the desktop has for it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_file(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    request(&state, "open_file", |reply| {
        Request::Open(DownloadId(id), reply)
    })
    .await
}

/// Opens a download's link in the browser, on a desktop.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_link(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    request(&state, "open_link", |reply| {
        Request::OpenLink(DownloadId(id), reply)
    })
    .await
}

/// Shows a download's file in its folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reveal(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    request(&state, "reveal", |reply| {
        Request::Reveal(DownloadId(id), reply)
    })
    .await
}

/// Starts a drag of the files of finished downloads to another program, which gets copies. Called while the pointer's button
/// is down.
#[tauri::command]
#[specta::specta]
pub(crate) async fn drag_out(state: State<'_, AppState>, ids: Vec<u64>) -> CommandResult<()> {
    request(&state, "drag_out", |reply| {
        Request::DragOut(ids.into_iter().map(DownloadId).collect(), reply)
    })
    .await
}

/// Shows the app's log file in its folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reveal_log(state: State<'_, AppState>) -> CommandResult<()> {
    request(&state, "reveal_log", Request::RevealLog).await
}

/// Where files go when nothing else is said.
#[tauri::command]
#[specta::specta]
pub(crate) fn default_folder(state: State<'_, AppState>) -> Folder {
    settings::default_folder(&state)
}

/// The folders chosen or used last, the latest first, so that they need no dialog.
#[tauri::command]
#[specta::specta]
pub(crate) fn recent_folders(state: State<'_, AppState>) -> Vec<Folder> {
    settings::recent_folders(&state)
}

/// Free space of the disk with the folder where files go when nothing else is said, in bytes; null when it is unknown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn free_space(state: State<'_, AppState>) -> CommandResult<Option<u64>> {
    settings::free_space(&state).await
}

/// Lets the person choose a folder; null when they do not. Its id can be used from now on; the default stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_folder(state: State<'_, AppState>) -> CommandResult<Option<Folder>> {
    request(&state, "pick_folder", Request::PickFolder).await
}
