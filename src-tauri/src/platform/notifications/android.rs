//! Shown by our own plugin: Tauri's needs an activity, and most downloads end while there is none. Clicks arrive with
//! the phone's other events.

use millrace_backend::app::{Notification, NotificationSubject};
use millrace_backend::i18n::{MessageKey, Messages};
use millrace_backend::request::Request;
use parking_lot::Mutex;
use tauri::{AppHandle, Runtime};
use tauri_plugin_transfer::{Button, Message, TransferExt};
use tokio::sync::mpsc::UnboundedSender;

use super::notification_id;

/// Labels of the buttons, and the name of the notification channel.
#[derive(Default, Clone)]
struct Labels {
    open: String,
    reveal: String,
    retry: String,
    channel: String,
}

pub(crate) struct Notifier<R: Runtime> {
    app: AppHandle<R>,
    labels: Mutex<Labels>,
}

impl<R: Runtime> Notifier<R> {
    pub(crate) fn new(app: &AppHandle<R>) -> Self {
        Self {
            app: app.clone(),
            labels: Mutex::default(),
        }
    }

    pub(crate) fn show(&self, notice: &Notification) {
        let labels = self.labels.lock();
        let labels = labels.clone();
        let (id, buttons) = match notice.about {
            NotificationSubject::Finished(id) => (
                notification_id(id),
                vec![("open", labels.open), ("reveal", labels.reveal)],
            ),
            NotificationSubject::Failed(id) => (notification_id(id), vec![("retry", labels.retry)]),
            NotificationSubject::Window => (0, Vec::new()),
        };
        let message = Message {
            id,
            title: notice.title.clone(),
            text: notice.body.clone(),
            channel: labels.channel,
            buttons: buttons
                .into_iter()
                .map(|(id, label)| Button { id, label })
                .collect(),
        };
        // ignored: without the user's permission nothing is shown
        let _ = self.app.transfer().show(&message);
    }

    /// Sets the language of the buttons.
    pub(crate) fn set_messages(&self, messages: &Messages) {
        let mut labels = self.labels.lock();
        *labels = Labels {
            open: messages.get(MessageKey::ActionOpen),
            reveal: messages.get(MessageKey::ActionReveal),
            retry: messages.get(MessageKey::ActionRetry),
            channel: messages.get(MessageKey::DoneChannel),
        };
    }
}

/// Nothing to do: see [`tauri_plugin_transfer::PlatformEvent::Clicked`].
pub(crate) fn on_notification_action<R: Runtime>(
    _app: &AppHandle<R>,
    _requests: UnboundedSender<Request>,
) -> Result<(), std::convert::Infallible> {
    Ok(())
}
