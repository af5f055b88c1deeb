//! What is shown of a connection: who sends, and how fast.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::domain::segments::{ActiveSegment, ConnectionState};
use crate::http::Peer;

/// How long the server may send nothing before its connection is shown as idle.
pub(super) const SHOWN_IDLE: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(super) struct ShownConnection(Mutex<Shown>);

#[derive(Debug)]
struct Shown {
    peer: Option<Peer>,
    /// When the speed was measured, and how many bytes had been received then.
    measured: (Instant, u64),
    /// Bytes per second.
    speed: u64,
}

impl Default for ShownConnection {
    fn default() -> Self {
        Self(Mutex::new(Shown {
            peer: None,
            measured: (Instant::now(), 0),
            speed: 0,
        }))
    }
}

impl ShownConnection {
    /// Who sends its bytes; of two that race, who responded last.
    pub(super) fn set_peer(&self, peer: Peer) {
        self.0.lock().peer = Some(peer);
    }

    /// Measures the speed since the last call, from all bytes `received` so far.
    pub(super) fn measure(&self, received: u64) {
        let mut shown = self.0.lock();
        let took = shown.measured.0.elapsed().as_secs_f64();
        if took >= 0.05 {
            let more = received.saturating_sub(shown.measured.1);
            shown.speed = (more as f64 / took) as u64;
            shown.measured = (Instant::now(), received);
        }
    }

    pub(super) fn describe(
        &self,
        (from, at, to): (u64, u64, u64),
        state: ConnectionState,
    ) -> ActiveSegment {
        let shown = self.0.lock();
        ActiveSegment {
            from,
            at,
            to,
            speed: shown.speed,
            state,
            remote: shown.peer.and_then(|peer| peer.address),
            http: shown.peer.map(|peer| peer.version),
        }
    }
}
