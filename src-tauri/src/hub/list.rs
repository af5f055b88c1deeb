//! The list as the engine last said it, with its totals kept up to date. Knows no session.

use std::collections::BTreeMap;

use millrace_engine::{Phase, Snapshot};

use crate::view::{Page, Row, Totals};

/// Rows that one call for a page brings at most.
const LARGEST_PAGE: u32 = 500;

#[derive(Debug, Default)]
pub(crate) struct List {
    rows: BTreeMap<u64, Snapshot>,
    totals: Totals,
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

impl List {
    pub(crate) fn put(&mut self, snapshot: Snapshot) -> Change {
        count(&mut self.totals, &snapshot, true);
        let Some(before) = self.rows.get(&snapshot.id.0) else {
            self.rows.insert(snapshot.id.0, snapshot);
            return Change::New;
        };
        count(&mut self.totals, before, false);
        let same = before.phase == snapshot.phase
            && before.epoch == snapshot.epoch
            && before.name == snapshot.name
            && before.problem == snapshot.problem
            && before.url == snapshot.url
            && before.total == snapshot.total
            && before.allows == snapshot.allows;
        self.rows.insert(snapshot.id.0, snapshot);
        if same { Change::Numbers } else { Change::State }
    }

    pub(crate) fn remove(&mut self, id: u64) {
        if let Some(snapshot) = self.rows.remove(&id) {
            count(&mut self.totals, &snapshot, false);
        }
    }

    pub(crate) fn get(&self, id: u64) -> Option<&Snapshot> {
        self.rows.get(&id)
    }

    pub(crate) fn totals(&self) -> Totals {
        self.totals
    }

    /// Rows from the place `first` on, newest first.
    pub(crate) fn page(&self, first: u32, count: u32) -> Page {
        let rows = self.rows.values().rev();
        Page {
            first,
            rows: rows
                .skip(first as usize)
                .take(count.min(LARGEST_PAGE) as usize)
                .map(Row::from)
                .collect(),
            length: self.totals.all,
            totals: self.totals,
        }
    }

    /// The oldest and the newest id among the places from `view.0` to `view.1`.
    pub(crate) fn ids_at(&self, view: (u32, u32)) -> Option<(u64, u64)> {
        let (first, last) = view;
        let mut ids = self.rows.keys().rev().skip(first as usize).copied();
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
