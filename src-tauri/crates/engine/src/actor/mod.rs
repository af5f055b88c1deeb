//! The actor: owns all downloads, carries out what `domain` decides, sends updates to its subscribers.
//!
//! Reads the clock; uses HTTP and files only through workers and file tasks.

mod commands;
mod constraints;
mod download_entry;
mod file_tasks;
mod finished_files;
mod network_monitor;
mod offload;
mod part_recovery;
mod persistence;
mod probes;
mod scheduler;
mod start;
mod timers;
mod updates;
mod worker_events;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio::task::{Id, JoinSet};

use crate::config::{Config, StoreMode};
use crate::disk::{StoreLock, WriterPool};
use crate::domain::download::{DownloadId, LogLevel, UnixMillis, Update};
use crate::domain::host_limits;
use crate::domain::queue::Queue;
use crate::domain::state::{Effect, Event, State, step};
use crate::handle::Command;
use crate::http::HttpClient;
use crate::store::StoreWriter;
use crate::worker::{
    self, AttemptResult, HostSlots, LastNetworkChange, PrefetchedResponse, RateLimiter,
    WorkerEvent, WorkerEventSender,
};
use constraints::ConstraintState;
use download_entry::{DownloadEntry, RunningWorker};
use file_tasks::FileTask;
use network_monitor::NetworkMonitor;
use probes::ProbeCache;
use timers::{Clocks, Due, Timers};

pub use start::{Engine, StartError, StartNotice};

/// Downloads of one host that run in parallel with connections of their own, at most as many as a host may have. Beyond
/// that, a download's first request may share a connection.
const MAX_SEPARATE: usize = host_limits::MAX_CONNECTIONS_PER_HOST as usize;

pub(crate) struct Actor {
    config: Config,
    inbox: mpsc::Receiver<Command>,
    downloads: BTreeMap<DownloadId, DownloadEntry>,
    queue: Queue,
    host_slots: HostSlots,
    network_monitor: NetworkMonitor,
    /// Whether the system grants access to the local network.
    local_network: bool,
    constraints: ConstraintState,
    last_network_change: LastNetworkChange,
    store: StoreWriter,
    http: HttpClient,
    writer_pool: Arc<WriterPool>,
    rate_limiter: Arc<RateLimiter>,
    probes: ProbeCache,
    workers: JoinSet<AttemptResult>,
    download_by_task: HashMap<Id, DownloadId>,
    /// File tasks: deletions and ingested ranges.
    file_tasks: JoinSet<FileTask>,
    worker_events: mpsc::UnboundedReceiver<(DownloadId, WorkerEvent)>,
    worker_event_sender: mpsc::UnboundedSender<(DownloadId, WorkerEvent)>,
    timers: Timers,
    /// Whether a download may be able to start: checked once per turn of the loop, however many downloads changed in
    /// it.
    needs_scheduling: bool,
    /// Downloads whose rows are stored at the end of this turn of the loop.
    dirty: BTreeSet<DownloadId>,
    subscribers: Vec<mpsc::UnboundedSender<Update>>,
    rev: u64,
    started_at: Instant,
    _lock: Option<StoreLock>,
}

/// Milliseconds since 1970.
fn unix_now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

fn clocks() -> Clocks {
    Clocks {
        monotonic: Instant::now(),
        of_day: unix_now(),
    }
}

