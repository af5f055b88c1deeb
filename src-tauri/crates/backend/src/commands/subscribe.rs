//! Commands for one download's events and log.

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::hub::WatchChannels;
use crate::ipc::DownloadOptions;
use crate::subfolder;

/// Adds a link and watches it in one step, so that no first event is missed.
///
/// # Errors
///
/// Those of the options and of the engine; `stopped`. Nothing is added then.
pub async fn download(
    state: &AppState,
    window: String,
    url: String,
    options: Option<DownloadOptions>,
    channels: WatchChannels,
) -> CommandResult<u64> {
    let added = add(state, window, url, options.unwrap_or_default(), channels);
    log_failure("download", added.await)
}

async fn add(
    state: &AppState,
    window: String,
    url: String,
    options: DownloadOptions,
    channels: WatchChannels,
) -> CommandResult<u64> {
    let folder = options.folder.clone();
    let in_subfolder = options.subfolder.is_some();
    let new = super::add::to_new_download(state, url, options)?;
    let made = super::add::make_subfolders(in_subfolder, std::slice::from_ref(&new)).await?;
    let engine = state.engine.handle()?;
    let document = state.hub.expect(window.clone()).await?;
    let added = engine.add(new).await;
    let watched = added.as_ref().ok().map(|id| (id.0, channels));
    state.hub.settle(window, document, watched).await?;
    if added.is_err() {
        subfolder::discard(made).await;
    }
    let id = added?;
    super::add::remember_folder(state, folder).await;
    Ok(id.0)
}

/// Attaches to an existing download: `started` with what has come so far, then the tail.
///
/// # Errors
///
/// `unknown-download`; `stopped`.
pub async fn watch(
    state: &AppState,
    window: String,
    id: u64,
    channels: WatchChannels,
) -> CommandResult<()> {
    let watched = state.hub.watch(window, id, channels).await;
    log_failure("watch", watched)
}

/// Ends the window's watch of this download.
///
/// # Errors
///
/// `stopped`.
pub async fn unwatch(state: &AppState, window: String, id: u64) -> CommandResult<()> {
    Ok(state.hub.unwatch(window, id).await?)
}
