//! One view of one download's events and log. Losing it changes nothing in the engine.
//!
//! Bytes and log lines wait for the window's pace; a change of state is told at once. What waits is a count and a
//! line number, never a queue.

use millrace_engine::{Snapshot, UnixMillis};
use millrace_protocol::{DownloadEvent, EventTracker, LogBatch};
use tokio::time::Instant;

use super::log::Logs;
use super::session::frame_interval;
use super::sink::{BoxedSink, ChannelClosed};
use crate::ipc::Activity;

/// The two channels of one view.
pub(crate) struct WatchChannels {
    pub(crate) events: BoxedSink<DownloadEvent>,
    pub(crate) log: BoxedSink<LogBatch>,
}

pub(crate) struct Lease {
    channels: WatchChannels,
    narrator: EventTracker,
    /// Bytes came that were not told.
    pending: bool,
    /// The next log line to tell.
    next_line: u64,
    created: Instant,
    last: Option<Instant>,
}

impl Lease {
    /// A view of a download that was just added: its `started` waits for the server's answer.
    pub(crate) fn of_new(ears: WatchChannels, now: Instant) -> Self {
        Self {
            channels: ears,
            narrator: EventTracker::new(),
            pending: false,
            next_line: 0,
            created: now,
            last: None,
        }
    }

    /// A view that comes later: what is there already is told at once.
    pub(crate) fn of_known(
        ears: WatchChannels,
        snapshot: &Snapshot,
        now: Instant,
        wall: UnixMillis,
    ) -> Result<Self, ChannelClosed> {
        let mut lease = Self::of_new(ears, now);
        let (narrator, events) = EventTracker::attach(snapshot, wall);
        lease.narrator = narrator;
        lease.send(events)?;
        Ok(lease)
    }

    /// Tells everything between the last told snapshot and this one.
    pub(crate) fn send_events(
        &mut self,
        snapshot: &Snapshot,
        wall: UnixMillis,
    ) -> Result<(), ChannelClosed> {
        self.pending = false;
        let events = self.narrator.update(snapshot, wall);
        self.send(events)
    }

    pub(crate) fn defer(&mut self) {
        self.pending = true;
    }

    /// The last words: it left the list.
    pub(crate) fn end(&mut self, id: u64) -> Result<(), ChannelClosed> {
        self.send(vec![DownloadEvent::Removed { download_id: id }])
    }

    fn send(&self, events: Vec<DownloadEvent>) -> Result<(), ChannelClosed> {
        for event in events {
            self.channels.events.send(event)?;
        }
        Ok(())
    }

    pub(crate) fn deadline(&self, id: u64, logs: &Logs, activity: Activity) -> Option<Instant> {
        if !self.pending && self.next_line >= logs.end(id) {
            return None;
        }
        let pace = frame_interval(activity)?;
        Some(self.last.map_or(self.created, |last| last + pace))
    }

    /// Tells what has waited.
    pub(crate) fn catch_up(
        &mut self,
        snapshot: Option<&Snapshot>,
        id: u64,
        logs: &Logs,
        now: Instant,
        wall: UnixMillis,
    ) -> Result<(), ChannelClosed> {
        self.last = Some(now);
        self.send_log(id, logs)?;
        match snapshot {
            Some(snapshot) if std::mem::take(&mut self.pending) => self.send_events(snapshot, wall),
            Some(_) | None => Ok(()),
        }
    }

    pub(crate) fn send_log(&mut self, id: u64, logs: &Logs) -> Result<(), ChannelClosed> {
        while self.next_line < logs.end(id) {
            let (batch, next) = logs.batch(id, self.next_line);
            self.next_line = next;
            self.channels.log.send(batch)?;
        }
        Ok(())
    }
}
