//! The wall clock.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::download::UnixMillis;

/// The current time; 0 while the system's clock is before 1970.
pub fn unix_now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixMillis::try_from(since.unwrap_or_default().as_millis()).unwrap_or(UnixMillis::MAX)
}
