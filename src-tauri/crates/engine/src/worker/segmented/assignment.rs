//! Chooses the range that each further connection requests. Pure: what streams have left is passed in.
//!
//! A range stays with the stream that can fetch it until the other connection has a matching response. So a request
//! that is refused, misdirected or never answered takes nothing away. When a stream ends, its remaining ranges go to
//! one that can still reach them; only ranges that none can reach wait for a new request.

use std::time::Duration;

use crate::domain::byte_ranges::ByteRange;
use crate::domain::request_bounds::RequestBounds;
use crate::domain::split::{self, NextWork, RemainingSegment};

/// A connection that receives a response.
#[derive(Debug)]
pub(super) struct Stream {
    /// Number of its segment; two that race have the same one.
    pub(super) segment: usize,
    /// What is wanted of it, in order.
    pub(super) parts: Vec<ByteRange>,
    /// Whether it is in the gap before the first of these.
    pub(super) passing: bool,
    /// Bytes per second.
    pub(super) speed: u64,
}

/// What the next connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextRequest {
    /// Requests a range that belongs to another connection, or to none.
    Part(ByteRange),
    /// Fetches what a segment has left before `end`, in parallel with its present connection.
    Race { segment: usize, end: u64 },
}

/// The ranges without a stream, and what the next requests ask for.
#[derive(Debug)]
pub(super) struct Assignment {
    /// Ranges that no stream can fetch.
    unassigned: Vec<ByteRange>,
    /// How long the last request waited for its response.
    answer_time: Duration,
    /// Mean speed of several connections, remembered when one is left.
    mean_speed: u64,
}

impl Assignment {
    pub(super) fn new(missing: Vec<ByteRange>, answer_time: Duration) -> Self {
        Self {
            unassigned: missing,
            answer_time,
            mean_speed: 0,
        }
    }

    /// Ranges that no stream can fetch.
    pub(super) fn unassigned(&self) -> &[ByteRange] {
        &self.unassigned
    }

    pub(super) fn take_all(&mut self) -> Vec<ByteRange> {
        std::mem::take(&mut self.unassigned)
    }

    pub(super) fn add(&mut self, mut parts: Vec<ByteRange>) {
        self.unassigned.append(&mut parts);
    }

    /// Takes an unassigned range, as far as it is in one piece from its first byte.
    pub(super) fn take(&mut self, part: ByteRange) -> Option<ByteRange> {
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

    /// How long the last request waited for its response.
    pub(super) fn answer_time(&self) -> Duration {
        self.answer_time
    }

    pub(super) fn set_answer_time(&mut self, answer_time: Duration) {
        self.answer_time = answer_time;
    }

    /// What the next connection does; `None` if nothing is worth one. `requested` are the ranges whose responses are
    /// not here yet.
    pub(super) fn next(
        &mut self,
        streams: &[Stream],
        requested: Vec<ByteRange>,
        bounds: RequestBounds,
    ) -> Option<NextRequest> {
        let segments = planned_segments(&self.unassigned, streams, requested);
        // First what no stream fetches and no connection has requested.
        let idle = segments
            .iter()
            .filter(|one| one.fetched_by.is_none() && !one.requested);
        if let Some(first) = idle.min_by_key(|one| one.share.left.start) {
            return Some(NextRequest::Part(bounds.cut(first.share.left)));
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
        self.mean_speed = usual;
        let expected = usual.max(mean);
        // Without bounds, the rest of a range is no faster than that.
        let pace = bounds.rest().map_or(expected, |rest| rest.min(expected));
        let least = split::least(pace, self.answer_time);
        match split::next_work(&shares, expected, least) {
            NextWork::Split { of, at } => {
                let end = segments.get(of)?.share.left.end;
                ByteRange::new(at, end).map(|part| NextRequest::Part(bounds.cut(part)))
            }
            NextWork::Race { of } => {
                let planned = segments.get(of)?;
                let segment = planned.fetched_by.filter(|_| !planned.requested)?;
                let end = planned.share.left.end;
                Some(NextRequest::Race { segment, end })
            }
            NextWork::Idle => None,
        }
    }
}

/// A range still to be fetched.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PlannedSegment {
    share: RemainingSegment,
    /// The segment whose stream is at it.
    fetched_by: Option<usize>,
    /// Whether a connection has requested it.
    requested: bool,
}

impl PlannedSegment {
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

    fn of(left: ByteRange, stream: &Stream) -> Self {
        let mut planned = Self::new(left);
        planned.share.speed = stream.speed;
        planned.fetched_by = Some(stream.segment);
        planned
    }
}

/// All ranges still to be fetched, cut where connections have requested one.
fn planned_segments(
    unassigned: &[ByteRange],
    streams: &[Stream],
    mut requested: Vec<ByteRange>,
) -> Vec<PlannedSegment> {
    let mut segments: Vec<PlannedSegment> = unassigned
        .iter()
        .copied()
        .map(PlannedSegment::new)
        .collect();
    for stream in streams {
        let same = |one: &&mut PlannedSegment| one.fetched_by == Some(stream.segment);
        if let Some(raced) = segments.iter_mut().find(same) {
            raced.share.fetchers += 1;
            continue;
        }
        for (n, part) in stream.parts.iter().copied().enumerate() {
            segments.push(if n == 0 && !stream.passing {
                PlannedSegment::of(part, stream)
            } else {
                PlannedSegment::new(part)
            });
        }
    }
    requested.sort_unstable_by_key(|part| part.start);
    for part in requested {
        let holds = |one: &&mut PlannedSegment| {
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

#[cfg(test)]
#[path = "assignment_tests.rs"]
mod tests;
