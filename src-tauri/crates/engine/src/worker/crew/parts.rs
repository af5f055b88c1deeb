//! Which part of the file each further connection asks for, and when it gets it.
//!
//! A part stays with the stream that can bring it until the matching answer of the other connection is here. So a request
//! that is refused, misled or never answered takes nothing away. When a stream ends, what it had left goes to one that can
//! still reach it, and only what none can reach waits for a new request.

use std::sync::Arc;

use super::{Crew, Seat};
use crate::core::plan::Span;
use crate::core::share::{self, Share, Turn};
use crate::http::Answer;
use crate::worker::crowd::Spot;
use crate::worker::fetch::{GAP_WAIT, fetch, race, request_part};
use crate::worker::lane::Lane;

/// What the next connection does.
enum Next {
    /// Asks for a part that others have, or nobody.
    Request(Span),
    /// Fetches what a lane has left up to there, side by side with the one that is at it.
    Race(Arc<Lane>, u64),
}

/// A part that is to come.
struct Segment<'a> {
    share: Share,
    /// The lane whose stream is at it.
    at_work: Option<&'a Arc<Lane>>,
    /// Whether a connection has asked for it.
    requested: bool,
}

impl<'a> Segment<'a> {
    fn new(left: Span) -> Self {
        let (speed, fetchers) = (0, 1);
        Self {
            share: Share {
                left,
                speed,
                fetchers,
            },
            at_work: None,
            requested: false,
        }
    }

    fn of(left: Span, lane: &'a Arc<Lane>) -> Self {
        let mut segment = Self::new(left);
        segment.share.speed = lane.speed();
        segment.at_work = Some(lane);
        segment
    }
}

