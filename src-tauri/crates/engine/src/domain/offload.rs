//! Offloading: which ranges of a partial file the system fetches while this process sleeps, and the token by which
//! each is recognised when it comes back, also in another process. Pure.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::byte_ranges::ByteRange;
use super::download::DownloadId;
use super::record::Record;
use super::state::State;

/// Minimum size of a chunk, unless less is missing: each costs a request and a file of its own.
const MIN_CHUNK: u64 = 16 << 20;
/// Maximum number of chunks of one download at a time. A chunk cancelled halfway is lost: this bounds the loss to a
/// share of the missing bytes.
const MAX_CHUNKS: u64 = 32;

/// A range of a file for the system to fetch, with everything the request needs.
#[derive(Clone, PartialEq, Eq)]
pub struct OffloadedRange {
    /// Returned with the response.
    pub token: String,
    pub url: String,
    /// Headers to send beside `Range` and `Accept-Encoding: identity`. May hold secrets.
    pub headers: Vec<(String, String)>,
    /// The first byte, and one past the last.
    pub from: u64,
    pub to: u64,
    /// Neither over a metered network nor while roaming.
    pub unmetered_only: bool,
}

/// Without URL and headers, which may hold secrets.
impl fmt::Debug for OffloadedRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent")
            .field("token", &self.token)
            .field("unmetered_only", &self.unmetered_only)
            .finish_non_exhaustive()
    }
}

/// The result of fetching an offloaded range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffloadedResponse {
    /// The token of the [`OffloadedRange`].
    pub token: String,
    /// File with exactly the bytes of the response body; `None` when nothing arrived. It is deleted in any case.
    pub file: Option<PathBuf>,
    /// HTTP status of the response.
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

/// Identifies an offloaded range and the attempt that it belongs to. As text: `id-epoch-start-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RangeToken {
    pub(crate) id: DownloadId,
    /// Detects that the download was restarted from zero since.
    pub(crate) epoch: u32,
    pub(crate) span: ByteRange,
}

impl fmt::Display for RangeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ByteRange { start, end } = self.span;
        write!(f, "{}-{}-{start}-{end}", self.id, self.epoch)
    }
}

/// The text is not the token of an offloaded range.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the token of a lent part")]
pub(crate) struct InvalidRangeToken;

impl FromStr for RangeToken {
    type Err = InvalidRangeToken;

    fn from_str(text: &str) -> Result<Self, InvalidRangeToken> {
        let read = || {
            let mut fields = text.split('-');
            let id = DownloadId(fields.next()?.parse().ok()?);
            let epoch = fields.next()?.parse().ok()?;
            let span = ByteRange::new(fields.next()?.parse().ok()?, fields.next()?.parse().ok()?)?;
            fields.next().is_none().then_some(Self { id, epoch, span })
        };
        read().ok_or(InvalidRangeToken)
    }
}

/// Cuts the missing ranges into chunks, in the order of the file; what exceeds [`MAX_CHUNKS`] is left out.
pub(crate) fn chunks(missing: &[ByteRange]) -> Vec<ByteRange> {
    let all: u64 = missing.iter().map(|gap| gap.len()).sum();
    let size = all.div_ceil(MAX_CHUNKS).max(MIN_CHUNK);
    let cut = missing.iter().flat_map(|gap| {
        let count = gap.len().div_ceil(size);
        let each = gap.len().div_ceil(count);
        (0..count).filter_map(move |n| {
            let start = gap.start + n * each;
            ByteRange::new(start, gap.end.min(start + each))
        })
    });
    cut.take(MAX_CHUNKS as usize).collect()
}

/// Whether responses can be validated without another request to the server: the file exists, its length is known, and
/// a strong validator identifies its version. Also whether the download continues by itself.
pub(crate) fn is_offloadable(record: &Record) -> bool {
    let known = &record.validators;
    let told = known.is_strong();
    let begun = record.name.is_some() && record.file_id.is_some() && record.resumable == Some(true);
    // A length known only from the end of the response cannot be used for range requests.
    let sized = known.total.is_some() && record.verdict.is_none();
    told && begun && sized && continues_by_itself(&record.state)
}

