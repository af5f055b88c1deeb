//! The shell of a running app.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use millrace_engine::DownloadId;
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};
use tauri_plugin_notification::{
    Action, ActionPerformed, ActionType, NotificationExt, PermissionState,
};
use tokio::sync::mpsc::UnboundedSender;

use super::{Agreed, Picked, Question, Shell, ShellError, System, markup, show};
use crate::app::{About, Click, Notice, Panel, Request};
use crate::view::Consent;
use crate::window;
use crate::words::{Text, Words};

pub(crate) struct TauriShell<R: Runtime> {
    app: AppHandle<R>,
    system: System,
    outlives: Arc<AtomicBool>,
}

impl<R: Runtime> TauriShell<R> {
    /// `outlives` is read when the last window is gone.
    pub(crate) fn new(app: AppHandle<R>, system: System, outlives: Arc<AtomicBool>) -> Self {
        Self {
            app,
            system,
            outlives,
        }
    }
}

impl<R: Runtime> Shell for TauriShell<R> {
    fn notify(&self, notice: &Notice) {
        let builder = self.app.notification().builder();
        let body = markup::escaped(&notice.body);
        let builder = builder.title(&notice.title).body(body);
        let builder = match notice.about {
            About::Finished(id) => builder.id(number(id)).action_type_id(FINISHED),
            About::Failed(id) => builder.id(number(id)).action_type_id(FAILED),
            About::Window => builder.id(0),
        };
        // the only errors are those of a desktop without notices
        let _ = builder.show();
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
        // never fails on a desktop, and a phone without buttons still has notices
        let _ = self
            .app
            .notification()
            .register_action_types(buttons(words));
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

const FINISHED: &str = "finished";
const FAILED: &str = "failed";

/// Passes clicks on notices on. Before the first notice.
pub(crate) fn listen<R: Runtime>(
    app: &AppHandle<R>,
    requests: UnboundedSender<Request>,
) -> tauri_plugin_notification::Result<()> {
    app.notification().on_action(move |performed| {
        // an app that is ending has no ear for it
        let _ = requests.send(Request::Clicked(click(performed)));
    })
}

fn buttons(words: &Words) -> Vec<ActionType> {
    let button = |id: &str, title| Action::builder(id, words.say(title)).build();
    vec![
        ActionType::builder(FINISHED)
            .actions(vec![
                button("open", Text::ActionOpen),
                button("reveal", Text::ActionReveal),
            ])
            .build(),
        ActionType::builder(FAILED)
            .actions(vec![button("retry", Text::ActionRetry)])
            .build(),
    ]
}

fn click(performed: &ActionPerformed) -> Click {
    let id = performed.notification().map(|notice| notice.id());
    // 0 is a notice about none
    let id = id
        .and_then(|id| u64::try_from(id).ok())
        .filter(|id| *id > 0);
    let id = id.map(DownloadId);
    match (performed.action_id(), id) {
        ("open", Some(id)) => Click::Open(id),
        ("reveal", Some(id)) => Click::Reveal(id),
        ("retry", Some(id)) => Click::Retry(id),
        (_, about) => Click::Show(about),
    }
}

/// Notices are numbered like downloads, as far as their numbers go; a larger one has a notice without buttons' target.
fn number(id: u64) -> i32 {
    i32::try_from(id).unwrap_or(-1)
}
