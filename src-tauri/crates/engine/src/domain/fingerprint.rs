//! Hashes of selected blocks of a partial file, by which it is recognised. Pure; knows no file and no server.

use std::fmt;
use std::str::FromStr;

use super::byte_ranges::{ByteRange, ByteRanges};

/// Size of one stored block in bytes.
const BLOCK_SIZE: u64 = 4 << 10;

/// One block of a file and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FingerprintBlock {
    pub(crate) span: ByteRange,
    /// The first 64 bits of its SHA-256.
    pub(crate) hash: u64,
}

/// Blocks as they were on disk when the byte ranges were stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fingerprint(pub(crate) Vec<FingerprintBlock>);

impl Fingerprint {
    /// The stored hash of exactly that block.
    pub(crate) fn hash(&self, span: ByteRange) -> Option<u64> {
        let found = self.0.iter().find(|sample| sample.span == span);
        found.map(|sample| sample.hash)
    }
}

/// The blocks of `done` to store: the first one, those at 64 KiB, 128 KiB, 256 KiB and so on, and the end of the first
/// and of the last range. Most stay the same while the file grows, so they are read only once.
pub(crate) fn block_positions(done: &ByteRanges) -> Vec<ByteRange> {
    let steps = (16..63).map(|power| 1_u64 << power);
    let grid = std::iter::once(0)
        .chain(steps.take_while(|at| *at < done.end()))
        .map(|at| (at, at + BLOCK_SIZE));
    let spans = done.spans();
    let ends = [spans.first(), spans.last()].into_iter().flatten();
    let ends = ends.map(|span| {
        (
            span.end.saturating_sub(BLOCK_SIZE).max(span.start),
            span.end,
        )
    });
    let mut places: Vec<ByteRange> = grid
        .chain(ends)
        .filter_map(|(start, end)| ByteRange::new(start, end))
        .filter(|span| done.contains(*span))
        .collect();
    places.sort_by_key(|span| (span.start, span.end));
    places.dedup();
    places
}

/// Up to `most` blocks of at most `length` bytes, spread over `done`: its first bytes, its last ones, and some between.
pub(crate) fn evenly_spaced_blocks(done: &ByteRanges, length: u64, most: u64) -> Vec<ByteRange> {
    let reach = done.total_len().saturating_sub(length);
    let mut places: Vec<ByteRange> = (0..most)
        .filter_map(|n| block_at(done, reach * n / most.saturating_sub(1).max(1), length))
        .collect();
    places.dedup();
    places
}

/// The block that begins at the `nth` byte of `done`, cut off at the end of its range.
fn block_at(done: &ByteRanges, mut nth: u64, length: u64) -> Option<ByteRange> {
    for span in done.spans() {
        if nth < span.len() {
            let start = span.start + nth;
            return ByteRange::new(start, span.end.min(start + length));
        }
        nth -= span.len();
    }
    None
}

/// The stored form: `offset:length:hash ...`, the hash in hexadecimal.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, FingerprintBlock { span, hash }) in self.0.iter().enumerate() {
            let gap = if i == 0 { "" } else { " " };
            write!(f, "{gap}{}:{}:{hash:016x}", span.start, span.len())?;
        }
        Ok(())
    }
}

/// The text is not a stored fingerprint.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of samples")]
pub(crate) struct ParseFingerprintError;

impl FromStr for Fingerprint {
    type Err = ParseFingerprintError;

    fn from_str(text: &str) -> Result<Self, ParseFingerprintError> {
        let one = |part: &str| {
            let mut fields = part.split(':');
            let start: u64 = fields.next()?.parse().ok()?;
            let length: u64 = fields.next()?.parse().ok()?;
            let hash = u64::from_str_radix(fields.next()?, 16).ok()?;
            let span = ByteRange::new(start, start.checked_add(length)?)?;
            fields
                .next()
                .is_none()
                .then_some(FingerprintBlock { span, hash })
        };
        let samples = text.split_whitespace().map(one);
        Ok(Self(
            samples
                .collect::<Option<_>>()
                .ok_or(ParseFingerprintError)?,
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn set(spans: &[(u64, u64)]) -> ByteRanges {
        let mut ranges = ByteRanges::default();
        for &(start, end) in spans {
            ranges.insert(ByteRange { start, end });
        }
        ranges
    }

    fn pairs(places: &[ByteRange]) -> Vec<(u64, u64)> {
        places.iter().map(|span| (span.start, span.end)).collect()
    }

    #[test]
    fn the_first_and_the_last_bytes_are_always_remembered() {
        assert_eq!(pairs(&block_positions(&set(&[(0, 100)]))), [(0, 100)]);
        assert_eq!(
            pairs(&block_positions(&set(&[(0, 5000)]))),
            [(0, 4096), (904, 5000)]
        );
        assert_eq!(
            pairs(&block_positions(&set(&[(0, 70_000), (200_000, 200_100)]))),
            [
                (0, 4096),
                (65_536, 69_632),
                (65_904, 70_000),
                (200_000, 200_100)
            ]
        );
        assert_eq!(block_positions(&ByteRanges::default()), []);
    }

    #[test]
    fn a_comparison_looks_at_the_beginning_the_middle_and_the_end() {
        let places = evenly_spaced_blocks(&set(&[(0, 600), (1000, 1400)]), 100, 3);
        assert_eq!(pairs(&places), [(0, 100), (450, 550), (1300, 1400)]);
        assert_eq!(
            pairs(&evenly_spaced_blocks(&set(&[(5, 9)]), 100, 3)),
            [(5, 9)]
        );
        assert_eq!(evenly_spaced_blocks(&ByteRanges::default(), 100, 3), []);
    }

    #[test]
    fn a_text_that_is_no_list_of_samples_is_refused() {
        for wrong in [
            "1:2",
            "1:0:ab",
            "1:2:xy",
            "1:2:ab:3",
            "18446744073709551615:2:ab",
        ] {
            assert_eq!(
                wrong.parse::<Fingerprint>(),
                Err(ParseFingerprintError),
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn only_bytes_that_are_here_are_looked_at(
            spans in prop::collection::vec((0u64..1_000_000, 1u64..300_000), 1..8),
            length in 1u64..100_000,
        ) {
            let spans: Vec<(u64, u64)> = spans.into_iter().map(|(at, length)| (at, at + length)).collect();
            let done = set(&spans);
            let (stored, asked) = (block_positions(&done), evenly_spaced_blocks(&done, length, 3));
            prop_assert!(!stored.is_empty() && !asked.is_empty() && asked.len() <= 3);
            prop_assert!(stored.iter().chain(&asked).all(|span| done.contains(*span)));
            let samples = Fingerprint(stored.into_iter().map(|span| FingerprintBlock { span, hash: span.end }).collect());
            prop_assert_eq!(samples.to_string().parse::<Fingerprint>(), Ok(samples));
        }
    }
}
