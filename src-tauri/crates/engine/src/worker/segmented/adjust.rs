//! What a crew makes of a connection that stood still or was refused: another one in its place, or fewer at that host.
//! And of another wish for their number, and of a disk that stands still.

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

/// How long a connection may be silent that is older than the network is now.
const IDLE_AFTER_CHANGE: Duration = Duration::from_millis(500);

/// How long a connection may be silent. Where none can take over, a new network is given the same time as any.
pub(super) fn idle_timeout(job: &AttemptContext, begun: Instant, resumable: bool) -> Duration {
    if resumable && job.last_network_change.is_after(begun) {
        job.timeout.min(IDLE_AFTER_CHANGE)
    } else {
        job.timeout
    }
}

/// Connections that a crew may have, of those that the person allows.
pub(super) fn connection_limit(job: &AttemptContext, divisible: bool, wished: u32) -> usize {
    // Servers behind one name may have two versions of a file: one connection gets one of them whole.
    if divisible && job.record.attempts < 2 {
        wished.max(1) as usize
    } else {
        1
    }
}

impl SegmentedTransfer<'_> {
    /// The person may have changed their mind about how many there are: additional ones come as they help, those that are
    /// too many go at once, the ones that have brought least.
    pub(super) fn apply_requested_limit(&mut self) {
        let wished = self.job.max_connections.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.requested_connections, wished) == wished {
            return;
        }
        self.max_connections = connection_limit(self.job, self.divisible, wished);
        self.target = self.target.min(self.max_connections);
        self.close_excess(self.max_connections);
    }

    /// Ends connections until so many are left, first those that have brought least. What they had left is for the others.
    pub(super) fn close_excess(&mut self, count: usize) {
        let mut connections: Vec<&mut Connection> = self.connections.values_mut().collect();
        connections.sort_by_key(|connection| std::cmp::Reverse(connection.segment.received()));
        for connection in connections.into_iter().skip(count) {
            connection.dismissed = true;
            connection.task.abort();
        }
    }

    /// The host that the bytes come from.
    pub(super) fn host(&self) -> String {
        download_url::host_with_port(&self.source.url)
    }

    /// Room for one connection more; the `only` one is always let in.
    pub(super) fn acquire_permit(&self, only: bool) -> Option<ConnectionPermit> {
        let (host_slots, host) = (&self.job.host_slots, self.host());
        if only {
            Some(host_slots.acquire(&host))
        } else {
            host_slots.try_acquire(&host)
        }
    }

    /// The disk neither takes what is written nor refuses it: nobody waits for that for ever.
    pub(super) fn check_disk(&self, sink: &FileWriter) -> Result<(), Problem> {
        if sink.write_time() > self.job.watchdog().write_timeout() {
            Err(sink.abandon())
        } else {
            Ok(())
        }
    }

    /// Whether a connection that stood still is replaced by a new one, at once and from where it stopped: always,
    /// unless the one before it stopped at that very byte too.
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

    /// A host that refuses additional connections is to have fewer, for all downloads. One that only closes them, or lets
    /// them all stand still, is believed the second time; one that forbids them, or fails, may mean this file, and is
    /// believed for a minute.
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
            connection.spot.on_refused(keep, &self.job.reports);
        }
    }
}
