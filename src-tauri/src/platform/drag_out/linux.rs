//! Drags files out of the window with GTK itself: the library of the other desktops writes names into `file:` addresses
//! without escaping them.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::mpsc;

use gtk::gdk::DragAction;
use gtk::glib;
use gtk::prelude::{DragContextExtManual, ObjectExt, WidgetExt};
use gtk::{ApplicationWindow, TargetList};
use millrace_backend::app::PlatformError;
use tauri::{AppHandle, Manager, Runtime};

use crate::window;

/// The left button.
const BUTTON: i32 = 1;
/// Name of an icon that every theme has.
const ICON: &str = "text-x-generic";

/// Returns when the drag has begun.
pub(super) fn drag_out<R: Runtime>(
    app: &AppHandle<R>,
    paths: Vec<PathBuf>,
) -> Result<(), PlatformError> {
    let refused = |error: String| PlatformError::Refused(error);
    let addresses: Result<Vec<String>, _> = paths
        .iter()
        .map(|path| glib::filename_to_uri(path, None).map(String::from))
        .collect();
    let addresses = addresses.map_err(|error| refused(error.to_string()))?;
    let (tell, begun) = mpsc::channel();
    let app_there = app.clone();
    app.run_on_main_thread(move || {
        let window = app_there.get_webview_window(window::LABEL);
        let window = window.and_then(|window| window.gtk_window().ok());
        let began = window.is_some_and(|window| begin(&window, addresses));
        let _unheard = tell.send(began);
    })
    .map_err(|error| refused(error.to_string()))?;
    match begun.recv() {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(refused("the window cannot start a drag".into())),
    }
}

fn begin(window: &ApplicationWindow, addresses: Vec<String>) -> bool {
    let targets = TargetList::new(&[]);
    targets.add_uri_targets(0);
    let handlers = Rc::new(RefCell::new(Vec::new()));
    let hand_over = window.connect_drag_data_get(move |_, _, data, _, _| {
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        data.set_uris(&addresses);
    });
    handlers.borrow_mut().push(hand_over);
    let ending = Rc::clone(&handlers);
    let end = window.connect_drag_end(move |window, _| {
        for handler in ending.borrow_mut().drain(..) {
            window.disconnect(handler);
        }
    });
    handlers.borrow_mut().push(end);
    // Copies only: the file stays where the list knows it.
    let drag = window.drag_begin_with_coordinates(&targets, DragAction::COPY, BUTTON, None, -1, -1);
    match drag {
        Some(drag) => {
            drag.drag_set_icon_name(ICON, 0, 0);
            true
        }
        None => {
            for handler in handlers.borrow_mut().drain(..) {
                window.disconnect(handler);
            }
            false
        }
    }
}
