//! The shell of a running app.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};
use tauri_plugin_notification::{NotificationExt, PermissionState};

use super::notices::Notices;
use super::{Agreed, Picked, Question, Shell, ShellError, System, show};
use crate::app::{Notice, Panel};
use crate::view::Consent;
use crate::window;
use crate::words::Words;

pub(crate) struct TauriShell<R: Runtime> {
    app: AppHandle<R>,
    system: System,
    notices: Notices<R>,
    outlives: Arc<AtomicBool>,
}

impl<R: Runtime> TauriShell<R> {
    /// `outlives` is read when the last window is gone.
    pub(crate) fn new(app: AppHandle<R>, system: System, outlives: Arc<AtomicBool>) -> Self {
        Self {
            notices: Notices::of(&app),
            app,
            system,
            outlives,
        }
    }
}

impl<R: Runtime> Shell for TauriShell<R> {
    fn notify(&self, notice: &Notice) {
        self.notices.show(notice);
    }

    fn open(&self, path: &Path) -> Result<(), ShellError> {
        show::open(&self.app, path)
    }

    fn reveal(&self, path: &Path) -> Result<(), ShellError> {
        show::reveal(&self.app, path)
    }

    fn pick_folder(&self, done: Picked) {
        show::pick_folder(&self.app, done);
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

    fn may_notify(&self) -> Consent {
        consent(self.app.notification().permission_state())
    }

    fn ask_to_notify(&self) -> Consent {
        consent(self.app.notification().request_permission())
    }

    fn reach_local_network(&self) -> Option<bool> {
        show::reach_local_network(&self.app)
    }

    fn ask_for_public_folder(&self) -> Option<PathBuf> {
        show::ask_for_public_folder(&self.app)
    }

    fn finished(&self, path: &Path) {
        show::finished(&self.app, path);
    }

    fn battery_settings(&self) -> Result<(), ShellError> {
        show::battery_settings(&self.app)
    }

    fn clipboard(&self) -> String {
        self.app.clipboard().read_text().unwrap_or_default()
    }

    fn come_to_front(&self) {
        let Some(window) = self.app.get_webview_window(window::LABEL) else {
            // one that cannot be opened now may be later
            let _ = window::open(&self.app);
            return;
        };
        show::raise(&window);
    }

    fn has_window(&self) -> bool {
        self.app.get_webview_window(window::LABEL).is_some()
    }

    fn outlive_window(&self, outlives: bool) {
        self.outlives.store(outlives, Ordering::Relaxed);
    }

    fn quit(&self) {
        self.app.exit(0);
    }

    fn show(&self, panel: Panel) {
        self.system.show(panel);
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

    fn speak(&self, words: &Words) {
        self.notices.speak(words);
    }
}

/// A system that does not say is not asked.
fn consent(state: tauri_plugin_notification::Result<PermissionState>) -> Consent {
    match state {
        Ok(PermissionState::Granted) => Consent::Given,
        Ok(PermissionState::Prompt) => Consent::NotAsked,
        // the person has refused once, and may be asked once more: once was enough
        Ok(PermissionState::Denied | PermissionState::PromptWithRationale) | Err(_) => {
            Consent::Refused
        }
    }
}