/// Whether the download continues by itself, from the bytes already present.
fn continues_by_itself(state: &State) -> bool {
    match state {
        State::Queued | State::Probing | State::Running | State::Waiting { restart: false, .. } => {
            true
        }
        State::Waiting { restart: true, .. }
        | State::Finishing
        | State::Stopping { .. }
        | State::Paused
        | State::Failed { .. }
        | State::Done { .. }
        | State::Removed => false,
    }
}

/// Why bytes fetched for this token are of no use now; `None` when they are.
pub(crate) fn rejection_reason(record: &Record, ticket: &RangeToken) -> Option<&'static str> {
    match record.state {
        State::Done { .. } | State::Finishing => return Some("the file is here already"),
        State::Removed => return Some("the download was removed"),
        State::Waiting { restart: true, .. } | State::Failed { restart: true, .. } => {
            return Some("the file begins again");
        }
        State::Queued
        | State::Probing
        | State::Running
        | State::Stopping { .. }
        | State::Waiting { restart: false, .. }
        | State::Paused
        | State::Failed { restart: false, .. } => {}
    }
    if record.epoch != ticket.epoch || record.name.is_none() || record.file_id.is_none() {
        Some("the file was begun again meanwhile")
    } else if record.done.contains(ticket.span) {
        Some("these bytes are here already")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(start: u64, end: u64) -> ByteRange {
        ByteRange { start, end }
    }

    #[test]
    fn a_ticket_is_read_as_it_is_written_and_nothing_else_is_one() {
        let ticket = RangeToken {
            id: DownloadId(7),
            epoch: 2,
            span: span(300, 1_000),
        };
        assert_eq!(ticket.to_string(), "7-2-300-1000");
        assert_eq!("7-2-300-1000".parse(), Ok(ticket));
        for wrong in [
            "",
            "7",
            "7-2-300",
            "7-2-300-300",
            "7-2-3-4-5",
            "a-2-3-4",
            "7--3-4",
        ] {
            assert_eq!(
                wrong.parse::<RangeToken>(),
                Err(InvalidRangeToken),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_small_gap_is_one_piece_and_a_large_one_is_cut_into_equal_ones() {
        assert_eq!(chunks(&[]), []);
        let small = [span(5, 9), span(100, 200)];
        assert_eq!(chunks(&small), small);
        let large = chunks(&[span(10, 10 + 3 * MIN_CHUNK)]);
        assert_eq!(large.len(), 3);
        assert!(large.iter().all(|piece| piece.len() == MIN_CHUNK));
        assert_eq!(chunks(&[span(0, 100 << 30)]).len() as u64, MAX_CHUNKS);
    }

    proptest! {
        #[test]
        fn pieces_are_of_what_is_missing_in_order_and_leave_out_only_what_is_behind_the_last(
            gaps in prop::collection::vec((1u64..1 << 30, 1u64..1 << 36), 1..50),
        ) {
            let mut at = 0;
            let missing: Vec<ByteRange> = gaps.into_iter().map(|(before, length)| {
                let gap = span(at + before, at + before + length);
                at = gap.end;
                gap
            }).collect();
            let pieces = chunks(&missing);
            prop_assert!(!pieces.is_empty() && pieces.len() as u64 <= MAX_CHUNKS);
            let end = pieces.last().map_or(0, |piece| piece.end);
            let lent: u64 = pieces.iter().map(|piece| piece.len()).sum();
            let before = missing.iter().filter_map(|gap| ByteRange::new(gap.start, gap.end.min(end)));
            prop_assert_eq!(lent, before.map(ByteRange::len).sum::<u64>());
            for piece in pieces {
                let within = |gap: &ByteRange| gap.start <= piece.start && piece.end <= gap.end;
                prop_assert!(missing.iter().any(within));
            }
        }
    }
}
