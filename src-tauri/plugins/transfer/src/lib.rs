//! Platform services of Android and iOS for an app that transfers data: keeping the process alive, network and battery
//! status, links shared by other apps, files behind Android's providers. Does not depend on downloads.
//!
//! Implemented in Kotlin and Swift (`android/`, `ios/`), called through a [`Platform`]. [`Transfer`] has one function
//! per command; `models` and `notifications` are the data types of both sides. Desktops have no implementation.

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

/// Why the platform did not carry out a command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the system does not find it: {0}")]
    Missing(String),
    #[error("the system does not allow it: {0}")]
    Denied(String),
    #[error("the system did not do it, nothing was changed: {0}")]
    Refused(String),
}
