//! The part of a file that one connection fetches - or two, racing. The first to bring a byte writes it; no byte is
//! written or counted twice.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::core::plan::Span;
use crate::core::segments::Active;

/// A part of the file whose front moves forward and whose end may be taken away.
#[derive(Debug)]
pub(super) struct Lane {
    from: u64,
    /// The next byte and the end. Held for a few instructions, by its own connection and rarely by the crew.
    ends: Mutex<(u64, u64)>,
    brought: AtomicU64,
    begun: Instant,
    /// Milliseconds after `begun` at which the last bytes came.
    heard: AtomicU64,
    /// Connections that hold bytes back themselves: for a speed limit, or for the disk.
    holding: AtomicU32,
}

/// While it lives, silence is our own doing.
#[derive(Debug)]
pub(super) struct Hold<'a>(&'a Lane);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.hear();
        self.0.holding.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What of some bytes just received is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Bytes before this were brought by the other one.
    pub(super) skip: usize,
    pub(super) take: usize,
}

impl Lane {
    pub(super) fn new(span: Span) -> Self {
        Self {
            from: span.start,
            ends: Mutex::new((span.start, span.end)),
            brought: AtomicU64::new(0),
            begun: Instant::now(),
            heard: AtomicU64::new(0),
            holding: AtomicU32::new(0),
        }
    }

    /// Nothing that holds the lock can panic halfway through a change.
    fn ends(&self) -> MutexGuard<'_, (u64, u64)> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims what of the bytes `at .. at + length` is still wanted. `at` is never beyond the front: every connection
    /// starts at the front of its time, and the front only moves on.
    pub(super) fn claim(&self, at: u64, length: usize) -> Claim {
        let mut ends = self.ends();
        let (front, end) = *ends;
        let upto = (at + length as u64).min(end);
        if upto <= front {
            return Claim { skip: 0, take: 0 };
        }
        debug_assert!(at <= front, "a connection ran ahead of its lane");
        ends.0 = upto;
        drop(ends);
        let (skip, take) = (front - at, upto - front);
        self.brought.fetch_add(take, Ordering::Relaxed);
        let small = |n| usize::try_from(n).unwrap_or(length);
        Claim {
            skip: small(skip),
            take: small(take),
        }
    }

    /// What is left; `None` when nothing is.
    pub(super) fn left(&self) -> Option<Span> {
        let (front, end) = *self.ends();
        Span::new(front, end)
    }

    /// How far it is, of a file so long; `None` when nothing is left.
    pub(super) fn active(&self, total: Option<u64>) -> Option<Active> {
        let left = self.left()?;
        // Without a length, an end is not known either.
        let to = left.end.min(total.unwrap_or(left.start));
        Some(Active {
            from: self.from,
            at: left.start,
            to,
        })
    }

    /// Takes everything from `at` on away; `None` when the front has passed `at`.
    pub(super) fn split(&self, at: u64) -> Option<Span> {
        let mut ends = self.ends();
        let taken = Span::new(at.max(ends.0), ends.1)?;
        if ends.0 >= at {
            return None;
        }
        ends.1 = at;
        Some(taken)
    }

    /// The end is where the front is: the length turned out to be this.
    pub(super) fn close(&self) -> u64 {
        let mut ends = self.ends();
        ends.1 = ends.0;
        ends.0
    }

    pub(super) fn hear(&self) {
        let since = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard.store(since, Ordering::Relaxed);
    }

    pub(super) fn hold(&self) -> Hold<'_> {
        self.holding.fetch_add(1, Ordering::Relaxed);
        Hold(self)
    }

    /// Whether bytes that have come wait here, for a speed limit or for the disk.
    pub(super) fn held(&self) -> bool {
        self.holding.load(Ordering::Relaxed) > 0
    }

    /// How long the server has kept us waiting.
    pub(super) fn silence(&self) -> Duration {
        if self.held() {
            return Duration::ZERO;
        }
        let heard = Duration::from_millis(self.heard.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(heard)
    }

    pub(super) fn brought(&self) -> u64 {
        self.brought.load(Ordering::Relaxed)
    }

    /// Mean bytes per second so far.
    pub(super) fn speed(&self) -> u64 {
        let took = self.begun.elapsed().as_secs_f64().max(0.001);
        (self.brought() as f64 / took) as u64
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_two_that_race_each_byte_is_claimed_once() {
        let lane = Lane::new(Span { start: 10, end: 30 });
        assert_eq!(lane.claim(10, 5), Claim { skip: 0, take: 5 });
        assert_eq!(lane.claim(10, 8), Claim { skip: 5, take: 3 });
        assert_eq!(lane.claim(15, 2), Claim { skip: 0, take: 0 });
        assert_eq!(lane.claim(18, 99), Claim { skip: 0, take: 12 });
        assert_eq!(lane.left(), None);
    }

    #[test]
    fn what_was_taken_away_is_not_claimed_any_more() {
        let lane = Lane::new(Span { start: 0, end: 100 });
        assert_eq!(
            lane.split(40),
            Some(Span {
                start: 40,
                end: 100
            })
        );
        assert_eq!(lane.claim(0, 60), Claim { skip: 0, take: 40 });
        assert_eq!(lane.split(20), None);
    }

    proptest! {
        #[test]
        fn splits_and_races_lose_no_byte_and_count_none_twice(
            steps in prop::collection::vec((0usize..2, 1usize..40, prop::option::of(0u64..400)), 1..60)
        ) {
            let lane = Lane::new(Span { start: 0, end: 300 });
            let mut at = [0u64; 2];
            let (mut claimed, mut given) = (0u64, 0u64);
            for (who, length, split) in steps {
                let claim = lane.claim(at[who], length);
                prop_assert!(claim.skip + claim.take <= length);
                at[who] += length as u64;
                claimed += claim.take as u64;
                if let Some(span) = split.and_then(|at| lane.split(at)) {
                    given += span.len();
                }
                let left = lane.left().map_or(0, Span::len);
                prop_assert_eq!(claimed + given + left, 300);
            }
        }
    }
}
