//! What a person asks on the way to a new download, and many at once. One that is watched from its first moment is
//! in `watching`.

use std::path::Path;

use millrace_engine::{Credentials, NewDownload, Snapshot, is_local_host, name_for};
use tauri::Url;

use super::{Answer, Room, ask};
use crate::app::Request;
use crate::desk::Desk;
use crate::view::{CommandFailure, DownloadOptions, FailureCode, Item, Likeness, Look, Same};

/// Asks the server now, while the person still looks. The answer is kept open for two minutes: the download of this link
/// with the same headers, credentials and proxy goes on with it instead of asking again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look(
    desk: Room<'_>,
    url: String,
    options: Option<DownloadOptions>,
) -> Answer<Look> {
    let seen = look_at(&desk, url, options.unwrap_or_default()).await;
    super::noted(&desk, "look", seen)
}

async fn look_at(desk: &Desk, url: String, options: DownloadOptions) -> Answer<Look> {
    if desk.folders.are_private() {
        // they decide while the server is asked
        let _ = desk.requests.send(Request::AskForPublicFolder);
    }
    let folder = options.folder.clone();
    let new = wanted(desk, url, options)?;
    let host = plain(&new.url).and_then(|url| url.host_str().map(is_local_host));
    if host == Some(true) {
        // asked beside this: the connection is tried again and again meanwhile
        let _ = desk.requests.send(Request::ApproachLocal);
    }
    let seen = desk.door.engine()?.look(new).await?;
    let folder = match folder {
        Some(id) => desk.folders.find(&id)?,
        None => desk.settings.now().folder_for(&seen.name).clone(),
    };
    Ok(Look::of(seen, folder))
}

/// Adds all or none, in one step; the ids are in the order of the items. Each has its own name, whatever the options say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download_many(
    desk: Room<'_>,
    items: Vec<Item>,
    options: Option<DownloadOptions>,
) -> Answer<Vec<u64>> {
    let added = add_many(&desk, items, options.unwrap_or_default()).await;
    super::noted(&desk, "download_many", added)
}

async fn add_many(desk: &Desk, items: Vec<Item>, options: DownloadOptions) -> Answer<Vec<u64>> {
    let folder = options.folder.clone();
    let one = |Item { url, name }| {
        let options = DownloadOptions {
            name,
            ..options.clone()
        };
        wanted(desk, url, options)
    };
    let new: Vec<NewDownload> = items.into_iter().map(one).collect::<Answer<_>>()?;
    let ids = desk.door.engine()?.add_many(new).await?;
    used(desk, folder.as_deref());
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// As the engine takes it. Without a folder it goes where files of its kind go.
pub(super) fn wanted(desk: &Desk, url: String, options: DownloadOptions) -> Answer<NewDownload> {
    let settings = desk.settings.now();
    let folder = match &options.folder {
        Some(folder) => folder,
        None => {
            let name = name_for(&url, options.name.as_deref());
            &settings.folder_for(&name).id
        }
    };
    let proxy = options.proxy.as_deref().map(str::parse).transpose();
    let credentials = options.credentials.map(|given| Credentials {
        user: given.user,
        password: given.password,
    });
    let checksum = options.checksum.as_deref().map(str::parse).transpose();
    Ok(NewDownload {
        url,
        folder: desk.folders.resolve(folder)?,
        name: options.name,
        headers: options.headers,
        checksum: checksum.map_err(CommandFailure::from)?,
        credentials,
        proxy: proxy.map_err(|error: millrace_engine::BadProxy| {
            CommandFailure::new(FailureCode::BadSetting, format!("proxy: {error}"))
        })?,
        connections: options.connections.map(super::steering::possible),
        limit: options.limit.filter(|limit| *limit > 0),
        priority: options.priority,
        paused: options.paused,
        start_at: options.start_at,
        unmetered_only: options.unmetered_only,
    })
}

/// A folder that the person named is offered first from now on.
pub(super) fn used(desk: &Desk, folder: Option<&str>) {
    if let Some(id) = folder
        && let Err(error) = desk.folders.used(id)
    {
        let line = format!("the folder is used, but not remembered as the last one: {error}");
        desk.journal.line(&line);
    }
}

/// What the list has already of this link, or under this name in this folder; the newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn same(
    desk: Room<'_>,
    url: String,
    name: Option<String>,
    folder: Option<String>,
) -> Answer<Vec<Same>> {
    let found = find_same(&desk, &url, name, folder).await;
    super::noted(&desk, "same", found)
}

async fn find_same(
    desk: &Desk,
    url: &str,
    name: Option<String>,
    folder: Option<String>,
) -> Answer<Vec<Same>> {
    let name = name_for(url, name.as_deref());
    let folder = folder.unwrap_or_else(|| desk.settings.now().folder_for(&name).id.clone());
    let folder = desk.folders.resolve(&folder)?;
    let link = plain(url);
    let list = desk.hub.snapshots().await?;
    let found = list.iter().rev().filter_map(|one| {
        let by = likeness(one, link.as_ref(), &name, &folder)?;
        Some(Same {
            id: one.id.0,
            by,
            name: one.name.clone(),
            phase: one.phase,
        })
    });
    Ok(found.collect())
}

fn likeness(one: &Snapshot, link: Option<&Url>, name: &str, folder: &Path) -> Option<Likeness> {
    if link.is_some() && plain(&one.url).as_ref() == link {
        return Some(Likeness::Link);
    }
    (one.name == name && one.folder == folder).then_some(Likeness::File)
}

/// A link without what is no part of the question to the server.
fn plain(url: &str) -> Option<Url> {
    let mut url: Url = url.trim().parse().ok()?;
    url.set_fragment(None);
    // Only a link that can have none refuses, and has none then.
    let _none = (url.set_username(""), url.set_password(None));
    Some(url)
}

/// The text in the clipboard; empty when it holds none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn clipboard(desk: Room<'_>) -> Answer<String> {
    let text = ask(&desk, Request::Clipboard).await;
    super::noted(&desk, "clipboard", text)
}
