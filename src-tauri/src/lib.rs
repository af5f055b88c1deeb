//! The app crate: the window around the engine. It translates between the engine and one desktop or phone and downloads
//! nothing itself.
//!
//! - `bindings` lists the commands, `commands` has one function per command, `ipc` their wire types;
//! - `hub` streams the list and single downloads to pages, over acknowledged channels;
//! - `app` decides what the user is notified of; `platform` is the desktop behind a trait;
//! - `settings` stores the user's settings, `diagnostics` renders the report for a bug report, and `redact` removes
//!   secrets from it;
//! - `background` decides which work keeps a phone awake, `i18n` has the texts that no page shows;
//! - `bench` replaces the engine when the window is measured, `test_snapshot` is the download that it and tests start
//!   from; neither is in a release build;
//! - `app_state`, `folder_grants`, `paths` and `app_log` are shared by these; `start` assembles them.

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
