//! The speed of a download over its whole life: at most [`MAX_POINTS`] points, whose width doubles as it goes on. Pure:
//! the time is passed in.
//!
//! Time without a transfer has no points: each run of points has its own start.

use serde::{Deserialize, Serialize};

use super::download::UnixMillis;

/// Maximum number of points of all runs together.
const MAX_POINTS: usize = 240;
/// Maximum number of runs and of marks; the oldest are dropped.
const MAX_RUNS: usize = 60;
const MAX_MARKS: usize = 40;
/// A sample that comes this much later than the run ends (in ms) begins another run.
const GAP: UnixMillis = 2_500;

/// The speed of one download over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SpeedHistory {
    /// Seconds per point.
    pub every: u32,
    /// Oldest first; between two of them nothing was transferred.
    pub runs: Vec<SpeedRun>,
    /// Oldest first.
    pub marks: Vec<SpeedMark>,
}

/// Consecutive points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SpeedRun {
    /// When the first point begins.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub from: UnixMillis,
    /// When the last point ends.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub to: UnixMillis,
    /// Mean bytes per second of each point. The last one may be younger than a whole point.
    #[cfg_attr(feature = "specta", specta(type = Vec<f64>))]
    pub speeds: Vec<u64>,
    /// Seconds that the last point covers so far.
    pub last: u32,
}

/// Something that happened at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SpeedMark {
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub at: UnixMillis,
    pub what: SpeedEvent,
}

/// What is marked in a speed history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "kebab-case")]
pub enum SpeedEvent {
    Paused,
    /// Bytes come again after a pause or a problem.
    Resumed,
    /// A problem after which it tries again by itself.
    Interrupted,
    Failed,
    /// The rate limit of this download was changed.
    LimitChanged,
    /// The bytes received before are discarded.
    Restarted,
}

impl Default for SpeedHistory {
    fn default() -> Self {
        Self {
            every: 1,
            runs: Vec::new(),
            marks: Vec::new(),
        }
    }
}

impl SpeedRun {
    fn push(&mut self, every: u32, now: UnixMillis, speed: u64) {
        self.to = now;
        match self.speeds.last_mut() {
            Some(mean) if self.last < every => {
                let (count, mean_before) = (u64::from(self.last), *mean);
                *mean = (mean_before.saturating_mul(count).saturating_add(speed)) / (count + 1);
                self.last += 1;
            }
            Some(_) | None => {
                self.speeds.push(speed);
                self.last = 1;
            }
        }
    }

    /// Merges pairs of points of `every` seconds each.
    fn halve(&mut self, every: u32) {
        let full = self.speeds.len();
        let mean = |pair: &[u64]| match pair {
            [one, other] => one / 2 + other / 2 + (one % 2 + other % 2) / 2,
            other => other.first().copied().unwrap_or_default(),
        };
        self.speeds = self.speeds.chunks(2).map(mean).collect();
        if full.is_multiple_of(2) {
            self.last += every;
        }
    }
}

impl SpeedHistory {
    /// The mean speed of the last second in which bytes were transferred.
    pub(crate) fn record(&mut self, now: UnixMillis, speed: u64) {
        let every = self.every;
        let run = self.runs.last_mut();
        // A clock that was set back begins another run as well.
        match run.filter(|run| (run.to..run.to + GAP).contains(&now)) {
            Some(run) => run.push(every, now, speed),
            None => {
                let mut run = SpeedRun {
                    from: now.saturating_sub(1_000),
                    to: now,
                    speeds: Vec::new(),
                    last: 0,
                };
                run.push(every, now, speed);
                self.runs.push(run);
            }
        }
        if self.runs.len() > MAX_RUNS {
            self.runs.remove(0);
        }
        if self.points() > MAX_POINTS {
            for run in &mut self.runs {
                run.halve(every);
            }
            self.every = every.saturating_mul(2);
        }
    }

    /// Marks an event, if there is any point to mark it beside.
    pub(crate) fn mark(&mut self, at: UnixMillis, what: SpeedEvent) {
        let Some(first) = self.runs.first() else {
            return;
        };
        let first = first.from;
        self.marks.push(SpeedMark { at, what });
        let over = self.marks.len().saturating_sub(MAX_MARKS);
        self.marks.drain(..over);
        self.marks.retain(|mark| mark.at >= first);
    }

    fn points(&self) -> usize {
        self.runs.iter().map(|run| run.speeds.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// That many seconds at this speed, the last one ending at the time returned.
    fn run(history: &mut SpeedHistory, from: UnixMillis, seconds: u64, speed: u64) -> UnixMillis {
        for second in 1..=seconds {
            history.record(from + 1_000 * second, speed);
        }
        from + 1_000 * seconds
    }

    #[test]
    fn a_pause_is_a_gap_and_no_zeros() {
        let mut history = SpeedHistory::default();
        let paused = run(&mut history, 10_000, 3, 500);
        history.mark(paused, SpeedEvent::Paused);
        run(&mut history, 3_600_000, 2, 700);
        let speeds: Vec<_> = history.runs.iter().map(|run| run.speeds.clone()).collect();
        assert_eq!(speeds, [vec![500; 3], vec![700; 2]]);
        assert_eq!((history.runs[0].from, history.runs[0].to), (10_000, 13_000));
        assert_eq!(history.runs[1].from, 3_600_000);
        let paused = SpeedMark {
            at: 13_000,
            what: SpeedEvent::Paused,
        };
        assert_eq!(history.marks, [paused]);
    }

    #[test]
    fn a_long_transfer_keeps_its_mean_and_its_bounds() {
        let mut history = SpeedHistory::default();
        let half = run(&mut history, 0, 10_000, 1_000);
        run(&mut history, half, 10_000, 3_000);
        assert!(history.points() <= MAX_POINTS && history.points() > MAX_POINTS / 3);
        let [only] = &history.runs[..] else {
            panic!("one run");
        };
        let covered = history.every as usize * (only.speeds.len() - 1) + only.last as usize;
        assert_eq!(covered, 20_000);
        let weight = |at: usize| {
            if at + 1 == only.speeds.len() {
                u64::from(only.last)
            } else {
                u64::from(history.every)
            }
        };
        let bytes: u64 = (0..only.speeds.len())
            .map(|at| only.speeds[at] * weight(at))
            .sum();
        let mean = bytes / 20_000;
        assert!((1_980..=2_020).contains(&mean), "{mean}");
    }

    #[test]
    fn many_pauses_and_marks_stay_bounded_and_a_clock_that_was_set_back_is_no_harm() {
        let mut history = SpeedHistory::default();
        for round in 0..500 {
            let end = run(&mut history, round * 60_000, 3, u64::MAX);
            history.mark(end, SpeedEvent::Interrupted);
        }
        assert!(history.runs.len() <= MAX_RUNS && history.marks.len() <= MAX_MARKS);
        assert!(history.points() <= MAX_POINTS);
        let runs = history.runs.len();
        history.record(5_000, 1);
        assert!(history.runs.len() >= runs);
        let stored = serde_json::to_string(&history).expect("it is a value");
        assert!(stored.len() < 20_000, "{}", stored.len());
        assert_eq!(
            serde_json::from_str::<SpeedHistory>(&stored).ok(),
            Some(history)
        );
    }

    #[test]
    fn nothing_is_marked_before_the_first_point() {
        let mut history = SpeedHistory::default();
        history.mark(1, SpeedEvent::Paused);
        assert_eq!(history, SpeedHistory::default());
    }
}
