//! System integration beside windows: tray, progress and badge on the app's icon, sleep inhibitor, autostart. All
//! of them may be slow, so one thread runs these calls in order, and no caller waits.

#[cfg_attr(desktop, path = "autostart.rs")]
#[cfg_attr(mobile, path = "no_autostart.rs")]
mod autostart;
#[cfg_attr(target_os = "linux", path = "linux/mod.rs")]
#[cfg_attr(any(target_os = "macos", windows), path = "macos_windows/mod.rs")]
#[cfg_attr(mobile, path = "mobile.rs")]
mod backend;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use millrace_backend::app::DesktopStatus;
use millrace_backend::request::Request;
use tauri::{AppHandle, Runtime};
use tokio::sync::mpsc::UnboundedSender;

pub(crate) use self::autostart::{HIDDEN, plugin as autostart};
use self::backend::Integration;

#[derive(Debug)]
enum IntegrationTask {
    Show(DesktopStatus),
    /// With the reason; `None` lets the machine sleep again.
    KeepAwake(Option<String>),
    StartWithSystem(bool),
}

/// Sender to the integration thread; dropping it stops the thread.
#[derive(Debug, Clone)]
pub(crate) struct IntegrationThread(Sender<IntegrationTask>);

impl IntegrationThread {
    /// Starts the thread. It sends the tray's availability, every change of it, and the tray's actions to `requests`.
    pub(crate) fn start<R: Runtime>(
        app: AppHandle<R>,
        requests: UnboundedSender<Request>,
    ) -> std::io::Result<Self> {
        let (errands, inbox) = channel();
        thread::Builder::new()
            .name("errands".into())
            .spawn(move || run(&app, requests, &inbox))?;
        Ok(Self(errands))
    }

    pub(crate) fn show(&self, status: DesktopStatus) {
        self.send(IntegrationTask::Show(status));
    }

    pub(crate) fn keep_awake(&self, why: Option<String>) {
        self.send(IntegrationTask::KeepAwake(why));
    }

    pub(crate) fn start_with_system(&self, wanted: bool) {
        self.send(IntegrationTask::StartWithSystem(wanted));
    }

    fn send(&self, errand: IntegrationTask) {
        // cannot fail: the thread runs as long as the sender exists
        let _ = self.0.send(errand);
    }
}

fn run<R: Runtime>(
    app: &AppHandle<R>,
    requests: UnboundedSender<Request>,
    inbox: &Receiver<IntegrationTask>,
) {
    let mut place = Integration::start(app, requests);
    while let Ok(errand) = inbox.recv() {
        match errand {
            IntegrationTask::Show(status) => place.show(status),
            IntegrationTask::KeepAwake(why) => place.keep_awake(why.as_deref()),
            IntegrationTask::StartWithSystem(wanted) => {
                if let Err(why) = autostart::set(app, wanted) {
                    tracing::warn!("starting with the system was not set: {why}");
                }
            }
        }
    }
}
