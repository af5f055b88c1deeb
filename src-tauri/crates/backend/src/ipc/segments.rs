//! The segments of one file, as a page draws them.

use serde::Serialize;

/// In bytes from the file's beginning; ranges are half open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Segments {
    /// Bytes of the whole; null when the server does not say.
    pub total: Option<u64>,
    /// What is here, in order; at most 256 ranges, the closest ones merged when there are more.
    pub done: Vec<(u64, u64)>,
    /// What connections fetch now, in order.
    pub active: Vec<ActiveSegment>,
}

/// One connection: where it began, where it is, and where its part ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ActiveSegment {
    pub from: u64,
    pub at: u64,
    pub to: u64,
}

impl From<millrace_engine::Segments> for Segments {
    fn from(segments: millrace_engine::Segments) -> Self {
        let active = segments.active.into_iter().map(|one| ActiveSegment {
            from: one.from,
            at: one.at,
            to: one.to,
        });
        Self {
            total: segments.total,
            done: segments.done,
            active: active.collect(),
        }
    }
}
