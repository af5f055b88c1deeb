//! Commands for the options of existing downloads.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, options};
use millrace_backend::ipc::{OptionChange, Properties};
use tauri::State;

/// What can be changed of these downloads, in the order of `ids`. Passwords and cookies are told as `***`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn options(
    state: State<'_, AppState>,
    ids: Vec<u64>,
) -> CommandResult<Vec<Properties>> {
    options::options(&state, ids).await
}

/// Changes all of these downloads or none; options without a change stay. The answer is for `undo_options`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_options(
    state: State<'_, AppState>,
    ids: Vec<u64>,
    changes: Vec<OptionChange>,
) -> CommandResult<u64> {
    options::set_options(&state, ids, changes).await
}

/// Restores what a change of options has replaced, once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_options(state: State<'_, AppState>, change: u64) -> CommandResult<()> {
    options::undo_options(&state, change).await
}
