//! From Android 11 on the shared list of downloads; before, the app's own folder on the shared storage, which goes with the
//! app.

use std::io;
use std::path::PathBuf;

use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_android_fs::AndroidFsExt;

use crate::shell::MEDIA;

/// The first Android in which an unfinished file in the shared list is a plain file underneath. Also in `Media.kt`.
const SINCE: i32 = 30;

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<PathBuf> {
    if app
        .android_fs()
        .api_level()
        .is_ok_and(|level| level >= SINCE)
    {
        return Ok(MEDIA.into());
    }
    let folder = app.path().download_dir().map_err(io::Error::other)?;
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
