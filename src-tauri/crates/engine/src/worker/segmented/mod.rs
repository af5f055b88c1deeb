//! The connections of one download: how many, which range each fetches, and what happens when one fails.

mod adjust;
mod assignment;
mod bounded_requests;
mod connection_end;
mod first_stream;
mod rate_fill;
mod scale;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::accepted_validators::AcceptedValidators;
use super::boundary::Boundaries;
use super::disk_watchdog::{DiskWatchdog, Heartbeat};
use super::fetch::fetch;
use super::host_slots::ConnectionPermit;
use super::prepare::OpenTransfer;
use super::segment::Segment;
use super::transfer_context::TransferContext;
use super::{AttemptContext, AttemptError, WorkerEvent, WorkerEventSender, compare_ranges};
use crate::disk::FileWriter;
use crate::domain::byte_ranges::ByteRange;
use crate::domain::problem::Problem;
use crate::domain::request_bounds::RequestBounds;
use crate::domain::split;
use crate::http::RangedResponse;
use rate_fill::RateFill;

/// How often written bytes are synced and stored.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(1);

struct SegmentedTransfer<'a> {
    job: &'a AttemptContext,
    source: Arc<TransferContext>,
    /// Each ends with a response to fetch from, or when it has fetched.
    tasks: JoinSet<Result<Option<RangedResponse>, Problem>>,
    /// The connection of each task.
    connections: HashMap<Id, Connection>,
    /// Ranges that no stream can fetch.
    unassigned: Vec<ByteRange>,
    /// Number of connections to have.
    target: usize,
    max_connections: usize,
    /// Maximum of connections, as last set by the user.
    requested_connections: u32,
    /// No growth before this, and then one by one; `failures` counts the connections in a row that were of no use.
    no_growth_until: Option<Instant>,
    failures: u32,
    /// Start of the transfer; time and byte count of the last sample.
    begun: Instant,
    last_sample: (Instant, u64),
    /// Consecutive samples below what a machine can take.
    slow_samples: u32,
    /// How well a rate limit is filled.
    rate_fill: RateFill,
    /// The length, once it is known.
    total: Option<u64>,
    last_problem: Option<Problem>,
    /// Problem of the last stream that failed after it had received bytes.
    broke: Option<Problem>,
    /// How long the last request waited for its response.
    answer_time: Duration,
    /// Syncs and stores written bytes; awaited before the transfer returns, so that no event is sent after its end.
    checkpoint_task: Option<tokio::task::JoinHandle<()>>,
    /// Mean speed of several connections, remembered when one is left.
    mean_speed: u64,
    /// Whether a connection can continue where another one stopped.
    resumable: bool,
    /// Whether the missing bytes at the start are worth several connections.
    divisible: bool,
    /// Offsets at which connections stalled and were replaced.
    replaced: HashSet<u64>,
    /// Additional connections that were closed before their first byte, or stalled before any was of use.
    closed_early: u32,
    /// Whether an additional connection was of use.
    helped: bool,
    /// How much a request asks for.
    bounds: RequestBounds,
}

struct Connection {
    permit: ConnectionPermit,
    begun: Instant,
    segment: Arc<Segment>,
    /// The range that it requested, until the response is here; until then the range belongs to others.
    requested: Option<ByteRange>,
    /// End of the range that its response can bring.
    reach: u64,
    /// Shares the segment of another connection, which it races.
    racing: bool,
    /// Its request was bounded.
    bounded: bool,
    task: AbortHandle,
    /// Aborted by us: it stalled, or was of no use.
    stalled: bool,
    /// The first of the ranges that were taken back from it then.
    taken_back: Option<ByteRange>,
    /// Aborted by us: there are to be fewer connections, or fewer are enough.
    dismissed: bool,
}

/// Fetches all missing ranges; returns the file's length.
pub(super) async fn run(job: &AttemptContext, open: OpenTransfer) -> Result<u64, AttemptError> {
    let total = open.identity.total;
    let Some(mut answer) = open.answer else {
        return Ok(total.unwrap_or_default());
    };
    // Unused ones are closed at the end.
    let mut ahead = answer.preconnect.take();
    if let Some(ahead) = &mut ahead {
        ahead.release_permits();
    }
    let source = Arc::new(TransferContext {
        net: job.http.clone(),
        url: answer.url.clone(),
        home: open.home,
        headers: job.record.headers.clone(),
        boundaries: Boundaries::new(&open.identity, open.sink.done()),
        identity: open.identity,
        accepted: AcceptedValidators::default(),
        sink: open.sink.clone(),
        limits: job.limits.clone(),
        at_gap: Notify::new(),
    });
    let many = open.resumable && total.is_some();
    let missing: u64 = open
        .missing
        .iter()
        .map(|span| span.len())
        .fold(0, u64::saturating_add);
    let divisible = many && missing >= split::WORTH_DIVIDING;
    let requested_connections = job.max_connections.load(Ordering::Relaxed);
    let mut crew = SegmentedTransfer {
        job,
        source,
        tasks: JoinSet::new(),
        connections: HashMap::new(),
        unassigned: open.missing,
        target: 1,
        max_connections: adjust::connection_limit(job, divisible, requested_connections),
        requested_connections,
        no_growth_until: None,
        failures: 0,
        slow_samples: 0,
        rate_fill: RateFill::new(job.counters.received.load(Ordering::Relaxed)),
        begun: Instant::now(),
        last_sample: (
            Instant::now(),
            job.counters.received.load(Ordering::Relaxed),
        ),
        total,
        last_problem: None,
        broke: None,
        answer_time: answer.latency,
        checkpoint_task: None,
        mean_speed: 0,
        // Without a length, the end of a range could not be told from the end of the file.
        resumable: many,
        divisible,
        replaced: HashSet::new(),
        closed_early: 0,
        helped: false,
        bounds: RequestBounds::None,
    };
    if answer.latency > scale::HIGH_LATENCY && crew.effective_limit().is_none() {
        crew.target = crew.max_connections;
    }
    crew.first(answer);
    let mut fetched = crew.drive(&open.sink).await;
    crew.tasks.shutdown().await;
    drop(ahead);
    // Not needed with a digest, which proves more.
    let digest = job.record.checksum.is_some() || open.stated.is_some();
    if let (Ok(total), true, false) = (&fetched, crew.source.boundaries.joined(), digest) {
        let looked = tokio::select! {
            biased;
            () = job.stop.cancelled() => Err(AttemptError::Stopped),
            same = compare_ranges::confirm(&crew.source, *total) => same.map_err(AttemptError::Broke),
        };
        fetched = looked.and(fetched);
    }
    if let Some(storing) = crew
        .checkpoint_task
        .take()
        .filter(|_| job.watchdog().check_responsive().is_ok())
    {
        // A panic in the task was reported where it happened.
        let _panicked = storing.await;
    }
    fetched
}

