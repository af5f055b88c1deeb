//! Events that macOS sends to a running app instead of starting it a second time.

use millrace_backend::request::{Request, TrayAction};
use tauri::RunEvent;

/// Links to open, or a click on the dock icon while there is no window.
pub(in crate::start) fn app_request(event: &RunEvent) -> Option<Request> {
    if let RunEvent::Opened { urls } = event {
        let links = urls.iter().map(|url| url.to_string().into()).collect();
        return Some(Request::Offered(links));
    }
    if let RunEvent::Reopen {
        has_visible_windows: false,
        ..
    } = event
    {
        return Some(Request::TrayAction(TrayAction::Open));
    }
    None
}
