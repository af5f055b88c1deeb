//! iOS has plain files, and fetches ranges by itself while the app sleeps.

use tauri::{Builder, Wry};

pub(super) const SUPPORTS_OFFLOAD: bool = true;

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}
