//! The phone's own commands as a [`Carrier`], and how it is first heard. The start waits for nothing here: a platform may
//! answer from the thread that starts the app.

use millrace_engine::Conditions;
use tauri::async_runtime::spawn_blocking;
use tauri_plugin_transfer::{Fetch, Heard, Rest, Surroundings, Transfer, Wake, Work};
use tokio::sync::mpsc::UnboundedSender;

use super::{Carrier, conditions};

/// What every rule waits out: taken for so until the phone has said how it is.
const UNTOLD: Conditions = Conditions {
    metered: Some(true),
    roaming: Some(true),
    charging: Some(false),
    battery: Some(0),
};

pub(crate) struct Phone {
    transfer: Transfer,
    /// It fetches by itself while the app sleeps.
    fetches: bool,
    be_seen: Box<dyn Fn() + Send + Sync>,
}

impl Phone {
    /// `be_seen` sees to it that there is a window.
    pub(crate) fn new(
        transfer: Transfer,
        fetches: bool,
        be_seen: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            transfer,
            fetches,
            be_seen: Box::new(be_seen),
        }
    }
}

impl Carrier for Phone {
    fn hold(&self, work: &Work) -> Result<(), String> {
        said(self.transfer.hold(work))
    }

    fn release(&self) -> Result<(), String> {
        said(self.transfer.release())
    }

    fn rest(&self, rest: Option<&Rest>) -> Result<(), String> {
        // one that fetches by itself shows no notice of what it does
        if self.fetches {
            return Ok(());
        }
        said(self.transfer.rest(rest))
    }

    fn wake(&self, wake: Option<&Wake>) -> Result<(), String> {
        // one that fetches by itself starts nothing for it
        if self.fetches {
            return Ok(());
        }
        said(self.transfer.wake(wake))
    }

    fn be_seen(&self) {
        (self.be_seen)();
    }

    fn waits_for_network(&self) -> bool {
        // one that fetches by itself is handed over what waits
        !self.fetches
    }

    fn fetches(&self) -> bool {
        self.fetches
    }

    fn hand_over(&self, fetches: &[Fetch]) -> Result<(), String> {
        said(self.transfer.hand_over(fetches))
    }
}

fn said(done: Result<(), tauri_plugin_transfer::Error>) -> Result<(), String> {
    done.map_err(|error| error.to_string())
}

/// How network and battery are before the first download starts.
pub(crate) fn conditions_at_start(transfer: &Transfer) -> Conditions {
    if !transfer.answers_while_starting() {
        return UNTOLD;
    }
    // what is not said holds nothing up
    conditions(transfer.surroundings().unwrap_or_default())
}

/// Has the phone heard from now on: surroundings first, whatever becomes of it.
pub(crate) fn listen(transfer: Transfer, told: UnboundedSender<Heard>) {
    let first = told.clone();
    // not waited for; whoever does not hear it goes on without
    let _listens = spawn_blocking(move || {
        let heard = transfer.listen(move |one| {
            // an app that is ending has no ear for it
            let _ = told.send(one);
        });
        if heard.is_err() {
            let _ = first.send(Heard::Surroundings(Surroundings::default()));
        }
    });
}
