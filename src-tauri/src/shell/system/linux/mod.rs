//! What a Linux desktop has beside windows: tray, launcher entry, and a brake on sleep. All of it over D-Bus.

mod awake;
mod launcher;
mod tray;

use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

use self::awake::Awake;
use self::launcher::Launcher;
use self::tray::Tray;
use crate::app::{Panel, Request};

/// Used by one thread only; every call may wait for the bus.
pub(super) struct Place {
    name: String,
    tray: Tray,
    launcher: Launcher,
    awake: Option<Awake>,
}

impl Place {
    pub(super) fn start<R: Runtime>(
        app: &AppHandle<R>,
        requests: UnboundedSender<Request>,
    ) -> Self {
        let name = app.config().product_name.clone().unwrap_or_default();
        Self {
            tray: Tray::start(name.clone(), app.default_window_icon(), requests),
            launcher: Launcher::start(&app.config().identifier),
            awake: None,
            name,
        }
    }

    pub(super) fn show(&mut self, panel: Panel) {
        self.launcher.show(&panel);
        self.tray.show(panel);
    }

    /// None lets the machine sleep again.
    pub(super) fn keep_awake(&mut self, why: Option<&str>) {
        self.awake = why.map(|why| Awake::hold(&self.name, why));
    }
}
