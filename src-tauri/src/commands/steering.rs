//! What a person does to downloads.

use millrace_engine::DownloadId;

use super::{Answer, Room};
use crate::desk::Desk;
use crate::view::Leftover;

/// Stops it; `resume` goes on from where it was.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause(desk: Room<'_>, id: u64) -> Answer<()> {
    let done = desk.door.engine()?.pause(DownloadId(id)).await;
    told(&desk, "pause", done)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resume(desk: Room<'_>, id: u64) -> Answer<()> {
    let done = desk.door.engine()?.resume(DownloadId(id)).await;
    told(&desk, "resume", done)
}

/// Tries again now, whether it waits or has failed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry(desk: Room<'_>, id: u64) -> Answer<()> {
    let done = desk.door.engine()?.retry(DownloadId(id)).await;
    told(&desk, "retry", done)
}

/// Takes it off the list, whatever it is doing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove(desk: Room<'_>, id: u64, leftover: Leftover) -> Answer<()> {
    let engine = desk.door.engine()?;
    let done = engine.remove(DownloadId(id), leftover.into()).await;
    told(&desk, "remove", done)
}

/// Another link for the same file. Starts it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_link(desk: Room<'_>, id: u64, url: String) -> Answer<()> {
    let done = desk.door.engine()?.change_link(DownloadId(id), url).await;
    told(&desk, "change_link", done)
}

/// Another folder, by its id, for a download that is paused or has failed. Starts it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_folder(desk: Room<'_>, id: u64, folder: String) -> Answer<()> {
    let path = super::noted(&desk, "change_folder", desk.folders.resolve(Some(&folder)))?;
    let done = desk
        .door
        .engine()?
        .change_folder(DownloadId(id), path)
        .await;
    told(&desk, "change_folder", done)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_all(desk: Room<'_>) -> Answer<()> {
    let done = desk.door.engine()?.pause_all().await;
    told(&desk, "pause_all", done)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_all(desk: Room<'_>) -> Answer<()> {
    let done = desk.door.engine()?.resume_all().await;
    told(&desk, "resume_all", done)
}

fn told<T>(
    desk: &Desk,
    command: &str,
    done: Result<T, millrace_engine::CommandError>,
) -> Answer<T> {
    super::noted(desk, command, done.map_err(Into::into))
}