impl SegmentedTransfer<'_> {
    /// The first response starts the first missing range. It can also fetch everything behind it.
    fn first(&mut self, answer: RangedResponse) {
        if self.unassigned.is_empty() {
            // An empty file: nothing to fetch, but the end of its body must be seen.
            self.total.get_or_insert(0);
            return;
        }
        let spot = self
            .job
            .first_permit
            .for_host(&self.host(), &self.job.host_slots);
        let segment = Arc::new(Segment::empty(answer.start.max(self.unassigned[0].start)));
        segment.give(&mut self.unassigned, u64::MAX);
        if self.max_connections > 1 {
            segment.keep();
        }
        let work = fetch(Arc::clone(&self.source), Arc::clone(&segment), answer);
        let task = self.tasks.spawn(work);
        self.spawn_connection(Connection::new(spot, segment, u64::MAX, task));
    }

    fn spawn_connection(&mut self, connection: Connection) {
        self.connections.insert(connection.task.id(), connection);
        self.update_counters();
    }

    fn update_counters(&self) {
        let answered = self
            .connections
            .values()
            .filter(|connection| connection.requested.is_none());
        let open = u32::try_from(answered.clone().count()).unwrap_or(u32::MAX);
        self.job.counters.connections.store(open, Ordering::Relaxed);
        self.job
            .counters
            .map
            .set_segments(answered.map(|connection| &connection.segment));
    }

    async fn drive(&mut self, sink: &FileWriter) -> Result<u64, AttemptError> {
        let mut stored = Instant::now();
        let source = Arc::clone(&self.source);
        loop {
            if let Some(total) = self.final_length() {
                return Ok(total);
            }
            if self.source.boundaries.torn() {
                let host = self.host();
                return Err(AttemptError::Broke(Problem::Changed { host }));
            }
            self.spawn_connections();
            if self.tasks.is_empty() {
                return Err(self.final_error());
            }
            let next = self.next_sample_at().into();
            tokio::select! {
                biased;
                () = self.job.stop.cancelled() => return Err(AttemptError::Stopped),
                () = sink.failed() => {
                    let problem = sink.problem().expect("a broken sink says why");
                    return Err(AttemptError::Broke(problem));
                }
                Some(ended) = self.tasks.join_next_with_id() => self.on_connection_end(ended)?,
                () = source.at_gap.notified() => {}
                () = tokio::time::sleep_until(next) => {
                    self.apply_requested_limit();
                    self.scale_up();
                    self.sample();
                    self.try_bounds();
                    self.abort_stalled();
                    self.end_useless();
                    self.check_disk(sink)?;
                    let idle = self.checkpoint_task.as_ref().is_none_or(tokio::task::JoinHandle::is_finished);
                    if idle && stored.elapsed() >= CHECKPOINT_INTERVAL {
                        stored = Instant::now();
                        let store = checkpoint(sink.clone(), self.job.reports.clone(), self.job.watchdog());
                        self.checkpoint_task = Some(tokio::spawn(store));
                    }
                }
            }
        }
    }

    /// The length of the file once nothing is missing.
    fn final_length(&self) -> Option<u64> {
        let open = self
            .connections
            .values()
            .any(|connection| connection.segment.remaining().is_some());
        if self.unassigned.is_empty() && !open {
            self.total
        } else {
            None
        }
    }
}

impl Connection {
    fn new(spot: ConnectionPermit, segment: Arc<Segment>, reach: u64, task: AbortHandle) -> Self {
        Self {
            permit: spot,
            begun: Instant::now(),
            segment,
            requested: None,
            reach,
            racing: false,
            bounded: false,
            task,
            stalled: false,
            taken_back: None,
            dismissed: false,
        }
    }
}

/// Syncs written bytes, then reports them: stored ranges never include bytes that a power cut could lose.
async fn checkpoint(sink: FileWriter, reports: WorkerEventSender, care: DiskWatchdog) {
    let theirs = sink.clone();
    let sync = move |_: &Heartbeat| theirs.checkpoint();
    match care.run(care.sync_timeout(), sync, drop).await {
        Ok(Ok(stored)) => reports.send(WorkerEvent::Synced(stored)),
        // A failure shows at the next write, or at the end.
        Ok(Err(_)) | Err(AttemptError::Stopped) => {}
        Err(AttemptError::Broke(_)) => drop(sink.abandon()),
    }
}
