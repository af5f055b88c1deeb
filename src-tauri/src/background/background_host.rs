//! A phone as the rest of this folder knows it.

use tauri_plugin_transfer::{OngoingWork, RangeFetch, Rest, Wake};

/// The phone. Calls may block.
pub(crate) trait BackgroundHost: Send + Sync + 'static {
    /// Keeps the process alive for this work and shows it.
    fn keep_alive(&self, work: &OngoingWork) -> Result<(), String>;

    /// There is no work any more.
    fn release(&self) -> Result<(), String>;

    /// Shows that this is paused, with a way to resume it, while no work is shown for it; none: nothing is any more.
    fn rest(&self, _rest: Option<&Rest>) -> Result<(), String> {
        Ok(())
    }

    /// Wakes the app at this moment, or shows then what is to start; none: at no moment any more.
    fn wake(&self, _wake: Option<&Wake>) -> Result<(), String> {
        Ok(())
    }

    /// Sees to it that there is a window for the person who looks.
    fn ensure_window(&self);

    /// Whether work that only waits for a network is left to it, which starts the app for it then.
    fn waits_for_network(&self) -> bool {
        false
    }

    /// Whether it fetches by itself while the app sleeps.
    fn supports_offload(&self) -> bool {
        false
    }

    /// These it fetches by itself, and no others from now on.
    fn offload(&self, _fetches: &[RangeFetch]) -> Result<(), String> {
        Ok(())
    }
}
