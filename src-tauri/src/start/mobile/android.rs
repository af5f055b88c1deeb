//! Android's files have URIs, and the app itself is kept awake while it downloads.

use tauri::{Builder, Wry};

pub(super) const SUPPORTS_OFFLOAD: bool = false;

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_android_fs::init())
}
