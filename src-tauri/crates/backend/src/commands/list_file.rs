//! Commands that carry the list from one program to another: as a file, or as its text.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use millrace_engine::{Credentials, NewDownload, PhaseGroup, StoredDownload, file_name_for};
use url::Url;

use super::add::normalize_url;
use super::settings::blocking;
use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::ipc::{ImportOptions, ImportReport, IpcError, IpcErrorCode, SavedFile};
use crate::list_file::{self, EntryState, ExportFormat, ListEntry};
use crate::owner_only;
use crate::rules::host_of;

/// Faults that a report lists.
const MAX_FAULTS: usize = 50;

/// What `import_list` would do with this text of a file. Changes nothing.
///
/// # Errors
///
/// `bad-file`; `stopped`.
pub async fn read_list(
    state: &AppState,
    text: String,
    options: ImportOptions,
) -> CommandResult<ImportReport> {
    let planned = plan(state, text, options).await;
    log_failure("read_list", planned.map(|(report, _)| report))
}

/// Adds the downloads of a file to the list, in its order, all or none of those that the report counts as added. A
/// folder that the file names is used only if the user has chosen it here, or it lies in one that they have chosen.
///
/// # Errors
///
/// `bad-file`; those of adding; `stopped`. Nothing is added then.
pub async fn import_list(
    state: &AppState,
    text: String,
    options: ImportOptions,
) -> CommandResult<ImportReport> {
    let imported = async {
        let (report, new) = plan(state, text, options).await?;
        if !new.is_empty() {
            state.engine.handle()?.add_many(new).await?;
        }
        Ok::<_, IpcError>(report)
    };
    log_failure("import_list", imported.await)
}

/// The whole list as the text of a file, in the order of the queue. Without `secrets` there are no credentials, no
/// proxies, and of the headers only those that identify nobody; a link is always whole.
///
/// # Errors
///
/// `stopped`.
pub async fn export_list(
    state: &AppState,
    format: ExportFormat,
    secrets: bool,
) -> CommandResult<String> {
    let exported = export(state, format, secrets).await;
    log_failure("export_list", exported.map(|(text, _)| text))
}

/// Writes the same into a new file in a folder of the user, readable for its owner alone.
///
/// # Errors
///
/// `unknown-folder`; `stopped`; `system` when it cannot be written.
pub async fn save_list(
    state: &AppState,
    folder: String,
    format: ExportFormat,
    secrets: bool,
) -> CommandResult<SavedFile> {
    let saved = async {
        let label = state.folders.get(&folder)?.label;
        let path = state.folders.resolve(&folder)?;
        let (text, downloads) = export(state, format, secrets).await?;
        let ending = match format {
            ExportFormat::Json => "json",
            ExportFormat::Aria2 | ExportFormat::Links => "txt",
        };
        let written = blocking(move || write_new(&path, ending, &text)).await?;
        let name = written.map_err(|error| {
            let message = format!("the list was not written: {error}");
            IpcError::new(IpcErrorCode::System, message)
        })?;
        Ok::<_, IpcError>(SavedFile {
            name,
            folder: label,
            downloads,
        })
    };
    log_failure("save_list", saved.await)
}

async fn export(
    state: &AppState,
    format: ExportFormat,
    secrets: bool,
) -> CommandResult<(String, u32)> {
    let list = state.engine.handle()?.export(secrets).await?;
    let entries: Vec<ListEntry> = list.into_iter().map(to_entry).collect();
    let count = count(entries.len());
    blocking(move || (list_file::write(&entries, format), count)).await
}

