//! Chooses the range that each further connection requests, and when it gets it.
//!
//! A range stays with the stream that can fetch it until the other connection has a matching response. So a request
//! that is refused, misdirected or never answered takes nothing away. When a stream ends, its remaining ranges go to
//! one that can still reach them; only ranges that none can reach wait for a new request.

use std::sync::Arc;

use super::{Connection, SegmentedTransfer};
use crate::domain::byte_ranges::ByteRange;
use crate::domain::split::{self, NextWork, RemainingSegment};
use crate::http::RangedResponse;
use crate::worker::fetch::{GAP_WAIT, fetch, race, request_part};
use crate::worker::host_slots::ConnectionPermit;
use crate::worker::segment::Segment;

/// What the next connection does.
enum Next {
    /// Requests a range that belongs to another connection, or to none.
    Request(ByteRange),
    /// Fetches what a segment has left before this offset, in parallel with its present connection.
    Race(Arc<Segment>, u64),
}

/// A range still to be fetched.
struct PlannedSegment<'a> {
    share: RemainingSegment,
    /// The segment whose stream is at it.
    fetched_by: Option<&'a Arc<Segment>>,
    /// Whether a connection has requested it.
    requested: bool,
}

impl<'a> PlannedSegment<'a> {
    fn new(left: ByteRange) -> Self {
        let (speed, fetchers) = (0, 1);
        Self {
            share: RemainingSegment {
                left,
                speed,
                fetchers,
            },
            fetched_by: None,
            requested: false,
        }
    }

    fn of(left: ByteRange, segment: &'a Arc<Segment>) -> Self {
        let mut planned = Self::new(left);
        planned.share.speed = segment.speed();
        planned.fetched_by = Some(segment);
        planned
    }
}

