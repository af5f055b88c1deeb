//! Divides the missing bytes among connections. Pure: positions and speeds are passed in.

use std::time::Duration;

use super::byte_ranges::ByteRange;

/// What is left of one connection's segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RemainingSegment {
    /// From the next expected byte to the end of the segment.
    pub(crate) left: ByteRange,
    /// Bytes per second; 0 before the first byte.
    pub(crate) speed: u64,
    /// Connections that fetch this segment: 2 when it is raced.
    pub(crate) fetchers: u32,
}

/// What an idle connection does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextWork {
    /// Takes over the end of segment `of`, from byte `at` on.
    Split { of: usize, at: u64 },
    /// Fetches all that is left of segment `of` in parallel with its connection: each byte is taken from the first to
    /// deliver it.
    Race { of: usize },
    /// Nothing worth a connection is left.
    Idle,
}

/// Minimum size worth a request of its own, however slow the connection.
pub(crate) const MIN_SPLIT_SIZE: u64 = 256 << 10;
/// Minimum number of missing bytes worth a second connection at all.
pub(crate) const WORTH_DIVIDING: u64 = 1 << 20;
/// A segment that arrives in less than this, or in less than `REQUEST_TIMES` the latency of its request, is not worth
/// one.
const WORTH_A_REQUEST: Duration = Duration::from_millis(50);
const REQUEST_TIMES: u32 = 4;

/// Minimum size worth a request of its own, where a connection delivers `speed` bytes per second and a response takes
/// `answer_time` to begin.
pub(crate) fn least(speed: u64, answer_time: Duration) -> u64 {
    let time = WORTH_A_REQUEST.max(answer_time * REQUEST_TIMES);
    MIN_SPLIT_SIZE.max((speed as f64 * time.as_secs_f64()) as u64)
}

/// Splits the segment with the longest remaining time, giving away the larger part; races it when too little is left to
/// split. `usual` is the expected speed of the idle connection (the mean of the others).
pub(crate) fn next_work(shares: &[RemainingSegment], usual: u64, least: u64) -> NextWork {
    let slowest = shares
        .iter()
        .enumerate()
        .filter(|(_, share)| share.fetchers == 1)
        .max_by_key(|(_, share)| remaining_time(share, usual));
    let Some((of, share)) = slowest else {
        return NextWork::Idle;
    };
    let left = share.left.len();
    if left >= 2 * least {
        // Both end at the same time when each gets bytes in proportion to its speed; at least half is given away.
        // A segment without a first byte is expected to be as fast as the others.
        let own = if share.speed == 0 { usual } else { share.speed };
        let (own, other) = (own.max(1) as f64, usual.max(own).max(1) as f64);
        let kept = (left as f64 * own / (own + other)) as u64;
        let kept = kept.max(least);
        return NextWork::Split {
            of,
            at: share.left.start + kept,
        };
    }
    // A race pays off when the new connection would finish before the slow one.
    let worth = share.speed < usual / 2;
    if worth {
        NextWork::Race { of }
    } else {
        NextWork::Idle
    }
}

