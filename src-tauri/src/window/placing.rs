//! Puts a window to where the one before it was, and remembers where it is. Asks the system; decides nothing.

use tauri::{Manager, PhysicalPosition, PhysicalSize, Runtime, WebviewWindow};

use super::place::{Area, Kept, Place};

/// To where the window before it was, as far as that is on a screen.
pub(super) fn put_back<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let kept = window.try_state::<Kept>().and_then(|kept| kept.place());
    let Some(place) = kept else { return Ok(()) };
    let screens = window.available_monitors()?;
    let screens: Vec<Area> = screens
        .iter()
        .map(|screen| {
            let area = screen.work_area();
            Area {
                x: area.position.x,
                y: area.position.y,
                width: area.size.width,
                height: area.size.height,
            }
        })
        .collect();
    let place = place.on(&screens);
    window.set_size(PhysicalSize::new(place.width, place.height))?;
    window.set_position(PhysicalPosition::new(place.x, place.y))?;
    if place.maximized {
        window.maximize()?;
    }
    Ok(())
}

/// Where it is now, for the next one.
pub(super) fn remember<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    let Some(kept) = window.try_state::<Kept>() else {
        return Ok(());
    };
    if window.is_minimized()? || window.is_fullscreen()? || !window.is_visible()? {
        return Ok(());
    }
    let maximized = window.is_maximized()?;
    let (at, size) = (window.outer_position()?, window.inner_size()?);
    let now = Place {
        x: at.x,
        y: at.y,
        width: size.width,
        height: size.height,
        maximized,
    };
    kept.set(|before| match before {
        // it goes back to where it was before
        Some(before) if maximized => Some(Place {
            maximized,
            ..before
        }),
        Some(_) | None => Some(now),
    });
    Ok(())
}
