//! One view's subscription to the events and log of one download. Dropping it does not affect the download.
//!
//! Progress and log lines are sent at the window's frame interval, phase changes immediately. Pending progress is a
//! flag and a line number, never a queue.

use std::fmt;

use millrace_engine::{Snapshot, UnixMillis};
use millrace_protocol::{DownloadEvent, EventTracker, LogBatch};
use tokio::time::Instant;

use super::log::Logs;
use super::session::frame_interval;
use super::sink::{BoxedSink, ChannelClosed};
use crate::view::Activity;

/// The two channels of one view.
pub struct WatchChannels {
    pub events: BoxedSink<DownloadEvent>,
    pub log: BoxedSink<LogBatch>,
}

impl fmt::Debug for WatchChannels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchChannels").finish_non_exhaustive()
    }
}

pub(crate) struct Lease {
    channels: WatchChannels,
    tracker: EventTracker,
    /// Received bytes have not been reported yet.
    pending: bool,
    /// Number of the next log line to send.
    next_line: u64,
    created: Instant,
    last: Option<Instant>,
}

impl Lease {
    /// Watches a download that was just added: `started` is sent after the server's response.
    pub(crate) fn of_new(channels: WatchChannels, now: Instant) -> Self {
        Self {
            channels,
            tracker: EventTracker::new(),
            pending: false,
            next_line: 0,
            created: now,
            last: None,
        }
    }

    /// Watches an existing download: its current state is sent immediately.
    pub(crate) fn of_known(
        channels: WatchChannels,
        snapshot: &Snapshot,
        now: Instant,
        wall: UnixMillis,
    ) -> Result<Self, ChannelClosed> {
        let mut lease = Self::of_new(channels, now);
        let (tracker, events) = EventTracker::attach(snapshot, wall);
        lease.tracker = tracker;
        lease.send(events)?;
        Ok(lease)
    }

    /// Sends the events between the snapshot reported last and this one.
    pub(crate) fn send_events(
        &mut self,
        snapshot: &Snapshot,
        wall: UnixMillis,
    ) -> Result<(), ChannelClosed> {
        self.pending = false;
        let events = self.tracker.update(snapshot, wall);
        self.send(events)
    }

    pub(crate) fn defer(&mut self) {
        self.pending = true;
    }

    /// Sends the last event: the download left the list.
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

    /// Sends pending log lines and progress.
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
