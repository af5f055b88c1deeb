//! Decides which download starts next: order and limits. Pure; a change of one download costs O(log n).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::download::DownloadId;
use super::queue_key::{self, Priority, QueueKey, QueueMove};

/// Maximum number of running downloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) all: usize,
    pub(crate) per_host: usize,
}

/// How the queue counts a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueueStatus {
    Queued(QueueKey),
    Running,
}

/// The result of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveOutcome {
    /// The download is already there.
    Unchanged,
    /// The new position.
    At(i64),
    /// No number is free there: apply [`Queue::rebalance`] first.
    NeedsRebalance,
}

/// The queued downloads, in order, and how many run per host.
#[derive(Debug)]
pub(crate) struct Queue {
    limits: Limits,
    members: HashMap<DownloadId, (Arc<str>, QueueStatus)>,
    by_host: HashMap<Arc<str>, HostQueue>,
    /// The first queued download of each host below its limit.
    heads: BTreeMap<QueueKey, Arc<str>>,
    /// All queued downloads.
    order: BTreeSet<QueueKey>,
    running: usize,
}

/// Queue and running downloads of one host.
#[derive(Debug, Default)]
struct HostQueue {
    queued: BTreeSet<QueueKey>,
    running: usize,
    /// This host's key in `heads`.
    head: Option<QueueKey>,
}

impl Queue {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            members: HashMap::new(),
            by_host: HashMap::new(),
            heads: BTreeMap::new(),
            order: BTreeSet::new(),
            running: 0,
        }
    }

    /// How many downloads of this host run in parallel, given its present number of queued and running ones.
    pub(crate) fn concurrency(&self, host: &str) -> usize {
        let line = self.by_host.get(host);
        let members = line.map_or(0, |line| line.running + line.queued.len());
        members.min(self.limits.all).min(self.limits.per_host)
    }

    /// Changes the limits; running downloads continue.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        let hosts: Vec<Arc<str>> = self.by_host.keys().cloned().collect();
        for host in hosts {
            self.update_head(&host);
        }
    }

    /// Sets how one download is counted; `None` when it is neither queued nor running.
    pub(crate) fn set_status(&mut self, id: DownloadId, host: &str, stand: Option<QueueStatus>) {
        if let Some((was_at, stood)) = self.members.remove(&id) {
            let line = self.by_host.entry(Arc::clone(&was_at)).or_default();
            match stood {
                QueueStatus::Queued(turn) => {
                    line.queued.remove(&turn);
                    self.order.remove(&turn);
                }
                QueueStatus::Running => {
                    line.running -= 1;
                    self.running -= 1;
                }
            }
            self.update_head(&was_at);
        }
        let Some(stand) = stand else { return };
        let host = match self.by_host.get_key_value(host) {
            Some((known, _)) => Arc::clone(known),
            None => Arc::from(host),
        };
        let line = self.by_host.entry(Arc::clone(&host)).or_default();
        match stand {
            QueueStatus::Queued(turn) => {
                line.queued.insert(turn);
                self.order.insert(turn);
            }
            QueueStatus::Running => {
                line.running += 1;
                self.running += 1;
            }
        }
        self.members.insert(id, (Arc::clone(&host), stand));
        self.update_head(&host);
    }

    /// Updates the entry of a host in `heads`.
    fn update_head(&mut self, host: &Arc<str>) {
        let Some(line) = self.by_host.get_mut(host) else {
            return;
        };
        let room = line.running < self.limits.per_host;
        let head = line.queued.first().copied().filter(|_| room);
        if head != line.head {
            if let Some(old) = line.head {
                self.heads.remove(&old);
            }
            if let Some(new) = head {
                self.heads.insert(new, Arc::clone(host));
            }
            line.head = head;
        }
        if line.queued.is_empty() && line.running == 0 {
            self.by_host.remove(host);
        }
    }

    /// The download to start now, if any: the first whose host is below its limit and not `full` for another reason.
    pub(crate) fn next_ready(&self, full: impl Fn(&str) -> bool) -> Option<DownloadId> {
        if self.running >= self.limits.all {
            return None;
        }
        let mut heads = self.heads.iter();
        let next = heads.find(|(_, host)| !full(host));
        next.map(|(turn, _)| turn.id)
    }

    /// All queued downloads, the next one first.
    pub(crate) fn order(&self) -> impl Iterator<Item = DownloadId> {
        self.order.iter().map(|turn| turn.id)
    }

    /// Resolves a move of the download at `turn`; `target` is the key of the download that [`QueueMove::Before`] or
    /// [`QueueMove::After`] names.
    pub(crate) fn resolve_move(
        &self,
        turn: QueueKey,
        place: QueueMove,
        target: QueueKey,
    ) -> MoveOutcome {
        let line = |priority: Priority| {
            let others = self.order.iter().filter(move |one| one.id != turn.id);
            others.filter(move |one| one.priority == priority)
        };
        let ahead = |of: QueueKey| {
            let all = self.order.range(..of).rev();
            let mut all = all.take_while(move |one| one.priority == of.priority);
            all.find(|one| one.id != turn.id).copied()
        };
        let behind = |of: QueueKey| {
            let all = self.order.range((Bound::Excluded(of), Bound::Unbounded));
            let mut all = all.take_while(move |one| one.priority == of.priority);
            all.find(|one| one.id != turn.id).copied()
        };
        let (before, after) = match place {
            QueueMove::Top => (None, line(turn.priority).next().copied()),
            QueueMove::Bottom => (line(turn.priority).next_back().copied(), None),
            QueueMove::Up => match ahead(turn) {
                Some(one) => (ahead(one), Some(one)),
                None => return MoveOutcome::Unchanged,
            },
            QueueMove::Down => match behind(turn) {
                Some(one) => (Some(one), behind(one)),
                None => return MoveOutcome::Unchanged,
            },
            QueueMove::Before(_) | QueueMove::After(_) if target.id == turn.id => {
                return MoveOutcome::Unchanged;
            }
            QueueMove::Before(_) => (ahead(target), Some(target)),
            QueueMove::After(_) => (Some(target), behind(target)),
        };
        if before.is_none() && after.is_none() {
            return MoveOutcome::Unchanged;
        }
        let place = queue_key::midpoint(
            before.map(|one| one.position),
            after.map(|one| one.position),
        );
        place.map_or(MoveOutcome::NeedsRebalance, MoveOutcome::At)
    }

    /// New, evenly spaced positions for all queued downloads of a priority, in their present order.
    pub(crate) fn rebalance(&self, priority: Priority) -> Vec<(DownloadId, i64)> {
        let line = self.order.iter().filter(|one| one.priority == priority);
        let line: Vec<&QueueKey> = line.collect();
        let last = line.last().map_or(0, |one| one.position);
        let ids = line.iter().map(|one| one.id);
        ids.zip(queue_key::evenly_spaced(line.len(), last))
            .collect()
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
