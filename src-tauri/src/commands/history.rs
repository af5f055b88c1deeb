//! Commands of the history.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, history};
use millrace_backend::ipc::{HistoryPage, TrafficReport};
use tauri::State;

/// Finished and removed downloads whose name, host or link contains `search`, latest first, from the place `first` on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history(
    state: State<'_, AppState>,
    search: String,
    first: u32,
) -> CommandResult<HistoryPage> {
    history::history(&state, search, first).await
}

/// Bytes received per hour, and per host, of the last 90 days.
#[tauri::command]
#[specta::specta]
pub(crate) async fn traffic(state: State<'_, AppState>) -> CommandResult<TrafficReport> {
    history::traffic(&state).await
}

/// Forgets all entries and counts. The list stays as it is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clear_history(state: State<'_, AppState>) -> CommandResult<()> {
    history::clear_history(&state).await
}

/// Adds these downloads again, from zero; returns their ids in the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_history(
    state: State<'_, AppState>,
    ids: Vec<u64>,
) -> CommandResult<Vec<u64>> {
    history::restore_history(&state, ids).await
}
