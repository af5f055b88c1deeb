//! Assignment: what has no stream is requested first, then the slowest stream is split, then raced.

use super::*;

const MB: u64 = 1 << 20;
const NEAR: Duration = Duration::from_millis(1);

fn span(start: u64, end: u64) -> ByteRange {
    ByteRange { start, end }
}

fn stream(segment: usize, parts: &[ByteRange], speed: u64) -> Stream {
    Stream {
        segment,
        parts: parts.to_vec(),
        passing: false,
        speed,
    }
}

fn next(
    unassigned: &[ByteRange],
    streams: &[Stream],
    requested: &[ByteRange],
) -> Option<NextRequest> {
    let mut assignment = Assignment::new(unassigned.to_vec(), NEAR);
    assignment.next(streams, requested.to_vec(), RequestBounds::None)
}

fn part(start: u64, end: u64) -> Option<NextRequest> {
    Some(NextRequest::Part(span(start, end)))
}

#[test]
fn the_first_range_without_a_stream_is_requested_first() {
    let free = [span(60 * MB, 70 * MB), span(40 * MB, 50 * MB)];
    let running = [stream(0, &[span(0, 40 * MB)], MB)];
    assert_eq!(next(&free, &running, &[]), part(40 * MB, 50 * MB));
    let asked = [span(40 * MB, 50 * MB)];
    assert_eq!(next(&free, &running, &asked), part(60 * MB, 70 * MB));
}

#[test]
fn so_is_what_a_stream_has_behind_a_gap() {
    let parts = [span(0, 10 * MB), span(20 * MB, 30 * MB)];
    let mut one = stream(0, &parts, MB);
    assert_eq!(
        next(&[], std::slice::from_ref(&one), &[]),
        part(20 * MB, 30 * MB)
    );
    one.passing = true;
    assert_eq!(next(&[], &[one], &[]), part(0, 10 * MB));
}

#[test]
fn the_rest_of_what_was_requested_in_part_is_free() {
    let free = [span(0, 30 * MB)];
    let table = [
        (span(0, 10 * MB), part(10 * MB, 30 * MB)),
        (span(10 * MB, 20 * MB), part(0, 10 * MB)),
    ];
    for (asked, then) in table {
        assert_eq!(next(&free, &[], &[asked]), then, "{asked:?}");
    }
}

#[test]
fn the_stream_that_needs_longest_is_split() {
    let streams = [
        stream(0, &[span(0, 20 * MB)], 20 * MB),
        stream(1, &[span(20 * MB, 40 * MB)], MB),
    ];
    let Some(NextRequest::Part(found)) = next(&[], &streams, &[]) else {
        panic!("not split");
    };
    assert!(found.start > 20 * MB && found.start <= 30 * MB && found.end == 40 * MB);
    // As long as the response is not here, what is requested may be split itself.
    let Some(NextRequest::Part(second)) = next(&[], &streams, &[found]) else {
        panic!("not split");
    };
    assert!(second.start > found.start && second.end == found.end);
}

#[test]
fn a_short_rest_of_a_slow_stream_is_raced_by_one_connection() {
    let slow = || stream(7, &[span(0, MB / 8)], 10);
    let fast = || stream(8, &[span(MB, MB + 1)], 10 * MB);
    let race = NextRequest::Race {
        segment: 7,
        end: MB / 8,
    };
    assert_eq!(next(&[], &[slow(), fast()], &[]), Some(race));
    assert_eq!(next(&[], &[slow(), fast(), slow()], &[]), None);
}

#[test]
fn the_last_stream_is_compared_with_the_speed_of_the_others_before() {
    let slow = stream(0, &[span(0, MB / 8)], 10);
    let fast = stream(1, &[span(MB, 2 * MB)], 10 * MB);
    let mut assignment = Assignment::new(Vec::new(), NEAR);
    let alone = std::slice::from_ref(&slow);
    let none = RequestBounds::None;
    assert_eq!(assignment.next(alone, Vec::new(), none), None);
    let mut assignment = Assignment::new(Vec::new(), NEAR);
    assignment.next(&[stream(0, &[span(0, MB)], 10), fast], Vec::new(), none);
    let race = NextRequest::Race {
        segment: 0,
        end: MB / 8,
    };
    assert_eq!(assignment.next(alone, Vec::new(), none), Some(race));
}

#[test]
fn a_long_response_time_needs_more_to_split() {
    let streams = [stream(0, &[span(0, 8 * MB)], 15 * MB)];
    for (answer_time, split) in [(NEAR, true), (Duration::from_millis(100), false)] {
        let mut assignment = Assignment::new(Vec::new(), NEAR);
        assignment.set_answer_time(answer_time);
        let found = assignment.next(&streams, Vec::new(), RequestBounds::None);
        assert_eq!(found.is_some(), split, "{answer_time:?}");
    }
}

#[test]
fn an_unassigned_range_is_taken_from_its_first_byte() {
    // (what is there, what is asked for, what is taken, what is left)
    let table: [(ByteRange, ByteRange, Option<ByteRange>, &[ByteRange]); 4] = [
        (span(10, 20), span(10, 20), Some(span(10, 20)), &[]),
        (
            span(10, 20),
            span(12, 15),
            Some(span(12, 15)),
            &[span(10, 12), span(15, 20)],
        ),
        (
            span(10, 20),
            span(15, 30),
            Some(span(15, 20)),
            &[span(10, 15)],
        ),
        (span(10, 20), span(5, 15), None, &[span(10, 20)]),
    ];
    for (there, asked, taken, left) in table {
        let mut assignment = Assignment::new(vec![there], NEAR);
        assert_eq!(assignment.take(asked), taken, "{asked:?}");
        assert_eq!(assignment.unassigned(), left, "{asked:?}");
    }
}
