//! The stream of the first request, which can fetch everything behind its start. It stays open although nothing is
//! wanted of it until an additional connection has been of use: if those stall, it fetches their ranges.

use std::time::Duration;

use super::{Connection, SegmentedTransfer};
use crate::domain::split::MIN_SPLIT_SIZE;

/// Minimum time for an additional connection while the first one waits for it, and the same in response times.
const FIRST_STREAM_GRACE: Duration = Duration::from_millis(500);
const MIN_RESPONSES: u32 = 4;
/// How many times slower than the first one a connection of no use is.
const SLOWER_THAN_OTHERS: u64 = 4;

impl SegmentedTransfer<'_> {
    /// Lets the first stream end when its help is no longer needed or possible.
    pub(super) fn let_first_go(&mut self) {
        self.helped = self.helped || self.connections.values().any(Connection::is_of_use);
        if self.helped || !self.unassigned.is_empty() {
            let first = self.connections.values().filter(|one| one.is_first());
            first.for_each(|one| one.segment.let_go());
        }
    }

    /// Whether the first stream is open and no additional one has been of use.
    pub(super) fn first_suffices(&self) -> bool {
        !self.helped
            && self
                .connections
                .values()
                .any(|one| one.is_first() && !one.stalled)
    }

    /// Whether an additional connection has a range that may still arrive.
    pub(super) fn others_have_parts(&self) -> bool {
        let mut others = self.connections.values().filter(|one| !one.is_first());
        others.any(|one| one.segment.remaining().is_some())
    }

    /// While the first stream waits, ends connections that bring next to nothing. It takes over their ranges.
    pub(super) fn end_useless(&mut self) {
        let waits = |one: &&Connection| one.is_first() && one.segment.is_kept() && !one.stalled;
        let waiting = self.connections.values().filter(waits);
        let mut waiting = waiting.filter(|one| one.segment.is_idle() || one.segment.is_passing());
        let Some(speed) = waiting.next().map(|first| first.segment.speed()) else {
            return;
        };
        let chance = FIRST_STREAM_GRACE.max(self.answer_time * MIN_RESPONSES);
        self.end_all(|connection| {
            let slow = connection
                .segment
                .speed()
                .saturating_mul(SLOWER_THAN_OTHERS)
                < speed;
            let additional = !connection.is_first() && connection.requested.is_none();
            slow && additional && connection.begun.elapsed() > chance
        });
    }
}

impl Connection {
    pub(super) fn is_first(&self) -> bool {
        self.reach == u64::MAX
    }

    /// Whether an additional connection has received enough to be worth opening, or all that it requested. Of two that
    /// race it is not known which one has.
    pub(super) fn is_of_use(&self) -> bool {
        let additional = !self.is_first() && !self.racing;
        additional
            && self.segment.received() >= MIN_SPLIT_SIZE.min(self.reach - self.segment.from())
    }
}
