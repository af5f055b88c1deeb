//! Commands for one download's events and log.

#![expect(
    clippy::disallowed_types,
    reason = "a command's signature names its channels; the hub takes them over at once"
)]

use millrace_backend::app_state::AppState;
use millrace_backend::hub::WatchChannels;
use millrace_backend::ipc::DownloadOptions;
use millrace_protocol::{DownloadEvent, LogBatch};
use tauri::State;
use tauri::ipc::Channel;

use super::channel_sink::sink;
use super::{Caller, CommandResult};

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
    let channels = channels(on_event, on_log);
    let added = add(&state, caller, url, options.unwrap_or_default(), channels);
    super::log_failure(&state, "download", added.await)
}

async fn add(
    state: &AppState,
    caller: Caller,
    url: String,
    options: DownloadOptions,
    channels: WatchChannels,
) -> CommandResult<u64> {
    let folder = options.folder.clone();
    let new = super::add::to_new_download(state, url, options)?;
    let engine = state.engine.handle()?;
    let document = state.hub.expect(caller.0.clone()).await?;
    let added = engine.add(new).await;
    let watched = added.as_ref().ok().map(|id| (id.0, channels));
    state.hub.settle(caller.0, document, watched).await?;
    let id = added?;
    super::add::remember_folder(state, folder.as_deref());
    Ok(id.0)
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
    let channels = channels(on_event, on_log);
    super::log_failure(
        &state,
        "watch",
        state.hub.watch(caller.0, id, channels).await,
    )
}

/// Ends the window's watch of this download.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unwatch(
    state: State<'_, AppState>,
    caller: Caller,
    id: u64,
) -> CommandResult<()> {
    state.hub.unwatch(caller.0, id).await
}

fn channels(on_event: Channel<DownloadEvent>, on_log: Channel<LogBatch>) -> WatchChannels {
    WatchChannels {
        events: sink(on_event),
        log: sink(on_log),
    }
}
