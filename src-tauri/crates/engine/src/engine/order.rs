//! Whose turn it is: keeps the queue in step with the states, and carries out what people say about order.

use std::sync::atomic::Ordering;

use super::Actor;
use crate::core::download::DownloadId;
use crate::core::queue::{Limits, Slot, Stand};
use crate::core::record::Record;
use crate::core::state::{Event, State};
use crate::core::turn::{Place, Priority, Turn};
use crate::handle::{CommandError, Order};

/// As numbers that the queue counts with; at least one runs.
pub(super) fn limits(all: u32, per_host: Option<u32>) -> Limits {
    let count = |most: u32| usize::try_from(most.max(1)).unwrap_or(usize::MAX);
    Limits {
        all: count(all),
        per_host: per_host.map_or(usize::MAX, count),
    }
}

pub(super) fn turn(record: &Record) -> Turn {
    Turn::new(record.priority, record.place, record.id)
}

impl Actor {
    /// Lets those run whose turn it is. Not while shutting down: then the inbox is closed.
    pub(super) fn admit(&mut self) {
        if self.inbox.is_closed() {
            return;
        }
        while let Some(id) = self.queue.next(|host| self.crowd.full(host)) {
            self.happen(id, Event::Admitted);
        }
    }

    /// Tells the queue how a download stands now.
    pub(super) fn line_up(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get(&id) else {
            return self.queue.set(id, "", None);
        };
        let stand = if entry.record.state == State::Queued {
            let free = entry.clearing.is_none() && entry.loan.is_over();
            let ready = free && entry.hold.is_none();
            ready.then_some(Stand::Queued(turn(&entry.record)))
        } else {
            let working = entry.record.state.working();
            working.then_some(Stand::Running)
        };
        self.queue.set(id, &entry.host, stand);
    }

    pub(super) fn order(&mut self, order: Order) -> Result<(), CommandError> {
        match order {
            Order::Parallel { all, per_host } => {
                self.queue.limit(limits(all, per_host));
                self.admit();
            }
            Order::Priority(id, priority) => {
                let record = self.unfinished_record(id)?;
                self.put(id, priority, record.place);
            }
            Order::Move(id, place) => self.move_to(id, place)?,
            Order::Connections(most) => self.widen_all(most),
            Order::ConnectionsOne(id, most) => self.widen(id, most)?,
            Order::Proxy(proxy) => {
                self.config.proxy = proxy.clone();
                self.net.go_by(proxy);
            }
            Order::NetworkChanged => self.network_changed(),
            Order::Rules(rules) => self.rules(rules),
            Order::Conditions(conditions) => self.conditions(conditions),
            Order::LocalNetwork(reached) => self.local_network = reached,
            Order::Quarantine(marked) => self.config.quarantine = marked,
            Order::UnmeteredOnly(id, only) => self.unmetered_only(id, only)?,
        }
        Ok(())
    }

    fn widen_all(&mut self, most: u32) {
        self.config.connections = most;
        for entry in self.downloads.values() {
            if let (Some(live), None) = (&entry.live, entry.record.connections) {
                live.most.store(most, Ordering::Relaxed);
            }
        }
    }

    fn widen(&mut self, id: DownloadId, most: Option<u32>) -> Result<(), CommandError> {
        self.unfinished_record(id)?;
        if let Some(entry) = self.downloads.get_mut(&id) {
            entry.record.connections = most;
            if let Some(live) = &entry.live {
                let most = most.unwrap_or(self.config.connections);
                live.most.store(most, Ordering::Relaxed);
            }
        }
        self.save(id);
        self.tell(id);
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

    fn move_to(&mut self, id: DownloadId, place: Place) -> Result<(), CommandError> {
        // The second time there is room.
        for _ in 0..2 {
            let mut turn = turn(self.unfinished_record(id)?);
            let mut target = turn;
            if let Place::Before(other) | Place::After(other) = place {
                target = self::turn(self.unfinished_record(other)?);
                turn.priority = target.priority;
            }
            match self.queue.slot(turn, place, target) {
                Slot::Here => return Ok(()),
                Slot::At(at) => {
                    self.put(id, turn.priority, Some(at));
                    return Ok(());
                }
                Slot::Crowded => {
                    for (one, at) in self.queue.spread(turn.priority) {
                        self.put(one, turn.priority, Some(at));
                    }
                }
            }
        }
        Ok(())
    }

    /// Gives a download its turn, stores and tells it.
    fn put(&mut self, id: DownloadId, priority: Priority, place: Option<i64>) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        entry.record.priority = priority;
        entry.record.place = place;
        self.line_up(id);
        self.save(id);
        self.tell(id);
    }
}
