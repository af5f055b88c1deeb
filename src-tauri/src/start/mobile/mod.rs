//! What only a phone has: a plugin that keeps it awake and tells of networks and batteries, and an end without a word.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(target_os = "ios", path = "ios.rs")]
mod own;

use std::process::ExitCode;
use std::sync::Arc;

use millrace_engine::DeviceStatus;
use tauri::async_runtime::{block_on, spawn};
use tauri::{AppHandle, Builder, Manager, RunEvent, Wry};
use tauri_plugin_transfer::TransferExt;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::app::Request;
use crate::app_state::AppState;
use crate::background::{self, BackgroundWork, PhoneHost};
use crate::paths::AppPaths;
use crate::window;

/// When its last activity is gone the process is the system's to end, and work may be held.
pub(super) const OUTLIVES_WINDOW: bool = true;

/// Nothing: a phone starts an app once, by itself.
pub(super) fn hand_over(_: &str, _: &UnboundedSender<Request>) -> Option<ExitCode> {
    None
}

/// The plugins of a phone.
pub(super) fn add_plugins(
    builder: Builder<Wry>,
    _requests: UnboundedSender<Request>,
) -> Builder<Wry> {
    own::plugins(builder.plugin(tauri_plugin_transfer::init()))
}

/// How network and battery are before the first download starts.
pub(super) fn device_status(app: &AppHandle<Wry>) -> DeviceStatus {
    background::initial_device_status(app.transfer())
}

/// The phone is told of the work from now on, and heard.
pub(super) fn start_background(
    app: &AppHandle<Wry>,
    state: &AppState,
    home: &AppPaths,
    languages: Vec<String>,
) -> Result<(), Box<dyn std::error::Error>> {
    let engine = state.engine.handle()?;
    let updates = block_on(async move { engine.subscribe().await })?;
    let (told, heard) = unbounded_channel();
    background::listen(app.transfer().clone(), told);
    let seen = app.clone();
    let phone = PhoneHost::new(app.transfer().clone(), own::SUPPORTS_OFFLOAD, move || {
        show_window(&seen);
    });
    let carried = BackgroundWork::new(Arc::new(phone), state.clone(), home, languages);
    spawn(carried.run(updates, heard));
    Ok(())
}

/// An activity that is built anew is blank until its window is.
fn show_window(app: &AppHandle<Wry>) {
    if app.get_webview_window(window::LABEL).is_none() {
        // one that cannot be opened now may be when the person comes again
        let _ = window::open(app);
    }
}

/// Links that other apps open with this one.
pub(super) fn app_request(event: &RunEvent) -> Option<Request> {
    if let RunEvent::Opened { urls } = event {
        let links = urls.iter().map(|url| url.to_string().into()).collect();
        Some(Request::Offered(links))
    } else {
        None
    }
}

pub(super) fn end_on_signal(_app: AppHandle<Wry>) -> impl Future<Output = ()> {
    std::future::ready(())
}
