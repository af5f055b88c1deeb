//! Counts the connections of all downloads per host. Shared by the workers and the actor; the rules are in
//! `domain::host_limits`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, MutexGuard};

use super::worker_event::WorkerEventSender;
use crate::domain::host_limits::{HostLimits, HostLoad, LIMIT_TTL, TENTATIVE_LIMIT_TTL};
use crate::domain::problem::Problem;

#[derive(Debug, Clone)]
pub(crate) struct HostSlots {
    /// Locked once per connection, never per chunk.
    hosts: Arc<Mutex<HostLimits>>,
    begun: Instant,
}

/// One connection, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionPermit {
    host_slots: HostSlots,
    host: String,
    begun: Duration,
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.host_slots
            .hosts()
            .release(&self.host, self.host_slots.now());
    }
}

impl HostSlots {
    pub(crate) fn new() -> Self {
        Self {
            hosts: Arc::default(),
            begun: Instant::now(),
        }
    }

    fn hosts(&self) -> MutexGuard<'_, HostLimits> {
        self.hosts.lock()
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn permit(&self, host: &str) -> ConnectionPermit {
        ConnectionPermit {
            host_slots: self.clone(),
            host: host.to_owned(),
            begun: self.now(),
        }
    }

    /// Permit for a download's first connection, granted regardless of the limit.
    pub(crate) fn acquire(&self, host: &str) -> ConnectionPermit {
        self.hosts().acquire(host);
        self.permit(host)
    }

    /// Permit for one more connection, if the host has a free slot.
    pub(super) fn try_acquire(&self, host: &str) -> Option<ConnectionPermit> {
        let room = self.hosts().try_acquire(host, self.now());
        room.then(|| self.permit(host))
    }

    /// The number of connections that a host is known to allow.
    pub(crate) fn allowed(&self, host: &str) -> Option<u32> {
        self.hosts().allowed(host, self.now())
    }

    /// How long it is known to allow no more.
    pub(crate) fn allowed_for(&self, host: &str) -> Option<Duration> {
        self.hosts().allowed_for(host, self.now())
    }

    /// The same as `allowed`, if it has that many.
    pub(crate) fn full_at(&self, host: &str) -> Option<u32> {
        let (hosts, now) = (self.hosts(), self.now());
        let allows = hosts.allowed(host, now);
        allows.filter(|_| hosts.is_full(host, now))
    }

    /// Whether a host is known to accept no further connection.
    pub(crate) fn is_full(&self, host: &str) -> bool {
        self.hosts().is_full(host, self.now())
    }
}

impl ConnectionPermit {
    fn load(&self) -> HostLoad {
        let now = self.host_slots.now();
        self.host_slots.hosts().load(&self.host, self.begun, now)
    }

    /// The host refused this connection while it had others. A limit learned from that is logged.
    pub(super) fn on_refused(&self, keep: Duration, reports: &WorkerEventSender) {
        let now = self.host_slots.now();
        let mut hosts = self.host_slots.hosts();
        let learnt = hosts.learn_refusal(&self.host, self.begun, keep, now);
        drop(hosts);
        if let Some(number) = learnt {
            let (host, minutes) = (&self.host, keep.as_secs() / 60);
            reports.warn(format!(
                "{host} allows {number} connections at once: kept to for {minutes} min"
            ));
        }
    }
}

/// The permit of a download's first connection, until that connection takes it.
#[derive(Debug)]
pub(crate) struct FirstPermit(Mutex<Option<ConnectionPermit>>);

impl From<ConnectionPermit> for FirstPermit {
    fn from(spot: ConnectionPermit) -> Self {
        Self(Mutex::new(Some(spot)))
    }
}

impl FirstPermit {
    /// The permit, or one for the host that redirects led to.
    pub(super) fn for_host(&self, host: &str, host_slots: &HostSlots) -> ConnectionPermit {
        let mut spot = self.0.lock();
        let here = spot.take().filter(|spot| spot.host == host);
        here.unwrap_or_else(|| host_slots.acquire(host))
    }

    /// The first request failed with `problem`: lowers the limit of a host that is busy with our other downloads.
    /// Returns which other connections of ours it had, if they may explain the refusal.
    pub(super) fn on_refused(
        &self,
        problem: &Problem,
        host_slots: &HostSlots,
        reports: &WorkerEventSender,
    ) -> HostLoad {
        let closed = matches!(
            problem,
            Problem::ConnectionRefused { .. } | Problem::ConnectionLost { .. }
        );
        let busy = matches!(problem, Problem::ServerError { status: 503, .. });
        let forbidden = matches!(problem, Problem::Forbidden { .. });
        let keep = if matches!(problem, Problem::RateLimited { .. }) {
            LIMIT_TTL
        } else {
            TENTATIVE_LIMIT_TTL
        };
        let (Problem::RateLimited { host, .. }
        | Problem::ServerError { host, .. }
        | Problem::Forbidden { host }
        | Problem::ConnectionRefused { host }
        | Problem::ConnectionLost { host }) = problem
        else {
            return HostLoad::Alone;
        };
        if keep == TENTATIVE_LIMIT_TTL && !(busy || forbidden || closed) {
            return HostLoad::Alone;
        }
        let spot = self.for_host(host, host_slots);
        let load = spot.load();
        // The network may have closed the connection as well: no limit is learned from that.
        if closed {
            return load.min(HostLoad::BelowLimit);
        }
        // Below the host's limit, 403 is about the file.
        if !(forbidden && load == HostLoad::BelowLimit) {
            spot.on_refused(keep, reports);
        }
        load
    }
}
