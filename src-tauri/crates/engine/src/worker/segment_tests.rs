//! Segments: no byte is lost or counted twice, whatever is split off, given back and raced for.

use proptest::prelude::*;

use super::*;

fn span(start: u64, end: u64) -> ByteRange {
    ByteRange { start, end }
}

fn give(segment: &Segment, part: ByteRange) -> bool {
    let mut parts = vec![part];
    segment.give(&mut parts, u64::MAX);
    parts.is_empty()
}

#[test]
fn of_two_that_race_each_byte_is_claimed_once() {
    let segment = Segment::new(span(10, 30));
    assert_eq!(segment.claim(10, 5), Claim { skip: 0, take: 5 });
    assert_eq!(segment.claim(10, 8), Claim { skip: 5, take: 3 });
    assert_eq!(segment.claim(15, 2), Claim { skip: 2, take: 0 });
    assert_eq!(segment.claim(18, 99), Claim { skip: 0, take: 12 });
    assert_eq!(segment.remaining(), None);
}

#[test]
fn what_was_taken_away_is_not_claimed_any_more() {
    let segment = Segment::new(span(0, 100));
    assert_eq!(segment.split(span(40, 100)), Some(span(40, 100)));
    assert_eq!(segment.claim(0, 60), Claim { skip: 0, take: 40 });
    assert_eq!(segment.split(span(20, 100)), None);
    assert!(segment.finished());
}

#[test]
fn a_part_is_not_split_off_once_the_stream_has_come_to_it() {
    let segment = Segment::new(span(0, 100));
    segment.claim(0, 40);
    assert_eq!(segment.split(span(40, 100)), None);
    assert_eq!(segment.split(span(30, 100)), None);
    assert_eq!(segment.split(span(41, 100)), Some(span(41, 100)));
}

#[test]
fn a_stream_passes_by_what_others_have_and_brings_what_is_behind_it() {
    let segment = Segment::new(span(0, 100));
    assert_eq!(segment.split(span(20, 60)), Some(span(20, 60)));
    assert_eq!(segment.claim(0, 30), Claim { skip: 0, take: 20 });
    assert_eq!(segment.parts(), (vec![span(60, 100)], true));
    assert_eq!(segment.claim(20, 10), Claim { skip: 10, take: 0 });
    // The far range can still be split off as a whole.
    assert_eq!(segment.split(span(80, 100)), Some(span(80, 100)));
    assert_eq!(segment.claim(30, 40), Claim { skip: 30, take: 10 });
    assert_eq!(segment.remaining(), Some(span(70, 80)));
}

#[test]
fn a_part_is_given_back_to_a_stream_that_has_not_passed_it_by_and_is_not_over() {
    let segment = Segment::new(span(0, 100));
    assert_eq!(segment.split(span(50, 100)), Some(span(50, 100)));
    segment.claim(0, 30);
    assert!(!give(&segment, span(20, 25)));
    assert!(give(&segment, span(60, 100)));
    assert_eq!(segment.parts(), (vec![span(30, 50), span(60, 100)], false));
    segment.claim(30, 70);
    segment.claim(50, 50);
    assert!(segment.finished());
    assert!(!give(&segment, span(100, 120)), "nobody reads on");
}

#[test]
fn a_stream_that_is_kept_holds_its_bytes_until_it_is_given_something_or_let_go() {
    let segment = Segment::new(span(0, 20));
    segment.keep();
    assert_eq!(segment.demand(0, 50), Some(20));
    segment.claim(0, 20);
    assert_eq!(segment.demand(20, 30), Some(0));
    assert!(segment.is_idle() && !segment.finished());
    assert_eq!(segment.position(), 20, "nothing was passed by");
    assert!(give(&segment, span(30, 40)));
    assert_eq!(
        segment.demand(20, 30),
        Some(0),
        "others have what is before it"
    );
    segment.go_on();
    assert_eq!(segment.demand(20, 30), Some(20), "with what is before it");
    segment.claim(20, 20);
    assert!(give(&segment, span(45, 47)));
    assert_eq!(
        segment.demand(40, 30),
        Some(0),
        "the next gap is another one"
    );
    assert!(give(&segment, span(40, 45)));
    assert_eq!(segment.demand(40, 30), Some(7));
    segment.claim(40, 5);
    segment.claim(45, 2);
    segment.let_go();
    assert_eq!(segment.demand(47, 3), None);
    assert!(
        !give(&segment, span(48, 50)),
        "its stream has passed that by"
    );
    assert!(give(&segment, span(50, 60)), "and may bring what is behind");
}

/// What happens to a segment: its stream or a racing one receives bytes, a range is split off, or one that was split
/// off comes back.
#[derive(Debug, Clone)]
enum Step {
    Brought(usize, usize),
    Split(u64, u64),
    Back(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        3 => (0usize..2, 1usize..40).prop_map(|(who, length)| Step::Brought(who, length)),
        2 => (0u64..300, 1u64..150).prop_map(|(at, length)| Step::Split(at, at + length)),
        1 => (0usize..8).prop_map(Step::Back),
    ];
    prop::collection::vec(one, 1..80)
}

proptest! {
    #[test]
    fn splits_returns_and_races_lose_no_byte_and_count_none_twice(steps in steps()) {
        let segment = Segment::new(span(0, 300));
        let mut at = [0u64; 2];
        let mut mine = vec![false; 300];
        let mut given: Vec<ByteRange> = Vec::new();
        for step in steps {
            match step {
                Step::Brought(who, length) => {
                    let end = at[who] + length as u64;
                    while at[who] < end {
                        let rest = usize::try_from(end - at[who]).unwrap();
                        let claim = segment.claim(at[who], rest);
                        prop_assert!(claim.skip + claim.take <= rest && claim.skip + claim.take > 0);
                        let from = at[who] + claim.skip as u64;
                        for byte in from..from + claim.take as u64 {
                            let byte = usize::try_from(byte).unwrap();
                            prop_assert!(!std::mem::replace(&mut mine[byte], true));
                        }
                        at[who] = from + claim.take as u64;
                    }
                }
                Step::Split(from, to) => {
                    if let Some(part) = segment.split(span(from, to)) {
                        prop_assert!(part.start == from && part.end <= to);
                        given.push(part);
                    }
                }
                Step::Back(which) => {
                    if which < given.len() && give(&segment, given[which]) {
                        given.swap_remove(which);
                    }
                }
            }
            let (parts, _) = segment.parts();
            prop_assert!(parts.windows(2).all(|pair| pair[0].end <= pair[1].start));
            // Each byte is exactly one of these: claimed, given, wanted.
            let claimed = mine.iter().filter(|one| **one).count() as u64;
            let open: u64 = parts.iter().chain(&given).map(|one| one.len()).sum();
            prop_assert_eq!(claimed + open, 300);
        }
    }
}
