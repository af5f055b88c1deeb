//! Bounded requests: where a server sends the beginning of each response much faster than the rest, requests ask for no
//! more than that beginning. Pure: bytes and times are passed in.
//!
//! Detected from running responses, tried with one connection, kept while it pays off, and given up for the rest of the
//! attempt when it does not.

use std::time::Duration;

use super::byte_ranges::ByteRange;

/// Minimum bytes per request.
const MIN_PART: u64 = 1 << 20;
/// Minimum time for which the rest after a fast beginning is observed.
const WATCH_WINDOW: Duration = Duration::from_millis(100);
/// How many times faster than the rest a beginning must be.
const MIN_FADE: f64 = 2.0;
/// Share of the best speed that counts as equally fast.
const NEARLY_CONSTANT: f64 = 0.9;
/// Consecutive requests that failed or did not pay off until bounds are given up.
const MAX_POOR_RESULTS: u32 = 3;

/// Speed over time of one response, measured from its request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SpeedCourse {
    /// The best mean speed so far.
    best: f64,
    /// The most bytes received at nearly that speed, and the time that took.
    front: Option<(u64, Duration)>,
}

/// A response whose beginning was much faster than the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fade {
    /// Bytes per request.
    pub(crate) length: u64,
    /// Bytes per second after the beginning.
    pub(crate) rest: f64,
}

impl SpeedCourse {
    /// Records that `bytes` have arrived, `took` after the request.
    pub(crate) fn note(&mut self, bytes: u64, took: Duration) {
        let mean = speed(bytes, took);
        if bytes >= MIN_PART && mean >= NEARLY_CONSTANT * self.best {
            self.best = self.best.max(mean);
            self.front = Some((bytes, took));
        }
    }

    /// The fade observed so far, if any.
    pub(crate) fn fade(&self, bytes: u64, took: Duration) -> Option<Fade> {
        let (most, then) = self.front?;
        let since = took.checked_sub(then)?;
        let rest = speed(bytes.saturating_sub(most), since);
        let watched = since >= WATCH_WINDOW.max(then);
        (watched && MIN_FADE * rest <= speed(most, then)).then(|| Fade {
            // A sixteenth less, so that the response's header fits in too.
            length: MIN_PART.max(most - most / 16),
            rest,
        })
    }
}

/// Whether the requests of one download are bounded.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) enum RequestBounds {
    /// Requests ask for everything.
    #[default]
    None,
    /// One connection tries it. With the number of failed requests.
    Trial(Fade, u32),
    /// It pays off. With the number of consecutive requests for which it did not.
    Pays(Fade, u32),
    /// It did not pay off.
    GivenUp,
}

impl RequestBounds {
    fn fade(&self) -> Option<&Fade> {
        match self {
            Self::Trial(fade, _) | Self::Pays(fade, _) => Some(fade),
            Self::None | Self::GivenUp => None,
        }
    }

    /// Bytes per second of unbounded responses, while requests are bounded.
    pub(crate) fn rest(&self) -> Option<u64> {
        self.fade().map(|fade| fade.rest as u64)
    }

    /// The range to request of a segment: the first of the fewest equal pieces that fit the bounds.
    pub(crate) fn cut(&self, part: ByteRange) -> ByteRange {
        let pieces = self
            .fade()
            .map_or(1, |fade| part.len().div_ceil(fade.length));
        let end = part.start + part.len().div_ceil(pieces);
        ByteRange { end, ..part }
    }

    /// A bounded request is complete. Returns whether it was faster than unbounded ones.
    pub(crate) fn brought(&mut self, bytes: u64, took: Duration) -> bool {
        let speed = speed(bytes, took);
        let next = match *self {
            Self::Trial(fade, _) if speed >= MIN_FADE * fade.rest => Self::Pays(fade, 0),
            Self::Trial(..) => Self::GivenUp,
            // Shorter ones prove nothing.
            Self::Pays(fade, _) if 2 * bytes < fade.length => return false,
            Self::Pays(fade, _) if speed > fade.rest => Self::Pays(fade, 0),
            Self::Pays(fade, poor) if poor + 1 < MAX_POOR_RESULTS => Self::Pays(fade, poor + 1),
            Self::Pays(..) => Self::GivenUp,
            Self::None | Self::GivenUp => return false,
        };
        *self = next;
        matches!(next, Self::Pays(_, 0))
    }

    /// A bounded request failed. Returns whether another one is worth it: the server may not have noticed yet that the
    /// previous stream has ended.
    pub(crate) fn failed(&mut self) -> bool {
        let next = match *self {
            Self::Trial(fade, failures) if failures + 1 < MAX_POOR_RESULTS => {
                Self::Trial(fade, failures + 1)
            }
            Self::Pays(fade, poor) if poor + 1 < MAX_POOR_RESULTS => Self::Pays(fade, poor + 1),
            Self::Trial(..) | Self::Pays(..) => Self::GivenUp,
            Self::None | Self::GivenUp => return false,
        };
        *self = next;
        next != Self::GivenUp
    }
}

