//! Notices of what has ended, with their buttons, and what a click on one asks for.

#[cfg_attr(target_os = "android", path = "android.rs")]
#[cfg_attr(not(target_os = "android"), path = "plugin.rs")]
mod own;

use millrace_engine::DownloadId;

pub(crate) use self::own::{Notifier, on_notification_action};
use crate::app::NotificationAction;

/// The button with that id, or the notice itself; 0 is the number of a notice about no download.
pub(crate) fn to_action(button: &str, about: Option<u64>) -> NotificationAction {
    let about = about.filter(|id| *id > 0).map(DownloadId);
    match (button, about) {
        ("open", Some(id)) => NotificationAction::Open(id),
        ("reveal", Some(id)) => NotificationAction::Reveal(id),
        ("retry", Some(id)) => NotificationAction::Retry(id),
        (_, about) => NotificationAction::Show(about),
    }
}

/// Notices are numbered like downloads, as far as their numbers go; a larger one has a notice without buttons' target.
fn notification_id(id: u64) -> i32 {
    i32::try_from(id).unwrap_or(-1)
}
