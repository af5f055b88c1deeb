//! The actor: owns all downloads, carries out what `core` decided, and tells its subscribers.
//!
//! Touches the clock; touches neither HTTP nor files except through workers and chores.

mod chores;
mod commands;
mod deadlines;
mod entry;
mod finished;
mod hold;
mod lending;
mod looks;
mod named;
mod order;
mod reports;
mod returns;
mod saving;
mod start;
mod tell;
mod watch;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio::task::{Id, JoinSet};

use crate::config::{Adopt, Config};
use crate::core::download::{DownloadId, Level, Millis, Update};
use crate::core::hosts;
use crate::core::queue::Queue;
use crate::core::state::{Effect, Event, State, step};
use crate::disk::{Lock, Pool};
use crate::handle::Command;
use crate::http::Net;
use crate::store::Writer;
use crate::worker::{self, Changes, Crowd, Ending, Kept, Limiter, Report, Reports};
use chores::Chore;
use deadlines::{Clocks, Deadlines, Due};
use entry::{Entry, Live};
use hold::Policy;
use looks::Looks;
use watch::Watch;

pub use start::{Engine, Notice, StartError};

/// Downloads of one host that run at once over connections of their own, at most: as many as a host is to have. More of
/// them may share one.
const MAX_SEPARATE: usize = hosts::MOST as usize;

pub(crate) struct Actor {
    config: Config,
    inbox: mpsc::Receiver<Command>,
    downloads: BTreeMap<DownloadId, Entry>,
    queue: Queue,
    crowd: Crowd,
    watch: Watch,
    /// Whether the system lets this app reach the local network.
    local_network: bool,
    policy: Policy,
    changes: Changes,
    store: Writer,
    net: Net,
    pool: Arc<Pool>,
    limit: Arc<Limiter>,
    looks: Looks,
    workers: JoinSet<Ending>,
    whose: HashMap<Id, DownloadId>,
    /// Files being thrown away, and some being put into others.
    chores: JoinSet<Chore>,
    reports: mpsc::UnboundedReceiver<(DownloadId, Report)>,
    report_to: mpsc::UnboundedSender<(DownloadId, Report)>,
    due: Deadlines,
    /// Somebody may have to be let in: looked at once a turn, however many downloads changed in it.
    turn_changed: bool,
    /// Whose rows are to be stored before anything else is waited for.
    unsaved: BTreeSet<DownloadId>,
    subscribers: Vec<mpsc::UnboundedSender<Update>>,
    rev: u64,
    begun: Instant,
    _lock: Option<Lock>,
}

/// Milliseconds since 1970.
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

fn clocks() -> Clocks {
    Clocks {
        monotonic: Instant::now(),
        of_day: now(),
    }
}

impl Actor {
    async fn run(mut self) {
        self.admit();
        let mut beat = tokio::time::interval(self.config.beat);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut look = tokio::time::interval(watch::LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            if std::mem::take(&mut self.turn_changed) {
                self.admit();
            }
            self.store_changes();
            let busy = !self.workers.is_empty();
            let due = self.due.next(clocks());
            let stale = self.looks.deadline();
            tokio::select! {
                command = self.inbox.recv() => match command {
                    Some(command) => self.command(command).await,
                    None => break,
                },
                Some((id, report)) = self.reports.recv() => self.report_all(id, report),
                Some(ended) = self.workers.join_next_with_id() => self.ended_all(ended),
                Some(Ok(chore)) = self.chores.join_next() => self.chore_done(chore),
                _ = beat.tick(), if busy => self.beat(),
                _ = look.tick(), if busy || self.watch.awaited() => self.look_at_network(),
                () = tokio::time::sleep(due.unwrap_or_default()), if due.is_some() => self.wake_due(),
                () = tokio::time::sleep_until(stale.unwrap_or_else(tokio::time::Instant::now)), if stale.is_some() => {
                    self.looks.close_old();
                }
            }
        }
        self.shut_down().await;
    }

