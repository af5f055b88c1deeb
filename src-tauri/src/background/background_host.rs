//! The phone as a trait.

use tauri_plugin_transfer::{OngoingWork, RangeFetch, Rest, Wake};

/// The phone. Calls may block.
pub(crate) trait BackgroundHost: Send + Sync + 'static {
    /// Keeps the process alive for this work, and shows it.
    fn keep_alive(&self, work: &OngoingWork) -> Result<(), String>;

    /// Ends `keep_alive`: there is no work any more.
    fn release(&self) -> Result<(), String>;

    /// Shows paused downloads with a button to resume them, while no work is shown; `None` removes that.
    fn rest(&self, _rest: Option<&Rest>) -> Result<(), String> {
        Ok(())
    }

    /// Wakes the app at this time, or then shows what is to start; `None` cancels it.
    fn wake(&self, _wake: Option<&Wake>) -> Result<(), String> {
        Ok(())
    }

    /// Opens a window for the user if there is none.
    fn ensure_window(&self);

    /// Whether work that only waits for a network can be left to it: it starts the app when there is one.
    fn waits_for_network(&self) -> bool {
        false
    }

    /// Whether it fetches ranges by itself while the app sleeps.
    fn supports_offload(&self) -> bool {
        false
    }

    /// Replaces the ranges that it fetches by itself.
    fn offload(&self, _fetches: &[RangeFetch]) -> Result<(), String> {
        Ok(())
    }
}
