//! Which rows of a session's page are out of date, and how they are packed into a frame.
//!
//! A set, never a queue: whatever happens, its size is bounded, and the last value wins.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::list::{List, RowChange};
use crate::ipc::{Frame, Offered, Row, RowNumbers, Settings};

/// Above this many, telling row by row costs more than pulling pages.
const MOST_ROWS: usize = 2_000;
/// Bytes of one frame as JSON. Tauri hands anything from 8,192 B on to a slower path.
pub(crate) const FRAME_LIMIT: usize = 8_000;
/// Removed ids get no more than this, so that rows always get through.
const REMOVED_LIMIT: usize = FRAME_LIMIT / 4;

/// Rows of one class that are looked at for one frame; more than one holds.
const MAX_SCANNED: usize = 200;
/// As many rows surely fit one frame, if they are as long as most.
const SURE_FIT: usize = 6;
/// A row of so many bytes may not fit into what is left for its class; then it comes first in the next frame.
const LONG_ROW: usize = FRAME_LIMIT / 12;

/// What waits, by what is told of it.
#[derive(Debug, Default)]
struct PendingRows {
    /// New, or in another state than the page knows: whole rows, first of all.
    urgent: BTreeSet<u64>,
    /// Other whole rows.
    rows: BTreeSet<u64>,
    /// Rows of which only the numbers changed.
    numbers: BTreeSet<u64>,
}

#[derive(Debug, Clone, Copy)]
enum ChangeKind {
    Urgent,
    Rows,
    Numbers,
}

#[derive(Debug, Default)]
pub(crate) struct PendingChanges {
    waiting: PendingRows,
    removed: BTreeSet<u64>,
    resync: bool,
    pub(crate) settings: Option<Box<Settings>>,
    pub(crate) open: Option<u64>,
    pub(crate) add: Option<Vec<Offered>>,
    /// Where the last frame ended in each class, so that every row gets its turn.
    ends: [u64; CLASSES.len()],
    /// A long row that found no room.
    deferred_row: Option<u64>,
}

/// In this order a frame is filled: of what kind, whether on the screen, and how much of the frame stays free for the
/// classes after it while more waits than fits, as its divisor. So nothing starves.
const CLASSES: [(ChangeKind, bool, Option<usize>); 6] = [
    (ChangeKind::Urgent, true, Some(2)),
    (ChangeKind::Urgent, false, Some(2)),
    (ChangeKind::Numbers, true, Some(4)),
    (ChangeKind::Rows, true, Some(4)),
    (ChangeKind::Numbers, false, Some(8)),
    (ChangeKind::Rows, false, None),
];

impl PendingRows {
    fn of(&mut self, kind: ChangeKind) -> &mut BTreeSet<u64> {
        match kind {
            ChangeKind::Urgent => &mut self.urgent,
            ChangeKind::Rows => &mut self.rows,
            ChangeKind::Numbers => &mut self.numbers,
        }
    }

    fn len(&self) -> usize {
        self.urgent.len() + self.rows.len() + self.numbers.len()
    }

    fn whole(&self, id: u64) -> bool {
        self.urgent.contains(&id) || self.rows.contains(&id)
    }

    fn forget(&mut self, id: u64) {
        self.urgent.remove(&id);
        self.rows.remove(&id);
        self.numbers.remove(&id);
    }
}

impl PendingChanges {
    pub(crate) fn is_empty(&self) -> bool {
        let told = self.settings.is_none() && self.open.is_none() && self.add.is_none();
        told && !self.resync && self.len() == 0
    }

