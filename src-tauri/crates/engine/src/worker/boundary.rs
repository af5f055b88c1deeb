//! Where the bytes of two responses meet in the part file. Without a strong validator they are compared first: a
//! response starts a little before its range, in bytes on disk, or continues a little beyond its end.
//!
//! The rule: two ranges touch only where they were compared. Until then a gap of one byte stays between them, in the
//! stored ranges as well, so that a crash leaves nothing joined that was not compared. Does not depend on the server.

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

/// Bytes that two responses share where they meet.
pub(super) const OVERLAP: u64 = 32 << 10;
/// Fewer prove little: more are waited for, unless the file has no more there.
const MIN_OVERLAP: u64 = 1 << 10;
/// Poll interval for bytes on their way to the disk; and how often to poll, at most, for bytes to compare with.
const POLL_INTERVAL: Duration = Duration::from_millis(5);
const MAX_POLLS: u32 = 400;

/// Ranges of the file that are on disk or on their way there, for all connections of a download.
#[derive(Debug)]
pub(super) struct Boundaries {
    /// Whether a strong validator shows all responses to be of one version: then nothing is compared.
    proven: AtomicBool,
    here: Mutex<ByteRanges>,
    /// Whether there are bytes of several responses.
    joined: AtomicBool,
    /// Whether two responses turned out to be of different versions.
    torn: AtomicBool,
}

/// What one connection's response may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grant {
    Take(Claim),
    /// These bytes, but the last byte of the segment only after the bytes behind it were compared.
    UpToBoundary(Claim),
    /// Nothing: the bytes before these came meanwhile from another response, and were not compared with this one.
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

    /// No code that holds the lock can panic halfway through a change.
    fn here(&self) -> MutexGuard<'_, ByteRanges> {
        self.here.lock()
    }

    /// Responses are compared from now on: the validators of one do not show it to be of this version.
    pub(super) fn doubt(&self) {
        self.proven.store(false, Ordering::Relaxed);
    }

    /// Whether responses are compared where they meet.
    pub(super) fn compared(&self) -> bool {
        !self.proven.load(Ordering::Relaxed)
    }

    /// Whether the file consists of several responses that are only joined by comparison.
    pub(super) fn joined(&self) -> bool {
        self.compared() && self.joined.load(Ordering::Relaxed)
    }

    /// Whether the bytes on disk are of two versions. It is not known which is which.
    pub(super) fn torn(&self) -> bool {
        self.torn.load(Ordering::Relaxed)
    }

    /// The range to request so that the response for `part` can be compared at both ends.
    pub(super) fn widened(&self, part: ByteRange) -> (u64, u64) {
        if self.compared() {
            let from = overlap_before(&self.here(), part.start);
            (from, part.end.saturating_add(OVERLAP))
        } else {
            (part.start, part.end)
        }
    }

    /// Claims those of the bytes `at .. at + length` that are still wanted and may be written now. `joined`: the
    /// response was compared with the bytes before these, or brought them itself. `beyond`: where its bytes were
    /// compared with those behind its segment.
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

    /// Whether the response equals the bytes on disk as far as it lies before `from`. It starts at `from` afterwards.
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

    /// Whether the bytes of a response from `at` on equal those on disk; the caller makes sure that they exist.
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
        // Claimed bytes may still be on their way to the disk.
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

    /// How many bytes from `at` on to compare; waits a while for enough of them.
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

/// Takes the bytes before `from` off a response, which then starts there and counts as joined; `None` if it ends before
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

/// Start of a request for the bytes from `from` on, so that its response can be compared with the bytes before them.
pub(super) fn overlap_before(done: &ByteRanges, from: u64) -> u64 {
    let before = from.checked_sub(1).and_then(|at| done.around(at));
    before.map_or(from, |span| span.start.max(from.saturating_sub(OVERLAP)))
}

/// The last byte of a segment and the bytes of the same response behind it, until they are compared.
#[derive(Debug, Default)]
pub(super) struct Tail {
    /// Their offset in the file.
    at: u64,
    bytes: BytesMut,
}

/// Result of comparing the bytes behind a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// The end was not reached, or the response has not brought enough yet.
    NotYet,
    Same,
    Different,
    /// Too little to compare: the last byte stays open for another connection.
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

    /// Returns the bytes and their offset.
    pub(super) fn take(&mut self) -> (u64, Bytes) {
        (self.at, self.bytes.split().freeze())
    }

    /// Compares the bytes behind the last one with those on disk. `ended`: no more bytes come.
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
