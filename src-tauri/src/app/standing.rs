//! How things stand, in the few numbers that a tray, a taskbar or a badge has room for. Pure.
//!
//! Kept up to date change by change; nothing here walks the list.

use std::collections::BTreeMap;
use std::time::Duration;

use millrace_engine::{Phase, Snapshot};
use tokio::time::Instant;

/// The least time between two looks of the desktop.
const PACE: Duration = Duration::from_secs(1);
/// So long after the last work the machine may still be needed: the next download may be about to begin.
const LINGER: Duration = Duration::from_secs(30);

/// What a desktop is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Bytes per second of everything together.
    pub(crate) speed: u64,
    /// Probing, running, finishing, stopping or waiting.
    pub(crate) active: u32,
    pub(crate) queued: u32,
    pub(crate) paused: u32,
    pub(crate) progress: Progress,
    /// Slow mode.
    pub(crate) slow: bool,
}

/// Of all that was active since nothing was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing is active.
    #[default]
    None,
    /// No length is known.
    Unknown,
    Thousandths(u16),
}

/// What one download adds to the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share {
    phase: Phase,
    speed: u64,
    received: u64,
    total: Option<u64>,
}

impl From<&Snapshot> for Share {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            phase: snapshot.phase,
            speed: snapshot.speed,
            received: snapshot.received,
            total: snapshot.total,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    now: Standing,
    /// Those that are on their way.
    working: u32,
    /// Received and total bytes of what is or was active since nothing was; failed, paused and removed ones leave.
    batch: BTreeMap<u64, (u64, Option<u64>)>,
    shown: Option<(Standing, Instant)>,
    awake: Option<Instant>,
}

impl Tally {
    /// A download changed, came (`before` is none) or went (`after` is none).
    pub(crate) fn change(&mut self, id: u64, before: Option<Share>, after: Option<Share>) {
        if let Some(before) = before {
            self.now.speed = self.now.speed.saturating_sub(before.speed);
            if let Some(number) = self.number(before.phase) {
                *number = number.saturating_sub(1);
            }
            self.working -= u32::from(works(before.phase));
        }
        if let Some(after) = after {
            self.now.speed = self.now.speed.saturating_add(after.speed);
            if let Some(number) = self.number(after.phase) {
                *number += 1;
            }
            self.working += u32::from(works(after.phase));
        }
        self.batch(id, after);
    }

    fn number(&mut self, phase: Phase) -> Option<&mut u32> {
        match phase {
            Phase::Probing
            | Phase::Running
            | Phase::Finishing
            | Phase::Stopping
            | Phase::Waiting => Some(&mut self.now.active),
            Phase::Queued => Some(&mut self.now.queued),
            Phase::Paused => Some(&mut self.now.paused),
            Phase::Failed | Phase::Done => None,
        }
    }

    fn batch(&mut self, id: u64, after: Option<Share>) {
        match after {
            Some(share) if is_active(share.phase) => {
                self.batch.insert(id, (share.received, share.total));
            }
            Some(share) if share.phase == Phase::Done => {
                if let Some(bytes) = self.batch.get_mut(&id) {
                    *bytes = (share.received, Some(share.received));
                }
            }
            Some(_) | None => {
                self.batch.remove(&id);
            }
        }
        if self.now.active == 0 {
            self.batch.clear();
        }
    }

    pub(crate) fn slow(&mut self, slow: bool) {
        self.now.slow = slow;
    }

    /// What is shown is out of date although no number changed.
    pub(crate) fn again(&mut self) {
        self.shown = None;
    }

    fn standing(&self) -> Standing {
        Standing {
            progress: self.progress(),
            ..self.now
        }
    }

    fn progress(&self) -> Progress {
        if self.now.active == 0 {
            return Progress::None;
        }
        let known = self.batch.values().filter_map(|(received, total)| {
            let total = u128::from((*total)?);
            Some((u128::from(*received).min(total), total))
        });
        let (received, total) = known.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        match (received * 1_000).checked_div(total) {
            Some(thousandths) => {
                Progress::Thousandths(u16::try_from(thousandths).unwrap_or(1_000).min(1_000))
            }
            None => Progress::Unknown,
        }
    }

