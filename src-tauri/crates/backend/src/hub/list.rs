//! The list in the engine's latest state, with up-to-date totals and queue positions. Does not depend on sessions.

use std::collections::BTreeMap;

use millrace_engine::{Phase, PhaseGroup, QueueKey, Snapshot};

use crate::view::{Page, Row, Totals, only_numbers_changed};

/// Maximum number of rows per page.
const MAX_PAGE: u32 = 500;

#[derive(Debug, Default)]
pub(crate) struct List {
    entries: BTreeMap<u64, ListEntry>,
    totals: Totals,
    /// All queued downloads in the order of the queue.
    queue: BTreeMap<QueueKey, u64>,
    /// Positions stored in the entries may be out of date.
    positions_stale: bool,
    /// Highest revision assigned to a row.
    newest: u64,
}

#[derive(Debug)]
struct ListEntry {
    snapshot: Snapshot,
    /// Revision of the last change beyond numbers. Not the engine's: positions change without it.
    rev: u64,
    place: Option<u32>,
    /// Removed by the user, can still be undone: kept up to date, but not shown or counted.
    hidden: bool,
}

impl ListEntry {
    /// Whether pages have it: neither removed nor waiting for another one that takes its place.
    fn is_shown(&self) -> bool {
        !self.hidden && self.snapshot.replaced_by.is_none()
    }

    fn row(&self) -> Row {
        Row {
            rev: self.rev,
            place: self.place,
            ..Row::from(&self.snapshot)
        }
    }
}

/// How much a new snapshot differs from the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowChange {
    /// The list did not have it.
    New,
    /// Phase, problem, name, URL, size, priority, limits, start time or allowed actions.
    State,
    /// Another field of the row.
    Details,
    /// Only numbers that change continuously.
    Numbers,
}

fn queued(snapshot: &Snapshot) -> Option<QueueKey> {
    (snapshot.phase == Phase::Queued).then_some(snapshot.queue_key)
}

impl List {
    pub(crate) fn put(&mut self, snapshot: Snapshot) -> RowChange {
        let Some(entry) = self.entries.get_mut(&snapshot.id.0) else {
            self.newest += 1;
            let entry = ListEntry {
                rev: self.newest,
                place: None,
                hidden: false,
                snapshot: snapshot.clone(),
            };
            if entry.is_shown() {
                self.count_in(&snapshot);
                self.positions_stale |= queued(&snapshot).is_some();
            }
            self.entries.insert(entry.snapshot.id.0, entry);
            return RowChange::New;
        };
        let change = row_change(&entry.snapshot, &snapshot);
        if change != RowChange::Numbers {
            self.newest += 1;
            entry.rev = self.newest;
        }
        if queued(&snapshot).is_none() {
            entry.place = None;
        }
        let was_shown = entry.is_shown();
        let before = std::mem::replace(&mut entry.snapshot, snapshot.clone());
        let is_shown = entry.is_shown();
        entry.place.take_if(|_| !is_shown);
        if was_shown {
            self.count_out(&before);
        }
        if is_shown {
            self.count_in(&snapshot);
        }
        // Other downloads keep their position as long as this one's queue key is unchanged.
        let turn = |shown, snapshot| if shown { queued(snapshot) } else { None };
        self.positions_stale |= turn(was_shown, &before) != turn(is_shown, &snapshot);
        if is_shown && !was_shown {
            return RowChange::New;
        }
        change
    }

    /// Adds it to the totals and, if queued, to the queue.
    fn count_in(&mut self, snapshot: &Snapshot) {
        count(&mut self.totals, snapshot, true);
        if let Some(turn) = queued(snapshot) {
            self.queue.insert(turn, snapshot.id.0);
        }
    }

    fn count_out(&mut self, snapshot: &Snapshot) {
        count(&mut self.totals, snapshot, false);
        if let Some(turn) = queued(snapshot) {
            self.queue.remove(&turn);
        }
    }

    pub(crate) fn remove(&mut self, id: u64) {
        if let Some(entry) = self.entries.remove(&id)
            && entry.is_shown()
        {
            self.count_out(&entry.snapshot);
            self.positions_stale |= queued(&entry.snapshot).is_some();
        }
    }

