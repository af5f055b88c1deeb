//! The stream of the first request, which can fetch everything behind its start. It stays open although nothing is
//! wanted of it until an additional connection has been of use: if those stall, it fetches their ranges.

use super::connection::Connection;
use super::connections::Connections;

impl Connections {
    /// Lets the first stream end when nothing is wanted of it.
    pub(super) fn let_first_go(&self) {
        let first = self.iter().filter(|one| one.is_first());
        first.for_each(|one| one.segment().let_go());
    }

    /// Whether an additional connection has been of use.
    pub(super) fn any_of_use(&self) -> bool {
        self.iter().any(Connection::is_of_use)
    }

    /// Whether the first stream is open.
    pub(super) fn has_first(&self) -> bool {
        self.iter().any(|one| one.is_first() && !one.is_stalled())
    }

    /// Whether an additional connection has a range that may still arrive.
    pub(super) fn others_have_parts(&self) -> bool {
        let mut others = self.iter().filter(|one| !one.is_first());
        others.any(|one| one.segment().remaining().is_some())
    }

    /// Speed of the first stream, in bytes per second, while it waits for additional connections.
    pub(super) fn speed_of_waiting_first(&self) -> Option<u64> {
        let waits = |one: &&Connection| {
            let segment = one.segment();
            let kept = one.is_first() && segment.is_kept() && !one.is_stalled();
            kept && (segment.is_idle() || segment.is_passing())
        };
        self.iter().find(waits).map(|first| first.segment().speed())
    }
}
