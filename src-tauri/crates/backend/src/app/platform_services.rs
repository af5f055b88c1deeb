//! What the app needs of the desktop or phone, as a trait. Does not depend on either.

use std::path::{Path, PathBuf};

use super::desktop_status::DesktopStatus;
use super::notifications::Notification;
use crate::i18n::Messages;
use crate::notification_permission::NotificationPermission;

/// Called once, with the chosen folder or `None`.
pub type FolderCallback = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// Called once, with the chosen file or `None`.
pub type FileCallback = Box<dyn FnOnce(Option<PathBuf>) + Send>;

/// Called once, with whether the user agreed. Closing the dialog means no.
pub type Agreed = Box<dyn FnOnce(bool) + Send>;

/// A yes-or-no question in a system dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub title: String,
    pub body: String,
    pub yes: String,
    pub no: String,
}

pub trait PlatformServices: Send + Sync + 'static {
    /// Shows a notification. Errors are ignored.
    fn notify(&self, notice: &Notification);

    /// Opens a file with its default program.
    ///
    /// # Errors
    ///
    /// [`PlatformError::Missing`] and [`PlatformError::Refused`].
    fn open(&self, path: &Path) -> Result<(), PlatformError>;

    /// Opens a file with a program that the user chooses in a dialog of the system.
    ///
    /// # Errors
    ///
    /// [`PlatformError::Missing`] and [`PlatformError::Refused`].
    fn open_with(&self, path: &Path) -> Result<(), PlatformError>;

    /// Opens an http or https link in the browser.
    ///
    /// # Errors
    ///
    /// [`PlatformError::Refused`].
    fn open_link(&self, link: &str) -> Result<(), PlatformError>;

    /// Shows a file, or at least its folder, in the file browser.
    ///
    /// # Errors
    ///
    /// [`PlatformError::Missing`] and [`PlatformError::Refused`].
    fn reveal(&self, path: &Path) -> Result<(), PlatformError>;

    /// Starts a drag of these files, of which the target may only make copies. May return only when the drag has ended.
    ///
    /// # Errors
    ///
    /// [`PlatformError::Refused`].
    fn drag_out(&self, paths: Vec<PathBuf>) -> Result<(), PlatformError>;

    /// Opens a dialog and returns immediately.
    fn pick_folder(&self, done: FolderCallback);

    /// The same for an existing file.
    fn pick_file(&self, done: FileCallback);

    /// Asks the user outside the page, and returns immediately.
    fn confirm(&self, question: Question, done: Agreed);

    /// Whether notifications may be shown.
    fn notification_permission(&self) -> NotificationPermission;

    /// Has the system ask a user who was never asked, and waits for the decision.
    fn request_notification_permission(&self) -> NotificationPermission;

    /// Whether the system lets this app access the local network; asks a user who has not decided, and waits for the
    /// decision. `None` where no permission is required.
    fn reach_local_network(&self) -> Option<bool>;

    /// The folder in which files stay when the app is removed, if this system requires permission for it and the user
    /// has granted it; asks a user who has not decided, and waits for the decision.
    fn ask_for_public_folder(&self) -> Option<PathBuf>;

    /// A file was completed under its final name: programs that list files may need to be notified.
    fn finished(&self, path: &Path);

    /// Opens the system settings that let apps continue in the background.
    ///
    /// # Errors
    ///
    /// [`PlatformError::Refused`].
    fn battery_settings(&self) -> Result<(), PlatformError>;

    /// The text in the clipboard; empty when there is none. May block.
    fn clipboard(&self) -> String;

    /// Brings the window to the front; opens it when there is none.
    fn show_window(&self);

    fn has_window(&self) -> bool;

    /// Whether the app continues when its window is closed; false by default.
    fn set_outlives_window(&self, outlives: bool);

    /// Ends the app after a regular shutdown.
    fn quit(&self);

    /// Shows the status in the tray and the taskbar, where there are any.
    fn show_status(&self, status: DesktopStatus);

    /// Keeps the machine, not the screen, from sleeping, for the given reason; `None` allows sleep.
    fn keep_awake(&self, why: Option<String>);

    /// Enables or disables starting with the user's session.
    fn start_with_system(&self, wanted: bool);

    /// The system's languages as tags, preferred first.
    fn languages(&self) -> Vec<String>;

    /// Sets the language of the notification buttons.
    fn set_messages(&self, messages: &Messages);
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlatformError {
    /// The file does not exist.
    Missing,
    /// Error message of the desktop.
    Refused(String),
}
