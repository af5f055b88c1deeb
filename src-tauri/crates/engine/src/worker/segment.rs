//! The part of a file that one connection fetches, or two that race. The first to receive a byte writes it; no byte is
//! written or counted twice.
//!
//! A stream receives its response in order. The ranges wanted of it may have gaps that other connections have taken
//! over meanwhile; it receives and discards those as long as something behind them is wanted.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use super::shown_connection::{SHOWN_IDLE, ShownConnection};
use crate::domain::byte_ranges::ByteRange;
use crate::domain::request_bounds::{Fade, SpeedCourse};
use crate::domain::segments::{ActiveSegment, ConnectionState};

/// A part of the file with a front that moves forward; ranges can be split off and given back.
#[derive(Debug)]
pub(super) struct Segment {
    from: u64,
    /// Locked for a few instructions, by its own connection and rarely by the segmented transfer.
    wanted: Mutex<Wanted>,
    received: AtomicU64,
    begun: Instant,
    /// Milliseconds after `begun` at which the last bytes arrived.
    last_byte: AtomicU64,
    /// Connections that hold bytes back on our side: for a rate limit, or for the disk.
    holders: AtomicU32,
    /// Wakes a waiting stream: a range was given to it, or it may skip a gap.
    go_on: Notify,
    shown: ShownConnection,
}

/// What is still to be received.
#[derive(Debug)]
struct Wanted {
    /// Sorted and disjoint, all at or behind `position`.
    spans: Vec<ByteRange>,
    /// One past the last byte that any of its streams has claimed or passed by.
    position: u64,
    /// No stream is left: nothing can be given to it.
    over: bool,
    /// Its stream stays open although nothing is wanted of it: it may have to fetch the ranges of others.
    kept: bool,
    /// Its stream may skip the gap before the first range.
    may_pass: bool,
    /// Its speed over time.
    course: SpeedCourse,
}

impl Wanted {
    fn idle(&self) -> bool {
        self.kept && self.spans.is_empty() && !self.over
    }

    fn is_passing(&self) -> bool {
        let first = self.spans.first();
        first.is_some_and(|first| self.position < first.start)
    }

    /// Whether it keeps received bytes back, because other connections may fail to fetch their ranges.
    fn waits(&self) -> bool {
        self.idle() || (self.kept && self.is_passing() && !self.may_pass)
    }
}

/// Guard: the connection is held back by us (rate limit, disk), so it does not count as stalled.
#[derive(Debug)]
pub(super) struct BackpressureGuard<'a>(&'a Segment);

impl Drop for BackpressureGuard<'_> {
    fn drop(&mut self) {
        self.0.touch();
        self.0.holders.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Which of the bytes just received are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// Leading bytes that are not wanted or were received by another connection.
    pub(super) skip: usize,
    /// Bytes after those to write. Whatever follows is not decided yet.
    pub(super) take: usize,
}

impl Segment {
    #[cfg(test)]
    pub(super) fn new(span: ByteRange) -> Self {
        let segment = Self::empty(span.start);
        segment.wanted().spans.push(span);
        segment
    }

    /// A segment for a stream that starts at `from`; nothing is wanted of it yet.
    pub(super) fn empty(from: u64) -> Self {
        Self {
            from,
            wanted: Mutex::new(Wanted {
                spans: Vec::new(),
                position: from,
                over: false,
                kept: false,
                may_pass: false,
                course: SpeedCourse::default(),
            }),
            received: AtomicU64::new(0),
            begun: Instant::now(),
            last_byte: AtomicU64::new(0),
            holders: AtomicU32::new(0),
            go_on: Notify::new(),
            shown: ShownConnection::default(),
        }
    }

    /// No code that holds the lock can panic halfway through a change.
    fn wanted(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock()
    }

