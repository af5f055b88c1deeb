//! The list as the engine last said it, with its totals and the places in the queue kept up to date. Knows no session.

use std::collections::BTreeMap;

use millrace_engine::{Phase, Snapshot, Turn};

use crate::view::{Page, Row, Totals};

/// Rows that one call for a page brings at most.
const LARGEST_PAGE: u32 = 500;

#[derive(Debug, Default)]
pub(crate) struct List {
    entries: BTreeMap<u64, Entry>,
    totals: Totals,
    /// Whose turn it is, of all that are queued.
    queue: BTreeMap<Turn, u64>,
    /// Whether places may be others than the entries say.
    moved: bool,
}

#[derive(Debug)]
struct Entry {
    snapshot: Snapshot,
    /// The snapshot's, or more: places change without it.
    rev: u64,
    place: Option<u32>,
}

impl Entry {
    fn row(&self) -> Row {
        Row {
            rev: self.rev,
            place: self.place,
            ..Row::from(&self.snapshot)
        }
    }
}

/// How much a new snapshot differs from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was not there.
    New,
    /// What it does, is called or needs.
    State,
    /// Only numbers.
    Numbers,
}

fn queued(snapshot: &Snapshot) -> Option<Turn> {
    (snapshot.phase == Phase::Queued).then_some(snapshot.turn)
}

impl List {
    pub(crate) fn put(&mut self, snapshot: Snapshot) -> Change {
        let id = snapshot.id.0;
        let (mut rev, mut place, mut change) = (snapshot.rev, None, Change::New);
        let turn = queued(&snapshot);
        let mut stood = None;
        if let Some(entry) = self.entries.get(&id) {
            let before = &entry.snapshot;
            count(&mut self.totals, before, false);
            stood = queued(before);
            let same = before.phase == snapshot.phase
                && before.epoch == snapshot.epoch
                && before.name == snapshot.name
                && before.problem == snapshot.problem
                && before.url == snapshot.url
                && before.total == snapshot.total
                && before.priority == snapshot.priority
                && before.limit == snapshot.limit
                && before.max_connections == snapshot.max_connections
                && before.allows == snapshot.allows;
            change = if same { Change::Numbers } else { Change::State };
            rev = rev.max(entry.rev + 1);
            place = entry.place.filter(|_| turn.is_some());
        }
        if stood != turn {
            self.moved = true;
            stood.map(|stood| self.queue.remove(&stood));
            turn.map(|turn| self.queue.insert(turn, id));
        }
        count(&mut self.totals, &snapshot, true);
        let entry = Entry {
            snapshot,
            rev,
            place,
        };
        self.entries.insert(id, entry);
        change
    }

    pub(crate) fn remove(&mut self, id: u64) {
        if let Some(Entry { snapshot, .. }) = self.entries.remove(&id) {
            count(&mut self.totals, &snapshot, false);
            if let Some(turn) = queued(&snapshot) {
                self.moved = true;
                self.queue.remove(&turn);
            }
        }
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Snapshot> {
        self.entries.get(&id).map(|entry| &entry.snapshot)
    }

    pub(crate) fn row(&self, id: u64) -> Option<Row> {
        self.entries.get(&id).map(Entry::row)
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Counts the places of all that are queued anew if they may have changed; answers whose did, the first one first.
    pub(crate) fn count_places(&mut self) -> Vec<u64> {
        let mut shifted = Vec::new();
        if !std::mem::take(&mut self.moved) {
            return shifted;
        }
        for (place, id) in (0..).zip(self.queue.values()) {
            if let Some(entry) = self.entries.get_mut(id)
                && entry.place != Some(place)
            {
                entry.place = Some(place);
                entry.rev += 1;
                shifted.push(*id);
            }
        }
        shifted
    }

    /// Whether it is among the first `count` of the queue, by the places counted last.
    pub(crate) fn is_soon(&self, id: u64, count: u32) -> bool {
        let place = self.entries.get(&id).and_then(|entry| entry.place);
        place.is_some_and(|place| place < count)
    }

    /// Rows from the place `first` on, newest first.
    pub(crate) fn page(&self, first: u32, count: u32) -> Page {
        let rows = self.entries.values().rev();
        Page {
            first,
            rows: rows
                .skip(first as usize)
                .take(count.min(LARGEST_PAGE) as usize)
                .map(Entry::row)
                .collect(),
            length: self.totals.all,
            totals: self.totals,
        }
    }

    /// What is queued among the places from `view.0` to `view.1`.
    pub(crate) fn queued_at(&self, view: (u32, u32)) -> Vec<u64> {
        let Some((oldest, newest)) = self.ids_at(view) else {
            return Vec::new();
        };
        let seen = self.entries.range(oldest..=newest);
        let queued = seen.filter(|(_, entry)| entry.place.is_some());
        queued.map(|(id, _)| *id).collect()
    }

    /// The oldest and the newest id among the places from `view.0` to `view.1`.
    pub(crate) fn ids_at(&self, view: (u32, u32)) -> Option<(u64, u64)> {
        let (first, last) = view;
        let mut ids = self.entries.keys().rev().skip(first as usize).copied();
        let newest = ids.next()?;
        let below = last.saturating_sub(first).min(LARGEST_PAGE) as usize;
        let oldest = ids.take(below).next_back().unwrap_or(newest);
        Some((oldest, newest))
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
    step(match snapshot.phase {
        Phase::Probing | Phase::Running | Phase::Finishing | Phase::Stopping | Phase::Waiting => {
            &mut totals.active
        }
        Phase::Queued => &mut totals.queued,
        Phase::Paused => &mut totals.paused,
        Phase::Failed => &mut totals.failed,
        Phase::Done => &mut totals.done,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::snapshot;

    #[test]
    fn totals_follow_every_change() {
        let mut list = List::default();
        assert_eq!(list.put(snapshot(1)), Change::New);
        list.put(snapshot(2));
        let mut done = snapshot(1);
        (done.phase, done.speed) = (Phase::Done, 0);
        assert_eq!(list.put(done), Change::State);
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
        assert_eq!(list.count_places(), [1, 2, 3]);
        assert!(list.count_places().is_empty(), "nothing has moved since");
        let before = list.row(3).unwrap();
        assert_eq!(before.place, Some(2));
        let mut runs = queued(1, 4);
        runs.phase = Phase::Running;
        list.put(runs);
        assert_eq!(list.row(1).unwrap().place, None);
        assert_eq!(list.count_places(), [2, 3]);
        let after = list.row(3).unwrap();
        assert_eq!(after.place, Some(1));
        assert!(after.rev > before.rev);
        assert!(list.is_soon(3, 2) && !list.is_soon(3, 1));
        // the engine has not heard of that revision
        list.put(queued(3, before.rev));
        assert!(list.row(3).unwrap().rev > after.rev);
        list.remove(2);
        assert_eq!(list.count_places(), [3]);
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
        assert_eq!(list.ids_at((2, 4)), Some((6, 8)));
        assert_eq!(list.ids_at((8, 20)), Some((1, 2)));
        assert_eq!(list.ids_at((10, 20)), None);
    }
}
