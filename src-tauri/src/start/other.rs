//! Links come as arguments of a second start, which ends when it has handed them over.

use tauri::RunEvent;

use crate::app::Request;

pub(in crate::start) fn app_request(_event: &RunEvent) -> Option<Request> {
    None
}
