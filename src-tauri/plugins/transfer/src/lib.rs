//! What a phone does for an app that moves bytes. It speaks the platform's words only: work that is held awake, networks,
//! batteries, links that somebody shares. It knows no download.
//!
//! Kotlin and Swift do it (`android/`, `ios/`); here are the words on both sides of the border. On a desktop there is
//! nothing behind them.

#[cfg(mobile)]
mod mobile;
mod words;

#[cfg(mobile)]
pub use mobile::{Transfer, TransferExt, init};
pub use words::{Fetch, Fetched, Heard, Intent, MediaRow, Surroundings, Work, heard};

/// Why the platform did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[cfg(mobile)]
    #[error("the system did not do it, nothing was changed: {0}")]
    Platform(#[from] tauri::plugin::mobile::PluginInvokeError),
}
