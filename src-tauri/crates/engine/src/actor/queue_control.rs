//! Carries out [`ControlCommand`]s: order and limits of the queue, and what applies to all downloads.

use std::sync::atomic::Ordering;

use super::Actor;
use crate::domain::download::DownloadId;
use crate::domain::queue::MoveOutcome;
use crate::domain::queue_key::{Priority, QueueMove, midpoint};
use crate::domain::record::Record;
use crate::domain::state::State;
use crate::domain::tags;
use crate::handle::{CommandError, ControlCommand};

impl Actor {
    pub(super) fn handle_control(&mut self, order: ControlCommand) -> Result<(), CommandError> {
        match order {
            ControlCommand::Parallel { all, per_host } => {
                self.scheduler.set_limits(all, per_host);
                self.start_ready();
            }
            ControlCommand::Priority(id, priority) => {
                let entry = self.downloads.entry_that(|allows| allows.set_options, id)?;
                let position = entry.record.queue_position;
                self.set_queue_key(id, priority, position);
            }
            ControlCommand::Move(id, place) => self.move_in_queue(id, place)?,
            ControlCommand::Connections(most) => self.set_max_connections(most),
            ControlCommand::ConnectionsOne(id, most) => self.set_max_connections_of(id, most)?,
            ControlCommand::Proxy(proxy) => {
                self.config.proxy = proxy.clone();
                self.workers.set_proxy(proxy);
            }
            ControlCommand::NetworkChanged => self.network_changed(),
            ControlCommand::Constraints(rules) => self.set_constraints(rules),
            ControlCommand::DeviceStatus(status) => self.set_device_status(status),
            ControlCommand::LocalNetwork(granted) => {
                self.network_monitor.set_local_network(granted);
            }
            ControlCommand::Quarantine(marked) => self.config.quarantine = marked,
            ControlCommand::SlowMode(on) => self.workers.set_slow_mode(on),
            ControlCommand::UnmeteredOnly(id, only) => self.set_unmetered_only(id, only)?,
            ControlCommand::Tags(ids, tags) => self.set_tags(&ids, &tags::normalize(&tags))?,
        }
        Ok(())
    }

    fn set_max_connections(&mut self, most: u32) {
        self.config.connections = most;
        for entry in self.downloads.iter() {
            if let (Some(worker), None) = (&entry.worker, entry.record.connections) {
                worker.max_connections.store(most, Ordering::Relaxed);
            }
        }
    }

    pub(super) fn set_max_connections_of(
        &mut self,
        id: DownloadId,
        most: Option<u32>,
    ) -> Result<(), CommandError> {
        let entry = self.downloads.entry_that(|allows| allows.set_options, id)?;
        entry.record.connections = most;
        if let Some(worker) = &entry.worker {
            let most = most.unwrap_or(self.config.connections);
            worker.max_connections.store(most, Ordering::Relaxed);
        }
        self.record_changed(id);
        Ok(())
    }

    /// All of them or none.
    fn set_tags(&mut self, ids: &[DownloadId], tags: &[String]) -> Result<(), CommandError> {
        for id in ids {
            self.downloads.entry(*id)?;
        }
        for id in ids {
            self.downloads.entry(*id)?.record.tags = tags.to_vec();
            self.record_changed(*id);
        }
        Ok(())
    }

    fn move_in_queue(&mut self, id: DownloadId, place: QueueMove) -> Result<(), CommandError> {
        // After a rebalance the second try finds a gap.
        for _ in 0..2 {
            let mut turn = self.downloads.unfinished(id)?.record.queue_key();
            let mut target = turn;
            if let QueueMove::Before(other) | QueueMove::After(other) = place {
                target = self.downloads.unfinished(other)?.record.queue_key();
                turn.priority = target.priority;
            }
            match self.scheduler.resolve_move(turn, place, target) {
                MoveOutcome::Unchanged => return Ok(()),
                MoveOutcome::At(at) => {
                    self.set_queue_key(id, turn.priority, Some(at));
                    return Ok(());
                }
                MoveOutcome::NeedsRebalance => {
                    for (one, at) in self.scheduler.rebalance(turn.priority) {
                        self.set_queue_key(one, turn.priority, Some(at));
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives those of the new downloads that are to be first places ahead of all others of their priority, in their order.
    pub(super) fn put_first(&self, new: &mut [Record], first: &[bool]) {
        let mut chosen: Vec<&mut Record> = new
            .iter_mut()
            .zip(first)
            .filter_map(|(record, first)| first.then_some(record))
            .collect();
        let mut heads: Vec<(Priority, i64)> = Vec::new();
        for record in chosen.iter_mut().rev() {
            let known = heads.iter().position(|(own, _)| *own == record.priority);
            let head = match known {
                Some(place) => Some(heads.swap_remove(place).1),
                None => self.first_position(record.priority),
            };
            // Without any other its age will do.
            let Some(position) = head.and_then(|head| midpoint(None, Some(head))) else {
                continue;
            };
            record.queue_position = Some(position);
            heads.push((record.priority, position));
        }
    }

    /// The position of the first unfinished download of a priority.
    fn first_position(&self, priority: Priority) -> Option<i64> {
        let keys = self.downloads.iter().filter_map(|entry| {
            let unfinished = !matches!(entry.record.state, State::Done { .. });
            unfinished.then(|| entry.record.queue_key())
        });
        keys.filter(|key| key.priority == priority)
            .map(|key| key.position)
            .min()
    }

    /// Sets a download's queue key, stores and publishes it.
    pub(super) fn set_queue_key(
        &mut self,
        id: DownloadId,
        priority: Priority,
        position: Option<i64>,
    ) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        entry.record.priority = priority;
        entry.record.queue_position = position;
        self.sync_queue(id);
        self.record_changed(id);
    }
}
