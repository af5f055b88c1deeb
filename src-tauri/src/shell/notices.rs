//! Notices of what has ended, with their buttons, and what a click on one asks for.

#[cfg_attr(target_os = "android", path = "notices/android.rs")]
#[cfg_attr(not(target_os = "android"), path = "notices/plugin.rs")]
mod own;

use millrace_engine::DownloadId;

pub(crate) use self::own::{Notices, listen};
use crate::app::Click;

/// The button with that id, or the notice itself; 0 is the number of a notice about no download.
pub(crate) fn click(button: &str, about: Option<u64>) -> Click {
    let about = about.filter(|id| *id > 0).map(DownloadId);
    match (button, about) {
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
