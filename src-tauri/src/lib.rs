//! The app crate: the window around the engine. It translates between the engine and one desktop; it downloads
//! nothing itself.
//!
//! - `bindings` is the list of commands, `commands` is one function per intent, `view` holds their wire types;
//! - `hub` streams the list and single downloads to pages, over acknowledged channels;
//! - `app` decides what the person is told; `shell` is the desktop behind a trait;
//! - `settings` is what the person has set, `report` what they hand on when something is wrong, and `redact` what nobody
//!   else is to read in it;
//! - `carried` is what counts as work that a phone must not sleep over, `words` the texts that no page shows;
//! - `bench` stands in for the engine when the window is measured, `sample` is what it and tests begin with: neither is there
//!   otherwise;
//! - `desk`, `folders`, `home` and `journal` are what these share; `start` puts all of it together.

mod app;
mod app_log;
mod app_state;
#[cfg(any(test, mobile))]
mod background;
#[cfg(feature = "bench")]
pub mod bench;
mod bindings;
mod commands;
mod diagnostics;
#[cfg(test)]
mod fixtures;
mod folder_grants;
mod hub;
mod i18n;
mod ipc;
#[cfg(mobile)]
mod mobile_entry;
mod owner_only;
mod paths;
mod platform;
mod redact;
mod settings;
mod start;
#[cfg(any(test, feature = "bench"))]
mod test_snapshot;
mod window;

pub use start::run;
