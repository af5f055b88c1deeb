//! Progress and a number on our icon in the dock of a Linux desktop: the `LauncherEntry` signal, which Plasma, Unity and
//! the usual GNOME docks listen to. It names our desktop file, so that it is seen only of an installed app.

use std::collections::BTreeMap;

use zbus::blocking::Connection;
use zbus::zvariant::Value;

use crate::app::{DesktopStatus, TaskbarProgress};

/// Spoken to from one thread; every call may wait for the bus.
pub(super) struct LauncherEntry {
    /// None: there is no session bus.
    bus: Option<Connection>,
    /// `application://NAME.desktop`
    entry: String,
}

impl LauncherEntry {
    /// `identifier` is the app's, by which our packages name the desktop file.
    pub(super) fn start(identifier: &str) -> Self {
        Self {
            bus: Connection::session().ok(),
            entry: format!("application://{identifier}.desktop"),
        }
    }

    pub(super) fn show(&self, status: &DesktopStatus) {
        let Some(bus) = &self.bus else { return };
        // a signal that nobody hears is no loss
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
