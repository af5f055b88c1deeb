//! What only a desktop has at the start and at the end: one instance for all, and signals.

#[cfg(unix)]
#[path = "single_instance.rs"]
mod instance;
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(not(target_os = "macos"), path = "other.rs")]
mod opened;

use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use millrace_engine::DeviceStatus;
use parking_lot::Mutex;
use tauri::async_runtime::block_on;
use tauri::{AppHandle, Builder, Manager, Wry};
use tokio::sync::mpsc::UnboundedSender;

use super::{is_hidden, links};
use crate::app::Request;
use crate::app_state::AppState;
use crate::paths::AppPaths;
use crate::platform::{Reading, watch};

pub(super) use self::opened::app_request;

/// How long the start waits for how network and battery are; a service that has to be started says it later.
const FIRST_READING: Duration = Duration::from_millis(300);

/// Without a window it is over, unless somebody says otherwise.
pub(super) const OUTLIVES_WINDOW: bool = false;

/// A second start hands its links over and ends, before it touches anything: `Some` is how. No library has been started then
/// whose threads would still run while the process ends.
#[cfg(unix)]
pub(super) fn hand_over(identifier: &str, requests: &UnboundedSender<Request>) -> Option<ExitCode> {
    let found =
        AppPaths::state_of(identifier).and_then(|state| Ok((instance::start(&state)?, state)));
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

/// Done by a plugin there.
#[cfg(not(unix))]
pub(super) fn hand_over(_: &str, _: &UnboundedSender<Request>) -> Option<ExitCode> {
    None
}

/// What the arguments of a later start are for.
fn taking(requests: UnboundedSender<Request>) -> impl Fn(Vec<String>) + Send + Sync + 'static {
    move |arguments| {
        if !is_hidden(&arguments) {
            // an app that is ending takes no more links
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

/// A second start hands its links over and ends, before it touches anything: this plugin is the first one.
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

/// Readings of network and battery, and the first one of them.
struct Readings(Mutex<Option<(Reading, Receiver<Reading>)>>);

/// How network and battery are, if that is said soon enough. What is not said holds nothing up.
pub(super) fn device_status(app: &AppHandle<Wry>) -> DeviceStatus {
    let (tell, told) = channel();
    watch(move |reading| tell.send(reading).is_ok());
    let first = told.recv_timeout(FIRST_READING).unwrap_or_default();
    app.manage(Readings(Mutex::new(Some((first, told)))));
    first.conditions
}

/// A desktop lets a process live. The engine hears of network and battery from now on.
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

/// The end of the desktop's session, or Ctrl+C in the terminal.
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
