//! Shown by Tauri's notification plugin.

use millrace_backend::app::{Notification, NotificationSubject};
use millrace_backend::i18n::{MessageKey, Messages};
use millrace_backend::request::{NotificationAction, Request};
use tauri::{AppHandle, Runtime};
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};
use tokio::sync::mpsc::UnboundedSender;

use super::{notification_id, to_action};
use crate::platform::notification_markup;

const FINISHED: &str = "finished";
const FAILED: &str = "failed";

pub(crate) struct Notifier<R: Runtime>(AppHandle<R>);

impl<R: Runtime> Notifier<R> {
    pub(crate) fn new(app: &AppHandle<R>) -> Self {
        Self(app.clone())
    }

    pub(crate) fn show(&self, notice: &Notification) {
        let builder = self.0.notification().builder();
        let body = notification_markup::escaped(&notice.body);
        let builder = builder.title(&notice.title).body(body);
        let builder = match notice.about {
            NotificationSubject::Finished(id) => {
                builder.id(notification_id(id)).action_type_id(FINISHED)
            }
            NotificationSubject::Failed(id) => {
                builder.id(notification_id(id)).action_type_id(FAILED)
            }
            NotificationSubject::Window => builder.id(0),
        };
        // ignored: fails only on a desktop without notifications
        let _ = builder.show();
    }

    /// Sets the language of the buttons.
    pub(crate) fn set_messages(&self, messages: &Messages) {
        // ignored: never fails on a desktop, and a phone still shows notifications without buttons
        let _ = self
            .0
            .notification()
            .register_action_types(action_types(messages));
    }
}

/// Forwards clicks on notifications. To be called before the first one is shown.
pub(crate) fn on_notification_action<R: Runtime>(
    app: &AppHandle<R>,
    requests: UnboundedSender<Request>,
) -> tauri_plugin_notification::Result<()> {
    app.notification().on_action(move |performed| {
        // ignored: the receiver is gone during shutdown
        let _ = requests.send(Request::NotificationAction(action_of(performed)));
    })
}

fn action_of(performed: &ActionPerformed) -> NotificationAction {
    let id = performed.notification().map(|notice| notice.id());
    let id = id.and_then(|id| u64::try_from(id).ok());
    to_action(performed.action_id(), id)
}

fn action_types(messages: &Messages) -> Vec<ActionType> {
    let button = |id: &str, title| Action::builder(id, messages.get(title)).build();
    vec![
        ActionType::builder(FINISHED)
            .actions(vec![
                button("open", MessageKey::ActionOpen),
                button("reveal", MessageKey::ActionReveal),
            ])
            .build(),
        ActionType::builder(FAILED)
            .actions(vec![button("retry", MessageKey::ActionRetry)])
            .build(),
    ]
}