    /// Claims the first run of the bytes `at .. at + length` that is still wanted. `at` is never beyond the front:
    /// every connection starts at the front at that time, and the front only moves forward.
    pub(super) fn claim(&self, at: u64, length: usize) -> Claim {
        let end = at + length as u64;
        let mut wanted = self.wanted();
        let first = wanted.spans.first_mut().filter(|span| span.start < end);
        let Some(first) = first else {
            wanted.position = wanted.position.max(end);
            return Claim {
                skip: length,
                take: 0,
            };
        };
        debug_assert!(at <= first.start, "a connection ran ahead of its segment");
        let (from, upto) = (first.start, end.min(first.end));
        first.start = upto;
        if upto == first.end {
            wanted.spans.remove(0);
        }
        wanted.position = wanted.position.max(upto);
        wanted.may_pass = false;
        let before = self.received.fetch_add(upto - from, Ordering::Relaxed);
        let took = self.begun.elapsed();
        wanted.course.note(before + upto - from, took);
        drop(wanted);
        let small = |n| usize::try_from(n).unwrap_or(length);
        Claim {
            skip: small(from - at),
            take: small(upto - from),
        }
    }

    /// The next wanted range; `None` if there is none.
    pub(super) fn remaining(&self) -> Option<ByteRange> {
        self.wanted().spans.first().copied()
    }

    /// All wanted ranges in order, and whether the stream is in the gap before the first of them.
    pub(super) fn parts(&self) -> (Vec<ByteRange>, bool) {
        let wanted = self.wanted();
        (wanted.spans.clone(), wanted.is_passing())
    }

    /// Whether its stream is in a gap, receiving bytes that others fetch.
    pub(super) fn is_passing(&self) -> bool {
        self.wanted().is_passing()
    }

    /// No other connection may be able to fetch what is behind the gap: lets the stream skip it.
    pub(super) fn go_on(&self) {
        let mut wanted = self.wanted();
        wanted.may_pass = wanted.is_passing();
        self.go_on.notify_one();
    }

    /// Waits until its stream may skip the gap, or until there is none any more; for at most `longest` unless the
    /// stream is kept.
    pub(super) async fn wait_at_gap(&self, longest: Duration) {
        let until = tokio::time::Instant::now() + longest;
        loop {
            let (passing, kept) = {
                let wanted = self.wanted();
                (wanted.is_passing() && !wanted.may_pass, wanted.kept)
            };
            if !passing {
                return;
            }
            if kept {
                self.woken().await;
            } else if tokio::time::timeout_at(until, self.woken()).await.is_err() {
                return;
            }
        }
    }

    /// Wakes up when something may have changed for a waiting stream.
    pub(super) async fn woken(&self) {
        self.go_on.notified().await;
    }

    /// How many bytes from `at` on may be wanted, of `length` that its stream has: 0 if the stream has to keep them
    /// until it is woken. `None` if none is wanted: they are skipped.
    pub(super) fn demand(&self, at: u64, length: usize) -> Option<usize> {
        let mut wanted = self.wanted();
        if wanted.waits() {
            return Some(0);
        }
        let end = wanted.spans.last().map(|span| span.end);
        match end.and_then(|end| ByteRange::new(at, end)) {
            Some(more) => Some(usize::try_from(more.len()).map_or(length, |more| more.min(length))),
            None => {
                wanted.position = wanted.position.max(at + length as u64);
                None
            }
        }
    }

    /// Keeps its stream open even while nothing is wanted of it.
    pub(super) fn keep(&self) {
        self.wanted().kept = true;
    }

    /// Lets its stream end when nothing is wanted of it.
    pub(super) fn let_go(&self) {
        if std::mem::take(&mut self.wanted().kept) {
            self.go_on.notify_one();
        }
    }

    /// Whether its stream stays open even while nothing is wanted of it.
    pub(super) fn is_kept(&self) -> bool {
        self.wanted().kept
    }

    /// Whether it is kept open with nothing wanted: others have all of its ranges.
    pub(super) fn is_idle(&self) -> bool {
        self.wanted().idle()
    }

    /// Its progress in a file of length `total`; `None` if nothing is left.
    pub(super) fn progress(&self, total: Option<u64>) -> Option<ActiveSegment> {
        let left = self.remaining()?;
        // Without a length, the end is not known either.
        let to = left.end.min(total.unwrap_or(left.start));
        let state = if self.is_held_back() {
            ConnectionState::Held
        } else if self.idle_time() >= SHOWN_IDLE {
            ConnectionState::Idle
        } else {
            ConnectionState::Receiving
        };
        Some(self.shown.describe((self.from, left.start, to), state))
    }

