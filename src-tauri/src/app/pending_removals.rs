//! What the person has removed and may still want back. Pure: the clock is handed in.
//!
//! Nothing is carried out before its time: when the program ends in between, however it ends, the download is kept.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::ipc::RemoveMode;

/// How long a removal can be undone.
pub(super) const UNDO_WINDOW: Duration = Duration::from_secs(8);

/// What is to become of one download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Removal {
    pub(super) leftover: RemoveMode,
    /// It was at work, and was stopped for this.
    pub(super) stopped: bool,
}

#[derive(Debug, Default)]
pub(super) struct PendingRemovals(BTreeMap<u64, (Instant, Removal)>);

impl PendingRemovals {
    /// The grace begins; of one that was removed already, it begins again.
    pub(super) fn begin(&mut self, id: u64, removal: Removal, now: Instant) {
        let before = self.0.get(&id).is_some_and(|(_, before)| before.stopped);
        let stopped = before || removal.stopped;
        let removal = Removal { stopped, ..removal };
        self.0.insert(id, (now + UNDO_WINDOW, removal));
    }

    /// This one is kept after all; `None` when it was not removed, or when it is too late.
    pub(super) fn undo(&mut self, id: u64) -> Option<Removal> {
        self.0.remove(&id).map(|(_, removal)| removal)
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.0.contains_key(&id)
    }

    /// It has left the list by another way.
    pub(super) fn forget(&mut self, id: u64) {
        self.0.remove(&id);
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.values().map(|(until, _)| *until).min()
    }

    /// What is to be carried out now.
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
