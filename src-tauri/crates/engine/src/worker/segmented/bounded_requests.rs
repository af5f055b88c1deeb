//! If all streams were much faster at their start than later, further requests are bounded to the length of such a
//! start. What follows from their results is in `domain::request_bounds`. Pure.
//!
//! The trial starts with one stream, ended in favour of a bounded request. Each bounded request that pays off ends
//! another slow stream. The stream of the first request stays: it can fetch ranges that others are refused.

use std::time::Duration;

use crate::domain::request_bounds::{Fade, RequestBounds};

#[derive(Debug)]
pub(super) struct BoundedRequests {
    bounds: RequestBounds,
    /// Whether a connection can continue where another one stopped.
    resumable: bool,
}

impl BoundedRequests {
    pub(super) fn new(resumable: bool) -> Self {
        Self {
            bounds: RequestBounds::None,
            resumable,
        }
    }

    /// How much a request asks for.
    pub(super) fn bounds(&self) -> RequestBounds {
        self.bounds
    }

    /// Whether requests are bounded now.
    pub(super) fn are_bounded(&self) -> bool {
        self.bounds.rest().is_some()
    }

    /// Whether a trial may still be started.
    pub(super) fn may_try(&self) -> bool {
        self.bounds == RequestBounds::None && self.resumable
    }

    /// Starts the trial: one stream has ended.
    pub(super) fn start_trial(&mut self, fade: Fade) {
        self.bounds = RequestBounds::Trial(fade, 0);
    }

    /// A bounded request is complete. Returns whether another slow stream is to end for a bounded request.
    pub(super) fn on_complete(&mut self, bytes: u64, took: Duration) -> bool {
        self.bounds.brought(bytes, took)
    }

    /// A bounded request failed. Returns whether another one is worth it.
    pub(super) fn on_failure(&mut self) -> bool {
        self.bounds.failed()
    }
}

/// The shortest of the fades that all streams show, if there are several and more throughput than `fast_enough`, in
/// bytes per second, is possible.
pub(super) fn common_fade(fades: &[Fade], fast_enough: f64) -> Option<Fade> {
    let all: f64 = fades.iter().map(|fade| fade.rest).sum();
    let least = fades.iter().min_by_key(|fade| fade.length)?;
    (fades.len() > 1 && all < fast_enough).then_some(*least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fade(length: u64, rest: f64) -> Fade {
        Fade { length, rest }
    }

    #[test]
    fn several_slow_streams_show_the_pattern() {
        let (long, short) = (fade(3 << 20, 10.0), fade(2 << 20, 20.0));
        let table: [(&[Fade], Option<Fade>); 5] = [
            (&[], None),
            (&[short], None),
            (&[long, short], Some(short)),
            (&[short, long, long], Some(short)),
            // Together as fast as is useful.
            (&[long, fade(1 << 20, 90.0)], None),
        ];
        for (fades, common) in table {
            assert_eq!(common_fade(fades, 100.0), common, "{fades:?}");
        }
    }

    #[test]
    fn there_is_one_trial_of_what_can_be_continued() {
        assert!(!BoundedRequests::new(false).may_try());
        let mut requests = BoundedRequests::new(true);
        assert!(requests.may_try() && !requests.are_bounded());
        requests.start_trial(fade(2 << 20, 20.0));
        assert!(!requests.may_try() && requests.are_bounded());
        assert!(!requests.on_complete(2 << 20, Duration::MAX), "too slow");
        assert!(!requests.may_try() && !requests.are_bounded());
    }
}
