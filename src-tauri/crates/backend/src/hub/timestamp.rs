//! The time at which something happens, as the hub's parts are told it: none of them reads a clock.

use millrace_engine::UnixMillis;
use tokio::time::Instant;

/// The time on the monotonic and on the wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp {
    pub(crate) at: Instant,
    pub(crate) wall: UnixMillis,
}
