//! Where the bytes of two answers meet in the unfinished file. Without a strong validator they are compared before they
//! touch: an answer begins a little before its part, in bytes that are here, or goes on a little beyond its end.
//!
//! The rule: two ranges touch only where that was done. Until then a gap of one byte stays between them, in the stored
//! plan as well, so that a process that dies leaves nothing joined that was not compared. Knows no server.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use parking_lot::{Mutex, MutexGuard};

use super::run_blocking;
use super::segment::{Claim, Segment};
use crate::disk::{self, FileWriter};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::http::RangedResponse;

/// Bytes that two answers have in common where they meet.
pub(super) const OVERLAP: u64 = 32 << 10;
/// Fewer say little: more are waited for, unless the file has no more there.
const MIN_OVERLAP: u64 = 1 << 10;
/// How often bytes that are on their way to the disk are looked for, and how often at most until others are there to be
/// compared with.
const POLL_INTERVAL: Duration = Duration::from_millis(5);
const MAX_POLLS: u32 = 400;

/// What of the file is here or on its way to the disk, for all connections of a download.
#[derive(Debug)]
pub(super) struct Boundaries {
    /// Whether a strong validator shows all answers to be of one version: then nothing is compared.
    proven: AtomicBool,
    here: Mutex<ByteRanges>,
    /// Whether bytes of several answers are here.
    joined: AtomicBool,
    /// Whether two of them turned out to be of two versions.
    torn: AtomicBool,
}

/// What one connection's answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    Take(Claim),
    /// So much, and the last byte of the lane only when the bytes behind it were compared.
    UpToBoundary(Claim),
    /// Nothing: what is before these bytes came meanwhile from another answer, and was not compared with this one.
    Unjoined,
}

impl Boundaries {
    pub(super) fn new(identity: &Validators, done: ByteRanges) -> Self {
        Self {
            proven: AtomicBool::new(identity.is_strong()),
            joined: AtomicBool::new(!done.is_empty()),
            here: Mutex::new(done),
            torn: AtomicBool::new(false),
        }
    }