    /// Every worker lets go, everything is stored; downloads that ran go on at the next start.
    async fn shut_down(mut self) {
        for live in self
            .downloads
            .values()
            .filter_map(|entry| entry.live.as_ref())
        {
            live.stop.cancel();
        }
        // Some wait until what they said is stored: they are heard until the last one has ended.
        let mut beat = tokio::time::interval(self.config.beat);
        while !self.workers.is_empty() {
            tokio::select! {
                _ = beat.tick() => self.pool.relieve(),
                Some((id, report)) = self.reports.recv() => self.report(id, report),
                Some(ended) = self.workers.join_next_with_id() => self.ended(ended),
            }
            self.store_changes();
        }
        self.end_chores().await;
        self.store_changes();
        self.store.flush().await;
    }

    /// One event of one download: the step, its effects, the row, the news.
    fn happen(&mut self, id: DownloadId, event: Event) {
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
            // Whatever it does now, it was told to.
            entry.record.start_at = None;
        }
        self.line_up(id);
        for effect in effects {
            self.carry_out(id, effect);
        }
        self.save(id);
        self.tell(id);
        let freed = before.working();
        let queued = self
            .downloads
            .get(&id)
            .is_some_and(|entry| entry.record.state == State::Queued);
        self.turn_changed |= freed || queued;
    }

    fn carry_out(&mut self, id: DownloadId, effect: Effect) {
        match effect {
            Effect::StartWorker => self.start_worker(id),
            Effect::StopWorker => {
                if let Some(live) = self
                    .downloads
                    .get(&id)
                    .and_then(|entry| entry.live.as_ref())
                {
                    live.stop.cancel();
                }
            }
            Effect::Afresh => self.afresh(id),
            Effect::Erase(leftover) => self.erase(id, leftover),
            Effect::WakeAt(at) => {
                self.due.wait(id, at, clocks());
            }
        }
    }

    fn start_worker(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let record = &entry.record;
        let most = record.connections.unwrap_or(self.config.connections);
        let live = Live::new(record.limit, most, record.done.count());
        // What goes on where it stopped has another question.
        let looked = record.done.is_empty().then(|| self.looks.take(record));
        let (mut net, kept) = looked
            .flatten()
            .unwrap_or_else(|| (self.net.of(record), Kept::default()));
        if self.queue.concurrency(&entry.host) > MAX_SEPARATE {
            net = net.sharing();
        }
        let job = worker::Job {
            record: record.clone(),
            predecessor: entry.predecessor.clone(),
            net,
            kept,
            files: Arc::clone(&self.config.files),
            pool: Arc::clone(&self.pool),
            limits: [Arc::clone(&self.limit), Arc::clone(&live.limit)],
            counters: Arc::clone(&live.counters),
            first: self.crowd.enter(&entry.host).into(),
            crowd: self.crowd.clone(),
            changes: self.changes.clone(),
            timeout: self.config.timeout,
            most: Arc::clone(&live.most),
            disk_timeout: self.config.disk_timeout,
            may_restart: entry.restarts() < self.config.patience.tries.max(1),
            exact_names: self.config.exact_names,
            remote_time: self.config.remote_time,
            at_once: self.config.adopt == Adopt::SameLinkAndFolder,
            quarantine: self.config.quarantine,
            reports: Reports {
                id,
                out: self.report_to.clone(),
            },
            stop: live.stop.clone(),
        };
        entry.live = Some(live);
        let task = self.workers.spawn(worker::run(job));
        self.whose.insert(task.id(), id);
    }

    fn wake_due(&mut self) {
        let now = clocks();
        while let Some((id, due)) = self.due.take(now) {
            let Some(entry) = self.downloads.get(&id) else {
                continue;
            };
            match due {
                Due::WaitEnded(at) => {
                    if matches!(entry.record.state, State::Waiting { until, .. } if until == at) {
                        self.happen(id, Event::Due);
                    }
                }
                Due::Appointed(at) if entry.record.start_at == Some(at) => {
                    self.log(id, Level::Info, "its time has come".into());
                    self.happen(id, Event::Go);
                }
                Due::Appointed(_) => {}
            }
        }
    }
}
