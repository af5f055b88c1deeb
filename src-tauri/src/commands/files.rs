//! Commands for the files of downloads.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, files, request};
use millrace_backend::ipc::FileDigest;
use millrace_backend::request::Request;
use millrace_engine::{DownloadId, VerifyOutcome};
use tauri::State;

/// Another name for the file of a download. One that runs stops for that, and goes on by itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rename_file(
    state: State<'_, AppState>,
    id: u64,
    name: String,
) -> CommandResult<()> {
    files::rename_file(&state, id, name).await
}

/// Another folder, by its id, for the file of a download, with the bytes that are here. Answers when it is there, which
/// takes long where it has to be copied; the row has the progress.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_file(
    state: State<'_, AppState>,
    id: u64,
    folder: String,
) -> CommandResult<()> {
    files::move_file(&state, id, folder).await
}

/// A finished download again, from zero; a file that is still there stays.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download_again(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    files::download_again(&state, id).await
}

/// Lets the person point at the file of a finished download that was moved; false when they do not.
#[tauri::command]
#[specta::specta]
pub(crate) async fn locate(state: State<'_, AppState>, id: u64) -> CommandResult<bool> {
    request(&state, "locate", |reply| {
        Request::Locate(DownloadId(id), reply)
    })
    .await
}

/// Opens a finished file with a program that the person chooses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_with(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    request(&state, "open_with", |reply| {
        Request::OpenWith(DownloadId(id), reply)
    })
    .await
}

/// Those of the finished downloads whose file was moved, deleted or replaced; the first 200 are looked at.
#[tauri::command]
#[specta::specta]
pub(crate) async fn missing_files(
    state: State<'_, AppState>,
    ids: Vec<u64>,
) -> CommandResult<Vec<u64>> {
    files::missing_files(&state, ids).await
}

/// The paths of the files of these downloads, for the clipboard, in the order of `ids`; those that are gone are left out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paths(state: State<'_, AppState>, ids: Vec<u64>) -> CommandResult<Vec<String>> {
    files::paths(&state, ids).await
}

/// The digest that a finished file was verified by; null when there was none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn file_digest(
    state: State<'_, AppState>,
    id: u64,
) -> CommandResult<Option<FileDigest>> {
    files::file_digest(&state, id).await
}

/// Verifies the file of a finished download: with `checksum`, as a user pastes one, else with the digest that is known of
/// it, and without any computes its SHA-256. Answers when the file is read; the row has the progress and the last result.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_file(
    state: State<'_, AppState>,
    id: u64,
    checksum: Option<String>,
) -> CommandResult<VerifyOutcome> {
    files::verify_file(&state, id, checksum).await
}

/// The same with a checksum file beside the link, which is searched for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_checksum(
    state: State<'_, AppState>,
    id: u64,
) -> CommandResult<VerifyOutcome> {
    files::find_checksum(&state, id).await
}

/// Ends a verification that is under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_verification(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    files::cancel_verification(&state, id).await
}
