//! One document's view of the list, as a state machine over time. Sends nothing and does not depend on channels.
//!
//! ```text
//! Primed --ack(0)--> Idle --frame--> InFlight(seq) --ack(seq)--> Idle
//!                                    InFlight --5 s--> Stalled --ack(seq)--> Idle
//!                                                      Stalled --60 s--> closed
//! ```
//! Any state is closed by a newer session of the same window, `detach`, the closing of the window, or a failed send.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::list::List;
use super::pending_changes::PendingChanges;
use crate::view::{Activity, Frame, Offered};

/// A page that has not acknowledged a frame for this long counts as stalled.
pub(crate) const STALLED: Duration = Duration::from_secs(5);
/// After this time without an acknowledgement the session is closed.
pub(crate) const CLOSED: Duration = Duration::from_secs(60);
/// Longest interval between two messages to a visible page.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(1);

/// Maximum number of visible rows; no screen shows more.
const MOST_SEEN: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The snapshot was sent; frames wait for `ack(0)`.
    Primed { since: Instant },
    /// Everything sent was acknowledged.
    Idle,
    /// One frame is not acknowledged yet.
    InFlight { seq: u32, since: Instant },
    /// The frame was not acknowledged for [`STALLED`].
    Stalled { seq: u32, since: Instant },
}

/// What is due for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionAction {
    Nothing,
    Frame,
    Close,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    stage: Stage,
    seq: u32,
    /// When the last frame was sent, or the session was created.
    last: Instant,
    activity: Activity,
    /// Whether the window is hidden according to the system.
    window_hidden: bool,
    /// Ids of the rows on screen.
    visible_rows: BTreeSet<u64>,
    pub(crate) dirty: PendingChanges,
    /// The `open` and `add` requests of the frame in flight.
    in_flight_requests: (Option<u64>, Option<Vec<Offered>>),
}

/// Minimum interval between two frames; none while hidden.
pub(crate) fn frame_interval(activity: Activity) -> Option<Duration> {
    match activity {
        Activity::Focused => Some(focused_interval(std::env::consts::OS)),
        Activity::Visible => Some(Duration::from_millis(500)),
        Activity::Hidden => None,
    }
}

/// Longer on phones: every message costs battery, and on Android some memory that is never released.
pub(crate) fn focused_interval(system: &str) -> Duration {
    Duration::from_millis(match system {
        "android" => 250,
        "ios" => 200,
        _ => 100,
    })
}

impl Session {
    pub(crate) fn new(id: String, now: Instant) -> Self {
        Self {
            id,
            stage: Stage::Primed { since: now },
            seq: 0,
            last: now,
            activity: Activity::default(),
            window_hidden: false,
            visible_rows: BTreeSet::new(),
            dirty: PendingChanges::default(),
            in_flight_requests: (None, None),
        }
    }

    /// Requests to show or add something that were not acknowledged.
    pub(crate) fn undelivered(self) -> (Option<u64>, Option<Vec<Offered>>) {
        let (open, mut add) = self.in_flight_requests;
        if let Some(later) = self.dirty.add {
            add.get_or_insert_default().extend(later);
        }
        (self.dirty.open.or(open), add)
    }

    /// As reported by the page; `Hidden` while the window is hidden or the session is stalled.
    pub(crate) fn activity(&self) -> Activity {
        match self.stage {
            Stage::Stalled { .. } => Activity::Hidden,
            Stage::Primed { .. } | Stage::Idle | Stage::InFlight { .. } if self.window_hidden => {
                Activity::Hidden
            }
            Stage::Primed { .. } | Stage::Idle | Stage::InFlight { .. } => self.activity,
        }
    }

    /// What the page reports; overrides what the system reported before.
    pub(crate) fn see(&mut self, seen: &[u64], activity: Activity) {
        self.visible_rows = seen.iter().copied().take(MOST_SEEN).collect();
        self.activity = activity;
        self.window_hidden = false;
    }

    /// The system reports the window hidden or shown; only a hint.
    pub(crate) fn put_away(&mut self, away: bool) {
        self.window_hidden = away;
    }

    pub(crate) fn shows(&self, id: u64) -> bool {
        self.visible_rows.contains(&id)
    }

    /// Ignores late or duplicate acknowledgements of any frame but the one in flight.
    pub(crate) fn ack(&mut self, acked: u32) {
        match self.stage {
            Stage::Primed { .. } if acked == 0 => self.stage = Stage::Idle,
            Stage::InFlight { seq, .. } | Stage::Stalled { seq, .. } if acked == seq => {
                self.stage = Stage::Idle;
                self.in_flight_requests = (None, None);
            }
            Stage::Primed { .. } | Stage::Idle | Stage::InFlight { .. } | Stage::Stalled { .. } => {
            }
        }
    }

    /// When the result of [`Session::due`] changes next, if nothing else happens.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.stage {
            Stage::Primed { since } | Stage::Stalled { since, .. } => Some(since + CLOSED),
            Stage::InFlight { since, .. } => Some(since + STALLED),
            Stage::Idle => {
                let pace = frame_interval(self.activity())?;
                let quiet = self.dirty.is_empty();
                Some(self.last + if quiet { HEARTBEAT } else { pace })
            }
        }
    }

    pub(crate) fn due(&mut self, now: Instant) -> SessionAction {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return SessionAction::Nothing;
        }
        match self.stage {
            Stage::Primed { .. } | Stage::Stalled { .. } => SessionAction::Close,
            Stage::Idle => SessionAction::Frame,
            Stage::InFlight { seq, since } => {
                self.stage = Stage::Stalled { seq, since };
                self.due(now)
            }
        }
    }

    /// Builds the due frame and marks it in flight.
    pub(crate) fn frame(&mut self, list: &List, now: Instant) -> Frame {
        self.seq += 1;
        self.last = now;
        self.stage = Stage::InFlight {
            seq: self.seq,
            since: now,
        };
        let frame = self.dirty.pack(self.seq, list, &self.visible_rows);
        self.in_flight_requests = (frame.open, frame.add.clone());
        frame
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
