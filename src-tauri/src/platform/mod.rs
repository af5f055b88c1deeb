//! What the desktop does for us, and how Tauri's plugins do it. One-liners; decides nothing.

#[cfg(any(test, target_os = "android"))]
mod content_provider;
#[cfg(desktop)]
mod device_status;
mod files;
mod integration;
#[cfg(not(target_os = "android"))]
mod notification_markup;
mod notifications;
#[cfg_attr(desktop, path = "open_with/desktop.rs")]
#[cfg_attr(target_os = "android", path = "open_with/android.rs")]
#[cfg_attr(target_os = "ios", path = "open_with/ios.rs")]
mod open_with;
mod tauri;

use std::path::{Path, PathBuf};

#[cfg(target_os = "android")]
pub(crate) use self::content_provider::{MEDIA_FOLDER, files};
#[cfg(desktop)]
pub(crate) use self::device_status::{Reading, watch};
#[cfg(not(target_os = "android"))]
pub(crate) use self::files::files;
pub(crate) use self::integration::{HIDDEN, IntegrationThread, autostart};
pub(crate) use self::notifications::on_notification_action;
#[cfg(any(test, mobile))]
pub(crate) use self::notifications::to_action;
pub(crate) use self::tauri::TauriPlatform;
use crate::app::{DesktopStatus, Notification};
use crate::i18n::Messages;
use crate::ipc::NotificationPermission;

/// Called once, with the folder or, when the person chose none, nothing.
pub(crate) type FolderCallback = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// Called once, with whether the person agreed. Closing the dialog is no agreement.
pub(crate) type Agreed = Box<dyn FnOnce(bool) + Send>;

/// A yes-or-no question in a dialog of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) yes: String,
    pub(crate) no: String,
}

pub(crate) trait PlatformServices: Send + Sync + 'static {
    /// Shows a notice. That it cannot be shown is nobody's loss.
    fn notify(&self, notice: &Notification);

    /// Opens a file with its program.
    fn open(&self, path: &Path) -> Result<(), PlatformError>;

    /// Shows a file, or at least its folder, in the file browser.
    fn reveal(&self, path: &Path) -> Result<(), PlatformError>;

    /// Opens a dialog and returns at once.
    fn pick_folder(&self, done: FolderCallback);

    /// Asks the person outside the page, and returns at once.
    fn confirm(&self, question: Question, done: Agreed);

    /// Whether notices may be shown.
    fn notification_permission(&self) -> NotificationPermission;

    /// Has the system ask the person who has never been asked; until they have decided.
    fn request_notification_permission(&self) -> NotificationPermission;

    /// Whether the system lets this app reach the local network; asks the person if nobody has, and waits until they have
    /// decided. None where it wants no leave for that.
    fn reach_local_network(&self) -> Option<bool>;

    /// The folder where files stay when the app goes, if this one wants leave for it and has it; asks the person if nobody has,
    /// and waits until they have decided.
    fn ask_for_public_folder(&self) -> Option<PathBuf>;

    /// A file is there now, under its own name: other programs that keep a list of files may want to know.
    fn finished(&self, path: &Path);

    /// Shows where the system is told to let apps go on working.
    fn battery_settings(&self) -> Result<(), PlatformError>;

    /// The text in the clipboard; nothing when it holds none. May take its time.
    fn clipboard(&self) -> String;

    /// Brings the window before the person's eyes; opens it when there is none.
    fn show_window(&self);

    fn has_window(&self) -> bool;

    /// Whether the app goes on when its window is closed. Until it is said, it does not.
    fn set_outlives_window(&self, outlives: bool);

    /// Ends the app, in good order.
    fn quit(&self);

    /// Shows how things stand, where the system has a place for it.
    fn show_status(&self, status: DesktopStatus);

    /// Keeps the machine, not the screen, from sleeping by itself, and says why; none lets it.
    fn keep_awake(&self, why: Option<String>);

    /// Starts with the person's session from now on, or no longer.
    fn start_with_system(&self, wanted: bool);

    /// The system's languages, as tags, the one liked most first.
    fn languages(&self) -> Vec<String>;

    /// The language for the buttons of notices from now on.
    fn set_messages(&self, messages: &Messages);
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PlatformError {
    /// The file is not there.
    Missing,
    /// The desktop's own words.
    Refused(String),
}
