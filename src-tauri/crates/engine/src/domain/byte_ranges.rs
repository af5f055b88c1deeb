//! Sets of byte ranges: which bytes of a file are present, which are missing. Pure arithmetic; knows no file and no
//! server.

use std::fmt;
use std::str::FromStr;

/// Bytes `start..end` of a file, never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ByteRange {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl ByteRange {
    /// `None` when the range would be empty.
    pub(crate) fn new(start: u64, end: u64) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    pub(crate) fn len(self) -> u64 {
        self.end - self.start
    }
}

/// A set of bytes: ranges in order, neither overlapping nor adjacent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ByteRanges(Vec<ByteRange>);

impl ByteRanges {
    /// The bytes `0..length`.
    pub(crate) fn up_to(length: u64) -> Self {
        Self(ByteRange::new(0, length).into_iter().collect())
    }

    /// Adds a range, merging it with overlapping and adjacent ones.
    pub(crate) fn insert(&mut self, span: ByteRange) {
        let from = self.0.partition_point(|have| have.end < span.start);
        let to = self.0.partition_point(|have| have.start <= span.end);
        let merged = self.0[from..to].iter().fold(span, |all, have| ByteRange {
            start: all.start.min(have.start),
            end: all.end.max(have.end),
        });
        self.0.splice(from..to, [merged]);
    }

    /// Adds all ranges of another set.
    pub(crate) fn add(&mut self, other: &Self) {
        for span in &other.0 {
            self.insert(*span);
        }
    }

    /// Number of bytes in the set.
    pub(crate) fn total_len(&self) -> u64 {
        self.0.iter().map(|span| span.len()).sum()
    }

    /// One past the last byte, 0 when empty.
    pub(crate) fn end(&self) -> u64 {
        self.0.last().map_or(0, |span| span.end)
    }

    /// Length of the contiguous run that starts at byte 0.
    pub(crate) fn prefix_len(&self) -> u64 {
        match self.0.first() {
            Some(span) if span.start == 0 => span.end,
            Some(_) | None => 0,
        }
    }

    /// The parts of `0..length` that are not in the set, in order.
    pub(crate) fn missing(&self, length: u64) -> Vec<ByteRange> {
        let mut gaps = Vec::new();
        let mut at = 0;
        for have in &self.0 {
            gaps.extend(ByteRange::new(at, have.start.min(length)));
            at = have.end;
        }
        gaps.extend(ByteRange::new(at, length));
        gaps
    }

    /// The parts of `span` that are not in the set, in order.
    pub(crate) fn gaps(&self, span: ByteRange) -> Vec<ByteRange> {
        let gaps = self.missing(span.end).into_iter();
        gaps.filter_map(|gap| ByteRange::new(gap.start.max(span.start), gap.end))
            .collect()
    }

    /// Whether all of `span` is in the set.
    pub(crate) fn contains(&self, span: ByteRange) -> bool {
        let at = self.0.partition_point(|have| have.end < span.end);
        self.0.get(at).is_some_and(|have| have.start <= span.start)
    }

    /// The range that contains the byte `at`.
    pub(crate) fn around(&self, at: u64) -> Option<ByteRange> {
        let found = self.0.partition_point(|have| have.end <= at);
        self.0.get(found).copied().filter(|have| have.start <= at)
    }

    /// The ranges, in order.
    pub(crate) fn spans(&self) -> &[ByteRange] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The stored form: `0-100 200-300`, half open, in order.
impl fmt::Display for ByteRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, span) in self.0.iter().enumerate() {
            let gap = if i == 0 { "" } else { " " };
            write!(f, "{gap}{}-{}", span.start, span.end)?;
        }
        Ok(())
    }
}

/// The text is not a stored list of ranges.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of byte ranges")]
pub(crate) struct ParseRangesError;

impl FromStr for ByteRanges {
    type Err = ParseRangesError;

