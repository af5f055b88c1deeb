//! Which download starts next, and when: the queue, the limits of the hosts, and the timers.
//!
//! Knows downloads by id, host and status only. Reads no clock: it is passed in.

use std::time::Duration;

use super::timers::{Clocks, Due, Timers};
use crate::domain::download::{DownloadId, UnixMillis};
use crate::domain::host_limits;
use crate::domain::queue::{Limits, MoveOutcome, Queue, QueueStatus};
use crate::domain::queue_key::{Priority, QueueKey, QueueMove};
use crate::worker::{ConnectionPermit, HostSlots};

/// Downloads of one host that run in parallel with connections of their own, at most as many as a host may have. Beyond
/// that, a download's first request may share a connection.
const MAX_SEPARATE: usize = host_limits::MAX_CONNECTIONS_PER_HOST as usize;

#[derive(Debug)]
pub(super) struct Scheduler {
    queue: Queue,
    host_slots: HostSlots,
    timers: Timers,
    /// Whether a download may be able to start: checked once per turn of the loop, however many downloads changed in
    /// it.
    start_requested: bool,
}

/// Limits of the queue; at least one download may run.
fn queue_limits(all: u32, per_host: Option<u32>) -> Limits {
    let count = |most: u32| usize::try_from(most.max(1)).unwrap_or(usize::MAX);
    Limits {
        all: count(all),
        per_host: per_host.map_or(usize::MAX, count),
    }
}

impl Scheduler {
    /// `all`, `per_host`: running downloads at most.
    pub(super) fn new(all: u32, per_host: Option<u32>) -> Self {
        Self {
            queue: Queue::new(queue_limits(all, per_host)),
            host_slots: HostSlots::new(),
            timers: Timers::default(),
            start_requested: false,
        }
    }

    /// Changes the limits; running downloads continue.
    pub(super) fn set_limits(&mut self, all: u32, per_host: Option<u32>) {
        self.queue.set_limits(queue_limits(all, per_host));
    }

    /// Sets how one download is counted; `None` when it is neither ready to start nor running.
    pub(super) fn set_status(&mut self, id: DownloadId, host: &str, status: Option<QueueStatus>) {
        self.queue.set_status(id, host, status);
    }

    /// A download may be able to start now.
    pub(super) fn request_start(&mut self) {
        self.start_requested = true;
    }

    /// Whether [`Scheduler::request_start`] was called since the last call of this.
    pub(super) fn take_start_request(&mut self) -> bool {
        std::mem::take(&mut self.start_requested)
    }

    /// The download to start now, if the limits allow one.
    pub(super) fn next_start(&self) -> Option<DownloadId> {
        self.queue.next_ready(|host| self.host_slots.is_full(host))
    }

    /// Whether so many downloads of this host run in parallel that the first request of another one may share a
    /// connection.
    pub(super) fn shares_connection(&self, host: &str) -> bool {
        self.queue.concurrency(host) > MAX_SEPARATE
    }

    /// The connections that each host has, shared with the workers.
    pub(super) fn host_slots(&self) -> &HostSlots {
        &self.host_slots
    }

    /// Permit for the first connection of a download that starts.
    pub(super) fn first_permit(&self, host: &str) -> ConnectionPermit {
        self.host_slots.acquire(host)
    }

    /// All queued downloads, the next one first.
    pub(super) fn order(&self) -> impl Iterator<Item = DownloadId> {
        self.queue.order()
    }

    /// Resolves a move of the download at `turn`; `target` is the key of the download that the move names.
    pub(super) fn resolve_move(
        &self,
        turn: QueueKey,
        place: QueueMove,
        target: QueueKey,
    ) -> MoveOutcome {
        self.queue.resolve_move(turn, place, target)
    }

    /// New positions for all queued downloads of a priority, in their present order.
    pub(super) fn rebalance(&self, priority: Priority) -> Vec<(DownloadId, i64)> {
        self.queue.rebalance(priority)
    }

    /// A wait that ends at `until`, unless the time of day is set meanwhile.
    pub(super) fn wait(&mut self, id: DownloadId, until: UnixMillis, now: Clocks) {
        self.timers.wait(id, until, now);
    }

    /// The user scheduled a start.
    pub(super) fn schedule_start(&mut self, id: DownloadId, at: UnixMillis) {
        self.timers.schedule_start(id, at);
    }

    /// Time until [`Scheduler::take_due`] must be called again.
    pub(super) fn next_due(&self, now: Clocks) -> Option<Duration> {
        self.timers.next(now)
    }

    /// Removes and returns one timer that is due.
    pub(super) fn take_due(&mut self, now: Clocks) -> Option<(DownloadId, Due)> {
        self.timers.take(now)
    }
}

#[cfg(test)]
#[path = "scheduler_tests.rs"]
mod tests;
