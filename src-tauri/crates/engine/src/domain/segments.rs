//! Segment map of a file: which parts are present and which are being fetched, coarse enough to be drawn. Pure.

use std::fmt;
use std::net::SocketAddr;

use serde::Serialize;

use super::byte_ranges::ByteRanges;
use super::download::UnixMillis;

/// A file and its segments at one moment. All numbers are byte offsets, ranges half open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segments {
    /// Length of the whole file in bytes; `None` when the server does not state it.
    pub total: Option<u64>,
    /// Received ranges, in order; at most `MAX_RANGES`.
    pub done: Vec<(u64, u64)>,
    /// Segments that connections are fetching, in order.
    pub active: Vec<ActiveSegment>,
    /// Limit learned of the host: connections at once; `None` while none is known.
    pub host_allows: Option<u32>,
    /// Until when that limit is kept to, in Unix ms; then the host is asked for more again.
    pub host_allows_until: Option<UnixMillis>,
}

/// One connection's segment `from..to`, received up to `at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveSegment {
    pub from: u64,
    pub at: u64,
    pub to: u64,
    /// Bytes per second over about the last second.
    pub speed: u64,
    pub state: ConnectionState,
    /// Address of the server, or of the proxy in between.
    pub remote: Option<SocketAddr>,
    pub http: Option<HttpVersion>,
}

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionState {
    Receiving,
    /// Its bytes wait on this side: for a rate limit, for the disk, or for other connections.
    Held,
    /// The server has sent nothing for a while.
    Idle,
}

/// Version of HTTP that a response came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum HttpVersion {
    #[serde(rename = "HTTP/1.0")]
    Http10,
    #[serde(rename = "HTTP/1.1")]
    Http11,
    #[serde(rename = "HTTP/2")]
    Http2,
    #[serde(rename = "HTTP/3")]
    Http3,
}

impl fmt::Display for HttpVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
            Self::Http3 => "HTTP/3",
        })
    }
}

/// Maximum number of reported ranges.
const MAX_RANGES: usize = 256;

/// The ranges, merged across the smallest gaps when there are more than [`MAX_RANGES`].
pub(crate) fn coarsen(ranges: &ByteRanges) -> Vec<(u64, u64)> {
    let spans = ranges.spans();
    let gap = |after: usize| spans[after + 1].start - spans[after].end;
    let mut gaps: Vec<usize> = (0..spans.len().saturating_sub(1)).collect();
    gaps.sort_by_key(|after| std::cmp::Reverse(gap(*after)));
    gaps.truncate(MAX_RANGES - 1);
    gaps.sort_unstable();
    let mut done = Vec::with_capacity(gaps.len() + 1);
    let mut first = 0;
    for last in gaps.into_iter().chain(spans.len().checked_sub(1)) {
        done.push((spans[first].start, spans[last].end));
        first = last + 1;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_ranges_stay_as_they_are() {
        assert!(coarsen(&ByteRanges::default()).is_empty());
        let ranges = "0-10 20-30 40-41".parse().expect("ranges");
        assert_eq!(coarsen(&ranges), [(0, 10), (20, 30), (40, 41)]);
    }

    #[test]
    fn of_many_ranges_the_largest_gaps_are_kept() {
        // Gaps of 1, every tenth of 100.
        let mut text = String::new();
        let (mut at, mut wide) = (0, Vec::new());
        for number in 0..2_000 {
            text.push_str(&format!("{at}-{} ", at + 5));
            at += 5;
            if number % 10 == 9 {
                wide.push(at);
                at += 99;
            }
            at += 1;
        }
        let ranges: ByteRanges = text.parse().expect("ranges");
        let done = coarsen(&ranges);
        assert_eq!(done.len(), MAX_RANGES);
        assert_eq!(done[0].0, 0);
        assert_eq!(done[MAX_RANGES - 1].1, ranges.end());
        let ends: Vec<u64> = done.iter().map(|(_, end)| *end).collect();
        assert!(wide.iter().all(|end| ends.contains(end)));
        assert!(done.is_sorted());
    }
}