    /// Hides a row, or shows it again as a new one. Returns whether that changed anything.
    pub(crate) fn hide(&mut self, id: u64, hidden: bool) -> bool {
        let Some(entry) = self.entries.get_mut(&id) else {
            return false;
        };
        let was_shown = entry.is_shown();
        entry.hidden = hidden;
        if was_shown == entry.is_shown() {
            return false;
        }
        self.newest += 1;
        entry.rev = self.newest;
        entry.place = None;
        let snapshot = entry.snapshot.clone();
        self.positions_stale |= queued(&snapshot).is_some();
        if hidden {
            self.count_out(&snapshot);
        } else {
            self.count_in(&snapshot);
        }
        true
    }

    /// Visible entries, oldest first.
    fn seen(&self) -> impl DoubleEndedIterator<Item = (&u64, &ListEntry)> {
        self.entries.iter().filter(|(_, entry)| entry.is_shown())
    }

    fn entry(&self, id: u64) -> Option<&ListEntry> {
        self.entries.get(&id).filter(|entry| entry.is_shown())
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Snapshot> {
        self.entry(id).map(|entry| &entry.snapshot)
    }

    /// Visible downloads, oldest first.
    pub(crate) fn snapshots(&self) -> Vec<Snapshot> {
        let seen = self.seen();
        seen.map(|(_, entry)| entry.snapshot.clone()).collect()
    }

    pub(crate) fn row(&self, id: u64) -> Option<Row> {
        self.entry(id).map(ListEntry::row)
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Recomputes queue positions if they may be out of date. Returns the ids whose position changed, in queue order.
    pub(crate) fn update_positions(&mut self) -> Vec<u64> {
        let mut shifted = Vec::new();
        if !std::mem::take(&mut self.positions_stale) {
            return shifted;
        }
        for (place, id) in (0..).zip(self.queue.values()) {
            if let Some(entry) = self.entries.get_mut(id)
                && entry.place != Some(place)
            {
                entry.place = Some(place);
                self.newest += 1;
                entry.rev = self.newest;
                shifted.push(*id);
            }
        }
        shifted
    }

    /// Whether it is among the first `count` of the queue, by the positions computed last.
    pub(crate) fn is_soon(&self, id: u64, count: u32) -> bool {
        let place = self.entries.get(&id).and_then(|entry| entry.place);
        place.is_some_and(|place| place < count)
    }

    /// Rows from index `first` on, newest first.
    pub(crate) fn page(&self, first: u32, count: u32) -> Page {
        let rows = self.seen().rev().map(|(_, entry)| entry);
        Page {
            first,
            rows: rows
                .skip(first as usize)
                .take(count.min(MAX_PAGE) as usize)
                .map(ListEntry::row)
                .collect(),
            length: self.totals.all,
            totals: self.totals,
        }
    }

    /// Whether it has a position in the queue, by the positions computed last.
    pub(crate) fn is_queued(&self, id: u64) -> bool {
        self.entry(id).is_some_and(|entry| entry.place.is_some())
    }
}

fn row_change(before: &Snapshot, after: &Snapshot) -> RowChange {
    let same = before.phase == after.phase
        && before.epoch == after.epoch
        && before.name == after.name
        && before.problem == after.problem
        && before.url == after.url
        && before.total == after.total
        && before.priority == after.priority
        && before.limit == after.limit
        && before.max_connections == after.max_connections
        && before.start_at == after.start_at
        && before.allows == after.allows;
    if !same {
        RowChange::State
    } else if only_numbers_changed(before, after) {
        RowChange::Numbers
    } else {
        RowChange::Details
    }
}

fn count(totals: &mut Totals, snapshot: &Snapshot, more: bool) {
    let step = |number: &mut u32| {
        *number = if more { *number + 1 } else { *number - 1 };
    };
    step(&mut totals.all);
    totals.speed = if more {
        totals.speed.saturating_add(snapshot.speed)
    } else {
        totals.speed.saturating_sub(snapshot.speed)
    };
    step(match snapshot.phase.group() {
        PhaseGroup::Active => &mut totals.active,
        PhaseGroup::Queued => &mut totals.queued,
        PhaseGroup::Paused => &mut totals.paused,
        PhaseGroup::Failed => &mut totals.failed,
        PhaseGroup::Done => &mut totals.done,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_snapshot::snapshot;

    #[test]
    fn totals_follow_every_change() {
        let mut list = List::default();
        assert_eq!(list.put(snapshot(1)), RowChange::New);
        list.put(snapshot(2));
        let mut done = snapshot(1);
        (done.phase, done.speed) = (Phase::Done, 0);
        assert_eq!(list.put(done), RowChange::State);
        let expected = Totals {
            speed: 10,
            all: 2,
            active: 1,
            done: 1,
            ..Totals::default()
        };
        assert_eq!(list.totals(), expected);
        list.remove(1);
        list.remove(2);
        assert_eq!(list.totals(), Totals::default());
    }

    #[test]
    fn places_count_what_is_queued_and_a_shifted_row_is_newer() {
        let mut list = List::default();
        let queued = |id: u64, rev: u64| {
            let mut one = snapshot(id);
            (one.phase, one.rev) = (Phase::Queued, rev);
            one
        };
        for id in 1..=3 {
            list.put(queued(id, id));
        }
        assert_eq!(list.update_positions(), [1, 2, 3]);
        assert!(
            list.update_positions().is_empty(),
            "nothing has moved since"
        );
        let before = list.row(3).unwrap();
        assert_eq!(before.place, Some(2));
        let mut runs = queued(1, 4);
        runs.phase = Phase::Running;
        list.put(runs);
        assert_eq!(list.row(1).unwrap().place, None);
        assert_eq!(list.update_positions(), [2, 3]);
        let after = list.row(3).unwrap();
        assert_eq!(after.place, Some(1));
        assert!(after.rev > before.rev);
        assert!(list.is_soon(3, 2) && !list.is_soon(3, 1));
        // the engine does not know the hub's revisions
        let mut other = queued(3, before.rev);
        list.put(other.clone());
        assert_eq!(list.row(3).unwrap().rev, after.rev);
        other.attempts = 1;
        list.put(other);
        assert!(list.row(3).unwrap().rev > after.rev);
        list.remove(2);
        assert_eq!(list.update_positions(), [3]);
    }

    #[test]
    fn what_is_hidden_counts_nowhere_and_comes_back_as_news() {
        let mut list = List::default();
        for id in 1..=3 {
            let mut one = snapshot(id);
            (one.phase, one.rev) = (Phase::Queued, id);
            list.put(one);
        }
        list.update_positions();
        let known = list.row(2).unwrap();
        assert!(list.hide(2, true) && !list.hide(2, true));
        assert_eq!(list.row(2), None);
        assert_eq!((list.totals().all, list.totals().queued), (2, 2));
        assert_eq!(list.page(0, 9).rows.len(), 2);
        assert_eq!(list.update_positions(), [3]);
        let mut running = snapshot(2);
        running.rev = 9;
        list.put(running);
        assert_eq!(list.totals().active, 0);
        assert!(list.hide(2, false));
        let back = list.row(2).unwrap();
        assert!(back.rev > known.rev.max(9) && back.place.is_none());
        assert_eq!((list.totals().all, list.totals().active), (3, 1));
        list.hide(2, true);
        list.remove(2);
        assert!(!list.hide(2, false));
        assert_eq!(list.totals().all, 2);
    }

    #[test]
    fn a_row_is_newer_when_more_than_its_numbers_changed() {
        let mut list = List::default();
        let mut one = snapshot(1);
        list.put(one.clone());
        let mut put = |edit: &dyn Fn(&mut Snapshot)| {
            one.rev += 1;
            edit(&mut one);
            let change = list.put(one.clone());
            let row = list.row(1).unwrap();
            (change, row.rev, row.counted)
        };
        assert_eq!(put(&|one| one.received += 1), (RowChange::Numbers, 1, 2));
        assert_eq!(put(&|one| one.attempts += 1), (RowChange::Details, 2, 3));
        assert_eq!(put(&|one| one.speed += 1), (RowChange::Numbers, 2, 4));
        assert_eq!(
            put(&|one| one.phase = Phase::Paused),
            (RowChange::State, 3, 5)
        );
        // removed and added again: its revision must not be older than before
        list.remove(1);
        list.put(one);
        assert_eq!(list.row(1).unwrap().rev, 4);
    }

    #[test]
    fn pages_are_newest_first_and_say_how_long_the_list_is() {
        let mut list = List::default();
        for id in 1..=10 {
            list.put(snapshot(id));
        }
        let page = list.page(2, 3);
        let ids: Vec<u64> = page.rows.iter().map(|row| row.id).collect();
        assert_eq!((page.first, page.length, ids), (2, 10, vec![8, 7, 6]));
    }
}