    /// Ids that wait; 0 when there are too many to tell one by one.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.removed.len()
    }

    /// What is told of a row is the most of what happened to it.
    pub(crate) fn mark(&mut self, id: u64, change: RowChange) {
        if self.resync {
            return;
        }
        // its removal was undone
        self.removed.remove(&id);
        let waiting = &mut self.waiting;
        match change {
            RowChange::New | RowChange::State => {
                waiting.forget(id);
                waiting.urgent.insert(id);
            }
            RowChange::Details if !waiting.urgent.contains(&id) => {
                waiting.numbers.remove(&id);
                waiting.rows.insert(id);
            }
            RowChange::Numbers if !waiting.whole(id) => {
                waiting.numbers.insert(id);
            }
            RowChange::Details | RowChange::Numbers => {}
        }
        self.bound();
    }

    pub(crate) fn remove(&mut self, id: u64) {
        if self.resync {
            return;
        }
        self.waiting.forget(id);
        self.removed.insert(id);
        self.bound();
    }

    fn bound(&mut self) {
        if self.len() > MOST_ROWS {
            *self = Self {
                resync: true,
                settings: self.settings.take(),
                open: self.open.take(),
                add: self.add.take(),
                ..Self::default()
            };
        }
    }

    /// Takes as much as fits into one frame; what does not stays for the next. `seen` is what is on the screen.
    pub(crate) fn pack(&mut self, seq: u32, list: &List, seen: &BTreeSet<u64>) -> Frame {
        let mut frame = Frame {
            seq,
            rows: Vec::new(),
            numbers: Vec::new(),
            removed: Vec::new(),
            totals: list.totals(),
            resync: std::mem::take(&mut self.resync),
            settings: self.settings.take().map(|settings| *settings),
            open: self.open.take(),
            add: None,
        };
        // both at once might not fit
        if frame.settings.is_none() {
            frame.add = self.add.take();
        }
        let mut room = FRAME_LIMIT.saturating_sub(json_length(&frame));
        let least = room.saturating_sub(REMOVED_LIMIT);
        while room > least
            && let Some(id) = self.removed.pop_first()
        {
            room -= id.to_string().len() + 1;
            frame.removed.push(id);
        }
        if let Some(id) = self
            .deferred_row
            .take()
            .filter(|id| self.waiting.whole(*id))
        {
            self.fill(&mut frame, &mut room, 0, list, &[id]);
        }
        let crowded = self.waiting.len() > SURE_FIT;
        let full = room;
        for (number, &(kind, on_screen, divisor)) in CLASSES.iter().enumerate() {
            let kept = divisor
                .filter(|_| crowded)
                .map_or(0, |divisor| full / divisor);
            let ids = turn(self.waiting.of(kind), self.ends[number], |id| {
                seen.contains(&id) == on_screen
            });
            if let Some(last) = self.fill(&mut frame, &mut room, kept, list, &ids) {
                self.ends[number] = last;
            }
        }
        // what was kept and nobody needed
        for kind in [ChangeKind::Urgent, ChangeKind::Numbers, ChangeKind::Rows] {
            let ids = turn(self.waiting.of(kind), 0, |_| true);
            self.fill(&mut frame, &mut room, 0, list, &ids);
        }
        frame
    }

    /// Adds rows while more than `kept` bytes stay free; answers which was the last.
    fn fill(
        &mut self,
        frame: &mut Frame,
        room: &mut usize,
        kept: usize,
        list: &List,
        ids: &[u64],
    ) -> Option<u64> {
        let mut last = None;
        for &id in ids {
            if let Some(told) = self.row_update(id, list) {
                let length = told.length() + 1;
                // the first row always fits
                let free = if frame.rows.is_empty() { 0 } else { kept };
                if length + free >= *room {
                    if length > LONG_ROW {
                        self.deferred_row.get_or_insert(id);
                    }
                    break;
                }
                *room -= length;
                match told {
                    RowUpdate::Row(row) => frame.rows.push(*row),
                    RowUpdate::Numbers(numbers) => frame.numbers.push(numbers),
                }
                last = Some(id);
            }
            self.waiting.forget(id);
        }
        last
    }

    /// `None` when the list does not have it any more.
    fn row_update(&self, id: u64, list: &List) -> Option<RowUpdate> {
        if self.waiting.whole(id) {
            return list.row(id).map(|row| RowUpdate::Row(Box::new(row)));
        }
        list.get(id).map(|one| RowUpdate::Numbers(one.into()))
    }
}

/// What a frame says of one row.
enum RowUpdate {
    Row(Box<Row>),
    Numbers(RowNumbers),
}

impl RowUpdate {
    fn length(&self) -> usize {
        match self {
            Self::Row(row) => json_length(row),
            Self::Numbers(numbers) => json_length(numbers),
        }
    }
}

/// Some of `rows`, beginning after the one that was sent last and going round.
fn turn(rows: &BTreeSet<u64>, last: u64, wanted: impl Fn(u64) -> bool) -> Vec<u64> {
    let after = rows.range((Bound::Excluded(last), Bound::Unbounded));
    let round = after.chain(rows.range(..=last)).copied();
    round.filter(|id| wanted(*id)).take(MAX_SCANNED).collect()
}

pub(crate) fn json_length<T: serde::Serialize>(value: &T) -> usize {
    serde_json::to_string(value).map_or(FRAME_LIMIT, |json| json.len())
}
