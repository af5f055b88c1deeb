//! The shell of a running app.

use std::path::Path;

use millrace_engine::DownloadId;
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};
use tokio::sync::mpsc::UnboundedSender;

use super::{Picked, Shell, ShellError, show};
use crate::app::{About, Click, Notice, Request};
use crate::window;

pub(crate) struct TauriShell<R: Runtime>(pub(crate) AppHandle<R>);

impl<R: Runtime> Shell for TauriShell<R> {
    fn notify(&self, notice: &Notice) {
        let builder = self.0.notification().builder();
        let builder = builder.title(&notice.title).body(&notice.body);
        let builder = match notice.about {
            About::Finished(id) => builder.id(number(id)).action_type_id(FINISHED),
            About::Failed(id) => builder.id(number(id)).action_type_id(FAILED),
            About::Window => builder.id(0),
        };
        // the only errors are those of a desktop without notices
        let _ = builder.show();
    }

    fn open(&self, path: &Path) -> Result<(), ShellError> {
        show::open(&self.0, path)
    }

    fn reveal(&self, path: &Path) -> Result<(), ShellError> {
        show::reveal(&self.0, path)
    }

    fn pick_folder(&self, done: Picked) {
        show::pick_folder(&self.0, done);
    }

    fn clipboard(&self) -> String {
        self.0.clipboard().read_text().unwrap_or_default()
    }

    fn come_to_front(&self) {
        if let Some(window) = self.0.get_webview_window(window::LABEL) {
            show::raise(&window);
        }
    }
}

const FINISHED: &str = "finished";
const FAILED: &str = "failed";

/// Names the buttons of notices and passes clicks on. Before the first notice.
pub(crate) fn listen<R: Runtime>(
    app: &AppHandle<R>,
    requests: UnboundedSender<Request>,
) -> tauri_plugin_notification::Result<()> {
    let button = |id: &str, title: &str| Action::builder(id, title).build();
    app.notification().register_action_types(vec![
        ActionType::builder(FINISHED)
            .actions(vec![
                button("open", "Open"),
                button("reveal", "Show in folder"),
            ])
            .build(),
        ActionType::builder(FAILED)
            .actions(vec![button("retry", "Retry")])
            .build(),
    ])?;
    app.notification().on_action(move |performed| {
        // an app that is ending has no ear for it
        let _ = requests.send(Request::Clicked(click(performed)));
    })
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
