//! The number of connections under a rate limit: as few as reach 97 % of it. Pure: byte counts and times are passed in.

use std::time::{Duration, Instant};

/// Measuring window before the number is changed.
const WINDOW: Duration = Duration::from_millis(500);
/// Share of a limit, in bytes per second, that justifies one connection.
const BYTES_PER_CONNECTION: u64 = 512 << 10;
/// A limit counts as filled at this ratio: 5 % below would be too little.
const FILL_RATIO: f64 = 0.97;

/// Measurements under a limit since `since`.
#[derive(Debug)]
pub(super) struct RateLimitedScaling {
    since: Instant,
    /// The byte count at that time.
    before: u64,
    /// Connections summed over all samples, and those of them whose bytes waited for the limit.
    seen: usize,
    waiting: usize,
    /// Connections that were once needed to fill the limit.
    needed: usize,
}

/// The transfer at one time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) at: Instant,
    /// Bytes received until then.
    pub(super) received: u64,
    /// Open connections, and those of them whose bytes wait for the limit.
    pub(super) connections: usize,
    pub(super) waiting: usize,
}

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct AllowedConnections {
    /// The present target.
    pub(super) target: usize,
    pub(super) max: usize,
    /// Whether the target may be raised.
    pub(super) may_grow: bool,
}

/// A new target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Adjustment {
    /// More connections may be opened.
    Raise(usize),
    /// Connections above it are closed.
    Lower(usize),
}

impl RateLimitedScaling {
    /// `received` is the byte count at this time.
    pub(super) fn new(received: u64, now: Instant) -> Self {
        Self {
            since: now,
            before: received,
            seen: 0,
            waiting: 0,
            needed: 1,
        }
    }

    /// If the limit, in bytes per second, is not filled although most connections do not wait for it, more are opened;
    /// if all of them wait, some are closed.
    pub(super) fn sample(
        &mut self,
        limit: u64,
        sample: Sample,
        allowed: AllowedConnections,
    ) -> Option<Adjustment> {
        self.waiting += sample.waiting;
        self.seen += sample.connections;
        let took = sample.at.duration_since(self.since);
        if took < WINDOW {
            return None;
        }
        let needed = self.needed;
        let window = std::mem::replace(self, Self::new(sample.received, sample.at));
        self.needed = needed;
        let rate = sample.received.saturating_sub(window.before) as f64 / took.as_secs_f64();
        let count = sample.connections.max(1);
        let worth = usize::try_from(limit / BYTES_PER_CONNECTION).unwrap_or(usize::MAX);
        let enough = worth.max(needed);
        let short = rate > 0.0 && rate < FILL_RATIO * limit as f64;
        if short && 2 * window.waiting < window.seen && allowed.may_grow {
            let times = limit as f64 / rate;
            let wanted = (count as f64 * times).ceil().min(allowed.max as f64);
            let target = (wanted as usize).max(allowed.target).min(allowed.max);
            self.needed = target;
            Some(Adjustment::Raise(target))
        } else if window.waiting == window.seen && count > enough {
            Some(Adjustment::Lower(enough))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const ALLOWED: AllowedConnections = AllowedConnections {
        target: 1,
        max: 16,
        may_grow: true,
    };

    /// A sample at the end of the window: `percent` of the limit was received.
    fn after_window(
        start: Instant,
        limit: u64,
        percent: u64,
        (connections, waiting): (usize, usize),
    ) -> Sample {
        Sample {
            at: start + WINDOW,
            received: limit / 2 * percent / 100,
            connections,
            waiting,
        }
    }

    #[test]
    fn the_target_follows_how_well_the_limit_is_filled() {
        use Adjustment::{Lower, Raise};
        // (limit, per cent of it that was received, (connections, of which waited for it), may grow, adjustment)
        let table = [
            // Filled: as few as there are worth of it.
            (MIB, 100, (1, 1), true, None),
            (MIB, 100, (2, 2), true, None),
            (MIB, 100, (4, 4), true, Some(Lower(2))),
            (MIB, 97, (4, 3), true, None),
            // Not filled, and not because of the limit.
            (MIB, 96, (1, 0), true, Some(Raise(2))),
            (MIB, 25, (2, 0), true, Some(Raise(8))),
            (MIB, 1, (2, 0), true, Some(Raise(16))),
            (MIB, 25, (2, 0), false, None),
            (MIB, 25, (2, 1), true, None),
            // Nothing arrives: more connections would not help.
            (MIB, 0, (2, 0), true, None),
            // A small limit is for one connection.
            (MIB / 4, 100, (2, 2), true, Some(Lower(1))),
        ];
        for (limit, percent, connections, may_grow, adjustment) in table {
            let start = Instant::now();
            let mut scaling = RateLimitedScaling::new(0, start);
            let sample = after_window(start, limit, percent, connections);
            let allowed = AllowedConnections {
                may_grow,
                ..ALLOWED
            };
            let what = format!("{percent} % of {limit} by {connections:?}");
            assert_eq!(scaling.sample(limit, sample, allowed), adjustment, "{what}");
        }
    }

    #[test]
    fn nothing_changes_within_the_window() {
        let start = Instant::now();
        let mut scaling = RateLimitedScaling::new(0, start);
        let early = Sample {
            at: start + WINDOW / 2,
            ..after_window(start, MIB, 1, (2, 0))
        };
        assert_eq!(scaling.sample(MIB, early, ALLOWED), None);
        // Its connections count in the window.
        let last = after_window(start, MIB, 50, (2, 2));
        assert_eq!(scaling.sample(MIB, last, ALLOWED), None);
    }

    #[test]
    fn what_was_needed_once_is_kept() {
        let start = Instant::now();
        let mut scaling = RateLimitedScaling::new(0, start);
        let short = after_window(start, MIB, 25, (2, 0));
        let raised = scaling.sample(MIB, short, ALLOWED);
        assert_eq!(raised, Some(Adjustment::Raise(8)));
        let filled = Sample {
            at: short.at + WINDOW,
            received: short.received + MIB / 2,
            connections: 8,
            waiting: 8,
        };
        assert_eq!(scaling.sample(MIB, filled, ALLOWED), None);
    }
}
