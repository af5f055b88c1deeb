//! The connections of one download and their tasks. Does not decide how many there are or what they fetch.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::task::{AbortHandle, Id, JoinSet};

use super::connection::Connection;
use crate::domain::byte_ranges::ByteRange;
use crate::domain::problem::Problem;
use crate::http::RangedResponse;
use crate::worker::Counters;

/// What a connection's task ends with: a response to fetch from, or nothing when it has fetched.
pub(super) type TaskResult = Result<Option<RangedResponse>, Problem>;

pub(super) struct Connections {
    tasks: JoinSet<TaskResult>,
    by_task: HashMap<Id, Connection>,
    /// Show the open connections.
    counters: Arc<Counters>,
}

impl Connections {
    pub(super) fn new(counters: Arc<Counters>) -> Self {
        Self {
            tasks: JoinSet::new(),
            by_task: HashMap::new(),
            counters,
        }
    }

    /// Starts a connection that does `work`.
    pub(super) fn start(
        &mut self,
        work: impl Future<Output = TaskResult> + Send + 'static,
        connection: impl FnOnce(AbortHandle) -> Connection,
    ) {
        let connection = connection(self.tasks.spawn(work));
        self.insert(connection);
    }

    /// The response to the request of `connection` is here; `work` fetches from it.
    pub(super) fn answered(
        &mut self,
        mut connection: Connection,
        work: impl Future<Output = TaskResult> + Send + 'static,
    ) {
        connection.answered(self.tasks.spawn(work));
        self.insert(connection);
    }

    fn insert(&mut self, connection: Connection) {
        self.by_task.insert(connection.task().id(), connection);
        self.update_counters();
    }

    fn update_counters(&self) {
        let streams = self.streams();
        let open = u32::try_from(streams.clone().count()).unwrap_or(u32::MAX);
        self.counters.connections.store(open, Ordering::Relaxed);
        self.counters
            .map
            .set_segments(streams.map(Connection::segment));
    }

    /// The next connection whose task ends, and its result; `None` for the result if we aborted it. `None` if there is
    /// no connection. Cancel safe.
    ///
    /// # Panics
    ///
    /// If the task did.
    pub(super) async fn next_end(&mut self) -> Option<(Connection, Option<TaskResult>)> {
        loop {
            let (id, result) = match self.tasks.join_next_with_id().await? {
                Ok((id, result)) => (id, Some(result)),
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(error) => (error.id(), None),
            };
            if let Some(connection) = self.by_task.remove(&id) {
                self.update_counters();
                return Some((connection, result));
            }
        }
    }

    /// Aborts all tasks and waits until they have ended.
    pub(super) async fn shutdown(&mut self) {
        self.tasks.shutdown().await;
    }

    pub(super) fn len(&self) -> usize {
        self.by_task.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_task.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Connection> + Clone {
        self.by_task.values()
    }

    /// Those that receive a response.
    pub(super) fn streams(&self) -> impl Iterator<Item = &Connection> + Clone {
        self.iter().filter(|one| one.is_stream())
    }

    /// Those whose bytes wait for a rate limit or for the disk.
    pub(super) fn held_back(&self) -> usize {
        let held = self.iter().filter(|one| one.segment().is_held_back());
        held.count()
    }

    /// Whether any has a range to fetch.
    pub(super) fn any_remaining(&self) -> bool {
        self.iter().any(|one| one.segment().remaining().is_some())
    }

    /// Whether another connection fetches the same segment.
    pub(super) fn is_raced(&self, connection: &Connection) -> bool {
        let mut others = self.streams().filter(|one| !one.is_stalled());
        others.any(|one| Arc::ptr_eq(one.segment(), connection.segment()))
    }

    /// Ends the streams that fetch the segment of `connection`.
    pub(super) fn abort_racing(&self, connection: &Connection) {
        let sharing = |one: &&Connection| Arc::ptr_eq(one.segment(), connection.segment());
        self.streams().filter(sharing).for_each(Connection::abort);
    }

    /// Closes connections until `count` are left, those that received least first. Others take over their ranges.
    pub(super) fn close_excess(&mut self, count: usize) {
        let mut connections: Vec<&mut Connection> = self.by_task.values_mut().collect();
        connections.sort_by_key(|connection| Reverse(connection.segment().received()));
        for connection in connections.into_iter().skip(count) {
            connection.dismiss();
        }
    }

    /// Ends the additional stream with most bytes left, if they are at least `least`: one whose speed fell after its
    /// start, of an unbounded request. Others fetch what it has left. Returns whether there was one.
    pub(super) fn end_longest_faded(&mut self, least: u64) -> bool {
        let longest = self
            .by_task
            .values_mut()
            .filter(|one| one.is_stream() && !one.is_bounded() && !one.is_dismissed())
            .filter(|one| !one.is_first() && one.segment().fade().is_some())
            .max_by_key(|one| one.bytes_left())
            .filter(|one| one.bytes_left() >= least);
        longest.map(Connection::dismiss).is_some()
    }

    /// Ends the connections for which `is_useless` holds; returns the ranges that they had left.
    pub(super) fn end_all(&mut self, is_useless: impl Fn(&Connection) -> bool) -> Vec<ByteRange> {
        let mut ended = Vec::new();
        for (id, connection) in &mut self.by_task {
            if !connection.is_stalled() && is_useless(connection) {
                connection.end_as_stalled();
                ended.push(*id);
            }
        }
        let ended = ended.iter().filter_map(|id| self.by_task.get(id));
        // The other racing connection has requested the first range only.
        ended
            .flat_map(|one| one.segment().take_back(usize::from(self.is_raced(one))))
            .collect()
    }

    /// Takes `part` from the stream that has it, as far as it is in one piece from its first byte.
    pub(super) fn split_off(&self, part: ByteRange) -> Option<ByteRange> {
        self.streams().find_map(|connection| {
            let taken = connection.segment().split(part)?;
            if connection.segment().finished() {
                connection.abort();
            }
            Some(taken)
        })
    }

    /// Gives the ranges of ended streams to the nearest stream before them that can reach them; returns the others. All
    /// together: a stream would skip what it is given later.
    pub(super) fn hand_on(&self, mut parts: Vec<ByteRange>) -> Vec<ByteRange> {
        let able = |one: &&Connection| !one.is_stalled() && !one.is_dismissed();
        let mut able: Vec<&Connection> = self.streams().filter(able).collect();
        able.sort_by_key(|one| Reverse(one.segment().position()));
        for connection in able {
            connection.segment().give(&mut parts, connection.reach());
        }
        parts
    }
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
