//! Android's files are behind URIs, and the app itself stays awake for what it fetches.

use tauri::{AppHandle, Builder, Wry};
use tauri_plugin_transfer::Fetch;

pub(super) const FETCHES: bool = false;

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder.plugin(tauri_plugin_android_fs::init())
}

pub(super) fn hand_over(_app: &AppHandle<Wry>, _fetches: &[Fetch]) -> Result<(), String> {
    Err("android fetches nothing by itself".into())
}
