//! A phone has no tray, no taskbar and no launcher to write on; its own notices are elsewhere.

use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

use crate::app::{DesktopStatus, Request};

pub(super) struct Integration;

impl Integration {
    pub(super) fn start<R: Runtime>(
        _app: &AppHandle<R>,
        requests: UnboundedSender<Request>,
    ) -> Self {
        // an app that is ending has no ear for it
        let _ = requests.send(Request::TrayAvailable(false));
        Self
    }

    pub(super) fn show(&mut self, _panel: DesktopStatus) {}

    pub(super) fn keep_awake(&mut self, _why: Option<&str>) {}
}
