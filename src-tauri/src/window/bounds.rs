//! Saves the window's bounds and fits them to the screens, so that it is never off screen. Pure except for the file.

use std::path::{Path, PathBuf};
use std::{fs, io};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

/// In physical pixels. While maximised, the place is the one that it would go back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WindowBounds {
    /// Position of the frame.
    pub(crate) x: i32,
    pub(crate) y: i32,
    /// Size of the content inside the frame.
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) maximized: bool,
}

/// The area of a screen that is available to windows, without panels and docks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WorkArea {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl WindowBounds {
    /// Moves and shrinks the bounds to fit on the screen with the largest overlap; without any, to the center of the
    /// first one.
    pub(crate) fn fit_to(self, screens: &[WorkArea]) -> Self {
        let most = screens.iter().max_by_key(|screen| self.overlap(screen));
        let most = most.filter(|screen| self.overlap(screen) > 0);
        let Some(screen) = most.or(screens.first()) else {
            return self;
        };
        let width = self.width.min(screen.width);
        let height = self.height.min(screen.height);
        let (x, y) = if most.is_some() {
            (
                within(self.x, width, screen.x, screen.width),
                within(self.y, height, screen.y, screen.height),
            )
        } else {
            (
                middle(screen.x, screen.width, width),
                middle(screen.y, screen.height, height),
            )
        };
        Self {
            x,
            y,
            width,
            height,
            ..self
        }
    }

    /// Area of the overlap in square pixels.
    fn overlap(&self, screen: &WorkArea) -> i64 {
        let across = shared(self.x, self.width, screen.x, screen.width);
        across * shared(self.y, self.height, screen.y, screen.height)
    }
}

/// Length of the overlap of two intervals.
fn shared(a: i32, a_length: u32, b: i32, b_length: u32) -> i64 {
    let (a, b) = (i64::from(a), i64::from(b));
    let end = (a + i64::from(a_length)).min(b + i64::from(b_length));
    (end - a.max(b)).max(0)
}

/// The position nearest to `at` for `length` within `room`, which is at least as long.
fn within(at: i32, length: u32, begin: i32, room: u32) -> i32 {
    let last = i64::from(begin) + i64::from(room) - i64::from(length);
    let at = i64::from(at).min(last).max(i64::from(begin));
    i32::try_from(at).unwrap_or(begin)
}

fn middle(begin: i32, room: u32, length: u32) -> i32 {
    let at = i64::from(begin) + (i64::from(room) - i64::from(length)) / 2;
    i32::try_from(at).unwrap_or(begin)
}

/// Keeps the bounds for the next window, also across restarts of the app.
#[derive(Debug)]
pub(crate) struct SavedBounds {
    file: PathBuf,
    bounds: Mutex<Option<WindowBounds>>,
}

impl SavedBounds {
    /// An unreadable file counts as missing: a window is easily moved again.
    pub(crate) fn open(file: PathBuf) -> Self {
        let stored = fs::read(&file).ok();
        let place = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            file,
            bounds: Mutex::new(place),
        }
    }

    pub(crate) fn bounds(&self) -> Option<WindowBounds> {
        *self.bounds.lock()
    }

    pub(crate) fn set(&self, change: impl FnOnce(Option<WindowBounds>) -> Option<WindowBounds>) {
        let mut place = self.bounds.lock();
        *place = change(*place);
    }

    /// Replaces the whole file.
    pub(crate) fn store(&self) -> io::Result<()> {
        match self.bounds() {
            Some(place) => store(&self.file, place),
            None => Ok(()),
        }
    }
}

fn store(file: &Path, place: WindowBounds) -> io::Result<()> {
    millrace_engine::atomic_write(file, &serde_json::to_vec(&place)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LEFT: WorkArea = WorkArea {
        x: 0,
        y: 30,
        width: 1920,
        height: 1050,
    };
    const RIGHT: WorkArea = WorkArea {
        x: 1920,
        y: 0,
        width: 2560,
        height: 1440,
    };

    fn bounds(x: i32, y: i32, width: u32, height: u32) -> WindowBounds {
        WindowBounds {
            x,
            y,
            width,
            height,
            maximized: false,
        }
    }

    #[test]
    fn a_window_stays_where_it_was_as_long_as_its_screen_is_there() {
        let there = bounds(2000, 100, 1280, 800);
        assert_eq!(there.fit_to(&[LEFT, RIGHT]), there);
        assert_eq!(there.fit_to(&[LEFT]), bounds(320, 155, 1280, 800));
        assert_eq!(there.fit_to(&[]), there);
    }

    #[test]
    fn a_window_that_hangs_over_the_edge_is_drawn_in_and_one_too_large_is_made_smaller() {
        let hanging = bounds(-100, 900, 1280, 800);
        assert_eq!(hanging.fit_to(&[LEFT]), bounds(0, 280, 1280, 800));
        let large = bounds(1900, -50, 4000, 3000);
        assert_eq!(large.fit_to(&[LEFT, RIGHT]), bounds(1920, 0, 2560, 1440));
    }

    #[test]
    fn the_place_is_there_again_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("window.json");
        let kept = SavedBounds::open(file.clone());
        assert_eq!(kept.bounds(), None);
        kept.store().unwrap();
        let there = bounds(1, 2, 3, 4);
        kept.set(|_| Some(there));
        kept.store().unwrap();
        assert_eq!(SavedBounds::open(file.clone()).bounds(), Some(there));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "its owner's alone");
        }
        fs::write(&file, "{").unwrap();
        assert_eq!(SavedBounds::open(file).bounds(), None);
    }

    proptest! {
        #[test]
        fn no_window_is_ever_off_the_screens(
            x in any::<i32>(), y in any::<i32>(), width in 1u32..10_000, height in 1u32..10_000,
        ) {
            let there = bounds(x, y, width, height).fit_to(&[LEFT, RIGHT]);
            let inside = |screen: &WorkArea| {
                there.overlap(screen) == i64::from(there.width) * i64::from(there.height)
            };
            prop_assert!(inside(&LEFT) || inside(&RIGHT), "{there:?}");
        }
    }
}
