//! What only a desktop has at the start and at the end: one instance for all, and signals.

use tauri::{AppHandle, Builder, Wry};
use tokio::sync::mpsc::UnboundedSender;

use super::links;
use crate::app::Request;
use crate::home;

/// A second start hands its links over and ends, before it touches anything.
pub(super) fn alone(
    builder: Builder<Wry>,
    identifier: &str,
    requests: UnboundedSender<Request>,
) -> Builder<Wry> {
    let alone = tauri_plugin_single_instance::Builder::new()
        .callback(move |_, arguments, _| {
            // an app that is ending takes no more links
            let _ = requests.send(Request::Links(links(arguments)));
        })
        .dbus_id(home::bus_name(identifier))
        .build();
    builder.plugin(alone)
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
