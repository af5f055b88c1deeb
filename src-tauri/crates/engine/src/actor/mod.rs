//! The actor: owns all downloads, carries out what `domain` decides, sends updates to its subscribers.
//!
//! Reads the clock; uses HTTP and files only through workers and file tasks.

mod commands;
mod constraints;
mod crash_recovery;
mod discard;
mod download_entry;
mod downloads;
mod file_tasks;
mod finished_files;
mod kept_file;
mod network_monitor;
mod observed;
mod offload;
mod offload_state;
mod options;
mod persistence;
mod predecessor;
mod preemption;
mod probes;
mod queue_control;
mod relocation;
mod relocation_state;
mod replacement;
mod scheduler;
mod speed_observation;
mod start;
mod timers;
mod updates;
mod verification;
mod verification_state;
mod worker_events;
mod workers;

use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use crate::clock::unix_now;
use crate::config::Config;
use crate::domain::download::{DownloadId, LogLevel, Update};
use crate::domain::state::{Effect, Event, State, step};
use crate::handle::Command;
use constraints::ConstraintState;
use downloads::Downloads;
use file_tasks::FileTasks;
use network_monitor::NetworkMonitor;
use persistence::Persistence;
use probes::ProbeCache;
use scheduler::Scheduler;
use timers::{Clocks, Due};
use updates::Updates;
use workers::{NewAttempt, Workers};

pub use start::{Engine, StartError, StartNotice};

/// The parts, each of which owns its fields and knows no other; and the list that they are given.
pub(crate) struct Actor {
    config: Config,
    inbox: mpsc::Receiver<Command>,
    downloads: Downloads,
    scheduler: Scheduler,
    constraints: ConstraintState,
    network_monitor: NetworkMonitor,
    workers: Workers,
    file_tasks: FileTasks,
    probes: ProbeCache,
    persistence: Persistence,
    updates: Updates,
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
        let mut progress = tokio::time::interval(self.config.progress_interval);
        progress.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut network = tokio::time::interval(network_monitor::POLL_INTERVAL);
        network.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            if self.scheduler.take_start_request() {
                self.start_ready();
            }
            self.flush_dirty();
            let busy = !self.workers.is_empty() || self.file_tasks.have_progress();
            let due = self.scheduler.next_due(clocks());
            let stale = self.probes.deadline();
            tokio::select! {
                command = self.inbox.recv() => match command {
                    Some(command) => self.handle_command(command).await,
                    None => break,
                },
                message = self.workers.next() => self.on_worker_messages(message),
                Some(task) = self.file_tasks.next() => self.file_task_done(task),
                _ = progress.tick(), if busy => self.progress_tick(),
                _ = network.tick(), if busy || self.network_monitor.has_waiters() => self.poll_network(),
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
        for worker in self
            .downloads
            .iter()
            .filter_map(|entry| entry.worker.as_ref())
        {
            worker.stop.cancel();
        }
        for entry in self.downloads.iter() {
            entry.relocation.cancel();
            entry.verification.cancel();
        }
        // Some workers wait until their events are stored: events are processed until the last worker has ended.
        let mut progress = tokio::time::interval(self.config.progress_interval);
        while !self.workers.is_empty() {
            tokio::select! {
                _ = progress.tick() => self.workers.replace_stuck_writers(),
                message = self.workers.next() => self.on_worker_message(message),
            }
            self.flush_dirty();
        }
        self.finish_file_tasks().await;
        self.flush_dirty();
        self.persistence.sync().await;
    }

