//! What a page, the desktop or another start of the program asks of the app's loop. Messages only; decides nothing.

use std::path::PathBuf;

use millrace_engine::{CommandError, DownloadId, RemoveMode};
use tokio::sync::oneshot;
use tokio::task::JoinError;

use crate::folder_grants::{Folder, FolderError};
use crate::hub::HubError;
use crate::notification_permission::NotificationPermission;
use crate::settings::SettingsError;
use crate::view::Offered;

/// Where the result of a request goes.
pub type Reply<T> = oneshot::Sender<Result<T, RequestError>>;

/// Why a request failed. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error(transparent)]
    Engine(#[from] CommandError),
    #[error(transparent)]
    Hub(#[from] HubError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The system does not find the file.
    #[error("the file is not there any more; it was moved or deleted")]
    Missing,
    /// The file is not the one that was downloaded.
    #[error("the file is not there any more; it was moved, deleted or replaced")]
    Replaced,
    /// The desktop says why.
    #[error("{0}")]
    Refused(String),
    /// The thread that did it has broken.
    #[error(transparent)]
    Broken(#[from] JoinError),
}

/// Requests of the page, the desktop or another start of the program.
#[derive(Debug)]
pub enum Request {
    /// Links from a command line, added to the folders of their category. Shows the window.
    Links(Vec<String>),
    /// Links that another app opened or shared. Their origin is unknown, so they are only offered and nothing starts.
    Offered(Vec<Offered>),
    /// The user wants to add the link in the clipboard, or one that they type.
    Paste,
    Open(DownloadId, Reply<()>),
    /// The user has confirmed, outside the page, that this executable is opened.
    OpenProgram(DownloadId, OpenBy, Reply<()>),
    /// As `Open`, with a program that the user chooses.
    OpenWith(DownloadId, Reply<()>),
    /// Opens a download's link in the browser.
    OpenLink(DownloadId, Reply<()>),
    Reveal(DownloadId, Reply<()>),
    /// Starts a drag of the files of finished downloads to another program, while the pointer's button is down.
    DragOut(Vec<DownloadId>, Reply<()>),
    /// Lets the user point at the file of a finished download that was moved; `false` when they do not.
    Locate(DownloadId, Reply<bool>),
    /// The dialog opened by `Locate` was closed.
    FilePicked(DownloadId, Option<PathBuf>, Reply<bool>),
    /// Shows the app's log file in its folder.
    RevealLog(Reply<()>),
    PickFolder(Reply<Option<Folder>>),
    /// The dialog opened by `PickFolder` was closed.
    FolderPicked(Option<PathBuf>, Reply<Option<Folder>>),
    /// A tray that shows the icon became available or went away.
    TrayAvailable(bool),
    /// An action of the tray's menu.
    TrayAction(TrayAction),
    /// A click on a notification or on one of its buttons.
    NotificationAction(NotificationAction),
    /// Hides downloads immediately, and removes them unless that is undone in time.
    Remove(Vec<u64>, RemoveMode, Reply<()>),
    /// Restores those of these downloads whose removal was not carried out yet.
    Undo(Vec<u64>, Reply<()>),
    /// The text in the clipboard; empty when there is none.
    Clipboard(Reply<String>),
    /// Whether notifications may be shown.
    NotificationPermission(Reply<NotificationPermission>),
    /// The same; asks a user who has not decided yet.
    AskNotificationPermission(Reply<NotificationPermission>),
    /// A URL in the local network is about to be probed.
    ApproachLocal,
    /// The user's decision about the local network; `None` where the system requires no permission.
    LocalNetwork(Option<bool>),
    /// A download is about to be added: the user may have to decide where files are stored.
    AskForPublicFolder,
    /// The user's decision about the public folder, in which files stay when the app is removed; `None` keeps the
    /// current one.
    PublicFolder(Option<PathBuf>),
    /// Opens the system settings that let apps continue in the background.
    BatterySettings(Reply<()>),
}

/// Which program opens a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenBy {
    Default,
    /// One that the user chooses in a dialog of the system.
    Choice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationAction {
    Open(DownloadId),
    Reveal(DownloadId),
    Retry(DownloadId),
    /// Shows the window, at this download if there is one.
    Show(Option<DownloadId>),
}

/// Actions of the tray's menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayAction {
    Open,
    PauseAll,
    ResumeAll,
    /// Toggles slow mode.
    Slow,
    Quit,
}
