//! Android's files are behind URIs, and the app itself stays awake for what it fetches.

use tauri::{Builder, Wry};

pub(super) const SUPPORTS_OFFLOAD: bool = false;

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_android_fs::init())
}
