//! A phone has no tray, taskbar or launcher badge; its notification of the work is in `background`.

use millrace_backend::app::DesktopStatus;
use millrace_backend::request::Request;
use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

pub(super) struct Integration;

impl Integration {
    pub(super) fn start<R: Runtime>(
        _app: &AppHandle<R>,
        requests: UnboundedSender<Request>,
    ) -> Self {
        // ignored: the receiver is gone during shutdown
        let _ = requests.send(Request::TrayAvailable(false));
        Self
    }

    pub(super) fn show(&mut self, _status: DesktopStatus) {}

    pub(super) fn keep_awake(&mut self, _why: Option<&str>) {}
}
