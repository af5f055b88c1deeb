//! One view of one download's events and log. Losing it changes nothing in the engine.
//!
//! Bytes and log lines wait for the window's pace; a change of state is told at once. What waits is a count and a
//! line number, never a queue.

use millrace_engine::{Millis, Snapshot};
use millrace_protocol::{DownloadEvent, LogBatch, Narrator};
use tokio::time::Instant;

use super::log::Logs;
use super::session::pace;
use super::sink::{Gone, Sink};
use crate::view::Activity;

/// The two channels of one view.
pub(crate) struct Ears {
    pub(crate) events: Sink<DownloadEvent>,
    pub(crate) log: Sink<LogBatch>,
}

pub(crate) struct Lease {
    ears: Ears,
    narrator: Narrator,
    /// Bytes came that were not told.
    behind: bool,
    /// The next log line to tell.
    line: u64,
    born: Instant,
    last: Option<Instant>,
}

impl Lease {
    /// A view of a download that was just added: its `started` waits for the server's answer.
    pub(crate) fn of_new(ears: Ears, now: Instant) -> Self {
        Self {
            ears,
            narrator: Narrator::new(),
            behind: false,
            line: 0,
            born: now,
            last: None,
        }
    }

    /// A view that comes later: what is there already is told at once.
    pub(crate) fn of_known(
        ears: Ears,
        snapshot: &Snapshot,
        now: Instant,
        wall: Millis,
    ) -> Result<Self, Gone> {
        let mut lease = Self::of_new(ears, now);
        let (narrator, events) = Narrator::attach(snapshot, wall);
        lease.narrator = narrator;
        lease.send(events)?;
        Ok(lease)
    }

    /// Tells everything between the last told snapshot and this one.
    pub(crate) fn tell(&mut self, snapshot: &Snapshot, wall: Millis) -> Result<(), Gone> {
        self.behind = false;
        let events = self.narrator.tell(snapshot, wall);
        self.send(events)
    }

    pub(crate) fn fall_behind(&mut self) {
        self.behind = true;
    }

    /// The last words: it left the list.
    pub(crate) fn end(&mut self, id: u64) -> Result<(), Gone> {
        self.send(vec![DownloadEvent::Removed { download_id: id }])
    }

    fn send(&self, events: Vec<DownloadEvent>) -> Result<(), Gone> {
        for event in events {
            self.ears.events.send(event)?;
        }
        Ok(())
    }

    pub(crate) fn deadline(&self, id: u64, logs: &Logs, activity: Activity) -> Option<Instant> {
        if !self.behind && self.line >= logs.end(id) {
            return None;
        }
        let pace = pace(activity)?;
        Some(self.last.map_or(self.born, |last| last + pace))
    }

    /// Tells what has waited.
    pub(crate) fn catch_up(
        &mut self,
        snapshot: Option<&Snapshot>,
        id: u64,
        logs: &Logs,
        now: Instant,
        wall: Millis,
    ) -> Result<(), Gone> {
        self.last = Some(now);
        self.tell_log(id, logs)?;
        match snapshot {
            Some(snapshot) if std::mem::take(&mut self.behind) => self.tell(snapshot, wall),
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn tell_log(&mut self, id: u64, logs: &Logs) -> Result<(), Gone> {
        while self.line < logs.end(id) {
            let (batch, next) = logs.batch(id, self.line);
            self.line = next;
            self.ears.log.send(batch)?;
        }
        Ok(())
    }
}
