//! Commands for the settings, the properties of this build, and the diagnostics report.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, settings};
use millrace_backend::ipc::PlatformInfo;
use millrace_backend::log_line::{AppLogLevel, AppLogLine};
use millrace_backend::rules::Rule;
use millrace_backend::view::Settings;
use tauri::State;

use super::Caller;

/// Everything that is set. Of the proxy's password only that there is one: `***`.
#[tauri::command]
#[specta::specta]
pub(crate) fn settings(state: State<'_, AppState>) -> Settings {
    settings::settings(&state)
}

/// Sets everything anew: stored when this returns, and in force. A bad value is named in the message of `bad-setting`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_settings(
    state: State<'_, AppState>,
    caller: Caller,
    settings: Settings,
) -> CommandResult<Settings> {
    settings::change_settings(&state, caller.0, settings).await
}

/// The rules by which new downloads get their folder and priority; the first that applies counts.
#[tauri::command]
#[specta::specta]
pub(crate) fn rules(state: State<'_, AppState>) -> Vec<Rule> {
    settings::rules(&state)
}

/// Replaces all rules: stored when this returns, and in force.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_rules(
    state: State<'_, AppState>,
    rules: Vec<Rule>,
) -> CommandResult<Vec<Rule>> {
    settings::set_rules(&state, rules).await
}

#[tauri::command]
#[specta::specta]
pub(crate) fn platform(state: State<'_, AppState>) -> PlatformInfo {
    settings::platform(&state)
}

/// What to copy into a report of a fault: version, system, settings, the list in numbers and the end of the log, as text
/// without secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn report(state: State<'_, AppState>) -> CommandResult<String> {
    settings::report(&state, tauri::webview_version().ok()).await
}

/// The last lines of the app's log of this level or a higher one, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn app_log(
    state: State<'_, AppState>,
    least: AppLogLevel,
) -> CommandResult<Vec<AppLogLine>> {
    settings::app_log(&state, least).await
}
