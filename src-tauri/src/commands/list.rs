//! Commands of the list: a snapshot, then acknowledged frames.

#![expect(
    clippy::disallowed_types,
    reason = "a command's signature names its channels; the hub takes them over at once"
)]

use std::collections::HashMap;

use millrace_backend::app_state::AppState;
use millrace_backend::ipc::{Activity, Frame, Page};
use tauri::State;
use tauri::ipc::Channel;

use super::channel_sink::sink;
use super::{Caller, CommandResult};

/// Opens the window's session. The answer is the first page; frames begin after `ack(session, 0)`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attach(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
    on_frame: Channel<Frame>,
) -> CommandResult<Page> {
    let opened = state.hub.attach(caller.0, session, sink(on_frame));
    super::log_failure(&state, "attach", opened.await)
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
    state.hub.page(caller.0, session, first, count).await
}

/// The whole links of these downloads, in the order of `ids`; those that are gone are left out. A row has only the beginning
/// of a long one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn links(state: State<'_, AppState>, ids: Vec<u64>) -> CommandResult<Vec<String>> {
    let list = state.engine.handle()?.list().await?;
    let known: HashMap<u64, String> = list.into_iter().map(|one| (one.id.0, one.url)).collect();
    let links = ids.iter().filter_map(|id| known.get(id).cloned());
    Ok(links.collect())
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
    state.hub.ack(caller.0, session, seq).await
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
    state.hub.view(caller.0, session, seen, activity).await
}

/// Ends the session and the window's watches.
#[tauri::command]
#[specta::specta]
pub(crate) async fn detach(
    state: State<'_, AppState>,
    caller: Caller,
    session: String,
) -> CommandResult<()> {
    state.hub.detach(caller.0, session).await
}
