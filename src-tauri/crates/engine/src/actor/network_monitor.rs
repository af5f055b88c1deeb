//! The actor's view of the network: whether a problem means being offline, and what to retry when the network changes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Actor, unix_now};
use crate::connectivity::{Connectivity, ConnectivitySource};
use crate::domain::download::{DownloadId, LogLevel, UnixMillis};
use crate::domain::problem::Problem;
use crate::domain::state::{Event, State};

/// Poll interval while a worker runs or a download waits for the network.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// A wall clock this far ahead (in ms) of the monotonic one since the last poll means sleep, or a clock that was set:
/// either way the connections are stale.
const SLEEP_THRESHOLD: UnixMillis = 5_000;

/// State as of the last poll.
#[derive(Debug)]
pub(super) struct NetworkMonitor {
    way: Connectivity,
    /// Of the last poll: the time since start (monotonic), and of day.
    at: Option<(Duration, UnixMillis)>,
    /// Downloads that wait for the network.
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

    /// The problem, turned into `Offline` if this machine has no network.
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

    /// Registers a download as waiting for the network; returns whether it is new.
    pub(super) fn add_waiter(&mut self, id: DownloadId) -> bool {
        self.waiting.insert(id)
    }

    /// Whether the network changed or the machine slept since the last poll. A poll long ago is not compared with.
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
        // Paused, removed and running downloads no longer wait.
        let downloads = &self.downloads;
        self.network_monitor.waiting.retain(|id| {
            let state = downloads.get(id).map(|entry| &entry.record.state);
            matches!(
                state,
                Some(State::Queued | State::Probing | State::Waiting { .. })
            )
        });
        let way = self.config.network.connectivity();
        if self
            .network_monitor
            .detect_change(way, self.started_at.elapsed(), unix_now())
        {
            self.network_changed();
        }
    }

    /// Retries downloads that wait because of a network error immediately, with their attempts reset, and marks the
    /// change for running workers.
    pub(super) fn network_changed(&mut self) {
        self.network_monitor.waiting.clear();
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
