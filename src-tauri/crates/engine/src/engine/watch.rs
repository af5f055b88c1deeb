//! The network as the actor sees it: whether a problem is only that there is none, and what to do when there is one again.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Actor, now};
use crate::core::download::{DownloadId, Level, Millis};
use crate::core::problem::Problem;
use crate::core::state::{Event, State};
use crate::network::{Network, Way};

/// How often the network is looked at while something runs or waits for it.
pub(super) const LOOK: Duration = Duration::from_millis(500);
/// A clock that is ahead by more than this since the last look has slept, or was set: either way connections are old.
const SLEPT: Millis = 5_000;

/// What was seen last.
#[derive(Debug)]
pub(super) struct Watch {
    way: Way,
    /// Of the last look: the time of the actor's own clock, and of the day.
    at: Option<(Duration, Millis)>,
    /// Who waits for the network.
    waiting: BTreeSet<DownloadId>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            way: Way::Unknown,
            at: None,
            waiting: BTreeSet::new(),
        }
    }

    pub(super) fn awaited(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// What a problem is on this machine as it is now.
    pub(super) fn judge(&mut self, network: &dyn Network, problem: Problem) -> Problem {
        if problem.of_the_way() && network.way() == Way::None {
            self.way = Way::None;
            problem.offline()
        } else {
            problem
        }
    }

    /// This one waits for the network from now on; whether that is news.
    pub(super) fn wait(&mut self, id: DownloadId) -> bool {
        self.waiting.insert(id)
    }

    /// Whether the network is another one than at the last look, or the machine has slept since. What was seen long
    /// ago is nothing to compare with.
    fn changed(&mut self, way: Way, elapsed: Duration, now: Millis) -> bool {
        let before = std::mem::replace(&mut self.way, way);
        let last = self.at.replace((elapsed, now));
        let Some((at, day)) = last.filter(|(at, _)| elapsed.saturating_sub(*at) < LOOK * 4) else {
            return self.awaited() && before == Way::None && self.way != Way::None;
        };
        let passed = elapsed.saturating_sub(at).as_millis();
        let passed = Millis::try_from(passed).unwrap_or(Millis::MAX);
        let slept = now.saturating_sub(day) > passed.saturating_add(SLEPT);
        let other = before != self.way && self.way != Way::None && before != Way::Unknown;
        slept || other
    }
}

impl Actor {
    pub(super) fn look_at_network(&mut self) {
        // Who was paused, removed or got through waits no longer.
        let downloads = &self.downloads;
        self.watch.waiting.retain(|id| {
            let state = downloads.get(id).map(|entry| &entry.record.state);
            matches!(
                state,
                Some(State::Queued | State::Probing | State::Waiting { .. })
            )
        });
        let way = self.config.network.way();
        if self.watch.changed(way, self.begun.elapsed(), now()) {
            self.network_changed();
        }
    }

    /// What waits for the way to its server is tried at once, with its attempts forgotten; those that run are told.
    pub(super) fn network_changed(&mut self) {
        self.watch.waiting.clear();
        self.changes.tell();
        let waits =
            |state: &State| matches!(state, State::Waiting { problem, .. } if problem.of_the_way());
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
            self.log(id, Level::Info, text);
            self.happen(id, Event::Due);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(own: &str) -> Way {
        Way::Out(vec![own.parse().expect("an address")])
    }

    #[test]
    fn another_address_and_a_sleep_are_changes_and_the_first_look_is_none() {
        let mut watch = Watch::new();
        let mut elapsed = Duration::ZERO;
        let mut day = 1_000_000;
        let mut look = |way: Way, slept: Millis| {
            elapsed += LOOK;
            day += 500 + slept;
            watch.changed(way, elapsed, day)
        };
        assert!(!look(out("10.0.0.1"), 0));
        assert!(!look(out("10.0.0.1"), 0));
        assert!(look(out("10.0.0.2"), 0));
        assert!(!look(Way::None, 0), "nothing can be done without a network");
        assert!(look(out("10.0.0.2"), 0));
        assert!(look(out("10.0.0.2"), 60_000));
        assert!(!look(out("10.0.0.2"), 0));
    }

    #[test]
    fn what_was_seen_before_a_long_idle_time_is_no_change() {
        let mut watch = Watch::new();
        assert!(!watch.changed(out("10.0.0.1"), Duration::ZERO, 0));
        assert!(!watch.changed(out("10.0.0.2"), Duration::from_secs(99), 99_000));
    }
}
