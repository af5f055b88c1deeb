//! If all streams were much faster at their start than later, further requests are bounded to the length of such a
//! start. The rules are in `domain::request_bounds`.
//!
//! The trial starts with one stream, ended in favour of a bounded request. Each bounded request that pays off ends
//! another slow stream. The stream of the first request stays: it can fetch ranges that others are refused.

use super::{Connection, SegmentedTransfer, scale};
use crate::domain::request_bounds::{Fade, RequestBounds};

impl SegmentedTransfer<'_> {
    /// Starts the trial once all streams show the pattern.
    pub(super) fn try_bounds(&mut self) {
        if self.bounds != RequestBounds::None || !self.resumable || self.effective_limit().is_some()
        {
            return;
        }
        let fade = self.faded();
        if let Some(fade) = fade.filter(|fade| self.end_longest(2 * fade.length)) {
            self.bounds = RequestBounds::Trial(fade, 0);
            self.job.reports.warn(format!(
                "answers begin faster than they go on; trying requests for {} bytes each",
                fade.length
            ));
        }
    }

    /// The pattern, if several streams all became much slower than at their start, and more throughput is possible.
    fn faded(&self) -> Option<Fade> {
        let streams = self
            .connections
            .values()
            .filter(|one| one.requested.is_none());
        let fades: Vec<Fade> = streams
            .map(|one| {
                one.segment
                    .fade()
                    .filter(|_| !(one.segment.is_held_back() || one.segment.is_passing()))
            })
            .collect::<Option<_>>()?;
        let all: f64 = fades.iter().map(|fade| fade.rest).sum();
        let least = fades.iter().min_by_key(|fade| fade.length)?;
        (fades.len() > 1 && all < scale::FAST_ENOUGH).then_some(*least)
    }

    /// Ends the additional stream with most bytes left, if they are at least `least`. Others fetch them.
    fn end_longest(&mut self, least: u64) -> bool {
        let left = |one: &Connection| one.segment.remaining().map_or(0, |left| left.len());
        let longest = self
            .connections
            .values_mut()
            .filter(|one| one.requested.is_none() && !one.bounded && !one.dismissed)
            .filter(|one| !one.is_first() && one.segment.fade().is_some())
            .max_by_key(|one| left(one))
            .filter(|one| left(one) >= least);
        let Some(connection) = longest else {
            return false;
        };
        connection.dismissed = true;
        connection.task.abort();
        true
    }

    /// A stream has received all of its ranges.
    pub(super) fn brought_all(&mut self, connection: &Connection) {
        self.helped |= connection.is_of_use();
        if connection.bounded
            && self
                .bounds
                .brought(connection.segment.received(), connection.begun.elapsed())
        {
            self.end_longest(1);
        }
    }
}