/// Bytes per second.
fn speed(bytes: u64, took: Duration) -> f64 {
    bytes as f64 / took.as_secs_f64().max(0.001)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1 << 20;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    /// The fade at the last point of a response with these points of (milliseconds, bytes).
    fn shown(course: &[(u64, u64)]) -> Option<Fade> {
        let mut seen = SpeedCourse::default();
        for (at, bytes) in course {
            seen.note(*bytes, ms(*at));
        }
        let (at, bytes) = course.last()?;
        seen.fade(*bytes, ms(*at))
    }

    #[test]
    fn an_answer_that_goes_on_much_slower_than_it_began_is_told_by_its_beginning() {
        let fade = shown(&[(3, MB), (5, 2 * MB), (105, 2 * MB + 10_000)]).expect("it fades");
        assert_eq!(fade.length, 2 * MB - 2 * MB / 16);
        assert!(fade.rest < 200_000.0);
        // Ten seconds at ten times the speed of the rest.
        let mut slow: Vec<(u64, u64)> = (1..=10).map(|n| (n * 1000, n * MB)).collect();
        slow.extend((11..=22).map(|n| (n * 1000, 10 * MB + (n - 10) * MB / 10)));
        let fade = shown(&slow).expect("it fades");
        assert!((9 * MB..10 * MB).contains(&fade.length), "{fade:?}");
        assert_eq!(shown(&slow[..20]), None, "watched for as long");
    }

    #[test]
    fn an_answer_of_one_speed_or_one_that_is_late_or_becomes_faster_does_not_fade() {
        let even: Vec<(u64, u64)> = (1..100).map(|n| (n * 10, n * MB / 4)).collect();
        assert_eq!(shown(&even), None);
        let late: Vec<(u64, u64)> = (1..100).map(|n| (500 + n * 10, n * MB / 4)).collect();
        assert_eq!(shown(&late), None);
        let growing: Vec<(u64, u64)> = (1..100).map(|n| (n * 10, n * n * MB / 64)).collect();
        assert_eq!(shown(&growing), None);
        // Slower by half, but not by more.
        let slower = [(100, 2 * MB), (200, 3 * MB + MB / 4)];
        assert_eq!(shown(&slower), None);
    }

    #[test]
    fn what_is_less_than_a_part_is_worth_shows_nothing() {
        assert_eq!(shown(&[(1, MB / 2), (1000, MB / 2)]), None);
    }

    const FADE: Fade = Fade {
        length: 2 * MB,
        rest: 1e6,
    };

    #[test]
    fn a_trial_that_pays_is_gone_on_with_until_it_does_not_and_one_that_does_not_is_the_last() {
        let (fast, slow) = (ms(100), ms(4000));
        let mut bounds = RequestBounds::Trial(FADE, 0);
        assert!(bounds.failed() && bounds.failed());
        assert!(bounds.brought(2 * MB, fast));
        assert!(!bounds.brought(2 * MB, slow) && !bounds.brought(2 * MB, slow));
        assert!(!bounds.brought(MB / 8, slow), "too short to show anything");
        assert!(bounds.brought(2 * MB, fast));
        for _ in 0..3 {
            assert!(!bounds.brought(2 * MB, slow));
        }
        assert_eq!(bounds, RequestBounds::GivenUp);
        let mut bounds = RequestBounds::Trial(FADE, 0);
        assert!(!bounds.brought(2 * MB, ms(1500)), "hardly better");
        assert_eq!(bounds, RequestBounds::GivenUp);
        let mut bounds = RequestBounds::Trial(FADE, 0);
        assert!(bounds.failed() && bounds.failed() && !bounds.failed());
        assert_eq!(bounds, RequestBounds::GivenUp);
    }

    #[test]
    fn a_part_is_cut_into_equal_pieces_within_the_bounds() {
        let span = |start, end| ByteRange { start, end };
        let bounds = RequestBounds::Pays(FADE, 0);
        assert_eq!(bounds.cut(span(MB, 99 * MB)), span(MB, 3 * MB));
        assert_eq!(bounds.cut(span(MB, 4 * MB)), span(MB, 2 * MB + MB / 2));
        assert_eq!(bounds.cut(span(MB, 3 * MB)), span(MB, 3 * MB));
        let whole = span(0, u64::MAX);
        assert_eq!(RequestBounds::None.cut(whole), whole);
        assert_eq!(RequestBounds::GivenUp.cut(whole), whole);
    }
}