/// Creates `millrace-list.json` or the like; where that exists, one with the first number that is free.
fn write_new(folder: &Path, ending: &str, text: &str) -> io::Result<String> {
    let mut number = 1;
    loop {
        let name = match number {
            1 => format!("millrace-list.{ending}"),
            _ => format!("millrace-list ({number}).{ending}"),
        };
        match owner_only::create(&folder.join(&name)) {
            Ok(file) => {
                let written = write_all(file, text);
                if written.is_err() {
                    // half a list would look like a whole one
                    let _ = std::fs::remove_file(folder.join(&name));
                }
                return written.map(|()| name);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 1_000 => number += 1,
            Err(error) => return Err(error),
        }
    }
}

fn write_all(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// What an import of this text adds, with the report that says so.
async fn plan(
    state: &AppState,
    text: String,
    options: ImportOptions,
) -> CommandResult<(ImportReport, Vec<NewDownload>)> {
    let parsed = blocking(move || list_file::parse(&text)).await?;
    let file = parsed.map_err(|error| IpcError::new(IpcErrorCode::BadFile, error.to_string()))?;
    let list = state.engine.handle()?.list().await?;
    let listed: HashSet<Url> = list
        .iter()
        .filter_map(|one| normalize_url(&one.url))
        .collect();
    let mut faults = file.faults;
    let more = faults.len().saturating_sub(MAX_FAULTS);
    faults.truncate(MAX_FAULTS);
    let mut report = ImportReport {
        format: file.format,
        added: 0,
        known: 0,
        finished: 0,
        other_folder: 0,
        faults,
        more_faults: count(more),
    };
    let mut new = Vec::new();
    for entry in file.entries {
        if normalize_url(&entry.url).is_some_and(|url| listed.contains(&url)) {
            report.known += 1;
        } else if entry.state == EntryState::Done && !options.finished {
            report.finished += 1;
        } else {
            report.added += 1;
            new.push(to_download(state, entry, options, &mut report)?);
        }
    }
    Ok((report, new))
}

fn to_download(
    state: &AppState,
    entry: ListEntry,
    options: ImportOptions,
    report: &mut ImportReport,
) -> CommandResult<NewDownload> {
    let named = entry.folder.as_deref().map(Path::new);
    let folder = if let Some(folder) = named.filter(|folder| state.folders.covers(folder)) {
        folder.to_path_buf()
    } else {
        report.other_folder += u32::from(named.is_some());
        let name = file_name_for(&entry.url, entry.name.as_deref());
        let settings = state.settings.now();
        state
            .folders
            .resolve(&settings.folder_for(&name, &host_of(&entry.url)).id)?
    };
    let credentials = match (entry.user, entry.password) {
        (None, None) => None,
        (user, password) => Some(Credentials {
            user: user.unwrap_or_default(),
            password: password.unwrap_or_default(),
        }),
    };
    Ok(NewDownload {
        url: entry.url,
        folder,
        name: entry.name,
        headers: entry.headers,
        // the reader has left out what cannot be parsed
        checksum: entry.checksum.and_then(|text| text.parse().ok()),
        credentials,
        proxy: entry.proxy.and_then(|text| text.parse().ok()),
        connections: entry.connections.map(super::control::clamp_connections),
        limit: entry.limit,
        priority: entry.priority,
        paused: options.paused || entry.state != EntryState::Queued,
        start_at: entry.start_at.filter(|_| !options.paused),
        unmetered_only: entry.unmetered_only,
        tags: entry.tags,
        queue_first: false,
    })
}

fn to_entry(stored: StoredDownload) -> ListEntry {
    let StoredDownload {
        id: _,
        new,
        group,
        added_at,
        finished_at,
        total,
    } = stored;
    let (user, password) = new
        .credentials
        .map(|credentials| (credentials.user, credentials.password))
        .unzip();
    ListEntry {
        url: new.url,
        name: new.name,
        folder: Some(new.folder.to_string_lossy().into_owned()),
        headers: new.headers,
        checksum: new.checksum.map(|checksum| checksum.to_string()),
        user,
        password,
        proxy: new.proxy.map(|proxy| proxy.to_string()),
        connections: new.connections,
        limit: new.limit,
        priority: new.priority,
        state: match group {
            PhaseGroup::Active | PhaseGroup::Queued => EntryState::Queued,
            PhaseGroup::Paused => EntryState::Paused,
            PhaseGroup::Failed => EntryState::Failed,
            PhaseGroup::Done => EntryState::Done,
        },
        start_at: new.start_at,
        unmetered_only: new.unmetered_only,
        tags: new.tags,
        added_at: Some(added_at),
        finished_at,
        total,
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "list_file_tests.rs"]
mod tests;
