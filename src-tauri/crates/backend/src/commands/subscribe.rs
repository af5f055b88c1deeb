//! Commands for one download's events and log.

use millrace_engine::DownloadId;

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
    let options = options.unwrap_or_default();
    let added = add(state, window, (None, url), options, channels);
    log_failure("download", added.await)
}

/// Adds a link in the place of download `id`, in one step, and watches it. Until the new download is complete and this can no
/// longer be undone (`undo_remove` with `id`), the old one keeps its file and its row, out of sight; then its file is
/// discarded, and the new one gets its name.
///
/// # Errors
///
/// `unknown-download`, `not-now`; those of the options and of the engine; `stopped`. The old one is as it was then.
pub async fn replace(
    state: &AppState,
    window: String,
    (id, url): (u64, String),
    options: Option<DownloadOptions>,
    channels: WatchChannels,
) -> CommandResult<u64> {
    let options = options.unwrap_or_default();
    let added = add(
        state,
        window,
        (Some(DownloadId(id)), url),
        options,
        channels,
    );
    log_failure("replace", added.await)
}

async fn add(
    state: &AppState,
    window: String,
    (replaced, url): (Option<DownloadId>, String),
    options: DownloadOptions,
    channels: WatchChannels,
) -> CommandResult<u64> {
    let folder = options.folder.clone();
    let in_subfolder = options.subfolder.is_some();
    let new = super::add::to_new_download(state, url, options)?;
    let made = super::add::make_subfolders(in_subfolder, std::slice::from_ref(&new)).await?;
    let engine = state.engine.handle()?;
    let document = state.hub.expect(window.clone()).await?;
    let added = match replaced {
        Some(old) => engine.replace(old, new).await,
        None => engine.add(new).await,
    };
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