impl Actor {
    async fn run(mut self) {
        self.start_ready();
        let mut beat = tokio::time::interval(self.config.progress_interval);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut look = tokio::time::interval(network_monitor::POLL_INTERVAL);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            if std::mem::take(&mut self.needs_scheduling) {
                self.start_ready();
            }
            self.flush_dirty();
            let busy = !self.workers.is_empty();
            let due = self.timers.next(clocks());
            let stale = self.probes.deadline();
            tokio::select! {
                command = self.inbox.recv() => match command {
                    Some(command) => self.handle_command(command).await,
                    None => break,
                },
                Some((id, report)) = self.worker_events.recv() => self.on_worker_events(id, report),
                Some(ended) = self.workers.join_next_with_id() => self.on_worker_ends(ended),
                Some(Ok(task)) = self.file_tasks.join_next() => self.file_task_done(task),
                _ = beat.tick(), if busy => self.progress_tick(),
                _ = look.tick(), if busy || self.network_monitor.has_waiters() => self.poll_network(),
                () = tokio::time::sleep(due.unwrap_or_default()), if due.is_some() => self.fire_timers(),
                () = tokio::time::sleep_until(stale.unwrap_or_else(tokio::time::Instant::now)), if stale.is_some() => {
                    self.probes.expire();
                }
            }
        }
        self.shut_down().await;
    }

    /// Stops every worker and stores everything; downloads that ran continue at the next start.
    async fn shut_down(mut self) {
        for live in self
            .downloads
            .values()
            .filter_map(|entry| entry.worker.as_ref())
        {
            live.stop.cancel();
        }
        // Some workers wait until their events are stored: events are processed until the last worker has ended.
        let mut beat = tokio::time::interval(self.config.progress_interval);
        while !self.workers.is_empty() {
            tokio::select! {
                _ = beat.tick() => self.writer_pool.replace_stuck(),
                Some((id, report)) = self.worker_events.recv() => self.on_worker_event(id, report),
                Some(ended) = self.workers.join_next_with_id() => self.on_worker_end(ended),
            }
            self.flush_dirty();
        }
        self.finish_file_tasks().await;
        self.flush_dirty();
        self.store.flush().await;
    }

    /// Applies one event to one download: state, effects, row, update.
    fn apply_event(&mut self, id: DownloadId, event: Event) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let before = entry.record.state.clone();
        let (state, effects) = step(before.clone(), event);
        if state == before && effects.is_empty() {
            return;
        }
        entry.record.state = state;
        if before == State::Paused {
            // Whatever ended the pause also ends the schedule.
            entry.record.start_at = None;
        }
        self.sync_queue(id);
        for effect in effects {
            self.run_effect(id, effect);
        }
        self.mark_dirty(id);
        self.notify(id);
        let freed = before.has_worker();
        let queued = self
            .downloads
            .get(&id)
            .is_some_and(|entry| entry.record.state == State::Queued);
        self.needs_scheduling |= freed || queued;
    }

    fn run_effect(&mut self, id: DownloadId, effect: Effect) {
        match effect {
            Effect::StartWorker => self.start_worker(id),
            Effect::StopWorker => {
                if let Some(live) = self
                    .downloads
                    .get(&id)
                    .and_then(|entry| entry.worker.as_ref())
                {
                    live.stop.cancel();
                }
            }
            Effect::DiscardPartial => self.discard_partial(id),
            Effect::RemoveFiles(leftover) => self.remove_files(id, leftover),
            Effect::WakeAt(at) => {
                self.timers.wait(id, at, clocks());
            }
        }
    }

    fn start_worker(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let record = &entry.record;
        let most = record.connections.unwrap_or(self.config.connections);
        let live = RunningWorker::new(record.limit, most, record.done.total_len());
        // Only a request from byte 0 is the one that was probed.
        let looked = record.done.is_empty().then(|| self.probes.take(record));
        let (mut net, kept) = looked
            .flatten()
            .unwrap_or_else(|| (self.http.for_attempt(record), PrefetchedResponse::default()));
        if self.queue.concurrency(&entry.host) > MAX_SEPARATE {
            net = net.sharing();
        }
        let job = worker::AttemptContext {
            record: record.clone(),
            predecessor: entry.predecessor.clone(),
            http: net,
            prefetched: kept,
            file_system: Arc::clone(&self.config.file_system),
            writer_pool: Arc::clone(&self.writer_pool),
            limits: [Arc::clone(&self.rate_limiter), Arc::clone(&live.limit)],
            counters: Arc::clone(&live.counters),
            first_permit: self.host_slots.acquire(&entry.host).into(),
            host_slots: self.host_slots.clone(),
            last_network_change: self.last_network_change.clone(),
            timeout: self.config.timeout,
            max_connections: Arc::clone(&live.max_connections),
            disk_timeout: self.config.disk_timeout,
            may_restart: entry.restarts() < self.config.retry.max_attempts.max(1),
            exact_names: self.config.exact_names,
            remote_time: self.config.remote_time,
            allow_small_file: self.config.store_mode == StoreMode::Shared,
            quarantine: self.config.quarantine,
            reports: WorkerEventSender {
                id,
                out: self.worker_event_sender.clone(),
            },
            stop: live.stop.clone(),
        };
        entry.worker = Some(live);
        let task = self.workers.spawn(worker::run(job));
        self.download_by_task.insert(task.id(), id);
    }

    fn fire_timers(&mut self) {
        let now = clocks();
        while let Some((id, due)) = self.timers.take(now) {
            let Some(entry) = self.downloads.get(&id) else {
                continue;
            };
            match due {
                Due::WaitEnded(at) => {
                    if matches!(entry.record.state, State::Waiting { until, .. } if until == at) {
                        self.apply_event(id, Event::TimerFired);
                    }
                }
                Due::Appointed(at) if entry.record.start_at == Some(at) => {
                    self.log(id, LogLevel::Info, "its time has come".into());
                    self.apply_event(id, Event::Enqueue);
                }
                Due::Appointed(_) => {}
            }
        }
    }
}
