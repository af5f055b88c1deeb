//! [`PlatformServices`] of a running app, implemented with Tauri and its plugins.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use millrace_backend::app::{
    Agreed, DesktopStatus, FileCallback, FolderCallback, Notification, PlatformError,
    PlatformServices, Question,
};
use millrace_backend::i18n::Messages;
use millrace_backend::notification_permission::NotificationPermission;
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};
use tauri_plugin_notification::{NotificationExt, PermissionState};

use super::notifications::Notifier;
use super::{IntegrationThread, drag_out, open_with};
use crate::window;

pub(crate) struct TauriPlatform<R: Runtime> {
    app: AppHandle<R>,
    system: IntegrationThread,
    notices: Notifier<R>,
    outlives: Arc<AtomicBool>,
}

impl<R: Runtime> TauriPlatform<R> {
    /// `outlives` is read when the last window is closed.
    pub(crate) fn new(
        app: AppHandle<R>,
        system: IntegrationThread,
        outlives: Arc<AtomicBool>,
    ) -> Self {
        Self {
            notices: Notifier::new(&app),
            app,
            system,
            outlives,
        }
    }
}

impl<R: Runtime> PlatformServices for TauriPlatform<R> {
    fn notify(&self, notice: &Notification) {
        self.notices.show(notice);
    }

    fn open(&self, path: &Path) -> Result<(), PlatformError> {
        open_with::open(&self.app, path)
    }

    fn open_with(&self, path: &Path) -> Result<(), PlatformError> {
        open_with::open_with(&self.app, path)
    }

    fn open_link(&self, link: &str) -> Result<(), PlatformError> {
        open_with::open_link(&self.app, link)
    }

    fn reveal(&self, path: &Path) -> Result<(), PlatformError> {
        open_with::reveal(&self.app, path)
    }

    fn drag_out(&self, paths: Vec<PathBuf>) -> Result<(), PlatformError> {
        drag_out::drag_out(&self.app, paths)
    }

    fn pick_folder(&self, done: FolderCallback) {
        open_with::pick_folder(&self.app, done);
    }

    fn pick_file(&self, done: FileCallback) {
        open_with::pick_file(&self.app, done);
    }

    fn confirm(&self, question: Question, done: Agreed) {
        let Question {
            title,
            body,
            yes,
            no,
        } = question;
        let dialog = self.app.dialog().message(body).title(title);
        let dialog = dialog.kind(MessageDialogKind::Warning);
        let buttons = MessageDialogButtons::OkCancelCustom(yes, no);
        dialog.buttons(buttons).show(done);
    }

    fn notification_permission(&self) -> NotificationPermission {
        consent(self.app.notification().permission_state())
    }

    fn request_notification_permission(&self) -> NotificationPermission {
        consent(self.app.notification().request_permission())
    }

    fn reach_local_network(&self) -> Option<bool> {
        open_with::reach_local_network(&self.app)
    }

    fn ask_for_public_folder(&self) -> Option<PathBuf> {
        open_with::ask_for_public_folder(&self.app)
    }

    fn finished(&self, path: &Path) {
        open_with::finished(&self.app, path);
    }

    fn battery_settings(&self) -> Result<(), PlatformError> {
        open_with::battery_settings(&self.app)
    }

    fn clipboard(&self) -> String {
        self.app.clipboard().read_text().unwrap_or_default()
    }

    fn show_window(&self) {
        let Some(window) = self.app.get_webview_window(window::LABEL) else {
            // ignored: it may succeed at the next request
            let _ = window::open(&self.app);
            return;
        };
        open_with::raise(&window);
    }

    fn has_window(&self) -> bool {
        self.app.get_webview_window(window::LABEL).is_some()
    }

    fn set_outlives_window(&self, outlives: bool) {
        self.outlives.store(outlives, Ordering::Relaxed);
    }

    fn quit(&self) {
        self.app.exit(0);
    }

    fn show_status(&self, status: DesktopStatus) {
        self.system.show(status);
    }

    fn keep_awake(&self, why: Option<String>) {
        self.system.keep_awake(why);
    }

    fn start_with_system(&self, wanted: bool) {
        self.system.start_with_system(wanted);
    }

    fn languages(&self) -> Vec<String> {
        sys_locale::get_locales().collect()
    }

    fn set_messages(&self, messages: &Messages) {
        self.notices.set_messages(messages);
    }
}

/// An unknown state counts as refused: the user is not asked.
fn consent(state: tauri_plugin_notification::Result<PermissionState>) -> NotificationPermission {
    match state {
        Ok(PermissionState::Granted) => NotificationPermission::Given,
        Ok(PermissionState::Prompt) => NotificationPermission::NotAsked,
        // the user has refused once and could be asked once more, but is not
        Ok(PermissionState::Denied | PermissionState::PromptWithRationale) | Err(_) => {
            NotificationPermission::Refused
        }
    }
}
