//! A phone that only records the calls, and refuses them on request.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri_plugin_transfer::{OngoingWork, RangeFetch, Rest, Wake};

use super::BackgroundHost;

#[derive(Default)]
pub(super) struct Fake {
    /// Calls of `keep_alive`; `None` for `release`.
    pub(super) told: Mutex<Vec<Option<OngoingWork>>>,
    /// Calls of `rest`.
    pub(super) rests: Mutex<Vec<Option<Rest>>>,
    /// Calls of `wake`.
    pub(super) wakes: Mutex<Vec<Option<Wake>>>,
    pub(super) refuses: AtomicBool,
    pub(super) seen: AtomicBool,
    /// Whether work that waits for a network is left to it.
    pub(super) waits: AtomicBool,
    /// Whether it fetches by itself while the app sleeps, and the ranges offloaded by each call.
    pub(super) fetches: AtomicBool,
    pub(super) handed: Mutex<Vec<Vec<RangeFetch>>>,
}

impl Fake {
    pub(super) fn told(&self) -> Vec<Option<OngoingWork>> {
        self.told.lock().unwrap().clone()
    }

    pub(super) fn holds(&self) -> bool {
        self.last().is_some_and(|work| !work.waits)
    }

    /// The work shown last; `None` after a release, or if there was none.
    pub(super) fn last(&self) -> Option<OngoingWork> {
        self.told().pop().flatten()
    }

    pub(super) fn handed(&self) -> Vec<Vec<RangeFetch>> {
        self.handed.lock().unwrap().clone()
    }

    fn answer(&self, told: Option<OngoingWork>) -> Result<(), String> {
        self.told.lock().unwrap().push(told);
        self.willing()
    }

    fn willing(&self) -> Result<(), String> {
        if self.refuses.load(Ordering::Relaxed) {
            return Err("not now".into());
        }
        Ok(())
    }
}

impl BackgroundHost for Fake {
    fn keep_alive(&self, work: &OngoingWork) -> Result<(), String> {
        self.answer(Some(work.clone()))
    }

    fn release(&self) -> Result<(), String> {
        self.answer(None)
    }

    fn rest(&self, rest: Option<&Rest>) -> Result<(), String> {
        self.rests.lock().unwrap().push(rest.cloned());
        self.willing()
    }

    fn wake(&self, wake: Option<&Wake>) -> Result<(), String> {
        self.wakes.lock().unwrap().push(wake.cloned());
        self.willing()
    }

    fn ensure_window(&self) {
        self.seen.store(true, Ordering::Relaxed);
    }

    fn waits_for_network(&self) -> bool {
        self.waits.load(Ordering::Relaxed)
    }

    fn supports_offload(&self) -> bool {
        self.fetches.load(Ordering::Relaxed)
    }

    fn offload(&self, fetches: &[RangeFetch]) -> Result<(), String> {
        self.handed.lock().unwrap().push(fetches.to_vec());
        self.willing()
    }
}
