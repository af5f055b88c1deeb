//! The app crate: the window around the engine. It translates between the engine and one desktop; it downloads
//! nothing itself.
//!
//! - `bindings` is the list of commands, `commands` is one function per intent, `ipc` holds their wire types;
//! - `hub` streams the list and single downloads to pages, over acknowledged channels;
//! - `app` decides what the person is told; `platform` is the desktop behind a trait;
//! - `settings` is what the person has set, `diagnostics` what they hand on when something is wrong, and `redact` what nobody
//!   else is to read in it;
//! - `background` is what counts as work that a phone must not sleep over, `i18n` the texts that no page shows;
//! - `bench` stands in for the engine when the window is measured, `test_snapshot` is what it and tests begin with: neither is there
//!   otherwise;
//! - `app_state`, `folder_grants`, `paths` and `app_log` are what these share; `start` puts all of it together.

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
