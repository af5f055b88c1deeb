//! Drags files out of the window with OLE and AppKit, which take the files' paths.

use std::path::PathBuf;
use std::sync::mpsc;

use drag::{DragItem, DragMode, Image, Options};
use millrace_backend::app::PlatformError;
use tauri::{AppHandle, Manager, Runtime};

use crate::window;

/// What the pointer carries.
const ICON: &[u8] = include_bytes!("../../../icons/32x32.png");

/// On Windows it returns when the drag has ended, on macOS when it has begun.
pub(super) fn drag_out<R: Runtime>(
    app: &AppHandle<R>,
    paths: Vec<PathBuf>,
) -> Result<(), PlatformError> {
    let (tell, begun) = mpsc::channel();
    let app_there = app.clone();
    let start = move || {
        let Some(window) = app_there.get_webview_window(window::LABEL) else {
            return Err("there is no window".to_owned());
        };
        // Copies only: the file stays where the list knows it.
        let options = Options {
            mode: DragMode::Copy,
            ..Options::default()
        };
        let item = DragItem::Files(paths);
        let image = Image::Raw(ICON.to_vec());
        drag::start_drag(&window, item, image, |_, _| (), options)
            .map_err(|error| error.to_string())
    };
    let refused = |error: String| PlatformError::Refused(error);
    app.run_on_main_thread(move || {
        let _unheard = tell.send(start());
    })
    .map_err(|error| refused(error.to_string()))?;
    let began = begun.recv();
    began
        .unwrap_or_else(|_| Err("the window is gone".into()))
        .map_err(refused)
}
