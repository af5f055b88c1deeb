//! A phone that only remembers what it is told, and refuses when it is to.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri_plugin_transfer::{OngoingWork, RangeFetch, Rest, Wake};

use super::BackgroundHost;

#[derive(Default)]
pub(super) struct Fake {
    /// None for a release.
    pub(super) told: Mutex<Vec<Option<OngoingWork>>>,
    /// What it was to show as paused; none for nothing any more.
    pub(super) rests: Mutex<Vec<Option<Rest>>>,
    /// When it was to wake the app; none for never.
    pub(super) wakes: Mutex<Vec<Option<Wake>>>,
    pub(super) refuses: AtomicBool,
    pub(super) seen: AtomicBool,
    /// Whether work that waits for a network is left to it.
    pub(super) waits: AtomicBool,
    /// Whether it fetches by itself while the app sleeps, and what it was handed over, time after time.
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

    /// What it was told last; none when it was let go, or never told.
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
