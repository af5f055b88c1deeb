//! Android's files are behind URIs.

use tauri::{Builder, Wry};

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_android_fs::init())
}
