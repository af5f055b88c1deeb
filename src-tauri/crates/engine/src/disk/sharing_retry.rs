//! Retries operations on files that another program has open: virus scanners open a file that has just been written,
//! and release it after a moment. Windows permits no other operation meanwhile.

use std::io::{self, ErrorKind};
use std::thread::sleep;
use std::time::Duration;

/// Delays between attempts in milliseconds: 6 seconds in all.
const RETRY_PAUSES: [u64; 8] = [50, 100, 200, 400, 800, 1500, 1500, 1500];

/// Runs the step, again for some seconds while the file is in use. Returns the last error.
pub(super) fn retry_while_shared<T>(step: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    with_pauses(step, sleep)
}

fn with_pauses<T>(
    mut step: impl FnMut() -> io::Result<T>,
    pause: impl Fn(Duration),
) -> io::Result<T> {
    for millis in RETRY_PAUSES {
        match step() {
            Err(error) if may_be_shared(&error) => pause(Duration::from_millis(millis)),
            done => return done,
        }
    }
    step()
}

/// Whether another program has the file open in a way that excludes the operation.
pub(super) fn is_sharing_violation(error: &io::Error) -> bool {
    /// ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION (winerror.h).
    const WINDOWS: [i32; 2] = [32, 33];
    let number = error.raw_os_error().filter(|_| cfg!(windows));
    error.kind() == ErrorKind::ResourceBusy || number.is_some_and(|one| WINDOWS.contains(&one))
}

/// As [`is_sharing_violation`], and ERROR_ACCESS_DENIED: reported for a pending removal, but for missing rights too.
fn may_be_shared(error: &io::Error) -> bool {
    is_sharing_violation(error) || (cfg!(windows) && error.raw_os_error() == Some(5))
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    fn held() -> io::Error {
        ErrorKind::ResourceBusy.into()
    }

    #[test]
    fn what_is_held_for_ever_is_tried_for_seconds_and_told() {
        let waited = RefCell::new(Duration::ZERO);
        let pause = |time| *waited.borrow_mut() += time;
        let error = with_pauses::<()>(|| Err(held()), pause).expect_err("it is held");
        assert_eq!(error.kind(), ErrorKind::ResourceBusy);
        assert!(*waited.borrow() >= Duration::from_secs(5));
    }

    #[test]
    fn what_is_let_go_is_done_and_another_refusal_is_told_at_once() {
        let times = Cell::new(0);
        let step = || {
            times.set(times.get() + 1);
            if times.get() < 3 { Err(held()) } else { Ok(7) }
        };
        assert_eq!(with_pauses(step, |_| {}).ok(), Some(7));
        let step = || Err::<(), _>(ErrorKind::AlreadyExists.into());
        let never = |_| unreachable!("nobody holds it");
        let error = with_pauses(step, never).expect_err("there is another file");
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    }
}
