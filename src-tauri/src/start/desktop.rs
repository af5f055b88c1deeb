//! Startup and shutdown on a desktop: single instance, device status, and signals.

#[cfg(unix)]
#[path = "single_instance.rs"]
mod instance;
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(not(target_os = "macos"), path = "other.rs")]
mod opened;

use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use millrace_backend::app_state::AppState;
use millrace_backend::paths::AppPaths;
use millrace_backend::request::Request;
use millrace_engine::DeviceStatus;
use parking_lot::Mutex;
use tauri::async_runtime::block_on;
use tauri::{AppHandle, Builder, Manager, Wry};
use tokio::sync::mpsc::UnboundedSender;

use super::{is_hidden, links};
#[cfg(unix)]
use crate::paths;
use crate::platform::{Reading, watch};

pub(super) use self::opened::app_request;

/// How long the start waits for the device status; a service that is just being started reports it later.
const FIRST_READING: Duration = Duration::from_millis(300);

/// The app ends with its window, unless the tray keeps it running.
pub(super) const OUTLIVES_WINDOW: bool = false;

/// A second start sends its links to the first one and exits before it changes anything: `Some` is its exit code. Comes
/// before any library is started whose threads would still run while the process exits.
#[cfg(unix)]
pub(super) fn hand_over(identifier: &str, requests: &UnboundedSender<Request>) -> Option<ExitCode> {
    let found = paths::state_of(identifier).and_then(|state| Ok((instance::start(&state)?, state)));
    let problem = match found {
        Ok((instance::Start::First(first), _)) => {
            first.listen(taking(requests.clone()));
            return None;
        }
        Ok((instance::Start::Later, state)) => {
            let arguments: Vec<String> = std::env::args().collect();
            match instance::hand_over(&state, &arguments) {
                Ok(()) => return Some(ExitCode::SUCCESS),
                Err(error) => {
                    format!("it runs already, but does not answer ({error}); nothing was changed")
                }
            }
        }
        Err(error) => error.to_string(),
    };
    super::print_error(&format!("millrace-app: {problem}"));
    Some(ExitCode::FAILURE)
}

/// Done by a plugin on this system.
#[cfg(not(unix))]
pub(super) fn hand_over(_: &str, _: &UnboundedSender<Request>) -> Option<ExitCode> {
    None
}

/// Handles the arguments of a later start.
fn taking(requests: UnboundedSender<Request>) -> impl Fn(Vec<String>) + Send + Sync + 'static {
    move |arguments| {
        if !is_hidden(&arguments) {
            // ignored: the receiver is gone during shutdown
            let _ = requests.send(Request::Links(links(arguments)));
        }
    }
}

#[cfg(unix)]
pub(super) fn add_plugins(
    builder: Builder<Wry>,
    _requests: UnboundedSender<Request>,
) -> Builder<Wry> {
    builder
}

/// A second start sends its links to the first one and exits before it changes anything: this plugin comes first.
#[cfg(not(unix))]
pub(super) fn add_plugins(
    builder: Builder<Wry>,
    requests: UnboundedSender<Request>,
) -> Builder<Wry> {
    let take = taking(requests);
    let taking = move |_: &AppHandle<Wry>, arguments, _| take(arguments);
    let single = tauri_plugin_single_instance::Builder::new();
    builder.plugin(single.callback(taking).build())
}

/// Device status readings, with the first one separate.
struct Readings(Mutex<Option<(Reading, Receiver<Reading>)>>);

/// The device status, if it is reported in time. An unknown status blocks nothing.
pub(super) fn device_status(app: &AppHandle<Wry>) -> DeviceStatus {
    let (tell, told) = channel();
    watch(move |reading| tell.send(reading).is_ok());
    let first = told.recv_timeout(FIRST_READING).unwrap_or_default();
    app.manage(Readings(Mutex::new(Some((first, told)))));
    first.conditions
}

/// Forwards the device status to the engine. Nothing else is needed: a desktop lets the process run.
pub(super) fn start_background(
    app: &AppHandle<Wry>,
    state: &AppState,
    _home: &AppPaths,
    _languages: Vec<String>,
) -> Result<(), Box<dyn std::error::Error>> {
    let readings = app.state::<Readings>();
    let taken = readings.0.lock().take();
    let Some((first, told)) = taken else {
        return Ok(());
    };
    state.set_says(first.says);
    let state = state.clone();
    let heed = move || {
        while let Ok(reading) = told.recv() {
            state.set_says(reading.says);
            let Ok(engine) = state.engine.handle() else {
                return;
            };
            if block_on(engine.set_device_status(reading.conditions)).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new()
        .name("conditions".into())
        .spawn(heed)?;
    Ok(())
}

/// Exits at the end of the desktop's session, or on Ctrl+C in the terminal.
pub(super) async fn end_on_signal(app: AppHandle<Wry>) {
    if shutdown_signal().await.is_ok() {
        app.exit(0);
    }
}

#[cfg(unix)]
async fn shutdown_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn shutdown_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
