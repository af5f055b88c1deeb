//! A page as it should behave: the other side of the contract, for the invariants.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::view::Row;

/// What one document knows.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) session: String,
    pub(super) wire: Wire<Frame>,
    /// Frames that were sent and have not reached the page.
    pub(super) queue: Vec<Frame>,
    /// A message was lost: the channel delivers nothing more.
    pub(super) deaf: bool,
    rows: BTreeMap<u64, Row>,
    removed: BTreeSet<u64>,
    /// Answers to `page` that are under way.
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
            rows: BTreeMap::new(),
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
        let newer = self
            .rows
            .get(&row.id)
            .is_none_or(|known| known.rev < row.rev);
        if newer && !self.removed.contains(&row.id) {
            self.rows.insert(row.id, row);
        }
    }

    /// Puts a frame on the screen. Returns what to acknowledge.
    pub(super) fn apply(&mut self, frame: Frame, rig: &mut Rig) -> u32 {
        assert_eq!(frame.seq, self.last + 1, "frames have no gaps");
        self.last = frame.seq;
        for id in frame.removed {
            self.rows.remove(&id);
            self.removed.insert(id);
        }
        for row in frame.rows {
            // a row of a frame is there: its removal was undone
            self.removed.remove(&row.id);
            self.take(row);
        }
        if frame.resync {
            self.rows.clear();
            self.removed.clear();
            // they were asked for before the resync, and may hold what has left the list since
            self.late.clear();
            self.pull_all(rig);
        }
        frame.seq
    }

    pub(super) fn pull_all(&mut self, rig: &mut Rig) {
        let mut first = 0;
        loop {
            let page = rig.board.page("main", &self.session, first, 200);
            let Ok(page) = page else { return };
            first += 200;
            let end = first >= page.length;
            self.show(page);
            if end {
                return;
            }
        }
    }

    /// Asks for a page whose answer comes later, by [`Document::hear_late`].
    pub(super) fn ask_late(&mut self, rig: &mut Rig) {
        if let Ok(page) = rig.board.page("main", &self.session, 0, 500) {
            self.late.push(page);
        }
    }

    pub(super) fn hear_late(&mut self) {
        if let Some(page) = self.late.pop() {
            self.show(page);
        }
    }

    /// Everything on the screen.
    pub(super) fn rows(&self) -> &BTreeMap<u64, Row> {
        &self.rows
    }
}
