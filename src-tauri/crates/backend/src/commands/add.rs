//! Commands before adding downloads, and for adding several. `subscribe` has the one that adds and watches a single
//! download.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use millrace_engine::{
    Credentials, NewDownload, PART_SUFFIX, Snapshot, file_name_for, is_local_host, numbered,
};
use url::Url;

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::ipc::{
    AddItem, DownloadOptions, Duplicate, DuplicateKind, IpcError, IpcErrorCode, ProbeResult,
};
use crate::request::Request;
use crate::rules::{Rule, host_of};
use crate::subfolder;

/// How long a network drive may take to say how much is free.
const FREE_SPACE_TIMEOUT: Duration = Duration::from_secs(2);

/// How many names of a second copy are looked at.
const MAX_NAMES: u32 = 1_000;
/// How long a network drive may take to say which names it has.
const NAMES_TIMEOUT: Duration = Duration::from_secs(1);

/// Asks the server now, while the person still looks. The answer is kept open for two minutes: the download of this link
/// with the same headers, credentials and proxy goes on with it instead of asking again.
///
/// # Errors
///
/// Those of the options and of the probe; `stopped`.
pub async fn look(
    state: &AppState,
    url: String,
    options: Option<DownloadOptions>,
) -> CommandResult<ProbeResult> {
    let seen = probe(state, url, options.unwrap_or_default()).await;
    log_failure("look", seen)
}

async fn probe(
    state: &AppState,
    url: String,
    options: DownloadOptions,
) -> CommandResult<ProbeResult> {
    if state.folders.are_private() {
        // the user decides while the server is probed
        let _ = state.requests.send(Request::AskForPublicFolder);
    }
    let folder = options.folder.clone();
    let new = to_new_download(state, url, options)?;
    let host = normalize_url(&new.url).and_then(|url| url.host_str().map(is_local_host));
    if host == Some(true) {
        // asked in parallel: the engine keeps retrying the connection meanwhile
        let _ = state.requests.send(Request::ApproachLocal);
    }
    let asked = host_of(&new.url);
    let seen = state.engine.handle()?.probe(new).await?;
    let settings = state.settings.now();
    let rule = Rule::find(&settings.rules, &seen.name, &asked);
    let rule = rule.filter(|rule| rule.folder.is_some() && folder.is_none());
    let folder = match folder {
        Some(id) => state.folders.get(&id)?,
        None => settings.folder_for(&seen.name, &asked).clone(),
    };
    let free = free_for(state, &folder.id).await?;
    Ok(ProbeResult::of(
        seen,
        folder,
        free,
        rule.map(Rule::patterns),
    ))
}

/// Free bytes for that folder, by its id; null where the system does not say, or not soon.
///
/// # Errors
///
/// `unknown-folder`; `stopped`.
pub async fn free_in_folder(state: &AppState, folder: String) -> CommandResult<Option<u64>> {
    log_failure("free_in_folder", free_for(state, &folder).await)
}

async fn free_for(state: &AppState, folder: &str) -> CommandResult<Option<u64>> {
    let path = state.folders.resolve(folder)?;
    let engine = state.engine.handle()?;
    let asked = tokio::time::timeout(FREE_SPACE_TIMEOUT, engine.free_space(path)).await;
    Ok(asked.unwrap_or(Ok(None))?)
}

/// Adds all or none, in one step; the ids are in the order of the items. Each has its own name and
/// checksum, whatever the options say.
///
/// # Errors
///
/// Those of the options and of the engine; `stopped`. None is added then.
pub async fn download_many(
    state: &AppState,
    items: Vec<AddItem>,
    options: Option<DownloadOptions>,
) -> CommandResult<Vec<u64>> {
    let added = add_many(state, items, options.unwrap_or_default()).await;
    log_failure("download_many", added)
}