    /// When [`Tally::look`] or [`Tally::awake`] has something new to say.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let look = match self.shown {
            Some((shown, at)) => (shown != self.standing()).then_some(at + PACE),
            None => Some(Instant::now()),
        };
        let sleep = self.awake.filter(|_| self.working == 0);
        look.into_iter().chain(sleep).min()
    }

    /// What the desktop is to be shown now, if it is something new and not too soon.
    pub(crate) fn look(&mut self, now: Instant) -> Option<Standing> {
        let standing = self.standing();
        if let Some((shown, at)) = self.shown
            && (shown == standing || now < at + PACE)
        {
            return None;
        }
        self.shown = Some((standing, now));
        Some(standing)
    }

    /// Whether the machine is to stay awake.
    pub(crate) fn awake(&mut self, now: Instant) -> bool {
        if self.working > 0 {
            self.awake = Some(now + LINGER);
        } else if self.awake.is_some_and(|until| now >= until) {
            self.awake = None;
        }
        self.awake.is_some()
    }
}

fn is_active(phase: Phase) -> bool {
    match phase {
        Phase::Probing | Phase::Running | Phase::Finishing | Phase::Stopping | Phase::Waiting => {
            true
        }
        Phase::Queued | Phase::Paused | Phase::Failed | Phase::Done => false,
    }
}

/// One that waits for a server or a network may do so for hours, also asleep.
fn works(phase: Phase) -> bool {
    is_active(phase) && phase != Phase::Waiting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(phase: Phase, received: u64, total: Option<u64>) -> Option<Share> {
        Some(Share {
            phase,
            speed: if phase == Phase::Running { 10 } else { 0 },
            received,
            total,
        })
    }

    #[test]
    fn the_numbers_follow_every_change() {
        let mut tally = Tally::default();
        let running = share(Phase::Running, 0, None);
        tally.change(1, None, running);
        tally.change(2, None, share(Phase::Queued, 0, None));
        tally.change(3, None, share(Phase::Paused, 0, None));
        let wanted = Standing {
            speed: 10,
            active: 1,
            queued: 1,
            paused: 1,
            progress: Progress::Unknown,
            slow: false,
        };
        assert_eq!(tally.standing(), wanted);
        tally.change(1, running, None);
        tally.change(2, share(Phase::Queued, 0, None), None);
        tally.change(3, share(Phase::Paused, 0, None), None);
        assert_eq!(tally.standing(), Standing::default());
    }

    #[test]
    fn progress_never_goes_back_because_one_of_several_is_done() {
        let mut tally = Tally::default();
        let (first, second) = (
            share(Phase::Running, 50, Some(100)),
            share(Phase::Running, 0, Some(100)),
        );
        tally.change(1, None, first);
        tally.change(2, None, second);
        assert_eq!(tally.progress(), Progress::Thousandths(250));
        let done = share(Phase::Done, 100, Some(100));
        tally.change(1, first, done);
        assert_eq!(tally.progress(), Progress::Thousandths(500));
        tally.change(2, second, share(Phase::Done, 100, Some(100)));
        assert_eq!(tally.progress(), Progress::None);
        // what was done before does not count for the next
        tally.change(3, None, share(Phase::Running, 1, Some(100)));
        assert_eq!(tally.progress(), Progress::Thousandths(10));
    }

    #[test]
    fn the_desktop_is_shown_only_news_and_at_most_once_a_second() {
        let mut tally = Tally::default();
        let start = Instant::now();
        assert_eq!(tally.look(start), Some(Standing::default()));
        assert_eq!(tally.deadline(), None);
        tally.change(1, None, share(Phase::Running, 1, None));
        assert_eq!(tally.look(start + PACE / 2), None);
        assert_eq!(tally.deadline(), Some(start + PACE));
        assert!(tally.look(start + PACE).is_some());
        assert_eq!(tally.look(start + PACE * 3), None);
    }

    #[test]
    fn the_machine_stays_awake_for_work_and_a_moment_longer() {
        let mut tally = Tally::default();
        let start = Instant::now();
        assert!(!tally.awake(start));
        let running = share(Phase::Running, 1, None);
        let waiting = share(Phase::Waiting, 1, None);
        tally.change(1, None, running);
        assert!(tally.awake(start));
        tally.change(1, running, waiting);
        assert!(tally.awake(start + LINGER / 2));
        assert!(!tally.awake(start + LINGER));
        tally.change(1, waiting, running);
        assert!(tally.awake(start + LINGER));
    }
}
