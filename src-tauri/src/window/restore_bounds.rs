//! Restores and saves a window's bounds through the system. Decides nothing.

use tauri::{Manager, PhysicalPosition, PhysicalSize, Runtime, WebviewWindow};

use super::bounds::{SavedBounds, WindowBounds, WorkArea};

/// Moves the window to the saved bounds, fitted to the screens.
pub(super) fn restore<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let kept = window
        .try_state::<SavedBounds>()
        .and_then(|kept| kept.bounds());
    let Some(place) = kept else { return Ok(()) };
    let screens = window.available_monitors()?;
    let screens: Vec<WorkArea> = screens
        .iter()
        .map(|screen| {
            let area = screen.work_area();
            WorkArea {
                x: area.position.x,
                y: area.position.y,
                width: area.size.width,
                height: area.size.height,
            }
        })
        .collect();
    let place = place.fit_to(&screens);
    window.set_size(PhysicalSize::new(place.width, place.height))?;
    window.set_position(PhysicalPosition::new(place.x, place.y))?;
    if place.maximized {
        window.maximize()?;
    }
    Ok(())
}

/// Saves the current bounds.
pub(super) fn save<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let Some(kept) = window.try_state::<SavedBounds>() else {
        return Ok(());
    };
    if window.is_minimized()? || window.is_fullscreen()? || !window.is_visible()? {
        return Ok(());
    }
    let maximized = window.is_maximized()?;
    let (at, size) = (window.outer_position()?, window.inner_size()?);
    let now = WindowBounds {
        x: at.x,
        y: at.y,
        width: size.width,
        height: size.height,
        maximized,
    };
    kept.set(|before| match before {
        // while maximized, keep the bounds that it returns to
        Some(before) if maximized => Some(WindowBounds {
            maximized,
            ..before
        }),
        Some(_) | None => Some(now),
    });
    Ok(())
}
