//! Everything behind a page that needs no window: what a page is sent, what is set, and what a command does.
//!
//! - `commands` has the body of every command, and the table of their names; `ipc` has what they take and return, and
//!   why they fail;
//! - `view` is what a page sees of the list and the settings;
//! - `hub` streams the list and single downloads to pages, over acknowledged channels;
//! - `app` is the loop beside the pages: it decides what the user is notified of, and has the desktop behind a trait;
//!   `request` is what it is asked;
//! - `rules` decides the folder and priority of new downloads; `option_changes` keeps what a change of options replaced;
//! - `settings` stores the user's settings, `folder_grants` the folders that the page may name, `paths` says where;
//! - `diagnostics` renders the report for a bug report, `redact` removes secrets from it, `app_log` is its last part;
//! - `preview` reads finished files for small pictures and the quick look;
//! - `history` remembers what was downloaded;
//! - `list_file` reads and writes files that carry a list from one program to another;
//! - `diagnostics` renders the report for a bug report, `redact` removes secrets from it, `app_log` is its last part and `log_line`
//!   one line of that;
//! - `i18n` has the texts that no page shows;
//! - `app_state` is what all of these share;
//! - `bench` replaces the engine when the window is measured, `fixtures` and `test_snapshot` are what tests start from;
//!   none of them is in a release build.
//!
//! Does not depend on Tauri, a window or a platform.

pub mod app;
pub mod app_log;
pub mod app_state;
#[cfg(feature = "bench")]
pub mod bench;
pub mod category;
pub mod commands;
pub mod diagnostics;
#[cfg(any(test, feature = "fixtures"))]
pub mod fixtures;
pub mod folder_grants;
pub mod history;
pub mod hub;
pub mod i18n;
pub mod ipc;
pub mod list_file;
pub mod log_line;
pub mod notification_permission;
pub mod option_changes;
mod owner_only;
pub mod paths;
pub mod preview;
pub mod redact;
pub mod request;
pub mod rules;
pub mod settings;
pub mod subfolder;
#[cfg(any(test, feature = "bench", feature = "fixtures"))]
pub mod test_snapshot;
mod truncate;
pub mod view;
