//! One download's events and log.

#![expect(
    clippy::disallowed_types,
    reason = "a command's signature names its channels; the hub takes them over at once"
)]

use millrace_protocol::{DownloadEvent, LogBatch};
use tauri::ipc::Channel;

use super::{Answer, Caller, Room};
use crate::desk::Desk;
use crate::hub::Ears;
use crate::view::DownloadOptions;

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
) -> Answer<u64> {
    let ears = ears(on_event, on_log);
    let added = add(&desk, caller, url, options.unwrap_or_default(), ears);
    super::noted(&desk, "download", added.await)
}

async fn add(
    desk: &Desk,
    caller: Caller,
    url: String,
    options: DownloadOptions,
    ears: Ears,
) -> Answer<u64> {
    let folder = options.folder.clone();
    let new = super::adding::wanted(desk, url, options)?;
    let engine = desk.door.engine()?;
    let document = desk.hub.expect(caller.0.clone()).await?;
    let added = engine.add(new).await;
    let watched = added.as_ref().ok().map(|id| (id.0, ears));
    desk.hub.settle(caller.0, document, watched).await?;
    let id = added?;
    super::adding::used(desk, folder.as_deref());
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
) -> Answer<()> {
    let ears = ears(on_event, on_log);
    super::noted(&desk, "watch", desk.hub.watch(caller.0, id, ears).await)
}

/// Ends the window's watch of this download.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unwatch(desk: Room<'_>, caller: Caller, id: u64) -> Answer<()> {
    desk.hub.unwatch(caller.0, id).await
}

fn ears(on_event: Channel<DownloadEvent>, on_log: Channel<LogBatch>) -> Ears {
    Ears {
        events: Box::new(on_event),
        log: Box::new(on_log),
    }
}
