//! Desktop integration on Linux: tray, launcher entry and sleep inhibitor, all over D-Bus.

mod launcher_entry;
mod sleep_inhibitor;
mod tray;

use millrace_backend::app::DesktopStatus;
use millrace_backend::request::Request;
use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

use self::launcher_entry::LauncherEntry;
use self::sleep_inhibitor::SleepInhibitor;
use self::tray::Tray;

/// Used from one thread; every call may wait for the bus.
pub(super) struct Integration {
    name: String,
    tray: Tray,
    launcher: LauncherEntry,
    awake: Option<SleepInhibitor>,
}

impl Integration {
    pub(super) fn start<R: Runtime>(
        app: &AppHandle<R>,
        requests: UnboundedSender<Request>,
    ) -> Self {
        let name = app.config().product_name.clone().unwrap_or_default();
        Self {
            tray: Tray::start(name.clone(), app.default_window_icon(), requests),
            launcher: LauncherEntry::start(&app.config().identifier),
            awake: None,
            name,
        }
    }

    pub(super) fn show(&mut self, status: DesktopStatus) {
        self.launcher.show(&status);
        self.tray.show(status);
    }

    /// `None` lets the machine sleep again.
    pub(super) fn keep_awake(&mut self, why: Option<&str>) {
        self.awake = why.map(|why| SleepInhibitor::acquire(&self.name, why));
    }
}
