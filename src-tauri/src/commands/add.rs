//! Commands before adding downloads, and for adding several. `subscribe` has the one that adds and watches a single
//! download.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, add, request};
use millrace_backend::ipc::{AddItem, DownloadOptions, Duplicate, ProbeResult};
use millrace_backend::request::Request;
use tauri::State;

/// Asks the server now, while the person still looks. The answer is kept open for two minutes: the download of this link
/// with the same headers, credentials and proxy goes on with it instead of asking again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look(
    state: State<'_, AppState>,
    url: String,
    options: Option<DownloadOptions>,
) -> CommandResult<ProbeResult> {
    add::look(&state, url, options).await
}

/// Adds all or none, in one step; the ids are in the order of the items. Each has its own name, whatever the options say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download_many(
    state: State<'_, AppState>,
    items: Vec<AddItem>,
    options: Option<DownloadOptions>,
) -> CommandResult<Vec<u64>> {
    add::download_many(&state, items, options).await
}

/// Free bytes for that folder, by its id; null where the system does not say, or not soon.
#[tauri::command]
#[specta::specta]
pub(crate) async fn free_in_folder(
    state: State<'_, AppState>,
    folder: String,
) -> CommandResult<Option<u64>> {
    add::free_in_folder(&state, folder).await
}

/// What the list has already of this link, or under this name in this folder; the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn same(
    state: State<'_, AppState>,
    url: String,
    name: Option<String>,
    folder: Option<String>,
) -> CommandResult<Vec<Duplicate>> {
    add::same(&state, url, name, folder).await
}

/// The text in the clipboard; empty when it holds none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clipboard(state: State<'_, AppState>) -> CommandResult<String> {
    request(&state, "clipboard", Request::Clipboard).await
}
