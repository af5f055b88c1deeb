//! The offloaded ranges of one download, and its responses that are not yet ingested. Values.

use std::collections::VecDeque;
use std::path::PathBuf;

use crate::disk::{IngestError, Ingested};
use crate::domain::byte_ranges::ByteRange;
use crate::domain::offload::RangeToken;
use crate::handle::Reply;

/// A download's offloaded ranges. While there are any, no worker starts.
#[derive(Debug, Default)]
pub(super) struct OffloadState {
    /// Ranges that were handed out.
    pub(super) outstanding: Vec<ByteRange>,
    /// Responses waiting to be written into the file.
    pub(super) returned: VecDeque<IngestRequest>,
    /// Whether one of them is being written into the file.
    pub(super) ingesting: bool,
}

/// A response that was accepted.
#[derive(Debug)]
pub(super) struct IngestRequest {
    pub(super) token: RangeToken,
    pub(super) file: PathBuf,
    /// The range of the file that its bytes belong to.
    pub(super) span: ByteRange,
    pub(super) reply: Reply<u64>,
}

/// Result of an ingest.
pub(super) struct IngestOutcome {
    pub(super) token: RangeToken,
    pub(super) span: ByteRange,
    pub(super) result: Result<Ingested, IngestError>,
    pub(super) reply: Reply<u64>,
}

impl OffloadState {
    pub(super) fn is_idle(&self) -> bool {
        self.outstanding.is_empty() && self.returned.is_empty() && !self.ingesting
    }
}
