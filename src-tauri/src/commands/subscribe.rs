//! One download's events and log.

#![expect(
    clippy::disallowed_types,
    reason = "a command's signature names its channels; the hub takes them over at once"
)]

use millrace_protocol::{DownloadEvent, LogBatch};
use tauri::ipc::Channel;

use super::{Caller, CommandResult, Room};
use crate::app_state::AppState;
use crate::hub::WatchChannels;
use crate::ipc::DownloadOptions;

/// Adds a link and watches it in one step, so that no first event is missed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download(
    desk: Room<'_>,
    caller: Caller,
    url: String,
    options: Option<DownloadOptions>,
    on_event: Channel<DownloadEvent>,
    on_log: Channel<LogBatch>,
) -> CommandResult<u64> {
    let ears = channels(on_event, on_log);
    let added = add(&desk, caller, url, options.unwrap_or_default(), ears);
    super::log_failure(&desk, "download", added.await)
}

async fn add(
    desk: &AppState,
    caller: Caller,
    url: String,
    options: DownloadOptions,
    ears: WatchChannels,
) -> CommandResult<u64> {
    let folder = options.folder.clone();
    let new = super::add::to_new_download(desk, url, options)?;
    let engine = desk.engine.handle()?;
    let document = desk.hub.expect(caller.0.clone()).await?;
    let added = engine.add(new).await;
    let watched = added.as_ref().ok().map(|id| (id.0, ears));
    desk.hub.settle(caller.0, document, watched).await?;
    let id = added?;
    super::add::remember_folder(desk, folder.as_deref());
    Ok(id.0)
}

/// Attaches to a download that is there: `started` with what has come so far, then the tail.
#[tauri::command]
#[specta::specta]
pub(crate) async fn watch(
    desk: Room<'_>,
    caller: Caller,
    id: u64,
    on_event: Channel<DownloadEvent>,
    on_log: Channel<LogBatch>,
) -> CommandResult<()> {
    let ears = channels(on_event, on_log);
    super::log_failure(&desk, "watch", desk.hub.watch(caller.0, id, ears).await)
}

/// Ends the window's watch of this download.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unwatch(desk: Room<'_>, caller: Caller, id: u64) -> CommandResult<()> {
    desk.hub.unwatch(caller.0, id).await
}

fn channels(on_event: Channel<DownloadEvent>, on_log: Channel<LogBatch>) -> WatchChannels {
    WatchChannels {
        events: Box::new(on_event),
        log: Box::new(on_log),
    }
}
