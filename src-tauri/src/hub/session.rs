//! One document's view of the list, as a state machine over time. Sends nothing itself and knows no channel.
//!
//! ```text
//! Primed --ack(0)--> Idle --frame--> InFlight(seq) --ack(seq)--> Idle
//!                                    InFlight --5 s--> Stalled --ack(seq)--> Idle
//!                                                      Stalled --60 s--> closed
//! ```
//! Any state is closed by a newer session of the same window, `detach`, the end of the window, or a failed send.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use super::list::List;
use super::pending_changes::PendingChanges;
use crate::ipc::{Activity, Frame, Offered};

/// Without an acknowledgement for so long, the page is not taking frames.
pub(crate) const STALLED: Duration = Duration::from_secs(5);
/// Without one for so long, it is gone.
pub(crate) const CLOSED: Duration = Duration::from_secs(60);
/// The most silence that a page which is seen hears.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(1);

/// More rows than this are on no screen.
const MOST_SEEN: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The snapshot is on its way; frames wait for `ack(0)`.
    Primed { since: Instant },
    /// The page has everything that was sent.
    Idle,
    /// One frame is not acknowledged yet.
    InFlight { seq: u32, since: Instant },
    /// It has not been for long.
    Stalled { seq: u32, since: Instant },
}

/// What a session needs at a moment.
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
    /// When the last frame was sent, or frames were allowed to start.
    last: Instant,
    activity: Activity,
    /// The system has put the window away, as far as it says.
    window_hidden: bool,
    /// The rows on the screen.
    visible_rows: BTreeSet<u64>,
    pub(crate) dirty: PendingChanges,
    /// What the frame in flight asks the page to show and to add.
    in_flight_requests: (Option<u64>, Option<Vec<Offered>>),
}

/// The least time between two frames; none while hidden.
pub(crate) fn frame_interval(activity: Activity) -> Option<Duration> {
    match activity {
        Activity::Focused => Some(focused_interval(std::env::consts::OS)),
        Activity::Visible => Some(Duration::from_millis(500)),
        Activity::Hidden => None,
    }
}

/// Phones draw less often: every message costs them battery, and on Android a little memory that never comes back.
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

    /// What this page was to show and to add, and never said that it has.
    pub(crate) fn undelivered(self) -> (Option<u64>, Option<Vec<Offered>>) {
        let (open, mut add) = self.in_flight_requests;
        if let Some(later) = self.dirty.add {
            add.get_or_insert_default().extend(later);
        }
        (self.dirty.open.or(open), add)
    }

    /// What the page said of itself; one that is put away or has not acknowledged for long counts as hidden.
    pub(crate) fn activity(&self) -> Activity {
        match self.stage {
            Stage::Stalled { .. } => Activity::Hidden,
            Stage::Primed { .. } | Stage::Idle | Stage::InFlight { .. } if self.window_hidden => {
                Activity::Hidden
            }
            Stage::Primed { .. } | Stage::Idle | Stage::InFlight { .. } => self.activity,
        }
    }

    /// What the page says of itself, which counts more than what the system has said before.
    pub(crate) fn see(&mut self, seen: &[u64], activity: Activity) {
        self.visible_rows = seen.iter().copied().take(MOST_SEEN).collect();
        self.activity = activity;
        self.window_hidden = false;
    }

    /// A hint of the system that the window is put away, or back.
    pub(crate) fn put_away(&mut self, away: bool) {
        self.window_hidden = away;
    }

    pub(crate) fn shows(&self, id: u64) -> bool {
        self.visible_rows.contains(&id)
    }

    /// Acknowledgements of anything but the frame in flight are late or doubled, and change nothing.
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

    /// When [`Session::due`] will next say something else, if nothing happens meanwhile.
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

    /// The frame that is due; it is in flight from now on.
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