impl Crew<'_> {
    /// Gives idle connections something to do. A stream before a gap waits only while another connection may take over
    /// what is behind it.
    pub(super) fn staff(&mut self) {
        self.let_first_go();
        // Those that were ended are not known to have failed yet, which says how many there may be.
        if self.seats.values().all(|one| !one.stalled) {
            self.send_requests();
        }
        let young = |one: &Seat| one.requested.is_some() && one.begun.elapsed() < GAP_WAIT;
        if !self.seats.values().any(young) {
            let passing = self.seats.values().filter(|seat| seat.lane.is_passing());
            passing
                .filter(|seat| !(seat.lane.is_kept() && self.others_have_parts()))
                .for_each(|seat| seat.lane.go_on());
        }
    }

    fn send_requests(&mut self) {
        let mut planned: Vec<(Spot, Span)> = Vec::new();
        while self.busy() + planned.len() < self.target {
            let only = self.seats.is_empty() && planned.is_empty();
            let Some(spot) = self.spot(only) else { break };
            let parts: Vec<Span> = planned.iter().map(|(_, part)| *part).collect();
            match self.next(&parts) {
                Some(Next::Request(part)) => {
                    // Those that are sent together ask for no byte twice, so that each ends with its connection in order.
                    let cut = planned.iter_mut().map(|(_, other)| other);
                    for other in cut.filter(|other| other.start < part.start) {
                        other.end = other.end.min(part.start);
                    }
                    planned.push((spot, part));
                }
                Some(Next::Race(lane, end)) => self.send_race(spot, lane, end),
                None => break,
            }
        }
        for (spot, part) in planned {
            self.send_request(spot, part);
        }
    }

    fn send_request(&mut self, spot: Spot, part: Span) {
        let lane = Arc::new(Lane::empty(part.start));
        let work = request_part(Arc::clone(&self.source), Arc::clone(&lane), part);
        let mut seat = Seat::new(spot, lane, part.end, self.tasks.spawn(work));
        seat.requested = Some(part);
        seat.bounded = self.bounds.rest().is_some();
        self.seat(seat);
    }

    fn send_race(&mut self, spot: Spot, lane: Arc<Lane>, end: u64) {
        // Two that share a lane do not wait.
        lane.let_go();
        let work = race(Arc::clone(&self.source), Arc::clone(&lane), end);
        let mut seat = Seat::new(spot, lane, end, self.tasks.spawn(work));
        seat.racing = true;
        self.seat(seat);
    }

    /// Connections that bring something or are about to. One that passes by what others have does not count as long as all
    /// went well: another one may have what it is on its way to sooner. One that waits instead does.
    fn busy(&self) -> usize {
        let well = self.failures == 0;
        let seats = self.seats.values();
        let passing = |seat: &Seat| seat.lane.is_passing() && !seat.lane.is_kept();
        let counted = seats.filter(|seat| !(well && passing(seat)));
        counted.count()
    }

    /// `planned` are requests that are about to be sent.
    fn next(&mut self, planned: &[Span]) -> Option<Next> {
        let segments = self.segments(planned);
        // First what nobody is at and nobody has asked for.
        let idle = segments
            .iter()
            .filter(|one| one.at_work.is_none() && !one.requested);
        if let Some(first) = idle.min_by_key(|one| one.share.left.start) {
            return Some(Next::Request(self.bounds.cut(first.share.left)));
        }
        let shares: Vec<Share> = segments.iter().map(|one| one.share).collect();
        let speeds: Vec<u64> = shares.iter().map(|s| s.speed).filter(|s| *s > 0).collect();
        let mean = speeds.iter().sum::<u64>() / (speeds.len() as u64).max(1);
        // The last one left is measured by what the others were.
        let usual = if speeds.len() > 1 || self.usual == 0 {
            mean
        } else {
            self.usual
        };
        let expected = usual.max(mean);
        // Without bounds, the rest of a part comes no faster than that.
        let pace = self
            .bounds
            .rest()
            .map_or(expected, |rest| rest.min(expected));
        let least = share::least(pace, self.answer_time);
        let next = match share::next(&shares, expected, least) {
            Turn::Split { of, at } => {
                let end = segments.get(of)?.share.left.end;
                Span::new(at, end).map(|part| Next::Request(self.bounds.cut(part)))
            }
            Turn::Race { of } => {
                let segment = segments.get(of)?;
                let lane = segment.at_work.filter(|_| !segment.requested);
                lane.map(|lane| Next::Race(Arc::clone(lane), segment.share.left.end))
            }
            Turn::Rest => None,
        };
        self.usual = usual;
        next
    }

    /// All that is to come, cut where connections have asked for a part.
    fn segments(&self, planned: &[Span]) -> Vec<Segment<'_>> {
        let mut segments: Vec<Segment<'_>> = self.free.iter().copied().map(Segment::new).collect();
        for seat in self.seats.values().filter(|one| one.requested.is_none()) {
            let same = |one: &&mut Segment<'_>| {
                one.at_work
                    .is_some_and(|lane| Arc::ptr_eq(lane, &seat.lane))
            };
            if let Some(raced) = segments.iter_mut().find(same) {
                raced.share.fetchers += 1;
                continue;
            }
            let (parts, passing) = seat.lane.parts();
            for (n, part) in parts.into_iter().enumerate() {
                segments.push(if n == 0 && !passing {
                    Segment::of(part, &seat.lane)
                } else {
                    Segment::new(part)
                });
            }
        }
        let mut requested: Vec<Span> = self
            .seats
            .values()
            .filter_map(|one| one.requested)
            .chain(planned.iter().copied())
            .collect();
        requested.sort_unstable_by_key(|part| part.start);
        for part in requested {
            let holds = |one: &&mut Segment<'_>| {
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
                let mut asked = Segment::new(Span { end, ..part });
                asked.requested = true;
                segments.push(asked);
            } else if segment.at_work.is_none() {
                segment.share.left.end = end;
                segment.requested = true;
            } else {
                continue;
            }
            segments.extend(Span::new(end, whole.end).map(Segment::new));
        }
        segments
    }

    /// The answer to a request for `part` is here: the part is split off, and fetched from that answer. Too late, or no
    /// longer wanted, it is let go.
    pub(super) fn answered(&mut self, mut seat: Seat, part: Span, answer: Answer) {
        self.answer_time = seat.begun.elapsed();
        self.failures = 0;
        let Some(part) = self.split_off(part) else {
            return;
        };
        seat.lane.give(&mut vec![part], u64::MAX);
        seat.requested = None;
        let work = fetch(Arc::clone(&self.source), Arc::clone(&seat.lane), answer);
        seat.task = self.tasks.spawn(work);
        self.seat(seat);
    }

    /// Takes a part from whoever has it, as far as it is one piece from its first byte on.
    fn split_off(&mut self, part: Span) -> Option<Span> {
        for seat in self.seats.values().filter(|one| one.requested.is_none()) {
            if let Some(taken) = seat.lane.split(part) {
                if seat.lane.finished() {
                    seat.task.abort();
                }
                return Some(taken);
            }
        }
        let has = |span: &Span| span.start <= part.start && part.start < span.end;
        let at = self.free.iter().position(has)?;
        let whole = self.free.swap_remove(at);
        let taken = Span {
            start: part.start,
            end: part.end.min(whole.end),
        };
        self.free.extend(Span::new(whole.start, taken.start));
        self.free.extend(Span::new(taken.end, whole.end));
        Some(taken)
    }

    /// What streams had left goes to the one that is nearest before it and can reach it, or waits for a new request. The
    /// parts are given together: a stream would pass by what it is given later.
    pub(super) fn hand_on(&mut self, mut parts: Vec<Span>) {
        let able = |one: &&Seat| one.requested.is_none() && !one.stalled && !one.dismissed;
        let mut able: Vec<&Seat> = self.seats.values().filter(able).collect();
        able.sort_by_key(|one| std::cmp::Reverse(one.lane.position()));
        for seat in able {
            seat.lane.give(&mut parts, seat.reach);
        }
        self.free.append(&mut parts);
    }
}
