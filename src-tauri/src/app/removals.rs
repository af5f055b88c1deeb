//! What the person has removed and may still want back. Pure: the clock is handed in.
//!
//! Nothing is carried out before its time: when the program ends in between, however it ends, the download is kept.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::view::Leftover;

/// How long a removal can be undone.
pub(super) const GRACE: Duration = Duration::from_secs(8);

#[derive(Debug, Default)]
pub(super) struct Removals(BTreeMap<u64, (Instant, Leftover)>);

impl Removals {
    /// The grace begins; of one that was removed already, it begins again.
    pub(super) fn begin(&mut self, ids: &[u64], leftover: Leftover, now: Instant) {
        let until = now + GRACE;
        self.0.extend(ids.iter().map(|id| (*id, (until, leftover))));
    }

    /// Those of `ids` that are kept after all.
    pub(super) fn undo(&mut self, ids: &[u64]) -> Vec<u64> {
        let undone = ids.iter().filter(|id| self.0.remove(id).is_some());
        undone.copied().collect()
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
    pub(super) fn due(&mut self, now: Instant) -> Vec<(u64, Leftover)> {
        let due = self.0.iter().filter(|(_, (until, _))| *until <= now);
        let due: Vec<_> = due.map(|(id, (_, leftover))| (*id, *leftover)).collect();
        self.0.retain(|_, (until, _)| *until > now);
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_is_due_after_its_grace_unless_it_is_undone() {
        let mut removals = Removals::default();
        let start = Instant::now();
        removals.begin(&[1, 2], Leftover::Keep, start);
        removals.begin(&[3], Leftover::Trash, start + GRACE / 2);
        assert_eq!(removals.deadline(), Some(start + GRACE));
        assert!(removals.due(start + GRACE / 2).is_empty());
        assert_eq!(removals.undo(&[2, 9]), [2]);
        assert_eq!(removals.due(start + GRACE), [(1, Leftover::Keep)]);
        assert!(removals.contains(3) && !removals.contains(2));
        assert!(removals.undo(&[1]).is_empty(), "too late");
        assert_eq!(removals.due(start + GRACE * 2), [(3, Leftover::Trash)]);
        assert_eq!(removals.deadline(), None);
    }

    #[test]
    fn who_removes_again_gets_the_whole_grace_again() {
        let mut removals = Removals::default();
        let start = Instant::now();
        removals.begin(&[1], Leftover::Keep, start);
        removals.begin(&[1], Leftover::Trash, start + GRACE / 2);
        assert!(removals.due(start + GRACE).is_empty());
        assert_eq!(removals.due(start + GRACE * 2), [(1, Leftover::Trash)]);
    }
}
