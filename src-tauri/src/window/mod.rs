//! Opens the only window with its last bounds, and keeps its page on our own origin.

#[cfg_attr(
    mobile,
    expect(dead_code, reason = "the screen of a phone is one place")
)]
mod bounds;
#[cfg_attr(desktop, path = "restore_bounds.rs")]
#[cfg_attr(mobile, path = "fullscreen.rs")]
mod restore_bounds;

use millrace_backend::app_state::AppState;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent};

pub(crate) use self::bounds::SavedBounds;

pub(crate) const LABEL: &str = "main";

/// Opens the window. There must be none.
pub(crate) fn open<R: Runtime, M: Manager<R>>(app: &M) -> tauri::Result<()> {
    let dev = app.config().build.dev_url.clone();
    let dev = dev.filter(|_| tauri::is_dev());
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Millrace")
        .inner_size(1280.0, 800.0)
        .min_inner_size(360.0, 560.0)
        // shown only after its bounds are set, so that it does not jump
        .visible(false)
        // frames must never be sent to a foreign page
        .on_navigation(move |url| is_ours(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_page_load(|window, load| {
            // there is no state yet during startup, when the first document is loaded
            if load.event() == PageLoadEvent::Started
                && let Some(state) = window.try_state::<AppState>()
            {
                // the previous document was unloaded
                state.hub.leave(window.label().to_owned());
            }
        })
        // the page handles dropped links itself; on Windows the window's own handler would consume them
        .disable_drag_drop_handler()
        .devtools(cfg!(debug_assertions))
        .build()?;
    restore_bounds::restore(&window)?;
    window.show()?;
    let watched = window.clone();
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Resized(_) | WindowEvent::Moved(_)) {
            // ignored: a system that does not report positions has none to save
            let _ = restore_bounds::save(&watched);
        }
    });
    Ok(())
}

/// Reports window events to the hub. All except `Destroyed` are hints: some systems report only one direction.
pub(crate) fn on_event<R: Runtime>(app: &AppHandle<R>, label: String, event: &WindowEvent) {
    let Some(state) = app.try_state::<AppState>() else {
        return;
    };
    if matches!(event, WindowEvent::Destroyed) {
        state.hub.leave(label);
    } else if let Some(away) = is_hidden(app, &label, event) {
        state.hub.put_away(label, away);
    }
}

/// Whether the event hides or shows the window; `None` if neither.
#[cfg(desktop)]
fn is_hidden<R: Runtime>(app: &AppHandle<R>, label: &str, event: &WindowEvent) -> Option<bool> {
    let WindowEvent::Focused(focused) = event else {
        return None;
    };
    let window = app.get_webview_window(label)?;
    Some(!focused && window.is_minimized().unwrap_or(false))
}

#[cfg(mobile)]
fn is_hidden<R: Runtime>(_: &AppHandle<R>, _: &str, event: &WindowEvent) -> Option<bool> {
    if matches!(event, WindowEvent::Suspended) {
        Some(true)
    } else {
        matches!(event, WindowEvent::Resumed).then_some(false)
    }
}

fn is_ours(url: &Url, dev: Option<&Url>) -> bool {
    if let Some(dev) = dev {
        return url.origin() == dev.origin();
    }
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost") && url.port().is_none(),
        // used by Windows and Android; on other systems this is an ordinary web server
        "http" | "https" if cfg!(any(windows, target_os = "android")) => {
            url.host_str() == Some("tauri.localhost") && url.port().is_none()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(url: &str, dev: Option<&str>) -> bool {
        let dev = dev.map(|url| url.parse().unwrap());
        is_ours(&url.parse().unwrap(), dev.as_ref())
    }

    #[test]
    fn the_page_never_leaves_our_origin() {
        assert!(ours("tauri://localhost/index.html", None));
        let spelt = cfg!(any(windows, target_os = "android"));
        assert_eq!(ours("http://tauri.localhost/", None), spelt);
        for foreign in [
            "https://example.com/",
            "http://tauri.localhost.example.com/",
            "http://tauri.localhost:1234/",
            "http://127.0.0.1:1420/",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
            "tauri://elsewhere/",
        ] {
            assert!(!ours(foreign, None), "{foreign}");
        }
        assert!(ours(
            "http://localhost:1420/a",
            Some("http://localhost:1420")
        ));
        assert!(!ours(
            "http://localhost:1421/",
            Some("http://localhost:1420")
        ));
    }
}
