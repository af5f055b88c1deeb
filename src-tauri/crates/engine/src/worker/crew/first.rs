//! The stream of the first request, which can bring all that is behind it. It stays although nothing is wanted of it until
//! an additional connection has been of use: where those stand still, it brings what they were to bring.

use std::time::Duration;

use super::{Crew, Seat};
use crate::core::share::LEAST;

/// How long an additional connection has at least while the first one waits for it, and how many answers' time.
const CHANCE: Duration = Duration::from_millis(500);
const ANSWERS: u32 = 4;
/// How many times slower than the first one it is when it is of no use.
const SLOWER: u64 = 4;

impl Crew<'_> {
    /// Ends the first stream's waiting when it need not, or cannot, help any more.
    pub(super) fn let_first_go(&mut self) {
        self.helped = self.helped || self.seats.values().any(Seat::is_of_use);
        if self.helped || !self.free.is_empty() {
            let first = self.seats.values().filter(|one| one.is_first());
            first.for_each(|one| one.lane.let_go());
        }
    }

    /// Whether the first stream is there and no additional one has been of use.
    pub(super) fn first_suffices(&self) -> bool {
        !self.helped
            && self
                .seats
                .values()
                .any(|one| one.is_first() && !one.stalled)
    }

    /// Whether an additional connection has a part that may still come.
    pub(super) fn others_have_parts(&self) -> bool {
        let mut others = self.seats.values().filter(|one| !one.is_first());
        others.any(|one| one.lane.left().is_some())
    }

    /// While the first stream waits, those that bring next to nothing are ended. What they had left, it has then.
    pub(super) fn end_useless(&mut self) {
        let waits = |one: &&Seat| one.is_first() && one.lane.is_kept() && !one.stalled;
        let waiting = self.seats.values().filter(waits);
        let mut waiting = waiting.filter(|one| one.lane.is_idle() || one.lane.is_passing());
        let Some(speed) = waiting.next().map(|first| first.lane.speed()) else {
            return;
        };
        let chance = CHANCE.max(self.answer_time * ANSWERS);
        self.end_all(|seat| {
            let slow = seat.lane.speed().saturating_mul(SLOWER) < speed;
            let additional = !seat.is_first() && seat.requested.is_none();
            slow && additional && seat.begun.elapsed() > chance
        });
    }
}

impl Seat {
    pub(super) fn is_first(&self) -> bool {
        self.reach == u64::MAX
    }

    /// Whether an additional connection has brought what is worth one, or all that it asked for. Of two that race it is
    /// not known which one has.
    pub(super) fn is_of_use(&self) -> bool {
        let additional = !self.is_first() && !self.racing;
        additional && self.lane.brought() >= LEAST.min(self.reach - self.lane.from())
    }
}