    fn from_str(text: &str) -> Result<Self, ParseRangesError> {
        let mut ranges = Self::default();
        for part in text.split_whitespace() {
            let (start, end) = part.split_once('-').ok_or(ParseRangesError)?;
            let (start, end) = (start.parse(), end.parse());
            let (Ok(start), Ok(end)) = (start, end) else {
                return Err(ParseRangesError);
            };
            ranges.insert(ByteRange::new(start, end).ok_or(ParseRangesError)?);
        }
        Ok(ranges)
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

    #[test]
    fn neighbours_become_one() {
        assert_eq!(set(&[(0, 5), (10, 15), (5, 10)]).to_string(), "0-15");
    }

    #[test]
    fn a_stored_plan_with_an_empty_or_backward_range_is_refused() {
        assert_eq!("5-5".parse::<ByteRanges>(), Err(ParseRangesError));
        assert_eq!("7-5".parse::<ByteRanges>(), Err(ParseRangesError));
        assert_eq!("0-5 x".parse::<ByteRanges>(), Err(ParseRangesError));
    }

    #[test]
    fn the_prefix_ends_at_the_first_hole() {
        assert_eq!(set(&[(0, 5), (6, 9)]).prefix_len(), 5);
        assert_eq!(set(&[(1, 5)]).prefix_len(), 0);
    }

    #[test]
    fn a_range_is_contained_only_as_a_whole() {
        let ranges = set(&[(0, 5), (10, 15)]);
        let has = |start, end| ranges.contains(ByteRange { start, end });
        assert!(has(0, 5) && has(1, 2) && has(10, 15) && has(14, 15));
        assert!(!has(4, 6) && !has(5, 10) && !has(0, 15) && !has(15, 16));
    }

    #[test]
    fn sets_are_added_and_a_length_is_one_range() {
        let mut ranges = ByteRanges::up_to(5);
        assert_eq!(ranges, set(&[(0, 5)]));
        assert!(ByteRanges::up_to(0).is_empty() && !ranges.is_empty());
        ranges.add(&set(&[(5, 7), (9, 10)]));
        assert_eq!(ranges.to_string(), "0-7 9-10");
        assert_eq!((ranges.end(), ByteRanges::default().end()), (10, 0));
    }

    #[test]
    fn the_gaps_of_a_range_are_within_it() {
        let ranges = set(&[(2, 4), (6, 8)]);
        let gaps = |start, end| {
            let gaps = ranges.gaps(ByteRange { start, end }).into_iter();
            gaps.map(|gap| (gap.start, gap.end)).collect::<Vec<_>>()
        };
        assert_eq!(gaps(0, 10), [(0, 2), (4, 6), (8, 10)]);
        assert_eq!(gaps(3, 5), [(4, 5)]);
        assert_eq!(gaps(2, 4), []);
    }

    #[test]
    fn the_range_around_a_byte_begins_with_its_start_and_ends_before_its_end() {
        let ranges = set(&[(2, 4), (6, 8)]);
        let around = |at| ranges.around(at).map(|range| range.start);
        let found = [1, 2, 3, 4, 6, 7, 8].map(around);
        assert_eq!(
            found,
            [None, Some(2), Some(2), None, Some(6), Some(6), None]
        );
    }

    proptest! {
        #[test]
        fn no_byte_is_lost_and_none_counted_twice(spans in prop::collection::vec((0u64..200, 1u64..40), 0..30)) {
            let mut bytes = [false; 240];
            let mut ranges = ByteRanges::default();
            for (start, length) in spans {
                ranges.insert(ByteRange { start, end: start + length });
                bytes[start as usize..(start + length) as usize].fill(true);
            }
            prop_assert_eq!(ranges.total_len(), bytes.iter().filter(|have| **have).count() as u64);
            prop_assert!(ranges.0.windows(2).all(|pair| pair[0].end < pair[1].start));
            for gap in ranges.missing(240) {
                prop_assert!(bytes[gap.start as usize..gap.end as usize].iter().all(|have| !have));
            }
            let missing: u64 = ranges.missing(240).iter().map(|gap| gap.len()).sum();
            prop_assert_eq!(missing + ranges.total_len(), 240);
            prop_assert_eq!(ranges.to_string().parse::<ByteRanges>(), Ok(ranges));
        }
    }
}
