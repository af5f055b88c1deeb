//! Implements [`BackgroundHost`] with the plugin's commands, and starts listening to the phone. Does not block the
//! start: a platform may reply from the thread that starts the app.

use millrace_engine::DeviceStatus;
use tauri::async_runtime::spawn_blocking;
use tauri_plugin_transfer::{
    OngoingWork, PlatformEvent, PlatformStatus, RangeFetch, Rest, Transfer, Wake,
};
use tokio::sync::mpsc::UnboundedSender;

use super::{BackgroundHost, to_device_status};

/// No constraint is met: assumed until the phone has reported its status.
const UNSENT: DeviceStatus = DeviceStatus {
    metered: Some(true),
    roaming: Some(true),
    charging: Some(false),
    battery: Some(0),
};

pub(crate) struct PhoneHost {
    transfer: Transfer,
    /// Whether it fetches by itself while the app sleeps.
    supports_offload: bool,
    ensure_window: Box<dyn Fn() + Send + Sync>,
}

impl PhoneHost {
    /// `be_seen` opens a window if there is none.
    pub(crate) fn new(
        transfer: Transfer,
        fetches: bool,
        be_seen: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            transfer,
            supports_offload: fetches,
            ensure_window: Box::new(be_seen),
        }
    }
}

impl BackgroundHost for PhoneHost {
    fn keep_alive(&self, work: &OngoingWork) -> Result<(), String> {
        log_result(self.transfer.keep_alive(work))
    }

    fn release(&self) -> Result<(), String> {
        log_result(self.transfer.release())
    }

    fn rest(&self, rest: Option<&Rest>) -> Result<(), String> {
        // a phone that fetches by itself shows no notification of the work
        if self.supports_offload {
            return Ok(());
        }
        log_result(self.transfer.rest(rest))
    }

    fn wake(&self, wake: Option<&Wake>) -> Result<(), String> {
        // a phone that fetches by itself does not start the app at a given time
        if self.supports_offload {
            return Ok(());
        }
        log_result(self.transfer.wake(wake))
    }

    fn ensure_window(&self) {
        (self.ensure_window)();
    }

    fn waits_for_network(&self) -> bool {
        // such a phone is given the waiting ranges instead
        !self.supports_offload
    }

    fn supports_offload(&self) -> bool {
        self.supports_offload
    }

    fn offload(&self, fetches: &[RangeFetch]) -> Result<(), String> {
        log_result(self.transfer.offload(fetches))
    }
}

fn log_result(done: Result<(), tauri_plugin_transfer::Error>) -> Result<(), String> {
    done.map_err(|error| error.to_string())
}

/// The device status before the first download starts.
pub(crate) fn initial_device_status(transfer: &Transfer) -> DeviceStatus {
    if !transfer.answers_while_starting() {
        return UNSENT;
    }
    // an unknown status blocks nothing
    to_device_status(transfer.status().unwrap_or_default())
}

/// Starts listening to the phone's events. If that fails, an unknown status is sent, so that nothing waits for it.
pub(crate) fn listen(transfer: Transfer, told: UnboundedSender<PlatformEvent>) {
    let first = told.clone();
    // not awaited; without events the app continues
    let _listens = spawn_blocking(move || {
        let heard = transfer.listen(move |one| {
            // ignored: the receiver is gone during shutdown
            let _ = told.send(one);
        });
        if heard.is_err() {
            let _ = first.send(PlatformEvent::PlatformStatus(PlatformStatus::default()));
        }
    });
}
