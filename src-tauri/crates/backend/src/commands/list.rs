//! Commands of the list: a snapshot, then acknowledged frames.

use std::collections::HashMap;

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::hub::BoxedSink;
use crate::view::{Activity, Frame, Page};

/// Opens the window's session and returns the first page; frames begin after `ack(session, 0)`.
///
/// # Errors
///
/// `too-many` sessions or attaches; `stopped`.
pub async fn attach(
    state: &AppState,
    window: String,
    session: String,
    frames: BoxedSink<Frame>,
) -> CommandResult<Page> {
    let opened = state.hub.attach(window, session, frames).await;
    log_failure("attach", opened)
}

/// Rows from the place `first` on, newest first.
///
/// # Errors
///
/// `stale-session`; `stopped`.
pub async fn page(
    state: &AppState,
    window: String,
    session: String,
    first: u32,
    count: u32,
) -> CommandResult<Page> {
    Ok(state.hub.page(window, session, first, count).await?)
}

/// The whole links of these downloads, in the order of `ids`; those that are gone are left out.
///
/// # Errors
///
/// `stopped`.
pub async fn links(state: &AppState, ids: Vec<u64>) -> CommandResult<Vec<String>> {
    let list = state.engine.handle()?.list().await?;
    let known: HashMap<u64, String> = list.into_iter().map(|one| (one.id.0, one.url)).collect();
    let links = ids.iter().filter_map(|id| known.get(id).cloned());
    Ok(links.collect())
}

/// Frame `seq` is on the screen; the next may come.
///
/// # Errors
///
/// `stale-session`; `stopped`.
pub async fn ack(state: &AppState, window: String, session: String, seq: u32) -> CommandResult<()> {
    Ok(state.hub.ack(window, session, seq).await?)
}

/// Which rows are on the screen, and whether the user looks.
///
/// # Errors
///
/// `stale-session`; `stopped`.
pub async fn view(
    state: &AppState,
    window: String,
    session: String,
    seen: Vec<u64>,
    activity: Activity,
) -> CommandResult<()> {
    Ok(state.hub.view(window, session, seen, activity).await?)
}

/// Ends the session and the window's watches.
///
/// # Errors
///
/// `stale-session`; `stopped`.
pub async fn detach(state: &AppState, window: String, session: String) -> CommandResult<()> {
    Ok(state.hub.detach(window, session).await?)
}
