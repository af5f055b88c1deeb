//! Puts a window to where the one before it was, and remembers where it is. Asks the system; decides nothing.

use tauri::{Manager, PhysicalPosition, PhysicalSize, Runtime, WebviewWindow};

use super::bounds::{SavedBounds, WindowBounds, WorkArea};

/// To where the window before it was, as far as that is on a screen.
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

/// Where it is now, for the next one.
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
        // it goes back to where it was before
        Some(before) if maximized => Some(WindowBounds {
            maximized,
            ..before
        }),
        Some(_) | None => Some(now),
    });
    Ok(())
}
