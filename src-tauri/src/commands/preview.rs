//! Commands for looking at finished files.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, preview as body};
use millrace_backend::ipc::Preview;
use tauri::State;

/// A PNG of at most 96 pixels as a `data:` address; null for what is no picture, is too large, or is damaged.
#[tauri::command]
#[specta::specta]
pub(crate) async fn thumbnail(
    state: State<'_, AppState>,
    id: u64,
) -> CommandResult<Option<String>> {
    body::thumbnail(&state, id).await
}

/// How a finished file is shown in the quick look: its address, or the beginning of its text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview(state: State<'_, AppState>, id: u64) -> CommandResult<Preview> {
    body::preview(&state, id).await
}
