//! Commands for existing downloads.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, control};
use millrace_backend::ipc::{QueueMove, RemoveMode, Segments};
use millrace_engine::{Priority, SpeedHistory};
use tauri::State;

/// Stops it; `resume` goes on from where it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    control::pause(&state, id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resume(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    control::resume(&state, id).await
}

/// Tries again now, whether it waits or has failed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry(state: State<'_, AppState>, id: u64) -> CommandResult<()> {
    control::retry(&state, id).await
}

/// Takes it off the list, whatever it is doing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove(
    state: State<'_, AppState>,
    id: u64,
    leftover: RemoveMode,
) -> CommandResult<()> {
    control::remove(&state, id, leftover).await
}

/// Takes them out of sight at once, and off the list 30 s later unless that is undone. None of them when one
/// is not known. When the program ends before, they are kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_many(
    state: State<'_, AppState>,
    ids: Vec<u64>,
    leftover: RemoveMode,
) -> CommandResult<()> {
    control::remove_many(&state, ids, leftover).await
}

/// Brings back those of them that are still there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_remove(state: State<'_, AppState>, ids: Vec<u64>) -> CommandResult<()> {
    control::undo_remove(&state, ids).await
}

/// Another link for the same file. Starts it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_link(
    state: State<'_, AppState>,
    id: u64,
    url: String,
) -> CommandResult<()> {
    control::change_link(&state, id, url).await
}

/// Another folder, by its id, for a download that is paused or has failed. Starts it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_folder(
    state: State<'_, AppState>,
    id: u64,
    folder: String,
) -> CommandResult<()> {
    control::change_folder(&state, id, folder).await
}

/// Bytes per second of this download; null for no limit of its own. At once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_limit(
    state: State<'_, AppState>,
    id: u64,
    limit: Option<u64>,
) -> CommandResult<()> {
    control::set_limit(&state, id, limit).await
}

/// Connections of this download at most, 1 to 16; null for what is set. At once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_connections(
    state: State<'_, AppState>,
    id: u64,
    connections: Option<u32>,
) -> CommandResult<()> {
    control::set_connections(&state, id, connections).await
}

/// Whether it waits for a network that does not cost by the byte, whatever is set for all. At once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_unmetered_only(
    state: State<'_, AppState>,
    id: u64,
    only: bool,
) -> CommandResult<()> {
    control::set_unmetered_only(&state, id, only).await
}

/// Replaces the tags of these downloads, of all or of none; at most 6 of 24 characters, what is beyond is dropped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_tags(
    state: State<'_, AppState>,
    ids: Vec<u64>,
    tags: Vec<String>,
) -> CommandResult<()> {
    control::set_tags(&state, ids, tags).await
}

/// How soon it has its turn. Stops nothing that runs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_priority(
    state: State<'_, AppState>,
    id: u64,
    priority: Priority,
) -> CommandResult<()> {
    control::set_priority(&state, id, priority).await
}

/// Another place in the queue.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_to(
    state: State<'_, AppState>,
    id: u64,
    place: QueueMove,
) -> CommandResult<()> {
    control::move_to(&state, id, place).await
}

/// Which parts of the file are here and which are on their way; pulled while they are on the screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn segments(state: State<'_, AppState>, id: u64) -> CommandResult<Segments> {
    control::segments(&state, id).await
}

/// The speed over its whole life, at most 240 points; pulled while it is on the screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn speed_history(
    state: State<'_, AppState>,
    id: u64,
) -> CommandResult<SpeedHistory> {
    control::speed_history(&state, id).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_all(state: State<'_, AppState>) -> CommandResult<()> {
    control::pause_all(&state).await
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_all(state: State<'_, AppState>) -> CommandResult<()> {
    control::resume_all(&state).await
}
