//! Removals that can still be undone. Pure: the time is passed in.
//!
//! Nothing is carried out before the undo window ends: if the program ends before, in whatever way, the download is
//! kept.

use std::collections::BTreeMap;
use std::time::Duration;

use millrace_engine::RemoveMode;
use tokio::time::Instant;

/// How long a removal can be undone. A page offers that for 28 s at most, so that its request is never too late.
pub(super) const UNDO_WINDOW: Duration = Duration::from_secs(30);

/// What is to be done with one download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Removal {
    pub leftover: RemoveMode,
    /// The download was running, and was paused by its removal.
    pub stopped: bool,
}

#[derive(Debug, Default)]
pub(super) struct PendingRemovals(BTreeMap<u64, (Instant, Removal)>);

impl PendingRemovals {
    /// Starts the undo window, or restarts it for a download removed already.
    pub(super) fn begin(&mut self, id: u64, removal: Removal, now: Instant) {
        let before = self.0.get(&id).is_some_and(|(_, before)| before.stopped);
        let stopped = before || removal.stopped;
        let removal = Removal { stopped, ..removal };
        self.0.insert(id, (now + UNDO_WINDOW, removal));
    }

    /// Cancels a removal; `None` when there is none or it was carried out already.
    pub(super) fn undo(&mut self, id: u64) -> Option<Removal> {
        self.0.remove(&id).map(|(_, removal)| removal)
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.0.contains_key(&id)
    }

    /// The download left the list in another way.
    pub(super) fn forget(&mut self, id: u64) {
        self.0.remove(&id);
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.values().map(|(until, _)| *until).min()
    }

    /// Takes the removals that are due.
    pub(super) fn due(&mut self, now: Instant) -> Vec<(u64, RemoveMode)> {
        let due = self.0.iter().filter(|(_, (until, _))| *until <= now);
        let due: Vec<_> = due
            .map(|(id, (_, removal))| (*id, removal.leftover))
            .collect();
        self.0.retain(|_, (until, _)| *until > now);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removal(leftover: RemoveMode, stopped: bool) -> Removal {
        Removal { leftover, stopped }
    }

    #[test]
    fn a_removal_is_due_after_its_grace_unless_it_is_undone() {
        let mut removals = PendingRemovals::default();
        let start = Instant::now();
        let keep = removal(RemoveMode::Keep, true);
        removals.begin(1, keep, start);
        removals.begin(2, keep, start);
        removals.begin(
            3,
            removal(RemoveMode::Trash, false),
            start + UNDO_WINDOW / 2,
        );
        assert_eq!(removals.deadline(), Some(start + UNDO_WINDOW));
        assert!(removals.due(start + UNDO_WINDOW / 2).is_empty());
        assert_eq!(removals.undo(2), Some(keep));
        assert_eq!(removals.undo(9), None);
        assert_eq!(removals.due(start + UNDO_WINDOW), [(1, RemoveMode::Keep)]);
        assert!(removals.contains(3) && !removals.contains(2));
        assert_eq!(removals.undo(1), None, "too late");
        assert_eq!(
            removals.due(start + UNDO_WINDOW * 2),
            [(3, RemoveMode::Trash)]
        );
        assert_eq!(removals.deadline(), None);
    }

    #[test]
    fn who_removes_again_gets_the_whole_grace_again() {
        let mut removals = PendingRemovals::default();
        let start = Instant::now();
        removals.begin(1, removal(RemoveMode::Keep, true), start);
        let again = removal(RemoveMode::Trash, false);
        removals.begin(1, again, start + UNDO_WINDOW / 2);
        assert!(removals.due(start + UNDO_WINDOW).is_empty());
        let undone = removals.undo(1);
        assert_eq!(
            undone,
            Some(removal(RemoveMode::Trash, true)),
            "it was stopped"
        );
        removals.begin(1, again, start);
        assert_eq!(removals.due(start + UNDO_WINDOW), [(1, RemoveMode::Trash)]);
    }
}
