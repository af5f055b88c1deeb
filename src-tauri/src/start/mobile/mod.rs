//! Startup on a phone: the plugin that keeps the app alive and reports network and battery. The process may be killed
//! without notice.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(target_os = "ios", path = "ios.rs")]
mod own;

use std::process::ExitCode;
use std::sync::Arc;

use millrace_backend::app_state::AppState;
use millrace_backend::paths::AppPaths;
use millrace_backend::request::Request;
use millrace_engine::DeviceStatus;
use tauri::async_runtime::{block_on, spawn};
use tauri::{AppHandle, Builder, Manager, RunEvent, Wry};
use tauri_plugin_transfer::TransferExt;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::background::{self, BackgroundWork, PhoneHost};
use crate::window;

/// The app continues without an activity, because work may be kept alive; the system ends the process.
pub(super) const OUTLIVES_WINDOW: bool = true;

/// Nothing to do: a phone starts an app only once.
pub(super) fn hand_over(_: &str, _: &UnboundedSender<Request>) -> Option<ExitCode> {
    None
}

/// Adds the plugins of a phone.
pub(super) fn add_plugins(
    builder: Builder<Wry>,
    _requests: UnboundedSender<Request>,
) -> Builder<Wry> {
    own::plugins(builder.plugin(tauri_plugin_transfer::init()))
}

/// The device status before the first download starts.
pub(super) fn device_status(app: &AppHandle<Wry>) -> DeviceStatus {
    background::initial_device_status(app.transfer())
}

/// Starts to report work to the phone, and to handle its events.
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

/// Opens a window if there is none: a recreated activity is blank without one.
fn show_window(app: &AppHandle<Wry>) {
    if app.get_webview_window(window::LABEL).is_none() {
        // ignored: retried when the user returns to the app
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
