//! Commands of the history: what was finished and removed, and how much was received.

use std::path::Path;

use millrace_engine::{HistoryEntry, NewDownload, file_name_for};

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::history::HistoryUnavailable;
use crate::ipc::{HistoryItem, HistoryPage, IpcError, IpcErrorCode, TrafficReport};
use crate::rules::host_of;

/// Entries of one page.
const PAGE: u32 = 100;

/// Entries whose name, host or link contains `search`, latest first, from the place `first` on.
///
/// # Errors
///
/// `system`.
pub async fn history(state: &AppState, search: String, first: u32) -> CommandResult<HistoryPage> {
    let found = state.history.entries(search, first, PAGE + 1).await;
    let page = found.map(|mut entries| {
        let more = entries.len() > PAGE as usize;
        entries.truncate(PAGE as usize);
        let items = entries.into_iter().map(HistoryItem::from).collect();
        HistoryPage { items, more }
    });
    log_failure("history", page)
}

/// Bytes received per hour, and per host.
///
/// # Errors
///
/// `system`.
pub async fn traffic(state: &AppState) -> CommandResult<TrafficReport> {
    let traffic = state.history.traffic().await;
    log_failure("traffic", traffic.map(TrafficReport::from))
}

/// Forgets all entries and counts. The list stays as it is.
///
/// # Errors
///
/// `system`; nothing was forgotten then.
pub async fn clear_history(state: &AppState) -> CommandResult<()> {
    log_failure("clear_history", state.history.clear().await)
}

/// Adds these downloads again, from zero, with the name that they had; returns their ids in the list.
///
/// # Errors
///
/// `system`; those of adding; `stopped`. None is added then.
pub async fn restore_history(state: &AppState, ids: Vec<u64>) -> CommandResult<Vec<u64>> {
    let restored = async {
        let ids = ids.into_iter().filter_map(|id| i64::try_from(id).ok());
        let entries = state.history.find(ids.collect()).await?;
        let new = entries.into_iter().map(|entry| to_download(state, entry));
        let new = new.collect::<CommandResult<Vec<_>>>()?;
        let added = state.engine.handle()?.add_many(new).await?;
        Ok::<_, IpcError>(added.into_iter().map(|id| id.0).collect())
    };
    log_failure("restore_history", restored.await)
}

/// Into the folder where it was, if the user still grants that.
fn to_download(state: &AppState, entry: HistoryEntry) -> CommandResult<NewDownload> {
    let before = Path::new(&entry.folder);
    let folder = if state.folders.covers(before) {
        before.to_path_buf()
    } else {
        let name = file_name_for(&entry.url, Some(&entry.name));
        let settings = state.settings.now();
        state
            .folders
            .resolve(&settings.folder_for(&name, &host_of(&entry.url)).id)?
    };
    Ok(NewDownload {
        url: entry.url,
        folder,
        name: Some(entry.name),
        ..NewDownload::default()
    })
}

impl From<HistoryUnavailable> for IpcError {
    fn from(error: HistoryUnavailable) -> Self {
        Self::new(IpcErrorCode::System, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use millrace_engine::unix_now;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;
    use crate::fixtures::TestEngine;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_removed_can_be_restored() {
        let engine = TestEngine::start();
        let (requests, _inbox) = unbounded_channel();
        let state = engine.state(requests).await;
        let folder = engine.home().downloads.join("sub");
        state.history.ended(HistoryEntry {
            url: "http://127.0.0.1:1/a".into(),
            name: "b.zip".into(),
            folder: folder.to_string_lossy().into_owned(),
            removed_at: Some(unix_now()),
            ..HistoryEntry::default()
        });
        let page = history(&state, "B.ZIP".into(), 0).await.unwrap();
        assert_eq!((page.items.len(), page.more), (1, false));
        let ids = restore_history(&state, vec![page.items[0].id]).await;
        assert_eq!(ids.unwrap().len(), 1);
        let list = engine.handle.list().await.unwrap();
        assert_eq!((list[0].name.as_str(), &list[0].folder), ("b.zip", &folder));
        clear_history(&state).await.unwrap();
        assert_eq!(history(&state, String::new(), 0).await.unwrap().items, []);
        assert_eq!(engine.handle.list().await.unwrap().len(), 1);
        assert_eq!(traffic(&state).await.unwrap().hosts, []);
    }
}
