//! By Tauri's plugin for notifications.

use tauri::{AppHandle, Runtime};
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};
use tokio::sync::mpsc::UnboundedSender;

use super::{click, number};
use crate::app::{About, Notice, Request};
use crate::shell::markup;
use crate::words::{Text, Words};

const FINISHED: &str = "finished";
const FAILED: &str = "failed";

pub(crate) struct Notices<R: Runtime>(AppHandle<R>);

impl<R: Runtime> Notices<R> {
    pub(crate) fn of(app: &AppHandle<R>) -> Self {
        Self(app.clone())
    }

    pub(crate) fn show(&self, notice: &Notice) {
        let builder = self.0.notification().builder();
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

    /// The language of the buttons from now on.
    pub(crate) fn speak(&self, words: &Words) {
        // never fails on a desktop, and a phone without buttons still has notices
        let _ = self.0.notification().register_action_types(buttons(words));
    }
}

/// Passes clicks on notices on. Before the first notice.
pub(crate) fn listen<R: Runtime>(
    app: &AppHandle<R>,
    requests: UnboundedSender<Request>,
) -> tauri_plugin_notification::Result<()> {
    app.notification().on_action(move |performed| {
        // an app that is ending has no ear for it
        let _ = requests.send(Request::Clicked(clicked(performed)));
    })
}

fn clicked(performed: &ActionPerformed) -> crate::app::Click {
    let id = performed.notification().map(|notice| notice.id());
    let id = id.and_then(|id| u64::try_from(id).ok());
    click(performed.action_id(), id)
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
