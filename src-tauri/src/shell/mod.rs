//! What the desktop does for us, and how Tauri's plugins do it. One-liners; decides nothing.

mod files;
#[cfg(any(test, target_os = "android"))]
mod provided;
#[cfg_attr(desktop, path = "show/desktop.rs")]
#[cfg_attr(target_os = "android", path = "show/android.rs")]
#[cfg_attr(target_os = "ios", path = "show/ios.rs")]
mod show;
mod tauri;

use std::path::{Path, PathBuf};

#[cfg(not(target_os = "android"))]
pub(crate) use self::files::files;
#[cfg(target_os = "android")]
pub(crate) use self::provided::{MEDIA, files};
pub(crate) use self::tauri::{TauriShell, listen};
use crate::app::Notice;

/// Called once, with the folder or, when the person chose none, nothing.
pub(crate) type Picked = Box<dyn FnOnce(Option<PathBuf>) + Send>;

pub(crate) trait Shell: Send + Sync + 'static {
    /// Shows a notice. That it cannot be shown is nobody's loss.
    fn notify(&self, notice: &Notice);

    /// Opens a file with its program.
    fn open(&self, path: &Path) -> Result<(), ShellError>;

    /// Shows a file, or at least its folder, in the file browser.
    fn reveal(&self, path: &Path) -> Result<(), ShellError>;

    /// Opens a dialog and returns at once.
    fn pick_folder(&self, done: Picked);

    /// The text in the clipboard; nothing when it holds none. May take its time.
    fn clipboard(&self) -> String;

    /// Brings the window before the person's eyes.
    fn come_to_front(&self);
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ShellError {
    /// The file is not there.
    Missing,
    /// The desktop's own words.
    Refused(String),
}
