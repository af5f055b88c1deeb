//! Desktop integration on macOS and Windows: tray, dock or taskbar, and sleep inhibitor.

mod tray;

use keepawake::KeepAwake;
use millrace_backend::app::{DesktopStatus, TaskbarProgress};
use millrace_backend::request::Request;
use tauri::window::{ProgressBarState, ProgressBarStatus};
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::mpsc::UnboundedSender;

use self::tray::Tray;
use crate::window;

/// Used from one thread.
pub(super) struct Integration<R: Runtime> {
    app: AppHandle<R>,
    tray: Option<Tray<R>>,
    awake: Option<KeepAwake>,
}

impl<R: Runtime> Integration<R> {
    pub(super) fn start(app: &AppHandle<R>, requests: UnboundedSender<Request>) -> Self {
        let tray = Tray::start(app, requests.clone()).ok();
        // ignored: the receiver is gone during shutdown
        let _ = requests.send(Request::TrayAvailable(tray.is_some()));
        Self {
            app: app.clone(),
            tray,
            awake: None,
        }
    }

    pub(super) fn show(&mut self, status: DesktopStatus) {
        // both belong to a window's icon; without a window there is none
        if let Some(window) = self.app.get_webview_window(window::LABEL) {
            // ignored: a system that cannot show it loses only the display
            let _ = window.set_progress_bar(progress(status.progress));
            let _ = window.set_badge_count((status.badge > 0).then(|| status.badge.into()));
        }
        if let Some(tray) = &mut self.tray {
            // likewise
            let _ = tray.show(&self.app, &status);
        }
    }

    /// `None` lets the machine sleep again. The screen may turn off in any case.
    pub(super) fn keep_awake(&mut self, why: Option<&str>) {
        self.awake = why.and_then(|why| {
            let mut brake = keepawake::Builder::default();
            brake.idle(true).reason(why).app_name("Millrace");
            brake.create().ok()
        });
    }
}

fn progress(progress: TaskbarProgress) -> ProgressBarState {
    let (status, part) = match progress {
        TaskbarProgress::None => (ProgressBarStatus::None, None),
        TaskbarProgress::Unknown => (ProgressBarStatus::Indeterminate, None),
        TaskbarProgress::Thousandths(part) => {
            (ProgressBarStatus::Normal, Some(u64::from(part) / 10))
        }
    };
    ProgressBarState {
        status: Some(status),
        progress: part,
    }
}
