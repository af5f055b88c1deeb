//! One connection of a download: what it was opened for, and what became of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use crate::domain::byte_ranges::ByteRange;
use crate::domain::request_bounds::Fade;
use crate::domain::split::MIN_SPLIT_SIZE;
use crate::worker::host_slots::ConnectionPermit;
use crate::worker::network_change::LastNetworkChange;
use crate::worker::segment::Segment;
use crate::worker::worker_event::WorkerEventSender;

pub(super) struct Connection {
    permit: ConnectionPermit,
    begun: Instant,
    segment: Arc<Segment>,
    /// The range that it requested, until the response is here; until then the range belongs to others.
    requested: Option<ByteRange>,
    /// End of the range that its response can bring.
    reach: u64,
    /// Shares the segment of another connection, which it races.
    racing: bool,
    /// Its request was bounded.
    bounded: bool,
    task: AbortHandle,
    /// Aborted by us: it stalled, or was of no use.
    stalled: bool,
    /// The first of the ranges that were taken back from it then.
    taken_back: Option<ByteRange>,
    /// Aborted by us: there are to be fewer connections, or fewer are enough.
    dismissed: bool,
}

impl Connection {
    fn new(permit: ConnectionPermit, segment: Arc<Segment>, reach: u64, task: AbortHandle) -> Self {
        Self {
            permit,
            begun: Instant::now(),
            segment,
            requested: None,
            reach,
            racing: false,
            bounded: false,
            task,
            stalled: false,
            taken_back: None,
            dismissed: false,
        }
    }

    /// The connection of the first request, which has its response and can fetch everything behind its start.
    pub(super) fn first(
        permit: ConnectionPermit,
        segment: Arc<Segment>,
        task: AbortHandle,
    ) -> Self {
        Self::new(permit, segment, u64::MAX, task)
    }

    /// A connection that requests `part`. Nothing is wanted of its segment before the response is here.
    pub(super) fn requesting(
        permit: ConnectionPermit,
        segment: Arc<Segment>,
        part: ByteRange,
        bounded: bool,
        task: AbortHandle,
    ) -> Self {
        Self {
            requested: Some(part),
            bounded,
            ..Self::new(permit, segment, part.end, task)
        }
    }

    /// A connection that fetches what another one's segment has left before `end`.
    pub(super) fn racing(
        permit: ConnectionPermit,
        segment: Arc<Segment>,
        end: u64,
        task: AbortHandle,
    ) -> Self {
        Self {
            racing: true,
            ..Self::new(permit, segment, end, task)
        }
    }

    pub(super) fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    pub(super) fn task(&self) -> &AbortHandle {
        &self.task
    }

    /// The range that it requested, until the response is here.
    pub(super) fn requested(&self) -> Option<ByteRange> {
        self.requested
    }

    /// Whether it receives a response: a range that it only requested belongs to others.
    pub(super) fn is_stream(&self) -> bool {
        self.requested.is_none()
    }

    pub(super) fn reach(&self) -> u64 {
        self.reach
    }

    /// Time since its request.
    pub(super) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn is_older_than(&self, change: &LastNetworkChange) -> bool {
        change.is_after(self.begun)
    }

    /// How long the server has sent nothing. Of two that race, the younger one has not been idle for longer than it
    /// exists.
    pub(super) fn idle_time(&self) -> Duration {
        self.segment.idle_time().min(self.age())
    }

    pub(super) fn is_bounded(&self) -> bool {
        self.bounded
    }

    pub(super) fn is_stalled(&self) -> bool {
        self.stalled
    }

    pub(super) fn is_dismissed(&self) -> bool {
        self.dismissed
    }

    /// The first range that was still to be fetched when it was marked as stalled.
    pub(super) fn taken_back(&self) -> Option<ByteRange> {
        self.taken_back
    }

    /// Whether it is that of the first request.
    pub(super) fn is_first(&self) -> bool {
        self.reach == u64::MAX
    }

    /// Whether an additional connection has received enough to be worth opening, or all that it requested. Of two that
    /// race it is not known which one has.
    pub(super) fn is_of_use(&self) -> bool {
        let additional = !self.is_first() && !self.racing;
        additional
            && self.segment.received() >= MIN_SPLIT_SIZE.min(self.reach - self.segment.from())
    }

    /// How its speed fell after its start, if nothing on our side explains it.
    pub(super) fn unexplained_fade(&self) -> Option<Fade> {
        let fade = self.segment.fade();
        fade.filter(|_| !(self.segment.is_held_back() || self.segment.is_passing()))
    }

    /// Bytes of the first range that it has left.
    pub(super) fn bytes_left(&self) -> u64 {
        self.segment.remaining().map_or(0, |left| left.len())
    }

    /// Its response is here, and `task` fetches from it.
    pub(super) fn answered(&mut self, task: AbortHandle) {
        self.requested = None;
        self.task = task;
    }

    pub(super) fn abort(&self) {
        self.task.abort();
    }

    /// Ends it: there are to be fewer connections.
    pub(super) fn dismiss(&mut self) {
        self.dismissed = true;
        self.task.abort();
    }

    /// Ends it: it stalled, or is of no use.
    pub(super) fn end_as_stalled(&mut self) {
        self.stalled = true;
        self.taken_back = self.segment.remaining();
        self.task.abort();
    }

    /// The host refused it: keeps to the number of connections that it had otherwise, for this long.
    pub(super) fn learn_refusal(&self, keep: Duration, reports: &WorkerEventSender) {
        self.permit.on_refused(keep, reports);
    }
}
