//! What a worker is given for one attempt, and the counters that it shares with the actor.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use super::host_slots::{FirstPermit, HostSlots};
use super::network_change::LastNetworkChange;
use super::prefetched::PrefetchedResponse;
use super::rate_limiter::RateLimiter;
use super::segment_map::SegmentMap;
use super::wait_meter::WaitMeters;
use super::worker_event::WorkerEventSender;
use crate::disk::{FileSystem, PublishOptions, WriterPool};
use crate::domain::file_time::file_time;
use crate::domain::origin::Origin;
use crate::domain::record::{Record, Validators};
use crate::domain::validators;
use crate::http::HttpClient;

/// Input of one attempt.
pub(crate) struct AttemptContext {
    pub(crate) record: Record,
    /// An unfinished download that this one may continue.
    pub(crate) predecessor: Option<Box<Record>>,
    pub(crate) http: HttpClient,
    pub(crate) prefetched: PrefetchedResponse,
    pub(crate) file_system: Arc<dyn FileSystem>,
    pub(crate) writer_pool: Arc<WriterPool>,
    /// The limit of all downloads, and this one's own.
    pub(crate) limits: [Arc<RateLimiter>; 2],
    pub(crate) counters: Arc<Counters>,
    pub(crate) host_slots: HostSlots,
    /// Counts the connection of the first request.
    pub(crate) first_permit: FirstPermit,
    pub(crate) last_network_change: LastNetworkChange,
    pub(crate) timeout: Duration,
    /// Maximum of connections; may change at any time.
    pub(crate) max_connections: Arc<AtomicU32>,
    /// Timeout for small disk operations.
    pub(crate) disk_timeout: Duration,
    /// Whether the bytes on disk may be discarded without asking the user; limited, to avoid endless restarts.
    pub(crate) may_restart: bool,
    /// Whether the record's requested name is the only one that the file may get.
    pub(crate) exact_names: bool,
    /// Whether the file gets the server's modification time.
    pub(crate) remote_time: bool,
    /// Whether a small file may be published in one step, without storing each step towards it.
    pub(crate) allow_small_file: bool,
    /// Whether the file is marked as downloaded from the internet.
    pub(crate) quarantine: bool,
    pub(crate) reports: WorkerEventSender,
    pub(crate) stop: CancellationToken,
}

impl AttemptContext {
    /// The only name that the file may get, if there is one.
    pub(super) fn exact_name(&self) -> Option<&str> {
        let wanted = self.record.wanted_name.as_deref();
        wanted.filter(|_| self.exact_names)
    }

    /// How to publish the file with these validators.
    pub(super) fn publish_options(&self, identity: &Validators) -> PublishOptions {
        let stated = identity.last_modified().filter(|_| self.remote_time);
        PublishOptions {
            exact_name: self.exact_name().map(str::to_owned),
            modified: stated
                .and_then(|stated| file_time(validators::bare(stated), SystemTime::now())),
            origin: self.origin(),
        }
    }

    /// The origin that the file is marked with, if marking is on.
    fn origin(&self) -> Option<Origin> {
        let record = &self.record;
        let origin = self
            .quarantine
            .then(|| Origin::new(record.url.as_str(), &record.headers));
        origin.flatten()
    }
}

/// Values that the actor reads at its own interval; nothing is sent per chunk.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    /// Bytes of the file that are written.
    pub(crate) received: Arc<AtomicU64>,
    /// Open connections.
    pub(crate) connections: AtomicU32,
    pub(crate) map: SegmentMap,
    /// What its connections waited for on this side.
    pub(crate) waits: Arc<WaitMeters>,
    /// The host that serves the bytes, after redirects; empty until it has responded.
    pub(crate) host: Mutex<String>,
}