    /// Nothing that holds the lock can panic halfway through a change.
    fn here(&self) -> MutexGuard<'_, ByteRanges> {
        self.here.lock()
    }

    /// From now on answers are compared: one of them is not shown to be of this version by its validators.
    pub(super) fn doubt(&self) {
        self.proven.store(false, Ordering::Relaxed);
    }

    /// Whether answers are compared where they meet.
    pub(super) fn compared(&self) -> bool {
        !self.proven.load(Ordering::Relaxed)
    }

    /// Whether the file consists of several answers that only a comparison holds together.
    pub(super) fn joined(&self) -> bool {
        self.compared() && self.joined.load(Ordering::Relaxed)
    }

    /// Whether what is here is of two versions. Which of them is which cannot be told any more.
    pub(super) fn torn(&self) -> bool {
        self.torn.load(Ordering::Relaxed)
    }

    /// What is to be asked for, so that the answer to a request for `part` can be compared at both ends.
    pub(super) fn widened(&self, part: ByteRange) -> (u64, u64) {
        if self.compared() {
            let from = overlap_before(&self.here(), part.start);
            (from, part.end.saturating_add(OVERLAP))
        } else {
            (part.start, part.end)
        }
    }

    /// Claims of the bytes `at .. at + length` what is still wanted and may be written now. `joined`: the answer was
    /// compared with what is before these bytes, or has brought it. `beyond`: where its bytes were compared with those
    /// behind its lane.
    pub(super) fn claim(
        &self,
        segment: &Segment,
        at: u64,
        length: usize,
        joined: bool,
        beyond: Option<u64>,
    ) -> Grant {
        let mut here = self.here();
        let Some(left) = segment.remaining() else {
            return Grant::Take(segment.claim(at, length));
        };
        let upto = left.end.min(at + length as u64);
        if upto <= left.start {
            return Grant::Take(segment.claim(at, length));
        }
        let compared = self.compared();
        let before = left.start.checked_sub(1).and_then(|at| here.around(at));
        if compared && before.is_some() && !joined {
            return Grant::Unjoined;
        }
        let meets = here.around(upto).is_some();
        let held = compared && meets && beyond != Some(upto);
        let upto = if held { upto - 1 } else { upto };
        let small = usize::try_from(upto - at).unwrap_or(length);
        if upto <= left.start {
            let (skip, take) = (small, 0);
            return Grant::UpToBoundary(Claim { skip, take });
        }
        let claim = segment.claim(at, small);
        let taken = ByteRange::new(left.start, left.start + claim.take as u64);
        taken.into_iter().for_each(|span| here.insert(span));
        if held {
            Grant::UpToBoundary(claim)
        } else {
            Grant::Take(claim)
        }
    }

    /// Whether an answer, as far as it lies before `from`, has the bytes that are here. Then it begins with `from`.
    pub(super) async fn follows(
        &self,
        sink: &FileWriter,
        answer: &mut RangedResponse,
        from: u64,
    ) -> Result<bool, Problem> {
        let Some(bytes) = before(answer, from).await? else {
            return Ok(false);
        };
        self.agree(sink, from - bytes.len() as u64, bytes).await
    }

    /// Whether the bytes of an answer from `at` on are those that are here; how many there are is for the caller to see to.
    pub(super) async fn agree(
        &self,
        sink: &FileWriter,
        at: u64,
        bytes: Bytes,
    ) -> Result<bool, Problem> {
        let Some(span) = ByteRange::new(at, at + bytes.len() as u64) else {
            return Ok(true);
        };
        self.joined.store(true, Ordering::Relaxed);
        // What was claimed may still be on its way to the disk.
        while !sink.done().contains(span) {
            if let Some(problem) = sink.problem() {
                return Err(problem);
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        let file = sink.file();
        let found = run_blocking(move || disk::read_blocks(&file?, vec![span])).await;
        let found = found.map_err(|error| sink.to_problem(&error))?;
        Ok(found.iter().all(|block| block.bytes == bytes))
    }

    /// How many bytes from `at` on are to be compared there; waits a while for enough of them.
    async fn wanted(&self, at: u64, total: Option<u64>) -> usize {
        let run = || self.here().around(at).map_or(0, |span| span.end - at);
        for _ in 0..MAX_POLLS {
            let run = run();
            if run >= MIN_OVERLAP || total.is_some_and(|total| at + run >= total) {
                break;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
        usize::try_from(run().min(OVERLAP)).unwrap_or_default()
    }
}

/// Takes the bytes before `from` off an answer, which begins there then and counts as joined; `None` when it ends before
/// that.
pub(super) async fn before(
    answer: &mut RangedResponse,
    from: u64,
) -> Result<Option<Bytes>, Problem> {
    let length = usize::try_from(from - answer.start).unwrap_or(usize::MAX);
    let mut bytes = BytesMut::new();
    while bytes.len() < length {
        let Some(more) = answer.body.next().await? else {
            return Ok(None);
        };
        bytes.extend_from_slice(&more);
    }
    let rest = bytes.split_off(length).freeze();
    answer.body.push_back(rest, None);
    answer.start = from;
    answer.joined = true;
    Ok(Some(bytes.freeze()))
}

/// Where a request for the bytes from `from` on begins, so that its answer can be compared with what is before them.
pub(super) fn overlap_before(done: &ByteRanges, from: u64) -> u64 {
    let before = from.checked_sub(1).and_then(|at| done.around(at));
    before.map_or(from, |span| span.start.max(from.saturating_sub(OVERLAP)))
}

/// The last byte of a lane and those of the same answer behind it, until they are compared with what is there.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Where in the file it begins.
    at: u64,
    bytes: BytesMut,
}

/// What the bytes behind a lane say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// The end was not reached, or the answer has not brought enough yet.
    NotYet,
    Same,
    Different,
    /// There is too little to compare: the last byte stays open for another connection.
    Unsure,
}

impl Tail {
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn push(&mut self, at: u64, bytes: &[u8]) {
        if self.bytes.is_empty() {
            self.at = at;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Gives the bytes back, and where they begin.
    pub(super) fn take(&mut self) -> (u64, Bytes) {
        (self.at, self.bytes.split().freeze())
    }

    /// Compares what is behind the last byte with what is here. `ended`: no more bytes come.
    pub(super) async fn meet(
        &self,
        boundaries: &Boundaries,
        sink: &FileWriter,
        total: Option<u64>,
        ended: bool,
    ) -> Result<Overlap, Problem> {
        let Some(came) = self.bytes.len().checked_sub(1) else {
            return Ok(Overlap::NotYet);
        };
        let border = self.at + 1;
        let wanted = boundaries.wanted(border, total).await;
        let enough = if ended { came.min(wanted) } else { wanted };
        if came < enough {
            return Ok(Overlap::NotYet);
        }
        if enough < wanted && (enough as u64) < MIN_OVERLAP {
            return Ok(Overlap::Unsure);
        }
        let bytes = Bytes::copy_from_slice(&self.bytes[1..=enough]);
        Ok(if boundaries.agree(sink, border, bytes).await? {
            Overlap::Same
        } else {
            boundaries.torn.store(true, Ordering::Relaxed);
            Overlap::Different
        })
    }
}
