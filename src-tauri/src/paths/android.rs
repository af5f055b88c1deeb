//! From Android 11 on, the shared list of downloads. Before, the public folder if the user allows it; otherwise the
//! app's own folder on the shared storage, which is deleted together with the app.

use std::io;

use millrace_backend::paths::DownloadFolder;
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_android_fs::AndroidFsExt;
use tauri_plugin_transfer::TransferExt;

/// The shared list of downloads, as a folder of Android's content provider.
pub(crate) const MEDIA_FOLDER: &str = "content://media/external/downloads";
/// Android 11: the first version in which a pending file in the shared list is a plain file underneath. Also in
/// `MediaStoreFiles.kt`.
const SINCE: i32 = 30;

pub(super) fn downloads<R: Runtime>(app: &AppHandle<R>) -> io::Result<DownloadFolder> {
    if app
        .android_fs()
        .api_level()
        .is_ok_and(|level| level >= SINCE)
    {
        return Ok(DownloadFolder {
            folder: MEDIA_FOLDER.into(),
            private: false,
        });
    }
    if let Ok(Some(folder)) = app.transfer().public_folder() {
        return Ok(folder.into());
    }
    let folder = app.path().download_dir().map_err(io::Error::other)?;
    std::fs::create_dir_all(&folder)?;
    Ok(DownloadFolder {
        folder,
        private: true,
    })
}
