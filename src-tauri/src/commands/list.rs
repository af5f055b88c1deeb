//! Commands of the list: a snapshot, then acknowledged frames.

#![expect(
    clippy::disallowed_types,
    reason = "a command's signature names its channels; the hub takes them over at once"
)]

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, list};
use millrace_backend::view::{Activity, Frame, Page};
use tauri::State;
use tauri::ipc::Channel;

use super::Caller;
use super::channel_sink::sink;

/// Opens the window's session. The answer is the first page; frames begin after `ack(session, 0)`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attach(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
    on_frame: Channel<Frame>,
) -> CommandResult<Page> {
    list::attach(&state, caller.0, session, sink(on_frame)).await
}

/// Rows from the place `first` on, newest first; at most 500.
#[tauri::command]
#[specta::specta]
pub(crate) async fn page(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
    first: u32,
    count: u32,
) -> CommandResult<Page> {
    list::page(&state, caller.0, session, first, count).await
}

/// The whole links of these downloads, in the order of `ids`; those that are gone are left out. A row has only the beginning
/// of a long one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn links(state: State<'_, AppState>, ids: Vec<u64>) -> CommandResult<Vec<String>> {
    list::links(&state, ids).await
}

/// Frame `seq` is on the screen; the next may come.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ack(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
    seq: u32,
) -> CommandResult<()> {
    list::ack(&state, caller.0, session, seq).await
}

/// Which rows are on the screen, by their ids, and whether the person looks.
#[tauri::command]
#[specta::specta]
pub(crate) async fn view(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
    seen: Vec<u64>,
    activity: Activity,
) -> CommandResult<()> {
    list::view(&state, caller.0, session, seen, activity).await
}

/// Ends the session and the window's watches.
#[tauri::command]
#[specta::specta]
pub(crate) async fn detach(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
) -> CommandResult<()> {
    list::detach(&state, caller.0, session).await
}
