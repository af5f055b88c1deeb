//! Sort key of the queue: priority, then position, then age. Values and their arithmetic; knows no queue.

use serde::{Deserialize, Serialize};

use super::download_id::DownloadId;

/// Priority in the queue. The higher priority is the smaller value.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    High,
    #[default]
    Normal,
    Low,
}

/// Where a download is moved among the queued downloads of its priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueMove {
    Top,
    /// One position towards the top.
    Up,
    /// One position towards the bottom.
    Down,
    Bottom,
    /// Directly before another one, whose priority it takes.
    Before(DownloadId),
    /// Directly after another one, whose priority it takes.
    After(DownloadId),
}

/// A download's place in the queue: the smaller key starts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueKey {
    pub(crate) priority: Priority,
    pub(crate) position: i64,
    pub(crate) id: DownloadId,
}

/// Distance between two downloads that have not been moved.
const DEFAULT_SPACING: i64 = 1 << 20;
/// Distance between the last download and one moved behind it; small, so that downloads added later still come after
/// it.
const APPEND_SPACING: i64 = 1 << 10;

impl QueueKey {
    /// Without a position of its own, a download is ordered by its age.
    pub fn new(priority: Priority, place: Option<i64>, id: DownloadId) -> Self {
        let age = i64::try_from(id.0)
            .unwrap_or(i64::MAX)
            .saturating_mul(DEFAULT_SPACING);
        Self {
            priority,
            position: place.unwrap_or(age),
            id,
        }
    }
}

/// A position after `before` and ahead of `after`; `None` when no number is left between them.
pub(crate) fn midpoint(before: Option<i64>, after: Option<i64>) -> Option<i64> {
    match (before, after) {
        (None, None) => Some(0),
        (None, Some(after)) => after.checked_sub(DEFAULT_SPACING),
        (Some(before), None) => before.checked_add(APPEND_SPACING),
        (Some(before), Some(after)) => {
            let room = after.checked_sub(before)?;
            (room >= 2).then(|| before + room / 2)
        }
    }
}

/// Positions for `count` downloads in order, [`DEFAULT_SPACING`] apart, the last at `last`.
pub(crate) fn evenly_spaced(count: usize, last: i64) -> impl Iterator<Item = i64> {
    (0..count).rev().map(move |n| {
        last.saturating_sub(
            i64::try_from(n)
                .unwrap_or(0)
                .saturating_mul(DEFAULT_SPACING),
        )
    })
}

impl Priority {
    /// The stored form: 0 is normal, greater is sooner.
    pub(crate) fn to_db(self) -> i64 {
        match self {
            Self::High => 1,
            Self::Normal => 0,
            Self::Low => -1,
        }
    }

    pub(crate) fn from_db(number: i64) -> Self {
        match number.signum() {
            1 => Self::High,
            0 => Self::Normal,
            _ => Self::Low,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_goes_before_place_and_place_before_age() {
        let turn = |priority, place, id| QueueKey::new(priority, place, DownloadId(id));
        let mut turns = [
            turn(Priority::Low, Some(-9), 1),
            turn(Priority::Normal, None, 3),
            turn(Priority::Normal, None, 2),
            turn(Priority::Normal, Some(0), 4),
            turn(Priority::High, Some(i64::MAX), 5),
        ];
        turns.sort();
        assert_eq!(turns.map(|turn| turn.id.0), [5, 4, 2, 3, 1]);
    }

    #[test]
    fn a_priority_comes_back_from_its_number() {
        for priority in [Priority::High, Priority::Normal, Priority::Low] {
            assert_eq!(Priority::from_db(priority.to_db()), priority);
        }
    }

    #[test]
    fn what_is_moved_to_the_bottom_stays_ahead_of_what_is_added_later() {
        let last = QueueKey::new(Priority::Normal, None, DownloadId(7));
        let next = QueueKey::new(Priority::Normal, None, DownloadId(8));
        let moved = midpoint(Some(last.position), None).expect("there is room");
        assert!(last.position < moved && moved < next.position);
        assert_eq!(midpoint(Some(5), Some(6)), None);
        assert_eq!(
            evenly_spaced(3, 10).collect::<Vec<_>>(),
            [10 - 2 * DEFAULT_SPACING, 10 - DEFAULT_SPACING, 10]
        );
    }
}
