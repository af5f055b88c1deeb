//! What only a desktop has at the start and at the end: one instance for all, and signals.

#[cfg(unix)]
#[path = "instance.rs"]
mod instance;
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(not(target_os = "macos"), path = "elsewhere.rs")]
mod opened;

use std::process::ExitCode;

use millrace_engine::Conditions;
use tauri::{AppHandle, Builder, Wry};
use tokio::sync::mpsc::UnboundedSender;

use super::{is_hidden, links};
use crate::app::Request;
use crate::desk::Desk;
use crate::home::Home;

pub(super) use self::opened::asked;

/// Without a window it is over, unless somebody says otherwise.
pub(super) const OUTLIVES_WINDOW: bool = false;

/// A second start hands its links over and ends, before it touches anything: `Some` is how. No library has been started then
/// whose threads would still run while the process ends.
#[cfg(unix)]
pub(super) fn hand_over(identifier: &str, requests: &UnboundedSender<Request>) -> Option<ExitCode> {
    let found = Home::state_of(identifier).and_then(|state| Ok((instance::start(&state)?, state)));
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
    super::say(&format!("millrace-app: {problem}"));
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
pub(super) fn with(builder: Builder<Wry>, _requests: UnboundedSender<Request>) -> Builder<Wry> {
    builder
}

/// A second start hands its links over and ends, before it touches anything: this plugin is the first one.
#[cfg(not(unix))]
pub(super) fn with(builder: Builder<Wry>, requests: UnboundedSender<Request>) -> Builder<Wry> {
    let take = taking(requests);
    let taking = move |_: &AppHandle<Wry>, arguments, _| take(arguments);
    let single = tauri_plugin_single_instance::Builder::new();
    builder.plugin(single.callback(taking).build())
}

/// A desktop does not say, and what is not said holds nothing up.
pub(super) fn conditions(_app: &AppHandle<Wry>) -> Conditions {
    Conditions::default()
}

/// A desktop lets a process live.
pub(super) fn carry(
    _app: &AppHandle<Wry>,
    _desk: &Desk,
    _home: &Home,
    _languages: Vec<String>,
) -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

/// The end of the desktop's session, or Ctrl+C in the terminal.
pub(super) async fn end_on_signal(app: AppHandle<Wry>) {
    if asked_to_end().await.is_ok() {
        app.exit(0);
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
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
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
