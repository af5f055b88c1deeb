//! Replaces stalled connections, lowers the limit of a host that refuses them, applies a changed connection limit,
//! gives up on an unresponsive disk.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::{Connection, SegmentedTransfer};
use crate::disk::FileWriter;
use crate::domain::byte_ranges::ByteRange;
use crate::domain::download_url;
use crate::domain::host_limits::{LIMIT_TTL, TENTATIVE_LIMIT_TTL};
use crate::domain::problem::Problem;
use crate::worker::AttemptContext;
use crate::worker::host_slots::ConnectionPermit;

/// Idle timeout of a connection that is older than the last network change.
const IDLE_AFTER_CHANGE: Duration = Duration::from_millis(500);

/// Idle timeout of a connection. If no other one can take over, a network change does not shorten it.
pub(super) fn idle_timeout(job: &AttemptContext, begun: Instant, resumable: bool) -> Duration {
    if resumable && job.last_network_change.is_after(begun) {
        job.timeout.min(IDLE_AFTER_CHANGE)
    } else {
        job.timeout
    }
}

/// Maximum of connections, within what the user allows.
pub(super) fn connection_limit(job: &AttemptContext, divisible: bool, wished: u32) -> usize {
    // Servers behind one name may have two versions of a file: a single connection gets all bytes of one of them.
    if divisible && job.record.attempts < 2 {
        wished.max(1) as usize
    } else {
        1
    }
}

impl SegmentedTransfer<'_> {
    /// Applies a changed connection limit: further connections are opened as they help, those above the limit are
    /// closed immediately, the ones that received least first.
    pub(super) fn apply_requested_limit(&mut self) {
        let wished = self.job.max_connections.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.requested_connections, wished) == wished {
            return;
        }
        self.max_connections = connection_limit(self.job, self.divisible, wished);
        self.target = self.target.min(self.max_connections);
        self.close_excess(self.max_connections);
    }

    /// Closes connections until `count` are left, those that received least first. Others take over their ranges.
    pub(super) fn close_excess(&mut self, count: usize) {
        let mut connections: Vec<&mut Connection> = self.connections.values_mut().collect();
        connections.sort_by_key(|connection| std::cmp::Reverse(connection.segment.received()));
        for connection in connections.into_iter().skip(count) {
            connection.dismissed = true;
            connection.task.abort();
        }
    }

    /// The host that serves the bytes.
    pub(super) fn host(&self) -> String {
        download_url::host_with_port(&self.source.url)
    }

    /// Permit for one more connection; the `only` one is always granted.
    pub(super) fn acquire_permit(&self, only: bool) -> Option<ConnectionPermit> {
        let (host_slots, host) = (&self.job.host_slots, self.host());
        if only {
            Some(host_slots.acquire(&host))
        } else {
            host_slots.try_acquire(&host)
        }
    }

    /// Fails if the disk neither completes a pending write nor reports an error within the timeout.
    pub(super) fn check_disk(&self, sink: &FileWriter) -> Result<(), Problem> {
        if sink.write_time() > self.job.watchdog().write_timeout() {
            Err(sink.abandon())
        } else {
            Ok(())
        }
    }

    /// Whether a stalled connection is replaced immediately, from where it stopped: always, unless the one before it
    /// stalled at the same byte.
    pub(super) fn replace_stalled(&mut self, problem: &Problem, left: ByteRange) -> bool {
        let still = matches!(problem, Problem::Stalled { .. });
        if !still || !self.resumable || !self.replaced.insert(left.start) {
            return false;
        }
        let at = left.start;
        self.job.reports.warn(format!(
            "a connection stood still; another one takes its place at byte {at}"
        ));
        true
    }

    /// Lowers the connection limit of a host that refuses additional connections, for all downloads. If it only closes
    /// them, or lets all of them stall, the second time counts; 403 and other 5xx may be about this file, so that limit
    /// is kept for a minute only.
    pub(super) fn learn_host_limit(&mut self, problem: &Problem, connection: &Connection) {
        let busy = matches!(
            problem,
            Problem::RateLimited { .. } | Problem::ServerError { status: 503, .. }
        );
        let doubtful = matches!(
            problem,
            Problem::Forbidden { .. } | Problem::ServerError { .. }
        );
        let closed = matches!(
            problem,
            Problem::ConnectionRefused { .. } | Problem::ConnectionLost { .. }
        ) && connection.segment.received() == 0;
        let closed = closed || (!self.helped && matches!(problem, Problem::Stalled { .. }));
        self.closed_early += u32::from(closed);
        let refused = busy || doubtful || (closed && self.closed_early > 1);
        let keep = if doubtful && !busy {
            TENTATIVE_LIMIT_TTL
        } else {
            LIMIT_TTL
        };
        if refused && !self.connections.is_empty() {
            connection.permit.on_refused(keep, &self.job.reports);
        }
    }
}
