//! The connections of all downloads, counted by host. Shared by the workers and the actor; the rules are in
//! `core::hosts`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Reports;
use crate::core::hosts::{DOUBTED, HostLoad, Hosts, REMEMBERED};
use crate::core::problem::Problem;

#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    /// Held for a look-up; asked once for a connection, never for its bytes.
    hosts: Arc<Mutex<Hosts>>,
    begun: Instant,
}

/// One connection, counted as long as this lives.
#[derive(Debug)]
pub(crate) struct Spot {
    crowd: Crowd,
    host: String,
    begun: Duration,
}

impl Drop for Spot {
    fn drop(&mut self) {
        self.crowd.hosts().leave(&self.host, self.crowd.now());
    }
}

impl Crowd {
    pub(crate) fn new() -> Self {
        Self {
            hosts: Arc::default(),
            begun: Instant::now(),
        }
    }

    fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    fn spot(&self, host: &str) -> Spot {
        Spot {
            crowd: self.clone(),
            host: host.to_owned(),
            begun: self.now(),
        }
    }

    /// A spot for a download's first connection, which it has whatever the others have.
    pub(crate) fn enter(&self, host: &str) -> Spot {
        self.hosts().enter(host);
        self.spot(host)
    }

    /// A spot for one connection more, if the host has room for it.
    pub(super) fn try_enter(&self, host: &str) -> Option<Spot> {
        let room = self.hosts().try_enter(host, self.now());
        room.then(|| self.spot(host))
    }

    /// Whether a host is known to take no connection more.
    pub(crate) fn full(&self, host: &str) -> bool {
        self.hosts().full(host, self.now())
    }
}

impl Spot {
    fn load(&self) -> HostLoad {
        let now = self.crowd.now();
        self.crowd.hosts().load(&self.host, self.begun, now)
    }

    /// The host refused this connection, having others. What that teaches is said.
    pub(super) fn refused(&self, keep: Duration, reports: &Reports) {
        let now = self.crowd.now();
        let mut hosts = self.crowd.hosts();
        let learnt = hosts.refused(&self.host, self.begun, keep, now);
        drop(hosts);
        if let Some(number) = learnt {
            let (host, minutes) = (&self.host, keep.as_secs() / 60);
            reports.warn(format!(
                "{host} allows {number} connections at once: kept to for {minutes} min"
            ));
        }
    }
}

/// The spot of a download's first connection, until that connection takes it over.
#[derive(Debug)]
pub(crate) struct First(Mutex<Option<Spot>>);

impl From<Spot> for First {
    fn from(spot: Spot) -> Self {
        Self(Mutex::new(Some(spot)))
    }
}

impl First {
    /// The spot, or one at the host where redirects led.
    pub(super) fn at(&self, host: &str, crowd: &Crowd) -> Spot {
        let mut spot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = spot.take().filter(|spot| spot.host == host);
        here.unwrap_or_else(|| crowd.enter(host))
    }

    /// The first request was answered by `problem`: a host that is busy with our other downloads is to have fewer. Returns
    /// what else it had of ours, where the refusal may be for that.
    pub(super) fn refused(&self, problem: &Problem, crowd: &Crowd, reports: &Reports) -> HostLoad {
        let closed = matches!(
            problem,
            Problem::ConnectionRefused { .. } | Problem::ConnectionLost { .. }
        );
        let busy = matches!(problem, Problem::ServerError { status: 503, .. });
        let forbidden = matches!(problem, Problem::Forbidden { .. });
        let keep = if matches!(problem, Problem::RateLimited { .. }) {
            REMEMBERED
        } else {
            DOUBTED
        };
        let (Problem::RateLimited { host, .. }
        | Problem::ServerError { host, .. }
        | Problem::Forbidden { host }
        | Problem::ConnectionRefused { host }
        | Problem::ConnectionLost { host }) = problem
        else {
            return HostLoad::Alone;
        };
        if keep == DOUBTED && !(busy || forbidden || closed) {
            return HostLoad::Alone;
        }
        let spot = self.at(host, crowd);
        let load = spot.load();
        // It may as well be the network that closed a connection: not believed for long.
        if closed {
            return load.min(HostLoad::BelowLimit);
        }
        // Where there was room, a file that is forbidden is forbidden.
        if !(forbidden && load == HostLoad::BelowLimit) {
            spot.refused(keep, reports);
        }
        load
    }
}