    /// How its connection is shown.
    pub(super) fn shown(&self) -> &ShownConnection {
        &self.shown
    }

    /// Splits off `part`, as far as it is wanted in one piece from its first byte; `None` if that byte is not wanted
    /// here, or if the stream has reached it.
    pub(super) fn split(&self, part: ByteRange) -> Option<ByteRange> {
        let mut wanted = self.wanted();
        if wanted.position >= part.start {
            return None;
        }
        let has = |span: &ByteRange| span.start <= part.start && part.start < span.end;
        let at = wanted.spans.iter().position(has)?;
        let whole = wanted.spans[at];
        let taken = ByteRange::new(part.start, part.end.min(whole.end))?;
        let before = ByteRange::new(whole.start, taken.start);
        let after = ByteRange::new(taken.end, whole.end);
        wanted
            .spans
            .splice(at..=at, before.into_iter().chain(after));
        Some(taken)
    }

    /// Gives it unassigned ranges, all together; leaves in `parts` those whose start its stream has passed, and those
    /// that end beyond `reach`.
    pub(super) fn give(&self, parts: &mut Vec<ByteRange>, reach: u64) {
        let mut wanted = self.wanted();
        let (over, position) = (wanted.over, wanted.position);
        parts.retain(|part| {
            let late = over || position > part.start || part.end > reach;
            if !late {
                let at = wanted.spans.partition_point(|span| span.end <= part.start);
                wanted.spans.insert(at, *part);
            }
            late
        });
        drop(wanted);
        self.go_on.notify_one();
    }

    /// Takes back all but the first `keep` ranges.
    pub(super) fn take_back(&self, keep: usize) -> Vec<ByteRange> {
        let mut wanted = self.wanted();
        let keep = keep.min(wanted.spans.len());
        wanted.spans.split_off(keep)
    }

    /// Whether nothing is wanted of it nor can be. If so, this is final.
    pub(super) fn finished(&self) -> bool {
        let mut wanted = self.wanted();
        wanted.over |= wanted.spans.is_empty() && !wanted.kept;
        wanted.over
    }

    /// Offset at which its stream started.
    pub(super) fn from(&self) -> u64 {
        self.from
    }

    /// Offset that its stream has reached.
    pub(super) fn position(&self) -> u64 {
        self.wanted().position
    }

    /// Ends the segment at its front: that is the length of the file.
    pub(super) fn close_at_front(&self) -> u64 {
        let mut wanted = self.wanted();
        wanted.spans.clear();
        wanted.over = true;
        wanted.position
    }

    pub(super) fn touch(&self) {
        let since = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_byte.store(since, Ordering::Relaxed);
    }

    pub(super) fn hold_back(&self) -> BackpressureGuard<'_> {
        self.holders.fetch_add(1, Ordering::Relaxed);
        BackpressureGuard(self)
    }

    /// Whether received bytes wait for a rate limit or for the disk.
    pub(super) fn is_held_back(&self) -> bool {
        self.holders.load(Ordering::Relaxed) > 0
    }

    /// How long the server has sent nothing.
    pub(super) fn idle_time(&self) -> Duration {
        if self.is_held_back() {
            return Duration::ZERO;
        }
        let heard = Duration::from_millis(self.last_byte.load(Ordering::Relaxed));
        self.begun.elapsed().saturating_sub(heard)
    }

    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Whether it was much faster at its start.
    pub(super) fn fade(&self) -> Option<Fade> {
        let (brought, took) = (self.received(), self.begun.elapsed());
        self.wanted().course.fade(brought, took)
    }

    /// Mean bytes per second so far.
    pub(super) fn speed(&self) -> u64 {
        let took = self.begun.elapsed().as_secs_f64().max(0.001);
        (self.received() as f64 / took) as u64
    }
}

#[cfg(test)]
#[path = "segment_tests.rs"]
mod tests;
