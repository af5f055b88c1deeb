//! Commands for phones: permission for notifications, and why work did not continue in the background.

use millrace_backend::app_state::AppState;
use millrace_backend::commands::{CommandResult, request, settings};
use millrace_backend::notification_permission::NotificationPermission;
use millrace_backend::request::Request;
use tauri::State;

/// Whether the system shows our notices.
#[tauri::command]
#[specta::specta]
pub(crate) async fn notices_consent(
    state: State<'_, AppState>,
) -> CommandResult<NotificationPermission> {
    request(&state, "notices_consent", Request::NotificationPermission).await
}

/// Has the system ask the person, once: whoever has decided is not asked again. Answers when they have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_for_notices(
    state: State<'_, AppState>,
) -> CommandResult<NotificationPermission> {
    request(
        &state,
        "ask_for_notices",
        Request::AskNotificationPermission,
    )
    .await
}

/// Whether the system has ended work that was going on, since the app was started or by ending it before.
#[tauri::command]
#[specta::specta]
pub(crate) fn work_ended(state: State<'_, AppState>) -> bool {
    settings::work_ended(&state)
}

/// Shows where the system is told to let apps go on working; only Android has such a place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn battery_settings(state: State<'_, AppState>) -> CommandResult<()> {
    request(&state, "battery_settings", Request::BatterySettings).await
}