impl SegmentedTransfer<'_> {
    /// Assigns work to idle connections. A stream waits at a gap only while another connection may take over what is
    /// behind it.
    pub(super) fn spawn_connections(&mut self) {
        self.let_first_go();
        // Connections that were just aborted have not been counted as failures yet, which limits the number.
        if self.connections.values().all(|one| !one.stalled) {
            self.send_requests();
        }
        let young = |one: &Connection| one.requested.is_some() && one.begun.elapsed() < GAP_WAIT;
        if !self.connections.values().any(young) {
            let passing = self
                .connections
                .values()
                .filter(|connection| connection.segment.is_passing());
            passing
                .filter(|connection| !(connection.segment.is_kept() && self.others_have_parts()))
                .for_each(|connection| connection.segment.go_on());
        }
    }

    fn send_requests(&mut self) {
        let mut planned: Vec<(ConnectionPermit, ByteRange)> = Vec::new();
        while self.busy() + planned.len() < self.target {
            let only = self.connections.is_empty() && planned.is_empty();
            let Some(spot) = self.acquire_permit(only) else {
                break;
            };
            let parts: Vec<ByteRange> = planned.iter().map(|(_, part)| *part).collect();
            match self.next(&parts) {
                Some(Next::Request(part)) => {
                    // Requests sent together do not overlap, so that each ends with its connection in order.
                    let cut = planned.iter_mut().map(|(_, other)| other);
                    for other in cut.filter(|other| other.start < part.start) {
                        other.end = other.end.min(part.start);
                    }
                    planned.push((spot, part));
                }
                Some(Next::Race(segment, end)) => self.send_race(spot, segment, end),
                None => break,
            }
        }
        for (spot, part) in planned {
            self.send_request(spot, part);
        }
    }

    fn send_request(&mut self, spot: ConnectionPermit, part: ByteRange) {
        let segment = Arc::new(Segment::empty(part.start));
        let work = request_part(Arc::clone(&self.source), Arc::clone(&segment), part);
        let mut connection = Connection::new(spot, segment, part.end, self.tasks.spawn(work));
        connection.requested = Some(part);
        connection.bounded = self.bounds.rest().is_some();
        self.spawn_connection(connection);
    }

    fn send_race(&mut self, spot: ConnectionPermit, segment: Arc<Segment>, end: u64) {
        // Two that share a segment do not wait.
        segment.let_go();
        let work = race(Arc::clone(&self.source), Arc::clone(&segment), end);
        let mut connection = Connection::new(spot, segment, end, self.tasks.spawn(work));
        connection.racing = true;
        self.spawn_connection(connection);
    }

    /// Connections that receive wanted bytes or are about to. One that skips a gap is not counted as long as nothing
    /// has failed: another one may fetch what is behind the gap sooner. One that waits at the gap is counted.
    fn busy(&self) -> usize {
        let well = self.failures == 0;
        let connections = self.connections.values();
        let passing = |connection: &Connection| {
            connection.segment.is_passing() && !connection.segment.is_kept()
        };
        let counted = connections.filter(|connection| !(well && passing(connection)));
        counted.count()
    }

    /// `planned` are requests that are about to be sent.
    fn next(&mut self, planned: &[ByteRange]) -> Option<Next> {
        let segments = self.segments(planned);
        // First what no stream fetches and no connection has requested.
        let idle = segments
            .iter()
            .filter(|one| one.fetched_by.is_none() && !one.requested);
        if let Some(first) = idle.min_by_key(|one| one.share.left.start) {
            return Some(Next::Request(self.bounds.cut(first.share.left)));
        }
        let shares: Vec<RemainingSegment> = segments.iter().map(|one| one.share).collect();
        let speeds: Vec<u64> = shares.iter().map(|s| s.speed).filter(|s| *s > 0).collect();
        let mean = speeds.iter().sum::<u64>() / (speeds.len() as u64).max(1);
        // The last one left is compared with the speed of the others before.
        let usual = if speeds.len() > 1 || self.mean_speed == 0 {
            mean
        } else {
            self.mean_speed
        };
        let expected = usual.max(mean);
        // Without bounds, the rest of a range is no faster than that.
        let pace = self
            .bounds
            .rest()
            .map_or(expected, |rest| rest.min(expected));
        let least = split::least(pace, self.answer_time);
        let next = match split::next_work(&shares, expected, least) {
            NextWork::Split { of, at } => {
                let end = segments.get(of)?.share.left.end;
                ByteRange::new(at, end).map(|part| Next::Request(self.bounds.cut(part)))
            }
            NextWork::Race { of } => {
                let planned = segments.get(of)?;
                let segment = planned.fetched_by.filter(|_| !planned.requested);
                segment.map(|segment| Next::Race(Arc::clone(segment), planned.share.left.end))
            }
            NextWork::Idle => None,
        };
        self.mean_speed = usual;
        next
    }

    /// All ranges still to be fetched, cut where connections have requested one.
    fn segments(&self, planned: &[ByteRange]) -> Vec<PlannedSegment<'_>> {
        let mut segments: Vec<PlannedSegment<'_>> = self
            .unassigned
            .iter()
            .copied()
            .map(PlannedSegment::new)
            .collect();
        for connection in self
            .connections
            .values()
            .filter(|one| one.requested.is_none())
        {
            let same = |one: &&mut PlannedSegment<'_>| {
                one.fetched_by
                    .is_some_and(|segment| Arc::ptr_eq(segment, &connection.segment))
            };
            if let Some(raced) = segments.iter_mut().find(same) {
                raced.share.fetchers += 1;
                continue;
            }
            let (parts, passing) = connection.segment.parts();
            for (n, part) in parts.into_iter().enumerate() {
                segments.push(if n == 0 && !passing {
                    PlannedSegment::of(part, &connection.segment)
                } else {
                    PlannedSegment::new(part)
                });
            }
        }
        let mut requested: Vec<ByteRange> = self
            .connections
            .values()
            .filter_map(|one| one.requested)
            .chain(planned.iter().copied())
            .collect();
        requested.sort_unstable_by_key(|part| part.start);
        for part in requested {
            let holds = |one: &&mut PlannedSegment<'_>| {
                let left = one.share.left;
                left.start <= part.start && part.start < left.end
            };
            let Some(segment) = segments.iter_mut().find(holds) else {
                continue;
            };
            let whole = segment.share.left;
            let end = part.end.min(whole.end);
            if part.start > whole.start {
                segment.share.left.end = part.start;
                let mut asked = PlannedSegment::new(ByteRange { end, ..part });
                asked.requested = true;
                segments.push(asked);
            } else if segment.fetched_by.is_none() {
                segment.share.left.end = end;
                segment.requested = true;
            } else {
                continue;
            }
            segments.extend(ByteRange::new(end, whole.end).map(PlannedSegment::new));
        }
        segments
    }

    /// The response to a request for `part` has arrived: splits the range off and fetches it from that response.
    /// Dropped if it comes too late or is no longer wanted.
    pub(super) fn answered(
        &mut self,
        mut connection: Connection,
        part: ByteRange,
        answer: RangedResponse,
    ) {
        self.answer_time = connection.begun.elapsed();
        self.failures = 0;
        let Some(part) = self.split_off(part) else {
            return;
        };
        connection.segment.give(&mut vec![part], u64::MAX);
        connection.requested = None;
        let work = fetch(
            Arc::clone(&self.source),
            Arc::clone(&connection.segment),
            answer,
        );
        connection.task = self.tasks.spawn(work);
        self.spawn_connection(connection);
    }

    /// Takes a range from its owner, as far as it is in one piece from its first byte.
    fn split_off(&mut self, part: ByteRange) -> Option<ByteRange> {
        for connection in self
            .connections
            .values()
            .filter(|one| one.requested.is_none())
        {
            if let Some(taken) = connection.segment.split(part) {
                if connection.segment.finished() {
                    connection.task.abort();
                }
                return Some(taken);
            }
        }
        let has = |span: &ByteRange| span.start <= part.start && part.start < span.end;
        let at = self.unassigned.iter().position(has)?;
        let whole = self.unassigned.swap_remove(at);
        let taken = ByteRange {
            start: part.start,
            end: part.end.min(whole.end),
        };
        self.unassigned
            .extend(ByteRange::new(whole.start, taken.start));
        self.unassigned.extend(ByteRange::new(taken.end, whole.end));
        Some(taken)
    }

    /// Gives the ranges of ended streams to the nearest stream before them that can reach them, or leaves them for a
    /// new request. All together: a stream would skip what it is given later.
    pub(super) fn hand_on(&mut self, mut parts: Vec<ByteRange>) {
        let able = |one: &&Connection| one.requested.is_none() && !one.stalled && !one.dismissed;
        let mut able: Vec<&Connection> = self.connections.values().filter(able).collect();
        able.sort_by_key(|one| std::cmp::Reverse(one.segment.position()));
        for connection in able {
            connection.segment.give(&mut parts, connection.reach);
        }
        self.unassigned.append(&mut parts);
    }
}