async fn add_many(
    state: &AppState,
    items: Vec<AddItem>,
    options: DownloadOptions,
) -> CommandResult<Vec<u64>> {
    let folder = options.folder.clone();
    let one = |item: AddItem| {
        let AddItem {
            url,
            name,
            checksum,
        } = item;
        let options = DownloadOptions {
            name,
            checksum,
            ..options.clone()
        };
        to_new_download(state, url, options)
    };
    let new: Vec<NewDownload> = items.into_iter().map(one).collect::<CommandResult<_>>()?;
    let made = make_subfolders(options.subfolder.is_some(), &new).await?;
    let ids = match state.engine.handle()?.add_many(new).await {
        Ok(ids) => ids,
        Err(error) => {
            subfolder::discard(made).await;
            return Err(error.into());
        }
    };
    remember_folder(state, folder).await;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Makes the folders of these downloads where they are subfolders; returns those that were not there.
pub(super) async fn make_subfolders(
    wanted: bool,
    new: &[NewDownload],
) -> CommandResult<Vec<PathBuf>> {
    if !wanted {
        return Ok(Vec::new());
    }
    Ok(subfolder::create(new.iter().map(|one| one.folder.clone()).collect()).await?)
}

/// Converts the options to the engine's type. Without a folder, that of a rule or of the file's category is used.
pub(super) fn to_new_download(
    state: &AppState,
    url: String,
    options: DownloadOptions,
) -> CommandResult<NewDownload> {
    let settings = state.settings.now();
    let name = file_name_for(&url, options.name.as_deref());
    let host = host_of(&url);
    let folder = match &options.folder {
        Some(folder) => folder,
        None => &settings.folder_for(&name, &host).id,
    };
    let rule = Rule::find(&settings.rules, &name, &host);
    let proxy = options.proxy.as_deref().map(str::parse).transpose();
    let credentials = options.credentials.map(|given| Credentials {
        user: given.user,
        password: given.password,
    });
    let checksum = options.checksum.as_deref().map(str::parse).transpose();
    let mut folder = state.folders.resolve(folder)?;
    if let Some(subfolder) = options.subfolder.as_deref() {
        folder.push(subfolder::expand(subfolder, &name, &host)?);
    }
    let mut new = NewDownload {
        url,
        folder,
        name: options.name,
        headers: options.headers,
        checksum: checksum.map_err(IpcError::from)?,
        credentials,
        proxy: proxy.map_err(|error: millrace_engine::ParseProxyError| {
            IpcError::new(IpcErrorCode::BadSetting, format!("proxy: {error}"))
        })?,
        connections: options.connections.map(super::control::clamp_connections),
        limit: options.limit.filter(|limit| *limit > 0),
        priority: options.priority,
        paused: options.paused,
        start_at: options.start_at,
        unmetered_only: options.unmetered_only,
        tags: options.tags,
        queue_first: options.queue_first,
    };
    if let Some(rule) = rule {
        rule.apply(&mut new);
    }
    Ok(new)
}

/// Marks the folder as used last, so that it is offered first. Waits for the disk on a thread of its own.
pub(super) async fn remember_folder(state: &AppState, folder: Option<String>) {
    let Some(id) = folder else { return };
    let folders = Arc::clone(&state.folders);
    let touched = tokio::task::spawn_blocking(move || folders.touch(&id)).await;
    if let Ok(Err(error)) = touched {
        tracing::warn!("the folder is used, but not stored as the last one: {error}");
    }
}

/// What the list has already of this link, or under this name in this folder; the newest first.
///
/// # Errors
///
/// `unknown-folder`; `stopped`.
pub async fn same(
    state: &AppState,
    url: String,
    name: Option<String>,
    folder: Option<String>,
) -> CommandResult<Vec<Duplicate>> {
    let found = find_duplicates(state, &url, name, folder).await;
    log_failure("same", found)
}

async fn find_duplicates(
    state: &AppState,
    url: &str,
    name: Option<String>,
    folder: Option<String>,
) -> CommandResult<Vec<Duplicate>> {
    let name = file_name_for(url, name.as_deref());
    let usual = || {
        let settings = state.settings.now();
        settings.folder_for(&name, &host_of(url)).id.clone()
    };
    let folder = folder.unwrap_or_else(usual);
    let folder = state.folders.resolve(&folder)?;
    let link = normalize_url(url);
    let list = state.hub.snapshots().await?;
    let found = list.iter().rev().filter_map(|one| {
        let by = duplicate_kind(one, link.as_ref(), &name, &folder)?;
        Some(Duplicate {
            id: one.id.0,
            by,
            name: one.name.clone(),
            phase: one.phase,
            received: one.received,
            copy_name: String::new(),
        })
    });
    let mut found: Vec<_> = found.collect();
    if !found.is_empty() {
        let here = list.iter().filter(|one| one.folder == folder);
        let listed = here.map(|one| one.name.clone()).collect();
        let copy_name = free_name(folder, name, listed).await;
        for one in &mut found {
            one.copy_name.clone_from(&copy_name);
        }
    }
    Ok(found)
}

/// The first of `a.zip`, `a (1).zip` … that is neither `listed` nor a file in `folder`. A folder that does not answer in
/// time has none of them.
async fn free_name(folder: PathBuf, name: String, listed: HashSet<String>) -> String {
    let names = (0..MAX_NAMES).map(|n| numbered(&name, n));
    let unlisted: Vec<_> = names.filter(|name| !listed.contains(name)).collect();
    let first = unlisted.first().cloned();
    let search = tokio::task::spawn_blocking(move || {
        unlisted.into_iter().find(|name| {
            let [file, part] = ["", PART_SUFFIX].map(|end| folder.join(format!("{name}{end}")));
            !file.exists() && !part.exists()
        })
    });
    let found = tokio::time::timeout(NAMES_TIMEOUT, search).await;
    let found = found.ok().and_then(Result::ok).flatten();
    found.or(first).unwrap_or(name)
}

fn duplicate_kind(
    one: &Snapshot,
    link: Option<&Url>,
    name: &str,
    folder: &Path,
) -> Option<DuplicateKind> {
    if link.is_some() && normalize_url(&one.url).as_ref() == link {
        return Some(DuplicateKind::Link);
    }
    (one.name == name && one.folder == folder).then_some(DuplicateKind::File)
}

/// The URL without fragment and credentials, for comparison.
pub(super) fn normalize_url(url: &str) -> Option<Url> {
    let mut url: Url = url.trim().parse().ok()?;
    url.set_fragment(None);
    // Fails only for a URL that cannot have credentials.
    let _none = (url.set_username(""), url.set_password(None));
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_gets_the_first_name_that_neither_the_list_nor_the_folder_has() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("a (1).zip"), "").unwrap();
        std::fs::write(home.path().join("a (2).zip.part"), "").unwrap();
        let name = |listed: &[&str]| {
            let listed = listed.iter().map(|&name| name.to_owned()).collect();
            free_name(home.path().to_owned(), "a.zip".to_owned(), listed)
        };
        assert_eq!(name(&[]).await, "a.zip");
        assert_eq!(name(&["a.zip"]).await, "a (3).zip");
        assert_eq!(name(&["a.zip", "a (3).zip"]).await, "a (4).zip");
    }
}
