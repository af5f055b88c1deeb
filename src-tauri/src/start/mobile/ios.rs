//! iOS has plain files.

use tauri::{Builder, Wry};

pub(super) fn plugins(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}
