//! The running workers: their tasks, their events, and what all of them share.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::observed::Observed;
use crate::config::{Config, StoreMode};
use crate::disk::WriterPool;
use crate::domain::download::DownloadId;
use crate::domain::host_limits::HostLoad;
use crate::domain::limited_by::LimitedBy;
use crate::domain::problem::Problem;
use crate::domain::proxy::ProxyChoice;
use crate::domain::rate::SpeedMeter;
use crate::domain::record::Record;
use crate::http::HttpClient;
use crate::worker::{
    self, AttemptContext, AttemptOutcome, AttemptResult, ConnectionPermit, Counters, HostSlots,
    LastNetworkChange, PrefetchedResponse, RateLimiter, WorkerEvent, WorkerEventSender,
};

pub(super) struct Workers {
    tasks: JoinSet<AttemptResult>,
    download_by_task: HashMap<Id, DownloadId>,
    events: mpsc::UnboundedReceiver<(DownloadId, WorkerEvent)>,
    event_sender: mpsc::UnboundedSender<(DownloadId, WorkerEvent)>,
    http: HttpClient,
    writer_pool: Arc<WriterPool>,
    /// Of all downloads together.
    rate_limiter: Arc<RateLimiter>,
    /// Whether its rate is that of a slow mode.
    slow_mode: bool,
}

/// What a worker has to say.
pub(super) enum WorkerMessage {
    Event(DownloadId, WorkerEvent),
    Ended(DownloadId, AttemptResult),
}

/// An attempt to start.
pub(super) struct NewAttempt {
    pub(super) record: Record,
    /// The unfinished download that this one may continue.
    pub(super) predecessor: Option<Box<Record>>,
    /// The response to a probe, and the client that it came through.
    pub(super) prefetched: Option<(HttpClient, PrefetchedResponse)>,
    /// Whether its first request may share a connection.
    pub(super) share_connection: bool,
    pub(super) first_permit: ConnectionPermit,
    pub(super) host_slots: HostSlots,
    pub(super) last_network_change: LastNetworkChange,
    /// Whether it may restart from zero once more.
    pub(super) may_restart: bool,
}

/// The actor's side of a running worker.
#[derive(Debug)]
pub(super) struct RunningWorker {
    pub(super) stop: CancellationToken,
    pub(super) counters: Arc<Counters>,
    pub(super) limit: Arc<RateLimiter>,
    /// Connections at most.
    pub(super) max_connections: Arc<AtomicU32>,
    pub(super) meter: SpeedMeter,
    pub(super) observed: Observed,
    /// As of the last observation.
    pub(super) limited_by: Option<LimitedBy>,
}

impl RunningWorker {
    fn new(limit: Option<u64>, max_connections: u32, received: u64) -> Self {
        let counters = Counters::default();
        counters.received.store(received, Ordering::Relaxed);
        Self {
            stop: CancellationToken::new(),
            counters: Arc::new(counters),
            limit: Arc::new(RateLimiter::new(limit)),
            max_connections: Arc::new(AtomicU32::new(max_connections)),
            meter: SpeedMeter::default(),
            observed: Observed::new(received),
            limited_by: None,
        }
    }
}

