//! Which rows of a session's page are out of date, and how they are packed into a frame.
//!
//! A set, never a queue: whatever happens, its size is bounded, and the last value wins.

use std::collections::BTreeSet;
use std::ops::Bound;

use super::list::List;
use crate::view::{Frame, Settings};

/// Above this many, telling row by row costs more than pulling pages.
const MOST_ROWS: usize = 2_000;
/// Bytes of one frame as JSON. Tauri hands anything from 8,192 B on to a slower path.
pub(crate) const FRAME_LIMIT: usize = 8_000;
/// Removed ids get no more than this, so that rows always get through.
const REMOVED_LIMIT: usize = FRAME_LIMIT / 4;

/// Rows that are looked at for one frame; far more than one holds.
const ENOUGH: usize = 64;
/// As many rows surely fit one frame, if they are as long as most.
const FEW: usize = 8;

#[derive(Debug, Default)]
pub(crate) struct Dirty {
    /// New, or in another state than the page knows.
    urgent: BTreeSet<u64>,
    /// Only numbers changed.
    rows: BTreeSet<u64>,
    removed: BTreeSet<u64>,
    resync: bool,
    pub(crate) settings: Option<Box<Settings>>,
    pub(crate) open: Option<u64>,
    /// Where the last frame ended among what is seen and among the rest, so that every row gets its turn.
    seen: u64,
    rest: u64,
}

impl Dirty {
    pub(crate) fn is_empty(&self) -> bool {
        let told = self.settings.is_none() && self.open.is_none();
        told && !self.resync
            && self.urgent.is_empty()
            && self.rows.is_empty()
            && self.removed.is_empty()
    }

    pub(crate) fn mark(&mut self, id: u64, urgent: bool) {
        if self.resync {
            return;
        }
        // it may have come back
        self.removed.remove(&id);
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
                settings: self.settings.take(),
                open: self.open.take(),
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
            settings: self.settings.take().map(|settings| *settings),
            open: self.open.take(),
        };
        let mut room = FRAME_LIMIT.saturating_sub(json_length(&frame));
        let least = room.saturating_sub(REMOVED_LIMIT);
        while room > least
            && let Some(id) = self.removed.pop_first()
        {
            room -= id.to_string().len() + 1;
            frame.removed.push(id);
        }
        // state changes first, then what is seen; but the rest never starves
        let reserved = if self.urgent.len() + self.rows.len() > FEW {
            room / 4
        } else {
            0
        };
        let (low, high) = list.ids_at(view).unwrap_or((1, 0));
        let urgent: Vec<u64> = self.urgent.iter().rev().copied().take(ENOUGH).collect();
        self.fill(&mut frame, &mut room, reserved, list, &urgent);
        let seen = turn(&self.rows, self.seen, |id| (low..=high).contains(&id));
        self.seen = self
            .fill(&mut frame, &mut room, reserved, list, &seen)
            .unwrap_or(self.seen);
        let rest = turn(&self.rows, self.rest, |id| !(low..=high).contains(&id));
        self.rest = self
            .fill(&mut frame, &mut room, 0, list, &rest)
            .unwrap_or(self.rest);
        frame
    }

    /// Adds rows while more than `reserved` bytes stay free; answers which was the last.
    fn fill(
        &mut self,
        frame: &mut Frame,
        room: &mut usize,
        reserved: usize,
        list: &List,
        ids: &[u64],
    ) -> Option<u64> {
        let mut last = None;
        for &id in ids {
            if let Some(row) = list.row(id) {
                let length = json_length(&row) + 1;
                // the first row always fits
                let free = if frame.rows.is_empty() { 0 } else { reserved };
                if length + free >= *room {
                    break;
                }
                *room -= length;
                frame.rows.push(row);
                last = Some(id);
            }
            self.forget(id);
        }
        last
    }

    fn forget(&mut self, id: u64) {
        self.urgent.remove(&id);
        self.rows.remove(&id);
    }
}

/// Some of `rows`, beginning after the one that was sent last and going round.
fn turn(rows: &BTreeSet<u64>, last: u64, wanted: impl Fn(u64) -> bool) -> Vec<u64> {
    let after = rows.range((Bound::Excluded(last), Bound::Unbounded));
    let round = after.chain(rows.range(..=last)).copied();
    round.filter(|id| wanted(*id)).take(ENOUGH).collect()
}

pub(crate) fn json_length<T: serde::Serialize>(value: &T) -> usize {
    serde_json::to_string(value).map_or(FRAME_LIMIT, |json| json.len())
}
