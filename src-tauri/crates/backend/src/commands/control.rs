//! Commands for existing downloads.

use millrace_engine::{DownloadId, Priority, SpeedHistory};

use super::{CommandResult, log_failure, request};
use crate::app_state::AppState;
use crate::ipc::{QueueMove, RemoveMode, Segments};
use crate::request::Request;

/// Stops it; `resume` goes on from where it was.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn pause(state: &AppState, id: u64) -> CommandResult<()> {
    let done = state.engine.handle()?.pause(DownloadId(id)).await;
    log_failure("pause", done)
}

/// Queues it again, from where it was.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn resume(state: &AppState, id: u64) -> CommandResult<()> {
    let done = state.engine.handle()?.resume(DownloadId(id)).await;
    log_failure("resume", done)
}

/// Tries again now, whether it waits or has failed.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn retry(state: &AppState, id: u64) -> CommandResult<()> {
    let done = state.engine.handle()?.retry(DownloadId(id)).await;
    log_failure("retry", done)
}

/// Takes it off the list, whatever it is doing.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn remove(state: &AppState, id: u64, leftover: RemoveMode) -> CommandResult<()> {
    let engine = state.engine.handle()?;
    let done = engine.remove(DownloadId(id), leftover.into()).await;
    log_failure("remove", done)
}

/// Takes them out of sight at once, and off the list 30 s later unless that is undone. None of them when one
/// is not known. When the program ends before, they are kept.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn remove_many(
    state: &AppState,
    ids: Vec<u64>,
    leftover: RemoveMode,
) -> CommandResult<()> {
    let remove = |reply| Request::Remove(ids, leftover.into(), reply);
    request(state, "remove_many", remove).await
}

/// Brings back those of them that are still there.
///
/// # Errors
///
/// `stopped`.
pub async fn undo_remove(state: &AppState, ids: Vec<u64>) -> CommandResult<()> {
    request(state, "undo_remove", |reply| Request::Undo(ids, reply)).await
}

/// Another link for the same file. Starts it.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `bad-link`, `stopped`.
pub async fn change_link(state: &AppState, id: u64, url: String) -> CommandResult<()> {
    let done = state.engine.handle()?.change_url(DownloadId(id), url).await;
    log_failure("change_link", done)
}

/// Another folder, by its id, for a download that is paused or has failed. Starts it.
///
/// # Errors
///
/// `unknown-folder`, `unknown-download`, `not-now`, `stopped`.
pub async fn change_folder(state: &AppState, id: u64, folder: String) -> CommandResult<()> {
    let path = log_failure("change_folder", state.folders.resolve(&folder))?;
    let done = state
        .engine
        .handle()?
        .change_folder(DownloadId(id), path)
        .await;
    log_failure("change_folder", done)
}

/// Bytes per second of this download; null for no limit of its own. At once.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn set_limit(state: &AppState, id: u64, limit: Option<u64>) -> CommandResult<()> {
    let limit = limit.filter(|limit| *limit > 0);
    let done = state
        .engine
        .handle()?
        .set_limit_of(DownloadId(id), limit)
        .await;
    log_failure("set_limit", done)
}

/// Connections of this download at most, 1 to 16; null for what is set. At once.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn set_connections(
    state: &AppState,
    id: u64,
    connections: Option<u32>,
) -> CommandResult<()> {
    let engine = state.engine.handle()?;
    let most = connections.map(clamp_connections);
    let done = engine.set_connections_of(DownloadId(id), most).await;
    log_failure("set_connections", done)
}

/// Clamps to the number of connections that one download may have.
pub(super) fn clamp_connections(connections: u32) -> u32 {
    connections.clamp(1, 16)
}

/// Whether it waits for a network that does not cost by the byte, whatever is set for all. At once.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn set_unmetered_only(state: &AppState, id: u64, only: bool) -> CommandResult<()> {
    let engine = state.engine.handle()?;
    let done = engine.set_unmetered_only(DownloadId(id), only).await;
    log_failure("set_unmetered_only", done)
}

/// Replaces the tags of these downloads, of all or of none; at most 6 of 24 characters, what is beyond is dropped.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn set_tags(state: &AppState, ids: Vec<u64>, tags: Vec<String>) -> CommandResult<()> {
    let ids = ids.into_iter().map(DownloadId).collect();
    let done = state.engine.handle()?.set_tags(ids, tags).await;
    log_failure("set_tags", done)
}

/// How soon it has its turn. Stops nothing that runs.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn set_priority(state: &AppState, id: u64, priority: Priority) -> CommandResult<()> {
    let engine = state.engine.handle()?;
    let done = engine.set_priority(DownloadId(id), priority).await;
    log_failure("set_priority", done)
}

/// Another place in the queue.
///
/// # Errors
///
/// `unknown-download`, `not-now`, `stopped`.
pub async fn move_to(state: &AppState, id: u64, place: QueueMove) -> CommandResult<()> {
    let engine = state.engine.handle()?;
    let done = engine.move_in_queue(DownloadId(id), place.into()).await;
    log_failure("move_to", done)
}

/// Which parts of the file are here and which are on their way; pulled while they are on the screen.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn segments(state: &AppState, id: u64) -> CommandResult<Segments> {
    let segments = state.engine.handle()?.segments(DownloadId(id)).await;
    log_failure("segments", segments.map(Into::into))
}

/// The speed over its whole life, at most 240 points; pulled while it is on the screen.
///
/// # Errors
///
/// `unknown-download`, `stopped`.
pub async fn speed_history(state: &AppState, id: u64) -> CommandResult<SpeedHistory> {
    let history = state.engine.handle()?.speed_history(DownloadId(id)).await;
    log_failure("speed_history", history)
}

/// Pauses everything that may be paused.
///
/// # Errors
///
/// `stopped`.
pub async fn pause_all(state: &AppState) -> CommandResult<()> {
    let done = state.engine.handle()?.pause_all().await;
    log_failure("pause_all", done)
}

/// Resumes everything that may be resumed.
///
/// # Errors
///
/// `stopped`.
pub async fn resume_all(state: &AppState) -> CommandResult<()> {
    let done = state.engine.handle()?.resume_all().await;
    log_failure("resume_all", done)
}