    /// Applies one event to one download: state, effects, row, update.
    fn apply_event(&mut self, id: DownloadId, event: Event) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let before = entry.record.state.clone();
        let (state, effects) = step(before.clone(), event);
        if state == before && effects.is_empty() {
            return;
        }
        entry.record.state = state;
        entry.mark_transition(&before, unix_now());
        if before.is_pause() && !entry.record.state.is_pause() {
            // Whatever ended the pause also ends the schedule.
            entry.record.start_at = None;
        }
        self.sync_queue(id);
        for effect in effects {
            self.run_effect(id, effect);
        }
        self.record_changed(id);
        let freed = before.has_worker();
        if freed || self.downloads.state(id) == Some(&State::Queued) {
            self.scheduler.request_start();
        }
    }

    fn run_effect(&mut self, id: DownloadId, effect: Effect) {
        match effect {
            Effect::StartWorker => self.start_worker(id),
            Effect::StopWorker => {
                let entry = self.downloads.get(id);
                if let Some(worker) = entry.and_then(|entry| entry.worker.as_ref()) {
                    worker.stop.cancel();
                }
            }
            Effect::DiscardPartial => self.discard_partial(id),
            Effect::RemoveFiles(mode) => self.remove_files(id, mode),
            Effect::WakeAt(at) => self.scheduler.wait(id, at, clocks()),
        }
    }

    /// Starts the downloads that are next. Not during shutdown, when the inbox is closed.
    fn start_ready(&mut self) {
        if self.inbox.is_closed() {
            return;
        }
        while let Some(id) = self.scheduler.next_start() {
            self.apply_event(id, Event::Admitted);
        }
    }

    fn start_worker(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let record = entry.record.clone();
        // Only a request from byte 0 is the one that was probed.
        let probed = record.done.is_empty().then(|| self.probes.take(&record));
        let attempt = NewAttempt {
            predecessor: entry.predecessor.clone(),
            prefetched: probed.flatten(),
            share_connection: self.scheduler.shares_connection(&entry.link.host),
            first_permit: self.scheduler.first_permit(&entry.link.host),
            host_slots: self.scheduler.host_slots().clone(),
            last_network_change: self.network_monitor.last_change(),
            may_restart: entry.restarts() < self.config.retry.max_attempts.max(1),
            record,
        };
        entry.worker = Some(self.workers.start(attempt, &self.config));
    }

    fn fire_timers(&mut self) {
        let now = clocks();
        while let Some((id, due)) = self.scheduler.take_due(now) {
            let Some(entry) = self.downloads.get(id) else {
                continue;
            };
            match due {
                Due::WaitEnded(at) => {
                    if matches!(entry.record.state, State::Waiting { until, .. } if until == at) {
                        self.apply_event(id, Event::TimerFired);
                    }
                }
                Due::Appointed(at)
                    if entry.record.start_at == Some(at) && entry.replaced_by.is_none() =>
                {
                    self.log(id, LogLevel::Info, "scheduled start".into());
                    self.apply_event(id, Event::Enqueue);
                }
                Due::Appointed(_) => {}
            }
        }
    }

    /// Updates the queue with the download's present state.
    fn sync_queue(&mut self, id: DownloadId) {
        match self.downloads.get(id) {
            Some(entry) => self
                .scheduler
                .set_status(id, &entry.link.host, entry.queue_status()),
            None => self.scheduler.set_status(id, "", None),
        }
    }

    /// The record is as it should be stored and published.
    fn record_changed(&mut self, id: DownloadId) {
        self.mark_dirty(id);
        self.notify(id);
    }

    /// Marks the row dirty, or drops the download if it was removed; rows are written at the end of this turn of the
    /// loop.
    fn mark_dirty(&mut self, id: DownloadId) {
        match self.downloads.state(id) {
            None => {}
            // The row is deleted when the file has been dealt with.
            Some(State::Removed) => {
                if let Some(entry) = self.downloads.remove(id) {
                    entry.verification.cancel();
                    self.discard_offload(entry.offload);
                    self.link_replaced(entry.record.replaces);
                }
                self.updates.broadcast(Update::Removed(id));
            }
            Some(_) => self.persistence.mark_dirty(id),
        }
    }

    fn flush_dirty(&mut self) {
        self.persistence.flush(&mut self.downloads);
    }

    /// Replies when every change up to now is stored.
    fn notify_when_stored(&mut self, reply: oneshot::Sender<()>) {
        self.persistence
            .notify_when_stored(&mut self.downloads, reply);
    }

    /// Publishes the present snapshot of one download.
    fn notify(&mut self, id: DownloadId) {
        if let Some(entry) = self.downloads.get_mut(id) {
            self.updates.notify(entry);
        }
    }

    fn progress_tick(&mut self) {
        self.workers.replace_stuck_writers();
        self.observe_speeds();
        self.updates.tick(&mut self.downloads);
        self.relocation_tick();
        self.verification_tick();
    }

    fn log(&mut self, id: DownloadId, level: LogLevel, text: String) {
        self.updates.log(id, unix_now(), level, text);
    }
}
