//! What the page asks of a phone: leave to show notices, and why work did not go on while nobody looked.

use std::sync::atomic::Ordering;

use super::{CommandResult, Room, request};
use crate::app::Request;
use crate::ipc::NotificationPermission;

/// Whether the system shows our notices.
#[tauri::command]
#[specta::specta]
pub(crate) async fn notices_consent(desk: Room<'_>) -> CommandResult<NotificationPermission> {
    let consent = request(&desk, Request::NotificationPermission).await;
    super::log_failure(&desk, "notices_consent", consent)
}

/// Has the system ask the person, once: whoever has decided is not asked again. Answers when they have.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ask_for_notices(desk: Room<'_>) -> CommandResult<NotificationPermission> {
    let consent = request(&desk, Request::RequestNotificationPermission).await;
    super::log_failure(&desk, "ask_for_notices", consent)
}

/// Whether the system has ended work that was going on, since the app was started or by ending it before.
#[tauri::command]
#[specta::specta]
pub(crate) fn work_ended(desk: Room<'_>) -> bool {
    desk.work_ended.load(Ordering::Relaxed)
}

/// Shows where the system is told to let apps go on working; only Android has such a place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn battery_settings(desk: Room<'_>) -> CommandResult<()> {
    let shown = request(&desk, Request::BatterySettings).await;
    super::log_failure(&desk, "battery_settings", shown)
}
