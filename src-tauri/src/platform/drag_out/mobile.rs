//! Phones have no drag out of a list; sharing takes its place. The page does not ask for it there.

use std::path::PathBuf;

use millrace_backend::app::PlatformError;
use tauri::{AppHandle, Runtime};

pub(super) fn drag_out<R: Runtime>(
    _app: &AppHandle<R>,
    _paths: Vec<PathBuf>,
) -> Result<(), PlatformError> {
    Err(PlatformError::Refused(
        "phones do not drag files out".into(),
    ))
}
