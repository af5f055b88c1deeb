//! The app crate: Tauri's side of the app. It connects `millrace-backend` to a window and to one desktop or phone, and
//! downloads nothing itself.
//!
//! - `bindings` lists the commands, `commands` has one function per command, whose body is in the backend, `early_calls`
//!   keeps those that come before the start;
//! - `platform` implements what the app needs of the desktop, `window` opens and places the window;
//! - `preview_scheme` serves finished files to the quick look;
//! - `background` decides which work keeps a phone awake;
//! - `paths` asks the system for its folders; `start` assembles everything.

#[cfg(any(test, mobile))]
mod background;
mod bindings;
mod commands;
mod early_calls;
#[cfg(mobile)]
mod mobile_entry;
mod paths;
mod platform;
mod preview_scheme;
mod start;
mod window;

pub use start::run;
