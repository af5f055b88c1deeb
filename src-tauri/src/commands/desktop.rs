//! What the page asks of the desktop. It passes ids; paths stay here.

use millrace_engine::DownloadId;
use tokio::sync::oneshot;

use super::{Answer, Room};
use crate::app::Request;
use crate::desk::Desk;
use crate::view::{CommandFailure, Folder};

/// Opens a finished file with the program that the desktop has for it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_file(desk: Room<'_>, id: u64) -> Answer<()> {
    let done = ask(&desk, |reply| Request::Open(DownloadId(id), reply)).await;
    super::noted(&desk, "open_file", done)
}

/// Shows a download's file in its folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reveal(desk: Room<'_>, id: u64) -> Answer<()> {
    let done = ask(&desk, |reply| Request::Reveal(DownloadId(id), reply)).await;
    super::noted(&desk, "reveal", done)
}

/// Where files go when nothing else is said.
#[tauri::command]
#[specta::specta]
pub(crate) fn default_folder(desk: Room<'_>) -> Folder {
    desk.folders.default()
}

/// Lets the person choose a folder; null when they do not. The choice is the default from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_folder(desk: Room<'_>) -> Answer<Option<Folder>> {
    let picked = ask(&desk, Request::PickFolder).await;
    super::noted(&desk, "pick_folder", picked)
}

async fn ask<T>(
    desk: &Desk,
    request: impl FnOnce(oneshot::Sender<Answer<T>>) -> Request,
) -> Answer<T> {
    let (reply, answer) = oneshot::channel();
    desk.requests
        .send(request(reply))
        .map_err(|_| CommandFailure::stopped())?;
    answer.await.map_err(|_| CommandFailure::stopped())?
}
