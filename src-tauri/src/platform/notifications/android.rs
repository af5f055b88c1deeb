//! By our own plugin: that for notifications goes through an activity, and most downloads end while there is none. Clicks come
//! with all else that the phone tells.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Runtime};
use tauri_plugin_transfer::{Button, Message, TransferExt};
use tokio::sync::mpsc::UnboundedSender;

use super::number;
use crate::app::{About, Notice, Request};
use crate::messages::{Text, Words};

/// What the buttons say, and the name of this kind of notices.
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

impl<R: Runtime> Notices<R> {
    pub(crate) fn new(app: &AppHandle<R>) -> Self {
        Self {
            app: app.clone(),
            labels: Mutex::default(),
        }
    }

    pub(crate) fn show(&self, notice: &Notice) {
        let labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        let labels = labels.clone();
        let (id, buttons) = match notice.about {
            About::Finished(id) => (
                number(id),
                vec![("open", labels.open), ("reveal", labels.reveal)],
            ),
            About::Failed(id) => (number(id), vec![("retry", labels.retry)]),
            About::Window => (0, Vec::new()),
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
        // without the person's leave nothing is shown
        let _ = self.app.transfer().show(&message);
    }

    /// The language of the buttons from now on.
    pub(crate) fn set_messages(&self, messages: &Words) {
        let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        *labels = Labels {
            open: messages.say(Text::ActionOpen),
            reveal: messages.say(Text::ActionReveal),
            retry: messages.say(Text::ActionRetry),
            channel: messages.say(Text::DoneChannel),
        };
    }
}

/// Nothing to do: see [`tauri_plugin_transfer::Heard::Clicked`].
pub(crate) fn on_notification_action<R: Runtime>(
    _app: &AppHandle<R>,
    _requests: UnboundedSender<Request>,
) -> Result<(), std::convert::Infallible> {
    Ok(())
}
