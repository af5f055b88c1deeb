//! Timers: the end of a wait by the monotonic clock, a scheduled start by the time of day. Pure; both clocks are passed
//! in.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::domain::download::{DownloadId, UnixMillis};

/// Maximum time between two readings of the time of day while a start is scheduled. The clock of tokio's timers stands
/// still while the machine is suspended (Linux's `CLOCK_MONOTONIC`, macOS's `mach_absolute_time`): one long sleep would
/// end late by the time of the suspension.
const CLOCK_RECHECK: Duration = Duration::from_secs(30);

/// A timer that fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// The end of the wait that was set to this time.
    WaitEnded(UnixMillis),
    /// The start that the user scheduled.
    Appointed(UnixMillis),
}

/// Both clocks, read at the same moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clocks {
    pub(super) monotonic: Instant,
    /// Milliseconds since 1970; may jump forwards and backwards.
    pub(super) of_day: UnixMillis,
}

#[derive(Debug, Default)]
pub(super) struct Timers {
    waits: BTreeSet<(Instant, DownloadId, UnixMillis)>,
    appointed: BTreeSet<(UnixMillis, DownloadId)>,
}

impl Timers {
    /// A wait that ends at `until`, unless the time of day is set meanwhile.
    pub(super) fn wait(&mut self, id: DownloadId, until: UnixMillis, now: Clocks) {
        let wait = Duration::from_millis(until.saturating_sub(now.of_day));
        // A wait beyond the range of the clock never ends.
        let end = now.monotonic.checked_add(wait);
        self.waits.extend(end.map(|end| (end, id, until)));
    }

    pub(super) fn schedule_start(&mut self, id: DownloadId, at: UnixMillis) {
        self.appointed.insert((at, id));
    }

    /// Time until the clocks must be read again: until a timer is due, or [`CLOCK_RECHECK`].
    pub(super) fn next(&self, now: Clocks) -> Option<Duration> {
        let wait = self.waits.first();
        let wait = wait.map(|(end, ..)| end.saturating_duration_since(now.monotonic));
        let appointed = self.appointed.first();
        let appointed = appointed.map(|(at, _)| {
            let left = Duration::from_millis(at.saturating_sub(now.of_day));
            left.min(CLOCK_RECHECK)
        });
        match (wait, appointed) {
            (Some(wait), Some(appointed)) => Some(wait.min(appointed)),
            (one, other) => one.or(other),
        }
    }

    /// Removes and returns one timer that is due.
    pub(super) fn take(&mut self, now: Clocks) -> Option<(DownloadId, Due)> {
        if self
            .waits
            .first()
            .is_some_and(|(end, ..)| *end <= now.monotonic)
        {
            let (_, id, until) = self.waits.pop_first()?;
            return Some((id, Due::WaitEnded(until)));
        }
        if self
            .appointed
            .first()
            .is_some_and(|(at, _)| *at <= now.of_day)
        {
            let (at, id) = self.appointed.pop_first()?;
            return Some((id, Due::Appointed(at)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: DownloadId = DownloadId(7);
    const HOUR: UnixMillis = 3_600_000;

    fn clocks(begun: Instant, passed: u64, of_day: UnixMillis) -> Clocks {
        Clocks {
            monotonic: begun + Duration::from_millis(passed),
            of_day,
        }
    }

    #[test]
    fn a_wait_ends_in_time_whatever_the_time_of_day_is_set_to() {
        let (begun, noon) = (Instant::now(), 12 * HOUR);
        for set in [noon - HOUR, noon, noon + HOUR] {
            let mut deadlines = Timers::default();
            deadlines.wait(ID, noon + 1000, clocks(begun, 0, noon));
            let early = clocks(begun, 600, set + 600);
            assert_eq!(deadlines.next(early), Some(Duration::from_millis(400)));
            assert_eq!(deadlines.take(early), None);
            let late = clocks(begun, 1000, set + 1000);
            assert_eq!(deadlines.next(late), Some(Duration::ZERO));
            let ended = Due::WaitEnded(noon + 1000);
            assert_eq!(deadlines.take(late), Some((ID, ended)));
            assert_eq!((deadlines.take(late), deadlines.next(late)), (None, None));
        }
    }

    #[test]
    fn an_appointed_time_comes_when_the_time_of_day_says_so() {
        let (begun, noon) = (Instant::now(), 12 * HOUR);
        let mut deadlines = Timers::default();
        deadlines.schedule_start(ID, noon + HOUR);
        deadlines.wait(DownloadId(8), noon + 2 * HOUR, clocks(begun, 0, noon));
        let nearly = clocks(begun, 0, noon + HOUR - 7);
        assert_eq!(deadlines.next(nearly), Some(Duration::from_millis(7)));
        assert_eq!(deadlines.take(nearly), None);
        let set = clocks(begun, 1, noon + HOUR);
        assert_eq!(deadlines.take(set), Some((ID, Due::Appointed(noon + HOUR))));
        assert_eq!(deadlines.take(set), None);
    }
    #[test]
    fn the_time_of_day_is_read_again_within_30_s_while_there_is_an_appointed_time() {
        let (begun, noon) = (Instant::now(), 12 * HOUR);
        let mut deadlines = Timers::default();
        let now = clocks(begun, 0, noon);
        deadlines.wait(DownloadId(8), noon + 2 * HOUR, now);
        let two_hours = Duration::from_millis(2 * HOUR);
        assert_eq!(deadlines.next(now), Some(two_hours), "waits count on");
        deadlines.schedule_start(ID, noon + HOUR);
        assert_eq!(deadlines.next(now), Some(CLOCK_RECHECK));
        // suspended for longer than an hour, which the monotonic clock does not count
        let resumed = clocks(begun, 30_000, noon + 2 * HOUR - 1);
        assert_eq!(deadlines.next(resumed), Some(Duration::ZERO));
        let appointed = Due::Appointed(noon + HOUR);
        assert_eq!(deadlines.take(resumed), Some((ID, appointed)));
        assert!(deadlines.next(resumed) > Some(CLOCK_RECHECK));
    }
}
