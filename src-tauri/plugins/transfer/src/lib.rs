//! What a phone does for an app that moves bytes. It speaks the platform's words only: work that is held awake, networks,
//! batteries, links that somebody shares, files behind Android's providers. It knows no download.
//!
//! Kotlin and Swift do it (`android/`, `ios/`), reached over a [`Platform`]; [`Transfer`] has one function for each of their
//! commands, and `models` and `notifications` the shapes on both sides of the border. On a desktop there is nothing behind them.

#[cfg(target_os = "android")]
mod android;
#[cfg(mobile)]
mod mobile;
mod models;
mod notifications;
mod platform;
mod transfer;

#[cfg(mobile)]
pub use mobile::{TransferExt, init};
pub use models::{
    Document, How, Link, MediaRow, Needs, OngoingWork, PlatformEvent, PlatformStatus, RangeFetch,
    RangeFetched, WorkAction, parse_event,
};
pub use notifications::{Button, Message, Rest, Wake};
pub use platform::Platform;
pub use transfer::Transfer;

/// Why the platform did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the system does not find it: {0}")]
    Missing(String),
    #[error("the system does not allow it: {0}")]
    Denied(String),
    #[error("the system did not do it, nothing was changed: {0}")]
    Refused(String),
}
