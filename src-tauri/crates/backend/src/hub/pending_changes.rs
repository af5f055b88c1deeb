//! Tracks which rows of a session's page are out of date, and packs them into frames.
//!
//! A set, not a queue: its size is bounded, and the last value wins.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::list::{List, RowChange};
use crate::view::{Frame, Offered, Row, RowNumbers, Settings};

/// Above this many, sending single rows costs more than reloading the pages.
const MOST_ROWS: usize = 2_000;
/// Bytes of one frame as JSON. Tauri sends messages from 8,192 B on through a slower path.
pub(crate) const FRAME_LIMIT: usize = 8_000;
/// Maximum share of removed ids, so that every frame has room for rows.
const REMOVED_LIMIT: usize = FRAME_LIMIT / 4;

/// Maximum number of rows of one class considered for one frame; more than one frame holds.
const MAX_SCANNED: usize = 200;
/// This many rows of ordinary length are sure to fit into one frame.
const SURE_FIT: usize = 6;
/// A row this long may not fit into the rest of its class's share; it then comes first in the next frame.
const LONG_ROW: usize = FRAME_LIMIT / 12;

/// Ids of changed rows, by the kind of change.
#[derive(Debug, Default)]
struct PendingRows {
    /// New rows and those with a changed state: whole rows, sent first.
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
    /// Last id sent in each class: the next frame continues after it, so that every row is sent eventually.
    ends: [u64; CLASSES.len()],
    /// A long row that did not fit into the last frame.
    deferred_row: Option<u64>,
}

/// Order in which a frame is filled: kind of change, whether the row is on screen, and the part of the frame reserved
/// for the classes after it (as its divisor) while not everything fits. Prevents starvation.
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

    /// Number of pending ids; 0 when a resync is pending.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + self.removed.len()
    }

    /// Several changes of a row are merged into the largest.
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

    /// Takes as many changes as fit into one frame and keeps the rest. `seen`: ids of the rows on screen.
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
        // both together might exceed the limit
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
        // use what was reserved and not needed
        for kind in [ChangeKind::Urgent, ChangeKind::Numbers, ChangeKind::Rows] {
            let ids = turn(self.waiting.of(kind), 0, |_| true);
            self.fill(&mut frame, &mut room, 0, list, &ids);
        }
        frame
    }

    /// Adds rows while more than `kept` bytes stay free. Returns the last id added.
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

    /// `None` when the row is no longer in the list.
    fn row_update(&self, id: u64, list: &List) -> Option<RowUpdate> {
        if self.waiting.whole(id) {
            return list.row(id).map(|row| RowUpdate::Row(Box::new(row)));
        }
        list.get(id).map(|one| RowUpdate::Numbers(one.into()))
    }
}

/// A row's part of a frame.
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

/// Some of `rows`, starting after the id sent last and wrapping around.
fn turn(rows: &BTreeSet<u64>, last: u64, wanted: impl Fn(u64) -> bool) -> Vec<u64> {
    let after = rows.range((Bound::Excluded(last), Bound::Unbounded));
    let round = after.chain(rows.range(..=last)).copied();
    round.filter(|id| wanted(*id)).take(MAX_SCANNED).collect()
}

pub(crate) fn json_length<T: serde::Serialize>(value: &T) -> usize {
    serde_json::to_string(value).map_or(FRAME_LIMIT, |json| json.len())
}
