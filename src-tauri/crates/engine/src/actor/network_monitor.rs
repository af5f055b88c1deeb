//! The network as the actor sees it: whether a problem is only that there is none, and what to do when there is one again.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Actor, unix_now};
use crate::connectivity::{Connectivity, ConnectivitySource};
use crate::domain::download::{DownloadId, LogLevel, UnixMillis};
use crate::domain::problem::Problem;
use crate::domain::state::{Event, State};

/// How often the network is looked at while something runs or waits for it.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// A clock that is ahead by more than this since the last look has slept, or was set: either way connections are old.
const SLEEP_THRESHOLD: UnixMillis = 5_000;

/// What was seen last.
#[derive(Debug)]
pub(super) struct NetworkMonitor {
    way: Connectivity,
    /// Of the last look: the time of the actor's own clock, and of the day.
    at: Option<(Duration, UnixMillis)>,
    /// Who waits for the network.
    waiting: BTreeSet<DownloadId>,
}

impl NetworkMonitor {
    pub(super) fn new() -> Self {
        Self {
            way: Connectivity::Unknown,
            at: None,
            waiting: BTreeSet::new(),
        }
    }

    pub(super) fn has_waiters(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What a problem is on this machine as it is now.
    pub(super) fn classify(
        &mut self,
        network: &dyn ConnectivitySource,
        problem: Problem,
    ) -> Problem {
        if problem.is_network_error() && network.connectivity() == Connectivity::Offline {
            self.way = Connectivity::Offline;
            problem.into_offline()
        } else {
            problem
        }
    }

    /// This one waits for the network from now on; whether that is news.
    pub(super) fn add_waiter(&mut self, id: DownloadId) -> bool {
        self.waiting.insert(id)
    }

    /// Whether the network is another one than at the last look, or the machine has slept since. What was seen long
    /// ago is nothing to compare with.
    fn detect_change(&mut self, way: Connectivity, elapsed: Duration, now: UnixMillis) -> bool {
        let before = std::mem::replace(&mut self.way, way);
        let last = self.at.replace((elapsed, now));
        let Some((at, day)) =
            last.filter(|(at, _)| elapsed.saturating_sub(*at) < POLL_INTERVAL * 4)
        else {
            return self.has_waiters()
                && before == Connectivity::Offline
                && self.way != Connectivity::Offline;
        };
        let passed = elapsed.saturating_sub(at).as_millis();
        let passed = UnixMillis::try_from(passed).unwrap_or(UnixMillis::MAX);
        let slept = now.saturating_sub(day) > passed.saturating_add(SLEEP_THRESHOLD);
        let other = before != self.way
            && self.way != Connectivity::Offline
            && before != Connectivity::Unknown;
        slept || other
    }
}

impl Actor {
    pub(super) fn poll_network(&mut self) {
        // Who was paused, removed or got through waits no longer.
        let downloads = &self.downloads;
        self.watch.waiting.retain(|id| {
            let state = downloads.get(id).map(|entry| &entry.record.state);
            matches!(
                state,
                Some(State::Queued | State::Probing | State::Waiting { .. })
            )
        });
        let way = self.config.network.connectivity();
        if self
            .watch
            .detect_change(way, self.started_at.elapsed(), unix_now())
        {
            self.network_changed();
        }
    }

    /// What waits for the way to its server is tried at once, with its attempts forgotten; those that run are told.
    pub(super) fn network_changed(&mut self) {
        self.watch.waiting.clear();
        self.last_network_change.mark();
        let waits = |state: &State| matches!(state, State::Waiting { problem, .. } if problem.is_network_error());
        let all = self.downloads.values_mut();
        let ids: Vec<DownloadId> = all
            .filter(|entry| waits(&entry.record.state))
            .map(|entry| {
                entry.record.attempts = 0;
                entry.record.id
            })
            .collect();
        for id in ids {
            let text = "the network is back or another one; trying at once".into();
            self.log(id, LogLevel::Info, text);
            self.apply_event(id, Event::TimerFired);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(own: &str) -> Connectivity {
        Connectivity::Online(vec![own.parse().expect("an address")])
    }

    #[test]
    fn another_address_and_a_sleep_are_changes_and_the_first_look_is_none() {
        let mut watch = NetworkMonitor::new();
        let mut elapsed = Duration::ZERO;
        let mut day = 1_000_000;
        let mut look = |way: Connectivity, slept: UnixMillis| {
            elapsed += POLL_INTERVAL;
            day += 500 + slept;
            watch.detect_change(way, elapsed, day)
        };
        assert!(!look(out("10.0.0.1"), 0));
        assert!(!look(out("10.0.0.1"), 0));
        assert!(look(out("10.0.0.2"), 0));
        assert!(
            !look(Connectivity::Offline, 0),
            "nothing can be done without a network"
        );
        assert!(look(out("10.0.0.2"), 0));
        assert!(look(out("10.0.0.2"), 60_000));
        assert!(!look(out("10.0.0.2"), 0));
    }

    #[test]
    fn what_was_seen_before_a_long_idle_time_is_no_change() {
        let mut watch = NetworkMonitor::new();
        assert!(!watch.detect_change(out("10.0.0.1"), Duration::ZERO, 0));
        assert!(!watch.detect_change(out("10.0.0.2"), Duration::from_secs(99), 99_000));
    }
}
