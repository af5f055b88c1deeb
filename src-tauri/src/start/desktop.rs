//! What only a desktop has at the start and at the end: one instance for all, and signals.

#[cfg(unix)]
#[path = "instance.rs"]
mod instance;
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(not(target_os = "macos"), path = "elsewhere.rs")]
mod opened;

use millrace_engine::Conditions;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Builder, Wry};
use tokio::sync::mpsc::UnboundedSender;

use super::{is_hidden, links};
use crate::app::Request;
use crate::desk::Desk;
use crate::home::Home;

pub(super) use self::opened::asked;

/// Without a window it is over, unless somebody says otherwise.
pub(super) const OUTLIVES_WINDOW: bool = false;

/// A second start hands its links over and ends, before it touches anything.
pub(super) fn with(builder: Builder<Wry>, requests: UnboundedSender<Request>) -> Builder<Wry> {
    builder.plugin(alone(move |arguments| {
        if !is_hidden(&arguments) {
            // an app that is ending takes no more links
            let _ = requests.send(Request::Links(links(arguments)));
        }
    }))
}

#[cfg(unix)]
fn alone(take: impl Fn(Vec<String>) + Send + Sync + 'static) -> TauriPlugin<Wry> {
    tauri::plugin::Builder::new("instance")
        .setup(move |app, _| {
            let home = Home::find(app)?;
            match instance::start(&home.state)? {
                instance::Start::First(first) => first.listen(take),
                instance::Start::Later => {
                    let arguments: Vec<String> = std::env::args().collect();
                    let handed = instance::hand_over(&home.state, &arguments);
                    app.cleanup_before_exit();
                    if let Err(error) = handed {
                        super::say(&format!(
                            "millrace-app: it runs already, but does not answer ({error}); nothing was changed"
                        ));
                        std::process::exit(1);
                    }
                    std::process::exit(0);
                }
            }
            Ok(())
        })
        .build()
}

#[cfg(not(unix))]
fn alone(take: impl Fn(Vec<String>) + Send + Sync + 'static) -> TauriPlugin<Wry> {
    let taking = move |_: &AppHandle<Wry>, arguments, _| take(arguments);
    let builder = tauri_plugin_single_instance::Builder::new();
    builder.callback(taking).build()
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
