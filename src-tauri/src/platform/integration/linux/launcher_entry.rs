//! Progress and badge on the app's icon in the dock of a Linux desktop: the `LauncherEntry` signal, supported by
//! Plasma, Unity and the usual GNOME docks. It names our desktop file, so it has an effect only for an installed app.

use std::collections::BTreeMap;

use millrace_backend::app::{DesktopStatus, TaskbarProgress};
use zbus::blocking::Connection;
use zbus::zvariant::Value;

/// Used from one thread; every call may wait for the bus.
pub(super) struct LauncherEntry {
    /// `None` without a session bus.
    bus: Option<Connection>,
    /// `application://NAME.desktop`
    entry: String,
}

impl LauncherEntry {
    /// `identifier` is the app's; our packages name the desktop file after it.
    pub(super) fn start(identifier: &str) -> Self {
        Self {
            bus: Connection::session().ok(),
            entry: format!("application://{identifier}.desktop"),
        }
    }

    pub(super) fn show(&self, status: &DesktopStatus) {
        let Some(bus) = &self.bus else { return };
        // ignored: without a receiver nothing is shown
        let _ = bus.emit_signal(
            None::<&str>,
            "/dev/millrace",
            "com.canonical.Unity.LauncherEntry",
            "Update",
            &(&self.entry, properties(status)),
        );
    }
}

fn properties(status: &DesktopStatus) -> BTreeMap<&'static str, Value<'static>> {
    let progress = match status.progress {
        TaskbarProgress::None | TaskbarProgress::Unknown => None,
        TaskbarProgress::Thousandths(part) => Some(f64::from(part) / 1_000.0),
    };
    BTreeMap::from([
        ("count", i64::from(status.badge).into()),
        ("count-visible", (status.badge > 0).into()),
        ("progress", progress.unwrap_or_default().into()),
        ("progress-visible", progress.is_some().into()),
    ])
}
