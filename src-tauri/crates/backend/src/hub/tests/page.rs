//! A page that behaves as it should: the other side of the contract, for the invariants.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::view::{Row, RowNumbers};

/// Rows as a page keeps them: numbers and the other fields have revisions of their own.
#[derive(Debug, Default)]
pub(super) struct Known {
    rows: BTreeMap<u64, Row>,
    /// Numbers of rows that have not arrived yet.
    early: BTreeMap<u64, RowNumbers>,
}

impl Known {
    pub(super) fn take(&mut self, mut row: Row) {
        if let Some(known) = self.rows.get(&row.id) {
            let numbers = numbers(if known.counted > row.counted {
                known
            } else {
                &row
            });
            if known.rev >= row.rev {
                row = known.clone();
            }
            count(&mut row, numbers);
        } else if let Some(numbers) = self.early.remove(&row.id)
            && numbers.1 > row.counted
        {
            count(&mut row, numbers);
        }
        self.rows.insert(row.id, row);
    }

    pub(super) fn count(&mut self, numbers: RowNumbers) {
        match self.rows.get_mut(&numbers.0) {
            Some(row) if numbers.1 > row.counted => count(row, numbers),
            Some(_) => {}
            None => {
                self.early.insert(numbers.0, numbers);
            }
        }
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.rows.remove(&id);
    }

    /// All rows on screen; revisions of rows are the hub's own.
    pub(super) fn sees(&self) -> BTreeMap<u64, Row> {
        let rows = self.rows.values().cloned();
        rows.map(|row| (row.id, Row { rev: 0, ..row })).collect()
    }
}

fn numbers(row: &Row) -> RowNumbers {
    RowNumbers(
        row.id,
        row.counted,
        row.received,
        row.speed,
        row.eta,
        row.connections,
    )
}

fn count(row: &mut Row, RowNumbers(_, counted, received, speed, eta, connections): RowNumbers) {
    (row.counted, row.received, row.speed) = (counted, received, speed);
    (row.eta, row.connections) = (eta, connections);
}

/// What a page must show in the end.
pub(super) fn truth(store: &BTreeMap<u64, Snapshot>) -> BTreeMap<u64, Row> {
    let rows = store.values().map(Row::from);
    rows.map(|row| (row.id, Row { rev: 0, ..row })).collect()
}

/// State of one document.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) session: String,
    pub(super) wire: Wire<Frame>,
    /// Frames sent that have not reached the page.
    pub(super) queue: Vec<Frame>,
    /// A message was lost: the channel delivers nothing more.
    pub(super) deaf: bool,
    known: Known,
    removed: BTreeSet<u64>,
    /// Responses to `page` in flight.
    late: Vec<Page>,
    last: u32,
}

impl Document {
    pub(super) fn new(session: String) -> Self {
        Self {
            session,
            wire: Wire::new(),
            queue: Vec::new(),
            deaf: false,
            known: Known::default(),
            removed: BTreeSet::new(),
            late: Vec::new(),
            last: 0,
        }
    }

    pub(super) fn show(&mut self, page: Page) {
        for row in page.rows {
            self.take(row);
        }
    }

    fn take(&mut self, row: Row) {
        if !self.removed.contains(&row.id) {
            self.known.take(row);
        }
    }

    /// Applies a frame. Returns the sequence number to acknowledge.
    pub(super) fn apply(&mut self, frame: Frame, rig: &mut Rig) -> u32 {
        assert_eq!(frame.seq, self.last + 1, "frames have no gaps");
        self.last = frame.seq;
        for id in frame.removed {
            self.known.remove(id);
            self.removed.insert(id);
        }
        for row in frame.rows {
            // a frame contains this row: its removal was undone
            self.removed.remove(&row.id);
            self.take(row);
        }
        for numbers in frame.numbers {
            self.known.count(numbers);
        }
        if frame.resync {
            self.known = Known::default();
            self.removed.clear();
            // requested before the resync, and may contain rows that have left the list since
            self.late.clear();
            self.pull_all(rig);
        }
        frame.seq
    }

    pub(super) fn pull_all(&mut self, rig: &mut Rig) {
        let mut first = 0;
        loop {
            let page = rig.hub_state.page("main", &self.session, first, 200);
            let Ok(page) = page else { return };
            first += 200;
            let end = first >= page.length;
            self.show(page);
            if end {
                return;
            }
        }
    }

    /// Requests a page whose response arrives later, through [`Document::hear_late`].
    pub(super) fn ask_late(&mut self, rig: &mut Rig) {
        if let Ok(page) = rig.hub_state.page("main", &self.session, 0, 500) {
            self.late.push(page);
        }
    }

    pub(super) fn hear_late(&mut self) {
        if let Some(page) = self.late.pop() {
            self.show(page);
        }
    }

    pub(super) fn sees(&self) -> BTreeMap<u64, Row> {
        self.known.sees()
    }
}
