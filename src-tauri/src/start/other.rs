//! No open events on these systems: links are passed as arguments of a second start.

use tauri::RunEvent;

use crate::app::Request;

pub(in crate::start) fn app_request(_event: &RunEvent) -> Option<Request> {
    None
}
