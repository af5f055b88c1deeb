//! iOS has plain files, and fetches by itself while the app sleeps.

use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_transfer::{Fetch, TransferExt};

pub(super) const FETCHES: bool = true;

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

pub(super) fn hand_over(app: &AppHandle<Wry>, fetches: &[Fetch]) -> Result<(), String> {
    let handed = app.transfer().hand_over(fetches);
    handed.map_err(|error| error.to_string())
}
