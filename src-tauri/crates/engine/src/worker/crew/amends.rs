//! What a crew makes of a connection that stood still or was refused: another one in its place, or fewer at that host.
//! And of another wish for their number, and of a disk that stands still.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Crew, Seat};
use crate::core::hosts::{DOUBTED, REMEMBERED};
use crate::core::link;
use crate::core::plan::Span;
use crate::core::problem::Problem;
use crate::disk::Sink;
use crate::worker::Job;
use crate::worker::crowd::Spot;

/// How long a connection may be silent that is older than the network is now.
const OLD: Duration = Duration::from_millis(500);

/// How long a connection may be silent. Where none can take over, a new network is given the same time as any.
pub(super) fn patience(job: &Job, begun: Instant, resumable: bool) -> Duration {
    if resumable && job.changes.since(begun) {
        job.timeout.min(OLD)
    } else {
        job.timeout
    }
}

/// Connections that a crew may have, of those that the person allows.
pub(super) fn most(job: &Job, divisible: bool, wished: u32) -> usize {
    // Servers behind one name may have two versions of a file: one connection gets one of them whole.
    if divisible && job.record.attempts < 2 {
        wished.max(1) as usize
    } else {
        1
    }
}

impl Crew<'_> {
    /// The person may have changed their mind about how many there are: additional ones come as they help, those that are
    /// too many go at once, the ones that have brought least.
    pub(super) fn follow_wish(&mut self) {
        let wished = self.job.most.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.wished, wished) == wished {
            return;
        }
        self.most = most(self.job, self.divisible, wished);
        self.target = self.target.min(self.most);
        self.dismiss_beyond(self.most);
    }

    /// Ends connections until so many are left, first those that have brought least. What they had left is for the others.
    pub(super) fn dismiss_beyond(&mut self, count: usize) {
        let mut seats: Vec<&mut Seat> = self.seats.values_mut().collect();
        seats.sort_by_key(|seat| std::cmp::Reverse(seat.lane.brought()));
        for seat in seats.into_iter().skip(count) {
            seat.dismissed = true;
            seat.task.abort();
        }
    }

    /// The host that the bytes come from.
    pub(super) fn host(&self) -> String {
        link::host(&self.source.url)
    }

    /// Room for one connection more; the `only` one is always let in.
    pub(super) fn spot(&self, only: bool) -> Option<Spot> {
        let (crowd, host) = (&self.job.crowd, self.host());
        if only {
            Some(crowd.enter(&host))
        } else {
            crowd.try_enter(&host)
        }
    }

    /// The disk neither takes what is written nor refuses it: nobody waits for that for ever.
    pub(super) fn disk_answers(&self, sink: &Sink) -> Result<(), Problem> {
        if sink.silence() > self.job.care().short() {
            Err(sink.give_up())
        } else {
            Ok(())
        }
    }

    /// Whether a connection that stood still is replaced by a new one, at once and from where it stopped: always,
    /// unless the one before it stopped at that very byte too.
    pub(super) fn replaces(&mut self, problem: &Problem, left: Span) -> bool {
        let still = matches!(problem, Problem::Stalled { .. });
        if !still || !self.resumable || !self.replaced.insert(left.start) {
            return false;
        }
        let at = left.start;
        self.job.reports.warn(format!(
            "a connection stood still; another one takes its place at byte {at}"
        ));
        true
    }

    /// A host that refuses additional connections is to have fewer, for all downloads. One that only closes them, or lets
    /// them all stand still, is believed the second time; one that forbids them, or fails, may mean this file, and is
    /// believed for a minute.
    pub(super) fn learn(&mut self, problem: &Problem, seat: &Seat) {
        let busy = matches!(
            problem,
            Problem::RateLimited { .. } | Problem::ServerError { status: 503, .. }
        );
        let doubtful = matches!(
            problem,
            Problem::Forbidden { .. } | Problem::ServerError { .. }
        );
        let closed = matches!(
            problem,
            Problem::ConnectionRefused { .. } | Problem::ConnectionLost { .. }
        ) && seat.lane.brought() == 0;
        let closed = closed || (!self.helped && matches!(problem, Problem::Stalled { .. }));
        self.closed += u32::from(closed);
        let refused = busy || doubtful || (closed && self.closed > 1);
        let keep = if doubtful && !busy {
            DOUBTED
        } else {
            REMEMBERED
        };
        if refused && !self.seats.is_empty() {
            seat.spot.refused(keep, &self.job.reports);
        }
    }
}