impl Workers {
    /// `limit` in bytes per second.
    pub(super) fn new(http: HttpClient, writer_pool: Arc<WriterPool>, limit: Option<u64>) -> Self {
        let (event_sender, events) = mpsc::unbounded_channel();
        Self {
            tasks: JoinSet::new(),
            download_by_task: HashMap::new(),
            events,
            event_sender,
            http,
            writer_pool,
            rate_limiter: Arc::new(RateLimiter::new(limit)),
            slow_mode: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The client for a request of this download.
    pub(super) fn client_for(&self, record: &Record) -> HttpClient {
        self.http.for_attempt(record)
    }

    pub(super) fn set_proxy(&mut self, proxy: ProxyChoice) {
        self.http.set_proxy(proxy);
    }

    /// Rate limit of all downloads together, in bytes per second.
    pub(super) fn limit(&self) -> Option<u64> {
        self.rate_limiter.rate()
    }

    pub(super) fn set_limit(&self, rate: Option<u64>) {
        self.rate_limiter.set(rate);
    }

    pub(super) fn slow_mode(&self) -> bool {
        self.slow_mode
    }

    pub(super) fn set_slow_mode(&mut self, on: bool) {
        self.slow_mode = on;
    }

    /// Starts threads in place of those that an unresponsive disk holds.
    pub(super) fn replace_stuck_writers(&self) {
        self.writer_pool.replace_stuck();
    }

    /// Starts a worker.
    pub(super) fn start(&mut self, attempt: NewAttempt, config: &Config) -> RunningWorker {
        let NewAttempt {
            record,
            predecessor,
            prefetched,
            share_connection,
            first_permit,
            host_slots,
            last_network_change,
            may_restart,
        } = attempt;
        let id = record.id;
        let most = record.connections.unwrap_or(config.connections);
        let running = RunningWorker::new(record.limit, most, record.done.total_len());
        let (mut http, prefetched) =
            prefetched.unwrap_or_else(|| (self.client_for(&record), PrefetchedResponse::default()));
        if share_connection {
            http = http.sharing();
        }
        let job = AttemptContext {
            record,
            predecessor,
            http,
            prefetched,
            file_system: Arc::clone(&config.file_system),
            writer_pool: Arc::clone(&self.writer_pool),
            limits: [Arc::clone(&self.rate_limiter), Arc::clone(&running.limit)],
            counters: Arc::clone(&running.counters),
            first_permit: first_permit.into(),
            host_slots,
            last_network_change,
            timeout: config.timeout,
            max_connections: Arc::clone(&running.max_connections),
            disk_timeout: config.disk_timeout,
            may_restart,
            exact_names: config.exact_names,
            remote_time: config.remote_time,
            allow_small_file: config.store_mode == StoreMode::Shared,
            quarantine: config.quarantine,
            reports: WorkerEventSender {
                id,
                out: self.event_sender.clone(),
            },
            stop: running.stop.clone(),
        };
        let task = self.tasks.spawn(worker::run(job));
        self.download_by_task.insert(task.id(), id);
        running
    }

    /// The next event or end of a worker; pending while there is neither. Cancel safe.
    pub(super) async fn next(&mut self) -> WorkerMessage {
        loop {
            tokio::select! {
                Some((id, event)) = self.events.recv() => return WorkerMessage::Event(id, event),
                Some(ended) = self.tasks.join_next_with_id() => {
                    if let Some((id, result)) = self.resolve(ended) {
                        return WorkerMessage::Ended(id, result);
                    }
                }
                else => std::future::pending::<()>().await,
            }
        }
    }

    /// The next event, if one is there already.
    pub(super) fn try_next_event(&mut self) -> Option<(DownloadId, WorkerEvent)> {
        self.events.try_recv().ok()
    }

    /// The next end of a worker, if one has ended already.
    pub(super) fn try_next_end(&mut self) -> Option<(DownloadId, AttemptResult)> {
        loop {
            let ended = self.tasks.try_join_next_with_id()?;
            if let Some(ended) = self.resolve(ended) {
                return Some(ended);
            }
        }
    }

    fn resolve(
        &mut self,
        ended: Result<(Id, AttemptResult), JoinError>,
    ) -> Option<(DownloadId, AttemptResult)> {
        let (task, result) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!("a worker panicked: {error}");
                (error.id(), panicked())
            }
        };
        let id = self.download_by_task.remove(&task)?;
        Some((id, result))
    }
}

/// The result of a worker that panicked: what is stored stays valid.
fn panicked() -> AttemptResult {
    let reason = "an error in Millrace itself".to_owned();
    AttemptResult {
        reports: Vec::new(),
        how: AttemptOutcome::Failed(Problem::DiskFailed {
            path: String::new(),
            reason,
        }),
        done: None,
        received_any: false,
        load: HostLoad::Alone,
    }
}
