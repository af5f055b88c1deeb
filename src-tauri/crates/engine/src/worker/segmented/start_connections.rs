//! Starts connections: that of the first response, and further ones up to the target.

use std::sync::Arc;

use super::SegmentedTransfer;
use super::assignment::{NextRequest, Stream};
use super::connection::Connection;
use crate::domain::byte_ranges::ByteRange;
use crate::http::RangedResponse;
use crate::worker::fetch::{GAP_WAIT, fetch, race, request_part};
use crate::worker::host_slots::ConnectionPermit;
use crate::worker::segment::Segment;

impl SegmentedTransfer<'_> {
    /// The first response starts the first missing range. It can also fetch everything behind it.
    pub(super) fn start_first(&mut self, answer: RangedResponse) {
        let Some(first) = self.assignment.unassigned().first() else {
            // An empty file: nothing to fetch, but the end of its body must be seen.
            self.outcome.set_total(self.outcome.total().unwrap_or(0));
            return;
        };
        let segment = Arc::new(Segment::empty(answer.start.max(first.start)));
        let permit = self
            .job
            .first_permit
            .for_host(&self.host(), &self.job.host_slots);
        let mut parts = self.assignment.take_all();
        segment.give(&mut parts, u64::MAX);
        self.assignment.add(parts);
        if self.scaling.max() > 1 {
            segment.keep();
        }
        let work = fetch(Arc::clone(&self.source), Arc::clone(&segment), answer);
        let connection = |task| Connection::first(permit, segment, task);
        self.connections.start(work, connection);
    }

    /// Assigns work to idle connections. A stream waits at a gap only while another connection may take over what is
    /// behind it.
    pub(super) fn start_connections(&mut self) {
        self.stalls.note_use(self.connections.any_of_use());
        if self.stalls.has_helped() || !self.assignment.unassigned().is_empty() {
            self.connections.let_first_go();
        }
        // Connections that were just aborted have not been counted as failures yet, which limits the number.
        if self.connections.iter().all(|one| !one.is_stalled()) {
            self.send_requests();
        }
        let young = |one: &Connection| !one.is_stream() && one.age() < GAP_WAIT;
        if !self.connections.iter().any(young) {
            let segments = self.connections.iter().map(Connection::segment);
            segments
                .filter(|segment| segment.is_passing())
                .filter(|segment| !(segment.is_kept() && self.connections.others_have_parts()))
                .for_each(|segment| segment.go_on());
        }
    }

    fn send_requests(&mut self) {
        let mut planned: Vec<(ConnectionPermit, ByteRange)> = Vec::new();
        while self.busy() + planned.len() < self.scaling.target() {
            let only = self.connections.is_empty() && planned.is_empty();
            let Some(permit) = self.acquire_permit(only) else {
                break;
            };
            let parts = planned.iter().map(|(_, part)| *part);
            let requested = self.connections.iter().filter_map(Connection::requested);
            let requested = requested.chain(parts).collect();
            let (segments, streams) = self.streams();
            let bounds = self.bounded.bounds();
            match self.assignment.next(&streams, requested, bounds) {
                Some(NextRequest::Part(part)) => {
                    // Requests sent together do not overlap, so that each ends with its connection in order.
                    let cut = planned.iter_mut().map(|(_, other)| other);
                    for other in cut.filter(|other| other.start < part.start) {
                        other.end = other.end.min(part.start);
                    }
                    planned.push((permit, part));
                }
                Some(NextRequest::Race { segment, end }) => {
                    self.send_race(permit, Arc::clone(&segments[segment]), end);
                }
                None => break,
            }
        }
        for (permit, part) in planned {
            self.send_request(permit, part);
        }
    }

    /// Connections that receive wanted bytes or are about to. One that skips a gap is not counted as long as nothing
    /// has failed: another one may fetch what is behind the gap sooner. One that waits at the gap is counted.
    fn busy(&self) -> usize {
        let well = !self.scaling.has_failed();
        let segments = self.connections.iter().map(Connection::segment);
        let counted = segments.filter(|one| !(well && one.is_passing() && !one.is_kept()));
        counted.count()
    }

    /// Permit for one more connection; the `only` one is always granted.
    fn acquire_permit(&self, only: bool) -> Option<ConnectionPermit> {
        let (host_slots, host) = (&self.job.host_slots, self.host());
        if only {
            Some(host_slots.acquire(&host))
        } else {
            host_slots.try_acquire(&host)
        }
    }

    /// What the streams have left, and the segments that it names by their numbers.
    fn streams(&self) -> (Vec<Arc<Segment>>, Vec<Stream>) {
        let mut segments: Vec<Arc<Segment>> = Vec::new();
        let mut streams = Vec::new();
        for segment in self.connections.streams().map(Connection::segment) {
            let known = segments.iter().position(|one| Arc::ptr_eq(one, segment));
            let number = known.unwrap_or_else(|| {
                segments.push(Arc::clone(segment));
                segments.len() - 1
            });
            let (parts, passing) = segment.parts();
            streams.push(Stream {
                segment: number,
                parts,
                passing,
                speed: segment.speed(),
            });
        }
        (segments, streams)
    }

    fn send_request(&mut self, permit: ConnectionPermit, part: ByteRange) {
        let segment = Arc::new(Segment::empty(part.start));
        let work = request_part(Arc::clone(&self.source), Arc::clone(&segment), part);
        let bounded = self.bounded.are_bounded();
        let connection = |task| Connection::requesting(permit, segment, part, bounded, task);
        self.connections.start(work, connection);
    }

    fn send_race(&mut self, permit: ConnectionPermit, segment: Arc<Segment>, end: u64) {
        // Two that share a segment do not wait.
        segment.let_go();
        let work = race(Arc::clone(&self.source), Arc::clone(&segment), end);
        let connection = |task| Connection::racing(permit, segment, end, task);
        self.connections.start(work, connection);
    }

    /// The response to a request for `part` has arrived: splits the range off and fetches it from that response.
    /// Dropped if it comes too late or is no longer wanted.
    pub(super) fn on_response(
        &mut self,
        connection: Connection,
        part: ByteRange,
        answer: RangedResponse,
    ) {
        self.assignment.set_answer_time(connection.age());
        self.scaling.on_response();
        let running = self.connections.split_off(part);
        let Some(part) = running.or_else(|| self.assignment.take(part)) else {
            return;
        };
        let segment = Arc::clone(connection.segment());
        segment.give(&mut vec![part], u64::MAX);
        let work = fetch(Arc::clone(&self.source), segment, answer);
        self.connections.answered(connection, work);
    }
}
