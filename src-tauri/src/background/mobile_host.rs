//! The phone's own commands as a [`BackgroundHost`], and how it is first heard. The start waits for nothing here: a platform may
//! answer from the thread that starts the app.

use millrace_engine::DeviceStatus;
use tauri::async_runtime::spawn_blocking;
use tauri_plugin_transfer::{
    OngoingWork, PlatformEvent, PlatformStatus, RangeFetch, Rest, Transfer, Wake,
};
use tokio::sync::mpsc::UnboundedSender;

use super::{BackgroundHost, to_device_status};

/// What every rule waits out: taken for so until the phone has said how it is.
const UNSENT: DeviceStatus = DeviceStatus {
    metered: Some(true),
    roaming: Some(true),
    charging: Some(false),
    battery: Some(0),
};

pub(crate) struct PhoneHost {
    transfer: Transfer,
    /// It fetches by itself while the app sleeps.
    supports_offload: bool,
    ensure_window: Box<dyn Fn() + Send + Sync>,
}

impl PhoneHost {
    /// `be_seen` sees to it that there is a window.
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
        // one that fetches by itself shows no notice of what it does
        if self.supports_offload {
            return Ok(());
        }
        log_result(self.transfer.rest(rest))
    }

    fn wake(&self, wake: Option<&Wake>) -> Result<(), String> {
        // one that fetches by itself starts nothing for it
        if self.supports_offload {
            return Ok(());
        }
        log_result(self.transfer.wake(wake))
    }

    fn ensure_window(&self) {
        (self.ensure_window)();
    }

    fn waits_for_network(&self) -> bool {
        // one that fetches by itself is handed over what waits
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

/// How network and battery are before the first download starts.
pub(crate) fn initial_device_status(transfer: &Transfer) -> DeviceStatus {
    if !transfer.answers_while_starting() {
        return UNSENT;
    }
    // what is not said holds nothing up
    to_device_status(transfer.status().unwrap_or_default())
}

/// Has the phone heard from now on: surroundings first, whatever becomes of it.
pub(crate) fn listen(transfer: Transfer, told: UnboundedSender<PlatformEvent>) {
    let first = told.clone();
    // not waited for; whoever does not hear it goes on without
    let _listens = spawn_blocking(move || {
        let heard = transfer.listen(move |one| {
            // an app that is ending has no ear for it
            let _ = told.send(one);
        });
        if heard.is_err() {
            let _ = first.send(PlatformEvent::PlatformStatus(PlatformStatus::default()));
        }
    });
}
