//! A desktop or phone that only records what the user would see, and responds as they would.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::{DesktopStatus, Notification};
use crate::app::{Agreed, FileCallback, FolderCallback, PlatformError, PlatformServices, Question};
use crate::i18n::Messages;
use crate::notification_permission::NotificationPermission;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Seen {
    Notice(Notification),
    Opened(PathBuf),
    OpenedWith(PathBuf),
    OpenedLink(String),
    Revealed(PathBuf),
    DraggedOut(Vec<PathBuf>),
    Dialog,
    Question(Question),
    Front,
    Shown(DesktopStatus),
    Awake(bool),
    Outlives(bool),
    StartsWithSystem(bool),
    AskedToNotify,
    AskedForLocal,
    AskedForPublicFolder,
    Finished(PathBuf),
    Quit,
}

#[derive(Default)]
pub(super) struct FakeShell {
    pub(super) seen: Mutex<Vec<Seen>>,
    /// The folder chosen in the dialog.
    pub(super) picks: Mutex<Option<PathBuf>>,
    /// Callback of the last confirmation.
    pub(super) asks: Mutex<Option<Agreed>>,
    /// Whether there is a window.
    pub(super) window: AtomicBool,
    /// The user's decision about the local network; `None` where the system requires no permission.
    pub(super) leave: Mutex<Option<bool>>,
    /// The test sends the user's decision about the public folder here.
    pub(super) decides: Mutex<Option<std::sync::mpsc::Receiver<Option<PathBuf>>>>,
    /// The user's decision about notifications.
    pub(super) consent: Mutex<Option<NotificationPermission>>,
}

impl FakeShell {
    fn see(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(super) fn notices(&self) -> Vec<Notification> {
        let notice = |seen| {
            let Seen::Notice(notice) = seen else {
                return None;
            };
            Some(notice)
        };
        self.seen().into_iter().filter_map(notice).collect()
    }
}

impl PlatformServices for FakeShell {
    fn notify(&self, notice: &Notification) {
        self.see(Seen::Notice(notice.clone()));
    }

    fn open(&self, path: &Path) -> Result<(), PlatformError> {
        if !path.exists() {
            return Err(PlatformError::Missing);
        }
        self.see(Seen::Opened(path.to_path_buf()));
        Ok(())
    }

    fn open_with(&self, path: &Path) -> Result<(), PlatformError> {
        self.see(Seen::OpenedWith(path.to_path_buf()));
        Ok(())
    }

    fn open_link(&self, link: &str) -> Result<(), PlatformError> {
        self.see(Seen::OpenedLink(link.to_owned()));
        Ok(())
    }

    fn reveal(&self, path: &Path) -> Result<(), PlatformError> {
        self.see(Seen::Revealed(path.to_path_buf()));
        Ok(())
    }

    fn drag_out(&self, paths: Vec<PathBuf>) -> Result<(), PlatformError> {
        self.see(Seen::DraggedOut(paths));
        Ok(())
    }

    fn pick_folder(&self, done: FolderCallback) {
        self.see(Seen::Dialog);
        done(self.picks.lock().unwrap().take());
    }

    fn pick_file(&self, done: FileCallback) {
        self.see(Seen::Dialog);
        done(self.picks.lock().unwrap().take());
    }

    fn confirm(&self, question: Question, done: Agreed) {
        self.see(Seen::Question(question));
        *self.asks.lock().unwrap() = Some(done);
    }

    fn notification_permission(&self) -> NotificationPermission {
        self.consent
            .lock()
            .unwrap()
            .unwrap_or(NotificationPermission::NotAsked)
    }

    fn request_notification_permission(&self) -> NotificationPermission {
        self.see(Seen::AskedToNotify);
        *self
            .consent
            .lock()
            .unwrap()
            .insert(NotificationPermission::Refused)
    }

    fn reach_local_network(&self) -> Option<bool> {
        self.see(Seen::AskedForLocal);
        *self.leave.lock().unwrap()
    }

    fn ask_for_public_folder(&self) -> Option<PathBuf> {
        self.see(Seen::AskedForPublicFolder);
        let answer = self.decides.lock().unwrap().take()?;
        answer.recv().ok()?
    }

    fn finished(&self, path: &Path) {
        self.see(Seen::Finished(path.to_path_buf()));
    }

    fn battery_settings(&self) -> Result<(), PlatformError> {
        Ok(())
    }

    fn clipboard(&self) -> String {
        "http://copied/".into()
    }

    fn show_window(&self) {
        self.window.store(true, Ordering::Relaxed);
        self.see(Seen::Front);
    }

    fn has_window(&self) -> bool {
        self.window.load(Ordering::Relaxed)
    }

    fn set_outlives_window(&self, outlives: bool) {
        self.see(Seen::Outlives(outlives));
    }

    fn quit(&self) {
        self.see(Seen::Quit);
    }

    fn show_status(&self, status: DesktopStatus) {
        self.see(Seen::Shown(status));
    }

    fn keep_awake(&self, why: Option<String>) {
        self.see(Seen::Awake(why.is_some()));
    }

    fn start_with_system(&self, wanted: bool) {
        self.see(Seen::StartsWithSystem(wanted));
    }

    fn languages(&self) -> Vec<String> {
        vec!["en".into()]
    }

    fn set_messages(&self, _words: &Messages) {}
}
