//! Commands for the settings, the folders, the properties of this build, and the diagnostics report.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{CommandResult, log_failure};
use crate::app_state::AppState;
use crate::diagnostics::{self, DiagnosticsInput};
use crate::folder_grants::Folder;
use crate::ipc::{IpcError, IpcErrorCode, PlatformInfo};
use crate::log_line::{self, AppLogLevel, AppLogLine};
use crate::rules::Rule;
use crate::settings;
use crate::truncate::truncate;
use crate::view::Settings;

/// All settings, with the proxy's password masked.
pub fn settings(state: &AppState) -> Settings {
    Settings::from(&state.settings.now())
}

/// Replaces all settings, for the page of `window`; they are stored and in force when this returns.
///
/// # Errors
///
/// `bad-setting`, whose message begins with the setting's name; `unknown-folder`; `system` when they cannot be stored.
pub async fn change_settings(
    state: &AppState,
    window: String,
    settings: Settings,
) -> CommandResult<Settings> {
    let store = Arc::clone(&state.settings);
    let replace = move |now: &mut settings::Settings| {
        // A page does not return them.
        let rules = std::mem::take(&mut now.rules);
        *now = settings.into();
        now.rules = rules;
    };
    let changed = blocking(move || store.change(Some(&window), replace)).await;
    let changed = changed.and_then(|changed| changed.map_err(IpcError::from));
    log_failure("change_settings", changed.map(|now| Settings::from(&now)))
}

/// The rules by which new downloads get their folder and priority; the first that applies counts.
pub fn rules(state: &AppState) -> Vec<Rule> {
    state.settings.now().rules
}

/// Replaces all rules; they are stored and in force when this returns.
///
/// # Errors
///
/// `bad-setting`; `unknown-folder`; `system` when they cannot be stored.
pub async fn set_rules(state: &AppState, rules: Vec<Rule>) -> CommandResult<Vec<Rule>> {
    let store = Arc::clone(&state.settings);
    let changed = blocking(move || store.change(None, |now| now.rules = rules)).await;
    let changed = changed.and_then(|changed| changed.map_err(IpcError::from));
    log_failure("set_rules", changed.map(|now| now.rules))
}

/// What this build and this system can do.
pub fn platform(state: &AppState) -> PlatformInfo {
    PlatformInfo::of_this_build(state.says())
}

/// Where files go when nothing else is said.
pub fn default_folder(state: &AppState) -> Folder {
    state.settings.now().folder
}

/// The folders chosen or used last, the latest first.
pub fn recent_folders(state: &AppState) -> Vec<Folder> {
    state.folders.recent()
}

/// Free space of the disk that holds the download folder, in bytes; `None` while it is unknown: the folder is not there,
/// its disk does not say, or has not responded yet to an earlier call.
///
/// # Errors
///
/// `stopped`; `system` when the task that waits for the disk has broken.
pub async fn free_space(state: &AppState) -> CommandResult<Option<u64>> {
    let turn = Arc::clone(&state.measures_free_space).try_lock_owned();
    let folder = state.folders.resolve(&state.settings.now().folder.id);
    let (Ok(turn), Ok(folder)) = (turn, folder) else {
        return Ok(None);
    };
    let engine = state.engine.handle()?;
    // The engine has the file system of folders that a phone's user has chosen. The turn ends with its answer, even if
    // nobody waits for that any more.
    let asked = tokio::spawn(async move {
        let free = engine.free_space(folder).await;
        drop(turn);
        free
    });
    let answered = asked
        .await
        .map_err(|broken| IpcError::new(IpcErrorCode::System, broken.to_string()))?;
    Ok(answered?)
}

/// Whether the system has ended work in progress.
pub fn work_ended(state: &AppState) -> bool {
    state.work_ended.load(Ordering::Relaxed)
}

/// The diagnostics report, without secrets. `webview` is the version of what shows the page.
///
/// # Errors
///
/// `stopped`; `system` when the thread that renders it has broken.
pub async fn report(state: &AppState, webview: Option<String>) -> CommandResult<String> {
    let list = state.engine.handle()?.list().await?;
    let (log, settings) = (state.log.clone(), Settings::from(&state.settings.now()));
    let text = blocking(move || {
        diagnostics::render(&DiagnosticsInput {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: diagnostics::system(webview),
            settings: serde_json::to_string_pretty(&settings).unwrap_or_default(),
            list,
            log: log.tail(diagnostics::MAX_LOG),
            home: std::env::home_dir(),
        })
    })
    .await;
    log_failure("report", text)
}

/// Bytes of the app's log that are read, lines that are returned, and bytes of JSON of one.
const MAX_LOG: u64 = 512 * 1024;
const MAX_LINES: usize = 1_000;
const MAX_LINE: usize = 2_000;

/// The last lines of the app's log of this level or a higher one, oldest first: as they are in its files, without the
/// secrets of links and headers.
///
/// # Errors
///
/// `system` when the thread that reads it has broken.
pub async fn app_log(state: &AppState, least: AppLogLevel) -> CommandResult<Vec<AppLogLine>> {
    let log = state.log.clone();
    let lines = blocking(move || {
        let text = log.tail(MAX_LOG);
        let lines = text.lines().rev().map(log_line::parse);
        let lines = lines.filter(|line| line.level >= least).take(MAX_LINES);
        let mut lines: Vec<AppLogLine> = lines
            .map(|line| AppLogLine {
                text: truncate(&line.text, MAX_LINE),
                ..line
            })
            .collect();
        lines.reverse();
        lines
    });
    log_failure("app_log", lines.await)
}

/// Runs `work` on a blocking thread: it accesses files.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> CommandResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|broken| IpcError::new(IpcErrorCode::System, broken.to_string()))
}
