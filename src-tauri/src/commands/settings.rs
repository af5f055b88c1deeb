//! Commands for the settings, the properties of this build, and the diagnostics report.

use std::sync::Arc;

use millrace_backend::app_state::AppState;
use millrace_backend::diagnostics::{self, DiagnosticsInput};
use millrace_backend::ipc::{IpcError, IpcErrorCode, PlatformInfo, Settings};
use tauri::State;

use super::{Caller, CommandResult};

/// Everything that is set. Of the proxy's password only that there is one: `***`.
#[tauri::command]
#[specta::specta]
pub(crate) fn settings(state: State<'_, AppState>) -> Settings {
    state.settings.now().redacted()
}

/// Sets everything anew: stored when this returns, and in force. A bad value is named in the message of `bad-setting`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_settings(
    state: State<'_, AppState>,
    caller: Caller,
    settings: Settings,
) -> CommandResult<Settings> {
    let store = Arc::clone(&state.settings);
    let changed = blocking(move || store.change(Some(&caller.0), |now| *now = settings)).await;
    let changed = changed.and_then(|changed| changed);
    super::log_failure(&state, "change_settings", changed.map(|now| now.redacted()))
}

#[tauri::command]
#[specta::specta]
pub(crate) fn platform(state: State<'_, AppState>) -> PlatformInfo {
    PlatformInfo::of_this_build(state.says())
}

/// What to copy into a report of a fault: version, system, settings, the list in numbers and the end of the log, as text
/// without secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn report(state: State<'_, AppState>) -> CommandResult<String> {
    let list = state.engine.handle()?.list().await?;
    let (log, settings) = (state.log.clone(), state.settings.now().redacted());
    let text = blocking(move || {
        diagnostics::render(&DiagnosticsInput {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: diagnostics::system(tauri::webview_version().ok()),
            settings: serde_json::to_string_pretty(&settings).unwrap_or_default(),
            list,
            log: log.tail(diagnostics::MAX_LOG),
            home: std::env::home_dir(),
        })
    })
    .await;
    super::log_failure(&state, "report", text)
}

/// Runs `work` on a blocking thread: it accesses files.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> CommandResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|broken| IpcError::new(IpcErrorCode::System, broken.to_string()))
}
