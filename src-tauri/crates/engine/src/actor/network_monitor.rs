//! The actor's view of the network: whether a problem means being offline, and when the network has changed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::connectivity::{Connectivity, ConnectivitySource};
use crate::domain::download::{DownloadId, UnixMillis};
use crate::domain::problem::Problem;
use crate::worker::LastNetworkChange;

/// Poll interval while a worker runs or a download waits for the network.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// A wall clock this far ahead (in ms) of the monotonic one since the last poll means sleep, or a clock that was set:
/// either way the connections are stale.
const SLEEP_THRESHOLD: UnixMillis = 5_000;

pub(super) struct NetworkMonitor {
    source: Arc<dyn ConnectivitySource>,
    /// Whether being offline is a problem of its own: see `Config::wait_for_network`.
    wait_for_network: bool,
    /// Whether the system grants access to the local network.
    local_network: bool,
    /// Shared with the workers.
    last_change: LastNetworkChange,
    /// As of the last poll.
    connectivity: Connectivity,
    /// Of the last poll: the time since start (monotonic), and of day.
    polled_at: Option<(Duration, UnixMillis)>,
    /// Downloads that wait for the network.
    waiting: BTreeSet<DownloadId>,
}

impl NetworkMonitor {
    pub(super) fn new(source: Arc<dyn ConnectivitySource>, wait_for_network: bool) -> Self {
        Self {
            source,
            wait_for_network,
            local_network: true,
            last_change: LastNetworkChange::default(),
            connectivity: Connectivity::Unknown,
            polled_at: None,
            waiting: BTreeSet::new(),
        }
    }

    /// Whether this machine had no route at the last poll.
    pub(super) fn is_offline(&self) -> bool {
        self.connectivity == Connectivity::Offline
    }

    pub(super) fn has_waiters(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The time of the last change, for workers.
    pub(super) fn last_change(&self) -> LastNetworkChange {
        self.last_change.clone()
    }

    /// Whether the system grants access to the local network.
    pub(super) fn set_local_network(&mut self, granted: bool) {
        self.local_network = granted;
    }

    /// The problem, turned into `Offline` if this machine has no network, or into `LocalNetwork` if the system denies
    /// the local one.
    pub(super) fn classify(&mut self, problem: Problem) -> Problem {
        let offline = self.wait_for_network
            && problem.is_network_error()
            && self.source.connectivity() == Connectivity::Offline;
        let problem = if offline {
            self.connectivity = Connectivity::Offline;
            problem.into_offline()
        } else {
            problem
        };
        if self.local_network {
            problem
        } else {
            problem.kept_out()
        }
    }

    /// Registers a download as waiting for the network; returns whether it is new.
    pub(super) fn add_waiter(&mut self, id: DownloadId) -> bool {
        self.waiting.insert(id)
    }

    /// Reads the connectivity; returns whether the network has changed. `waits`: whether a download that waited at the
    /// last poll still does. Both times are those of now: since start (monotonic), and of day.
    pub(super) fn poll(
        &mut self,
        waits: impl Fn(DownloadId) -> bool,
        elapsed: Duration,
        now: UnixMillis,
    ) -> bool {
        self.waiting.retain(|id| waits(*id));
        let connectivity = self.source.connectivity();
        self.detect_change(connectivity, elapsed, now)
    }

    /// The network has changed: no download waits for it any longer, and running workers learn of it.
    pub(super) fn mark_change(&mut self) {
        self.waiting.clear();
        self.last_change.mark();
    }

    /// Whether the network changed or the machine slept since the last poll. A poll long ago is not compared with.
    fn detect_change(
        &mut self,
        connectivity: Connectivity,
        elapsed: Duration,
        now: UnixMillis,
    ) -> bool {
        let before = std::mem::replace(&mut self.connectivity, connectivity);
        let last = self.polled_at.replace((elapsed, now));
        let Some((at, day)) =
            last.filter(|(at, _)| elapsed.saturating_sub(*at) < POLL_INTERVAL * 4)
        else {
            return self.has_waiters()
                && before == Connectivity::Offline
                && self.connectivity != Connectivity::Offline;
        };
        let passed = elapsed.saturating_sub(at).as_millis();
        let passed = UnixMillis::try_from(passed).unwrap_or(UnixMillis::MAX);
        let slept = now.saturating_sub(day) > passed.saturating_add(SLEEP_THRESHOLD);
        let other = before != self.connectivity
            && self.connectivity != Connectivity::Offline
            && before != Connectivity::Unknown;
        slept || other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectivity::RouteTable;

    fn out(own: &str) -> Connectivity {
        Connectivity::Online(vec![own.parse().expect("an address")])
    }

    #[test]
    fn another_address_and_a_sleep_are_changes_and_the_first_look_is_none() {
        let mut watch = NetworkMonitor::new(Arc::new(RouteTable), true);
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
        let mut watch = NetworkMonitor::new(Arc::new(RouteTable), true);
        assert!(!watch.detect_change(out("10.0.0.1"), Duration::ZERO, 0));
        assert!(!watch.detect_change(out("10.0.0.2"), Duration::from_secs(99), 99_000));
    }
}
