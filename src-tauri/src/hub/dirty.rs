//! Which rows of a session's page are out of date, and how they are packed into a frame.
//!
//! A set, never a queue: whatever happens, its size is bounded, and the last value wins.

use std::collections::BTreeSet;

use super::list::List;
use crate::view::{Frame, Row};

/// Above this many, telling row by row costs more than pulling pages.
const MOST_ROWS: usize = 2_000;
/// Bytes of one frame as JSON. Tauri hands anything from 8,192 B on to a slower path.
pub(crate) const FRAME_LIMIT: usize = 8_000;
/// Removed ids get no more than this, so that rows always get through.
const REMOVED_LIMIT: usize = FRAME_LIMIT / 4;

#[derive(Debug, Default)]
pub(crate) struct Dirty {
    /// New, or in another state than the page knows.
    urgent: BTreeSet<u64>,
    /// Only numbers changed.
    rows: BTreeSet<u64>,
    removed: BTreeSet<u64>,
    resync: bool,
    /// Where the rows of the last frame ended, so that every row gets its turn.
    cursor: u64,
}

impl Dirty {
    pub(crate) fn is_empty(&self) -> bool {
        !self.resync && self.urgent.is_empty() && self.rows.is_empty() && self.removed.is_empty()
    }

    pub(crate) fn mark(&mut self, id: u64, urgent: bool) {
        if self.resync {
            return;
        }
        if urgent {
            self.rows.remove(&id);
            self.urgent.insert(id);
        } else if !self.urgent.contains(&id) {
            self.rows.insert(id);
        }
        self.bound();
    }

    pub(crate) fn remove(&mut self, id: u64) {
        if self.resync {
            return;
        }
        self.urgent.remove(&id);
        self.rows.remove(&id);
        self.removed.insert(id);
        self.bound();
    }

    fn bound(&mut self) {
        if self.urgent.len() + self.rows.len() + self.removed.len() > MOST_ROWS {
            *self = Self {
                resync: true,
                ..Self::default()
            };
        }
    }

    /// Takes as much as fits into one frame; what does not stays for the next. `view` is the first and last place
    /// that the person sees, counted from the newest row.
    pub(crate) fn pack(&mut self, seq: u32, list: &List, view: (u32, u32)) -> Frame {
        let mut frame = Frame {
            seq,
            rows: Vec::new(),
            removed: Vec::new(),
            totals: list.totals(),
            resync: std::mem::take(&mut self.resync),
        };
        let mut room = FRAME_LIMIT.saturating_sub(json_length(&frame));
        let least = room - REMOVED_LIMIT;
        while room > least
            && let Some(id) = self.removed.pop_first()
        {
            room -= id.to_string().len() + 1;
            frame.removed.push(id);
        }
        for id in self.order(list, view) {
            let Some(snapshot) = list.get(id) else {
                self.forget(id);
                continue;
            };
            let row = Row::from(snapshot);
            let length = json_length(&row) + 1;
            if length >= room {
                break;
            }
            room -= length;
            if self.rows.contains(&id) {
                self.cursor = id;
            }
            self.forget(id);
            frame.rows.push(row);
        }
        frame
    }

    /// State changes first, then what is seen, then the rest.
    fn order(&self, list: &List, view: (u32, u32)) -> Vec<u64> {
        // far more than one frame holds; the rest waits anyway
        const ENOUGH: usize = 64;
        let mut order: Vec<u64> = self.urgent.iter().rev().copied().take(ENOUGH).collect();
        if let Some((oldest, newest)) = list.ids_at(view) {
            order.extend(self.turn(oldest, newest).take(ENOUGH));
            if let Some(below) = oldest.checked_sub(1) {
                order.extend(self.turn(0, below).take(ENOUGH));
            }
            order.extend(self.turn(newest.saturating_add(1), u64::MAX).take(ENOUGH));
        } else {
            order.extend(self.turn(0, u64::MAX).take(ENOUGH));
        }
        order
    }

    /// The dirty rows from `low` to `high`, beginning after the one that was sent last.
    fn turn(&self, low: u64, high: u64) -> impl Iterator<Item = u64> {
        let start = self.cursor.saturating_add(1).clamp(low, high.max(low));
        let after = self.rows.range(start..=high.max(start));
        let before = self.rows.range(low..start);
        after
            .chain(before)
            .copied()
            .filter(move |id| (low..=high).contains(id))
    }

    fn forget(&mut self, id: u64) {
        self.urgent.remove(&id);
        self.rows.remove(&id);
    }
}

pub(crate) fn json_length<T: serde::Serialize>(value: &T) -> usize {
    serde_json::to_string(value).map_or(FRAME_LIMIT, |json| json.len())
}
