//! The ranges of a running download, for display. Read on request; nothing is sent.

use std::sync::Arc;

use parking_lot::{Mutex, MutexGuard};

use super::segment::Segment;
use crate::disk::FileWriter;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::segments::ActiveSegment;

/// Empty until the file is open.
#[derive(Debug, Default)]
pub(crate) struct SegmentMap(Mutex<Option<OpenMap>>);

#[derive(Debug)]
struct OpenMap {
    sink: FileWriter,
    segments: Vec<Arc<Segment>>,
}

impl SegmentMap {
    fn inner(&self) -> MutexGuard<'_, Option<OpenMap>> {
        self.0.lock()
    }

    pub(super) fn open(&self, sink: FileWriter) {
        let segments = Vec::new();
        *self.inner() = Some(OpenMap { sink, segments });
    }

    /// The segments being fetched; two connections that race may have the same one.
    pub(super) fn set_segments<'a>(&self, segments: impl Iterator<Item = &'a Arc<Segment>>) {
        if let Some(drawn) = self.inner().as_mut() {
            drawn.segments = segments.map(Arc::clone).collect();
        }
    }

    /// Measures the speed of each segment since the last call.
    pub(crate) fn measure(&self) {
        if let Some(drawn) = self.inner().as_ref() {
            for segment in &drawn.segments {
                segment.shown().measure(segment.received());
            }
        }
    }

    /// The written ranges, and those being fetched of a file of this length.
    pub(crate) fn snapshot(&self, total: Option<u64>) -> Option<(ByteRanges, Vec<ActiveSegment>)> {
        let drawn = self.inner();
        let drawn = drawn.as_ref()?;
        let segments = drawn.segments.iter();
        let mut active: Vec<ActiveSegment> = segments
            .filter_map(|segment| segment.progress(total))
            .collect();
        let place = |one: &ActiveSegment| (one.from, one.at, one.to);
        active.sort_unstable_by_key(place);
        active.dedup_by_key(|one| place(one));
        Some((drawn.sink.done(), active))
    }
}
