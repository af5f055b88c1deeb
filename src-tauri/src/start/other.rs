//! No open events on these systems: links are passed as arguments of a second start.

use millrace_backend::request::Request;
use tauri::RunEvent;

pub(in crate::start) fn app_request(_event: &RunEvent) -> Option<Request> {
    None
}
