//! Who may run next: order and limits. Pure; a change of one download costs the logarithm of their number.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::download::DownloadId;
use super::queue_key::{self, Priority, QueueKey, QueueMove};

/// How many may run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) all: usize,
    pub(crate) per_host: usize,
}

/// How a download counts here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueueStatus {
    Queued(QueueKey),
    Running,
}

/// Where a move leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveOutcome {
    /// It is there already.
    Unchanged,
    /// This is its new place.
    At(i64),
    /// No number is left there: take [`Queue::rebalance`] first.
    NeedsRebalance,
}

/// What is queued, in order, and how many run on which host.
#[derive(Debug)]
pub(crate) struct Queue {
    limits: Limits,
    members: HashMap<DownloadId, (Arc<str>, QueueStatus)>,
    by_host: HashMap<Arc<str>, HostQueue>,
    /// The first of each host that has room.
    heads: BTreeMap<QueueKey, Arc<str>>,
    /// All that are queued.
    order: BTreeSet<QueueKey>,
    running: usize,
}

/// What concerns one host.
#[derive(Debug, Default)]
struct HostQueue {
    queued: BTreeSet<QueueKey>,
    running: usize,
    /// Which of `heads` is this one's.
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

    /// How many downloads of this host run at once as long as it has as many as now.
    pub(crate) fn concurrency(&self, host: &str) -> usize {
        let line = self.by_host.get(host);
        let members = line.map_or(0, |line| line.running + line.queued.len());
        members.min(self.limits.all).min(self.limits.per_host)
    }

    /// Other limits from now on; what runs already goes on.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        let hosts: Vec<Arc<str>> = self.by_host.keys().cloned().collect();
        for host in hosts {
            self.update_head(&host);
        }
    }

    /// How one download counts from now on; `None` when it neither runs nor wants to.
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

    /// Sees to it that the right one of a host's line is among the heads, or none.
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

    /// The one to start now, if any may: the first whose host has room and is not `full` for another reason.
    pub(crate) fn next_ready(&self, full: impl Fn(&str) -> bool) -> Option<DownloadId> {
        if self.running >= self.limits.all {
            return None;
        }
        let mut heads = self.heads.iter();
        let next = heads.find(|(_, host)| !full(host));
        next.map(|(turn, _)| turn.id)
    }

    /// All that are queued, the next one first.
    pub(crate) fn order(&self) -> impl Iterator<Item = DownloadId> {
        self.order.iter().map(|turn| turn.id)
    }

    /// What a move of `turn` leads to; `target` is the turn of the one that [`QueueMove::Before`] or
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

    /// New places for all that are queued with a priority, in the order they have, with room between them.
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
