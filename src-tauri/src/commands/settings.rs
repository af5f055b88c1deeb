//! What is set, what this build can do, and the report for whoever is to help.

use std::sync::Arc;

use super::{Answer, Caller, Room};
use crate::report::{self, Facts};
use crate::view::{CommandFailure, FailureCode, Platform, Settings};

/// Everything that is set. Of the proxy's password only that there is one: `***`.
#[tauri::command]
#[specta::specta]
pub(crate) fn settings(desk: Room<'_>) -> Settings {
    desk.settings.now().shown()
}

/// Sets everything anew: stored when this returns, and in force. A bad value is named in the message of `bad-setting`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_settings(
    desk: Room<'_>,
    caller: Caller,
    settings: Settings,
) -> Answer<Settings> {
    let store = Arc::clone(&desk.settings);
    let changed = blocking(move || store.change(Some(&caller.0), |now| *now = settings)).await;
    let changed = changed.and_then(|changed| changed);
    super::noted(&desk, "change_settings", changed.map(|now| now.shown()))
}

#[tauri::command]
#[specta::specta]
pub(crate) fn platform(desk: Room<'_>) -> Platform {
    Platform::of_this_build(desk.says())
}

/// What to copy into a report of a fault: version, system, settings, the list in numbers and the end of the log, as text
/// without secrets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn report(desk: Room<'_>) -> Answer<String> {
    let list = desk.door.engine()?.list().await?;
    let (journal, settings) = (desk.journal.clone(), desk.settings.now().shown());
    let text = blocking(move || {
        report::report(&Facts {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            system: report::system(),
            settings: serde_json::to_string_pretty(&settings).unwrap_or_default(),
            list,
            log: journal.tail(report::LOG),
            home: std::env::home_dir(),
        })
    })
    .await;
    super::noted(&desk, "report", text)
}

/// Files are waited for elsewhere.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|broken| CommandFailure::new(FailureCode::System, broken.to_string()))
}