/// Milliseconds until a segment is complete.
fn remaining_time(share: &RemainingSegment, usual: u64) -> u64 {
    let speed = if share.speed == 0 { usual } else { share.speed };
    share.left.len().saturating_mul(1000) / speed.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn share(start: u64, end: u64, speed: u64) -> RemainingSegment {
        RemainingSegment {
            left: ByteRange { start, end },
            speed,
            fetchers: 1,
        }
    }

    const MB: u64 = 1 << 20;

    #[test]
    fn the_slowest_gives_the_larger_part() {
        let shares = [share(0, 8 * MB, 8 * MB), share(8 * MB, 16 * MB, MB)];
        let NextWork::Split { of, at } = next_work(&shares, 7 * MB, MIN_SPLIT_SIZE) else {
            panic!("not split");
        };
        assert_eq!(of, 1);
        assert_eq!(at, 9 * MB);
    }

    #[test]
    fn the_last_slow_bytes_are_raced_once() {
        let mut last = share(0, MIN_SPLIT_SIZE, 10);
        assert_eq!(
            next_work(&[last], MB, MIN_SPLIT_SIZE),
            NextWork::Race { of: 0 }
        );
        last.fetchers = 2;
        assert_eq!(next_work(&[last], MB, MIN_SPLIT_SIZE), NextWork::Idle);
    }

    #[test]
    fn a_connection_that_is_nearly_done_is_left_alone() {
        assert_eq!(
            next_work(&[share(0, MIN_SPLIT_SIZE, MB)], MB, MIN_SPLIT_SIZE),
            NextWork::Idle
        );
        assert_eq!(next_work(&[], MB, MIN_SPLIT_SIZE), NextWork::Idle);
    }

    #[test]
    fn what_comes_sooner_than_a_request_is_worth_is_not_split() {
        let (near, far) = (Duration::from_millis(1), Duration::from_millis(100));
        let rest = |speed, answer_time| {
            let last = share(0, 8 * MB, speed);
            next_work(&[last], speed, least(speed, answer_time)) == NextWork::Idle
        };
        // Complete in a tenth of a second at a low latency, in half a second at a high one.
        assert!(rest(100 * MB, near) && !rest(50 * MB, near));
        assert!(rest(15 * MB, far) && !rest(5 * MB, far));
        assert_eq!(
            least(0, near),
            MIN_SPLIT_SIZE,
            "what has not come yet is not known to be fast"
        );
    }

    #[test]
    fn each_gets_bytes_in_proportion_to_its_speed_within_bounds() {
        let at = |speed, usual| {
            let work = next_work(&[share(0, 8 * MB, speed)], usual, MIN_SPLIT_SIZE);
            let NextWork::Split { of: 0, at } = work else {
                panic!("not split: {work:?}");
            };
            at
        };
        assert_eq!(at(2 * MB, 6 * MB), 2 * MB);
        // At least half is given away, also by a connection that is faster than the others.
        assert_eq!(at(4 * MB, MB), 4 * MB);
        // A segment without a first byte is expected to be as fast as the others.
        assert_eq!(at(0, 3 * MB), 4 * MB);
        // What is kept is worth a request.
        assert_eq!(at(1, 8 * MB), MIN_SPLIT_SIZE);
    }

    #[test]
    fn the_segment_with_the_longest_remaining_time_is_split() {
        let shares = [share(0, 4 * MB, 0), share(4 * MB, 8 * MB, 2 * MB)];
        let split = |usual| match next_work(&shares, usual, MIN_SPLIT_SIZE) {
            NextWork::Split { of, .. } => Some(of),
            NextWork::Race { .. } | NextWork::Idle => None,
        };
        assert_eq!(split(MB), Some(0), "4 s and 2 s");
        assert_eq!(split(8 * MB), Some(1), "0.5 s and 2 s");
    }

    #[test]
    fn a_segment_is_split_from_twice_the_least_size_on_and_raced_by_twice_its_speed() {
        let work = |length, speed| next_work(&[share(0, length, speed)], 1000, MIN_SPLIT_SIZE);
        let at = MIN_SPLIT_SIZE;
        assert_eq!(
            work(2 * MIN_SPLIT_SIZE, 1000),
            NextWork::Split { of: 0, at }
        );
        assert_eq!(work(2 * MIN_SPLIT_SIZE - 1, 1000), NextWork::Idle);
        assert_eq!(work(MIN_SPLIT_SIZE, 500), NextWork::Idle);
        assert_eq!(work(MIN_SPLIT_SIZE, 499), NextWork::Race { of: 0 });
    }

    #[test]
    fn what_is_worth_dividing_can_be_divided() {
        assert_eq!(WORTH_DIVIDING, 4 * MIN_SPLIT_SIZE);
    }

    proptest! {
        #[test]
        fn a_split_leaves_both_sides_something(start in 0u64..1000, length in 1u64..100 * MB, speed in 0u64..MB, usual in 0u64..MB) {
            let one = share(start, start + length, speed);
            if let NextWork::Split { at, .. } = next_work(&[one], usual, MIN_SPLIT_SIZE) {
                prop_assert!(at >= start + MIN_SPLIT_SIZE.min(length / 2) && at > start);
                prop_assert!(start + length - at >= MIN_SPLIT_SIZE);
            }
        }
    }
}
