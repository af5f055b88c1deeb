//! Commands that carry the list from one program to another.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, list_file};
use millrace_backend::ipc::{ImportOptions, ImportReport, SavedFile};
use millrace_backend::list_file::ExportFormat;
use tauri::State;

/// What `import_list` would do with this text of a file. Changes nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn read_list(
    state: State<'_, AppState>,
    text: String,
    options: ImportOptions,
) -> CommandResult<ImportReport> {
    list_file::read_list(&state, text, options).await
}

/// Adds the downloads of a file, all or none of those that the report counts as added. `bad-file` says why nothing of
/// it can be taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_list(
    state: State<'_, AppState>,
    text: String,
    options: ImportOptions,
) -> CommandResult<ImportReport> {
    list_file::import_list(&state, text, options).await
}

/// The whole list as the text of a file; credentials, proxies and headers that identify somebody only with `secrets`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_list(
    state: State<'_, AppState>,
    format: ExportFormat,
    secrets: bool,
) -> CommandResult<String> {
    list_file::export_list(&state, format, secrets).await
}

/// Writes the same into a new file in this folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_list(
    state: State<'_, AppState>,
    folder: String,
    format: ExportFormat,
    secrets: bool,
) -> CommandResult<SavedFile> {
    list_file::save_list(&state, folder, format, secrets).await
}
