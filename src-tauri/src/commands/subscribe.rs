//! Commands for one download's events and log.

#![expect(
    clippy::disallowed_types,
    reason = "a command's signature names its channels; the hub takes them over at once"
)]

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, subscribe};
use millrace_backend::hub::WatchChannels;
use millrace_backend::ipc::DownloadOptions;
use millrace_protocol::{DownloadEvent, LogBatch};
use tauri::State;
use tauri::ipc::Channel;

use super::Caller;
use super::channel_sink::sink;

/// Adds a link and watches it in one step, so that no first event is missed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download(
    state: State<'_, AppState>,
    caller: Caller,
    url: String,
    options: Option<DownloadOptions>,
    on_event: Channel<DownloadEvent>,
    on_log: Channel<LogBatch>,
) -> CommandResult<u64> {
    subscribe::download(&state, caller.0, url, options, channels(on_event, on_log)).await
}

/// Adds a link in the place of another download, and watches it. The old one and its file are out of sight, and kept until
/// the new one is complete; `undo_remove` with its id brings it back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn replace(
    state: State<'_, AppState>,
    caller: Caller,
    id: u64,
    url: String,
    options: Option<DownloadOptions>,
    on_event: Channel<DownloadEvent>,
    on_log: Channel<LogBatch>,
) -> CommandResult<u64> {
    let channels = channels(on_event, on_log);
    subscribe::replace(&state, caller.0, (id, url), options, channels).await
}

/// Attaches to a download that is there: `started` with what has come so far, then the tail.
#[tauri::command]
#[specta::specta]
pub(crate) async fn watch(
    state: State<'_, AppState>,
    caller: Caller,
    id: u64,
    on_event: Channel<DownloadEvent>,
    on_log: Channel<LogBatch>,
) -> CommandResult<()> {
    subscribe::watch(&state, caller.0, id, channels(on_event, on_log)).await
}

/// Ends the window's watch of this download.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unwatch(
    state: State<'_, AppState>,
    caller: Caller,
    id: u64,
) -> CommandResult<()> {
    subscribe::unwatch(&state, caller.0, id).await
}

fn channels(on_event: Channel<DownloadEvent>, on_log: Channel<LogBatch>) -> WatchChannels {
    WatchChannels {
        events: sink(on_event),
        log: sink(on_log),
    }
}
