//! Notifications of completed and failed downloads, their buttons, and the actions of clicks on them.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(not(target_os = "android"), path = "plugin.rs")]
mod own;

use millrace_backend::request::NotificationAction;
use millrace_engine::DownloadId;

pub(crate) use self::own::{Notifier, on_notification_action};

/// The action of a button, or of the notification itself. An id of 0 belongs to no download.
pub(crate) fn to_action(button: &str, about: Option<u64>) -> NotificationAction {
    let about = about.filter(|id| *id > 0).map(DownloadId);
    match (button, about) {
        ("open", Some(id)) => NotificationAction::Open(id),
        ("reveal", Some(id)) => NotificationAction::Reveal(id),
        ("retry", Some(id)) => NotificationAction::Retry(id),
        (_, about) => NotificationAction::Show(about),
    }
}

/// The download's id, if it fits; for a larger one, -1: its buttons have no target.
fn notification_id(id: u64) -> i32 {
    i32::try_from(id).unwrap_or(-1)
}
