//! Totals for the tray, the taskbar and the badge. Pure.
//!
//! Updated incrementally with every change; never iterates over the list.

use std::collections::BTreeMap;
use std::time::Duration;

use millrace_engine::{Phase, PhaseGroup, Snapshot};
use tokio::time::Instant;

/// Minimum interval between two updates of the desktop.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
/// How long the machine is kept awake after the last work: the next download may be about to start.
const AWAKE_LINGER: Duration = Duration::from_secs(30);

/// Totals shown by the desktop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Total speed in bytes per second.
    pub speed: u64,
    /// Number of downloads probing, running, finishing, stopping or waiting.
    pub active: u32,
    pub queued: u32,
    pub paused: u32,
    pub progress: TaskbarProgress,
    /// Whether slow mode is on.
    pub slow: bool,
}

/// Progress of all downloads that were active since the last time none was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskbarProgress {
    /// Nothing is active.
    #[default]
    None,
    /// No total size is known.
    Unknown,
    Thousandths(u16),
}

/// One download's part of the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contribution {
    phase: Phase,
    speed: u64,
    received: u64,
    total: Option<u64>,
}

impl From<&Snapshot> for Contribution {
    fn from(snapshot: &Snapshot) -> Self {
        // One that waits for another to take its place is out of sight, and counts nowhere.
        let replaced = snapshot.replaced_by.is_some();
        Self {
            phase: if replaced {
                Phase::Failed
            } else {
                snapshot.phase
            },
            speed: snapshot.speed,
            received: snapshot.received,
            total: snapshot.total,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct SummaryTracker {
    now: Summary,
    /// Number of downloads that keep the machine awake.
    working: u32,
    /// Received and total bytes of the downloads that were active since the last time none was; failed, paused and
    /// removed ones are dropped.
    batch: BTreeMap<u64, (u64, Option<u64>)>,
    shown: Option<(Summary, Instant)>,
    awake: Option<Instant>,
}

impl SummaryTracker {
    /// A download was changed, added (`before` is `None`) or removed (`after` is `None`).
    pub(crate) fn change(
        &mut self,
        id: u64,
        before: Option<Contribution>,
        after: Option<Contribution>,
    ) {
        if let Some(before) = before {
            self.now.speed = self.now.speed.saturating_sub(before.speed);
            if let Some(number) = self.counter(before.phase) {
                *number = number.saturating_sub(1);
            }
            self.working -= u32::from(keeps_awake(before.phase));
        }
        if let Some(after) = after {
            self.now.speed = self.now.speed.saturating_add(after.speed);
            if let Some(number) = self.counter(after.phase) {
                *number += 1;
            }
            self.working += u32::from(keeps_awake(after.phase));
        }
        self.batch(id, after);
    }

    fn counter(&mut self, phase: Phase) -> Option<&mut u32> {
        match phase.group() {
            PhaseGroup::Active => Some(&mut self.now.active),
            PhaseGroup::Queued => Some(&mut self.now.queued),
            PhaseGroup::Paused => Some(&mut self.now.paused),
            PhaseGroup::Failed | PhaseGroup::Done => None,
        }
    }

    fn batch(&mut self, id: u64, after: Option<Contribution>) {
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

    /// Marks the shown summary as out of date although no number has changed.
    pub(crate) fn invalidate(&mut self) {
        self.shown = None;
    }

    fn standing(&self) -> Summary {
        Summary {
            progress: self.progress(),
            ..self.now
        }
    }

    fn progress(&self) -> TaskbarProgress {
        if self.now.active == 0 {
            return TaskbarProgress::None;
        }
        let known = self.batch.values().filter_map(|(received, total)| {
            let total = u128::from((*total)?);
            Some((u128::from(*received).min(total), total))
        });
        let (received, total) = known.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        match (received * 1_000).checked_div(total) {
            Some(thousandths) => {
                TaskbarProgress::Thousandths(u16::try_from(thousandths).unwrap_or(1_000).min(1_000))
            }
            None => TaskbarProgress::Unknown,
        }
    }

    /// When [`SummaryTracker::next_summary`] or [`SummaryTracker::awake`] returns something else next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let look = match self.shown {
            Some((shown, at)) => (shown != self.standing()).then_some(at + MIN_INTERVAL),
            None => Some(Instant::now()),
        };
        let sleep = self.awake.filter(|_| self.working == 0);
        look.into_iter().chain(sleep).min()
    }

    /// The summary to show now, if it has changed and the minimum interval has passed.
    pub(crate) fn next_summary(&mut self, now: Instant) -> Option<Summary> {
        let standing = self.standing();
        if let Some((shown, at)) = self.shown
            && (shown == standing || now < at + MIN_INTERVAL)
        {
            return None;
        }
        self.shown = Some((standing, now));
        Some(standing)
    }

    /// Whether the machine is to be kept awake.
    pub(crate) fn awake(&mut self, now: Instant) -> bool {
        if self.working > 0 {
            self.awake = Some(now + AWAKE_LINGER);
        } else if self.awake.is_some_and(|until| now >= until) {
            self.awake = None;
        }
        self.awake.is_some()
    }
}

fn is_active(phase: Phase) -> bool {
    phase.group() == PhaseGroup::Active
}

/// A waiting download does not count: it may wait for a server or a network for hours, which it can do while asleep.
fn keeps_awake(phase: Phase) -> bool {
    is_active(phase) && phase != Phase::Waiting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(phase: Phase, received: u64, total: Option<u64>) -> Option<Contribution> {
        Some(Contribution {
            phase,
            speed: if phase == Phase::Running { 10 } else { 0 },
            received,
            total,
        })
    }

    #[test]
    fn the_numbers_follow_every_change() {
        let mut summary_tracker = SummaryTracker::default();
        let running = share(Phase::Running, 0, None);
        summary_tracker.change(1, None, running);
        summary_tracker.change(2, None, share(Phase::Queued, 0, None));
        summary_tracker.change(3, None, share(Phase::Paused, 0, None));
        let wanted = Summary {
            speed: 10,
            active: 1,
            queued: 1,
            paused: 1,
            progress: TaskbarProgress::Unknown,
            slow: false,
        };
        assert_eq!(summary_tracker.standing(), wanted);
        summary_tracker.change(1, running, None);
        summary_tracker.change(2, share(Phase::Queued, 0, None), None);
        summary_tracker.change(3, share(Phase::Paused, 0, None), None);
        assert_eq!(summary_tracker.standing(), Summary::default());
    }

    #[test]
    fn progress_never_goes_back_because_one_of_several_is_done() {
        let mut summary_tracker = SummaryTracker::default();
        let (first, second) = (
            share(Phase::Running, 50, Some(100)),
            share(Phase::Running, 0, Some(100)),
        );
        summary_tracker.change(1, None, first);
        summary_tracker.change(2, None, second);
        assert_eq!(
            summary_tracker.progress(),
            TaskbarProgress::Thousandths(250)
        );
        let done = share(Phase::Done, 100, Some(100));
        summary_tracker.change(1, first, done);
        assert_eq!(
            summary_tracker.progress(),
            TaskbarProgress::Thousandths(500)
        );
        summary_tracker.change(2, second, share(Phase::Done, 100, Some(100)));
        assert_eq!(summary_tracker.progress(), TaskbarProgress::None);
        // completed downloads of an earlier batch do not count
        summary_tracker.change(3, None, share(Phase::Running, 1, Some(100)));
        assert_eq!(summary_tracker.progress(), TaskbarProgress::Thousandths(10));
    }

    #[test]
    fn the_desktop_is_shown_only_news_and_at_most_once_a_second() {
        let mut summary_tracker = SummaryTracker::default();
        let start = Instant::now();
        assert_eq!(
            summary_tracker.next_summary(start),
            Some(Summary::default())
        );
        assert_eq!(summary_tracker.deadline(), None);
        summary_tracker.change(1, None, share(Phase::Running, 1, None));
        assert_eq!(summary_tracker.next_summary(start + MIN_INTERVAL / 2), None);
        assert_eq!(summary_tracker.deadline(), Some(start + MIN_INTERVAL));
        assert!(summary_tracker.next_summary(start + MIN_INTERVAL).is_some());
        assert_eq!(summary_tracker.next_summary(start + MIN_INTERVAL * 3), None);
    }

    #[test]
    fn the_machine_stays_awake_for_work_and_a_moment_longer() {
        let mut summary_tracker = SummaryTracker::default();
        let start = Instant::now();
        assert!(!summary_tracker.awake(start));
        let running = share(Phase::Running, 1, None);
        let waiting = share(Phase::Waiting, 1, None);
        summary_tracker.change(1, None, running);
        assert!(summary_tracker.awake(start));
        summary_tracker.change(1, running, waiting);
        assert!(summary_tracker.awake(start + AWAKE_LINGER / 2));
        assert!(!summary_tracker.awake(start + AWAKE_LINGER));
        summary_tracker.change(1, waiting, running);
        assert!(summary_tracker.awake(start + AWAKE_LINGER));
    }
}
