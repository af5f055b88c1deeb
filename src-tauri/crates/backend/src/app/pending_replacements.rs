//! Downloads that others take the place of, until that can no longer be undone and the new one is complete. Pure: the time
//! is passed in.
//!
//! The engine keeps what replaces what; after a restart nothing offers to undo it any more.

use std::collections::BTreeMap;

use tokio::time::Instant;

#[derive(Debug, Default)]
pub(super) struct PendingReplacements(BTreeMap<u64, Pending>);

#[derive(Debug)]
struct Pending {
    by: u64,
    /// When it can no longer be undone.
    until: Instant,
}

impl PendingReplacements {
    /// What replaces this download now. `until` applies to a replacement that is not known yet.
    pub(super) fn track(&mut self, old: u64, by: Option<u64>, until: Instant) {
        match by {
            None => {
                self.0.remove(&old);
            }
            Some(by) => {
                let pending = self.0.entry(old).or_insert(Pending { by, until });
                pending.by = by;
            }
        }
    }

    pub(super) fn contains(&self, old: u64) -> bool {
        self.0.contains_key(&old)
    }

    /// When the next one can be carried out; `complete` says whether a new download is.
    pub(super) fn deadline(&self, complete: impl Fn(u64) -> bool) -> Option<Instant> {
        let ready = self.0.values().filter(|pending| complete(pending.by));
        ready.map(|pending| pending.until).min()
    }

    /// Takes the old downloads that are to be removed now.
    pub(super) fn due(&mut self, now: Instant, complete: impl Fn(u64) -> bool) -> Vec<u64> {
        let due = |pending: &Pending| pending.until <= now && complete(pending.by);
        let ids: Vec<u64> = self
            .0
            .iter()
            .filter(|(_, pending)| due(pending))
            .map(|(id, _)| *id)
            .collect();
        self.0.retain(|_, pending| !due(pending));
        ids
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_old_one_goes_when_the_new_one_is_complete_and_not_before_the_undo_window_ends() {
        let mut pending = PendingReplacements::default();
        let start = Instant::now();
        let until = start + Duration::from_secs(30);
        pending.track(1, Some(2), until);
        pending.track(3, Some(4), start);
        pending.track(1, Some(2), until + Duration::from_secs(9));
        assert_eq!(pending.deadline(|_| false), None);
        assert!(pending.due(until, |_| false).is_empty());
        assert_eq!(pending.deadline(|new| new == 2), Some(until));
        assert!(pending.due(start, |new| new == 2).is_empty());
        assert_eq!(pending.due(until, |new| new == 2), [1]);
        assert!(pending.contains(3) && !pending.contains(1));
        pending.track(3, None, start);
        assert!(!pending.contains(3), "undone");
    }
}
