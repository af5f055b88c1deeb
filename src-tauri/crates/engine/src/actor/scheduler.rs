//! Starts downloads in queue order, keeps the queue in step with the states, carries out [`ControlCommand`]s.

use std::sync::atomic::Ordering;

use super::Actor;
use crate::domain::download::DownloadId;
use crate::domain::queue::{Limits, MoveOutcome, QueueStatus};
use crate::domain::queue_key::{Priority, QueueKey, QueueMove};
use crate::domain::record::Record;
use crate::domain::state::{Event, State};
use crate::handle::{CommandError, ControlCommand};

/// Limits of the queue; at least one download may run.
pub(super) fn queue_limits(all: u32, per_host: Option<u32>) -> Limits {
    let count = |most: u32| usize::try_from(most.max(1)).unwrap_or(usize::MAX);
    Limits {
        all: count(all),
        per_host: per_host.map_or(usize::MAX, count),
    }
}

pub(super) fn queue_key(record: &Record) -> QueueKey {
    QueueKey::new(record.priority, record.queue_position, record.id)
}

impl Actor {
    /// Starts the downloads that are next. Not during shutdown, when the inbox is closed.
    pub(super) fn start_ready(&mut self) {
        if self.inbox.is_closed() {
            return;
        }
        while let Some(id) = self.queue.next_ready(|host| self.host_slots.is_full(host)) {
            self.apply_event(id, Event::Admitted);
        }
    }

    /// Updates the queue with the download's present state.
    pub(super) fn sync_queue(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get(&id) else {
            return self.queue.set_status(id, "", None);
        };
        let stand = if entry.record.state == State::Queued {
            let free = entry.deleting_part.is_none() && entry.offload.is_idle();
            let ready = free && entry.blocked_by.is_none();
            ready.then_some(QueueStatus::Queued(queue_key(&entry.record)))
        } else {
            let working = entry.record.state.has_worker();
            working.then_some(QueueStatus::Running)
        };
        self.queue.set_status(id, &entry.host, stand);
    }

    pub(super) fn handle_control(&mut self, order: ControlCommand) -> Result<(), CommandError> {
        match order {
            ControlCommand::Parallel { all, per_host } => {
                self.queue.set_limits(queue_limits(all, per_host));
                self.start_ready();
            }
            ControlCommand::Priority(id, priority) => {
                let record = self.unfinished_record(id)?;
                self.set_queue_key(id, priority, record.queue_position);
            }
            ControlCommand::Move(id, place) => self.move_in_queue(id, place)?,
            ControlCommand::Connections(most) => self.set_max_connections(most),
            ControlCommand::ConnectionsOne(id, most) => self.set_max_connections_of(id, most)?,
            ControlCommand::Proxy(proxy) => {
                self.config.proxy = proxy.clone();
                self.http.set_proxy(proxy);
            }
            ControlCommand::NetworkChanged => self.network_changed(),
            ControlCommand::Constraints(rules) => self.set_constraints(rules),
            ControlCommand::DeviceStatus(conditions) => self.set_device_status(conditions),
            ControlCommand::LocalNetwork(reached) => self.local_network = reached,
            ControlCommand::Quarantine(marked) => self.config.quarantine = marked,
            ControlCommand::UnmeteredOnly(id, only) => self.set_unmetered_only(id, only)?,
        }
        Ok(())
    }

    fn set_max_connections(&mut self, most: u32) {
        self.config.connections = most;
        for entry in self.downloads.values() {
            if let (Some(live), None) = (&entry.worker, entry.record.connections) {
                live.max_connections.store(most, Ordering::Relaxed);
            }
        }
    }

    fn set_max_connections_of(
        &mut self,
        id: DownloadId,
        most: Option<u32>,
    ) -> Result<(), CommandError> {
        self.unfinished_record(id)?;
        if let Some(entry) = self.downloads.get_mut(&id) {
            entry.record.connections = most;
            if let Some(live) = &entry.worker {
                let most = most.unwrap_or(self.config.connections);
                live.max_connections.store(most, Ordering::Relaxed);
            }
        }
        self.mark_dirty(id);
        self.notify(id);
        Ok(())
    }

    fn unfinished_record(&self, id: DownloadId) -> Result<&Record, CommandError> {
        let entry = self.downloads.get(&id);
        let record = &entry.ok_or(CommandError::UnknownDownload(id))?.record;
        match record.state {
            State::Done { .. } | State::Removed => Err(CommandError::NotNow(id)),
            State::Queued
            | State::Probing
            | State::Running
            | State::Finishing
            | State::Stopping { .. }
            | State::Waiting { .. }
            | State::Paused
            | State::Failed { .. } => Ok(record),
        }
    }

    fn move_in_queue(&mut self, id: DownloadId, place: QueueMove) -> Result<(), CommandError> {
        // After a rebalance the second try finds a gap.
        for _ in 0..2 {
            let mut turn = queue_key(self.unfinished_record(id)?);
            let mut target = turn;
            if let QueueMove::Before(other) | QueueMove::After(other) = place {
                target = self::queue_key(self.unfinished_record(other)?);
                turn.priority = target.priority;
            }
            match self.queue.resolve_move(turn, place, target) {
                MoveOutcome::Unchanged => return Ok(()),
                MoveOutcome::At(at) => {
                    self.set_queue_key(id, turn.priority, Some(at));
                    return Ok(());
                }
                MoveOutcome::NeedsRebalance => {
                    for (one, at) in self.queue.rebalance(turn.priority) {
                        self.set_queue_key(one, turn.priority, Some(at));
                    }
                }
            }
        }
        Ok(())
    }

    /// Sets a download's queue key, stores and publishes it.
    fn set_queue_key(&mut self, id: DownloadId, priority: Priority, place: Option<i64>) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        entry.record.priority = priority;
        entry.record.queue_position = place;
        self.sync_queue(id);
        self.mark_dirty(id);
        self.notify(id);
    }
}
