//! What a frame holds, in which order, and what is deferred.

use super::*;
use crate::hub::pending_changes::{FRAME_LIMIT, json_length};

#[test]
fn state_changes_go_first_then_what_is_seen_then_the_rest() {
    let mut rig = Rig::with(500);
    let wire = open(&mut rig);
    // sorted and filtered by the page, in an order unknown to the core
    see(&mut rig, &[400, 17, 230], Activity::Focused);
    for id in 1..=500 {
        rig.receive(id, 1);
    }
    rig.turn(3, Phase::Paused);
    rig.turn(230, Phase::Paused);
    rig.pass(millis(100));
    let frame = &wire.take()[0];
    assert_eq!(ids(frame)[..4], [230, 3, 17, 400]);
    assert!(
        ids(frame).len() > 100,
        "numbers are short: {}",
        ids(frame).len()
    );
    assert!(json_length(frame) < FRAME_LIMIT);
}

#[test]
fn numbers_are_told_as_numbers_and_all_else_as_whole_rows() {
    let mut rig = Rig::with(4);
    let wire = open(&mut rig);
    rig.receive(1, 5);
    rig.change(2, |one| one.attempts = 1);
    rig.turn(3, Phase::Paused);
    rig.receive(2, 1);
    rig.receive(3, 1);
    rig.receive(4, 5);
    rig.change(4, |one| one.attempts = 1);
    rig.pass(millis(100));
    let frame = &wire.take()[0];
    let rows: Vec<u64> = frame.rows.iter().map(|row| row.id).collect();
    assert_eq!(rows, [3, 2, 4], "the state first");
    assert_eq!(frame.numbers.len(), 1);
    assert_eq!((frame.numbers[0].0, frame.numbers[0].2), (1, 105));
}

#[test]
fn every_row_gets_its_turn() {
    let mut rig = Rig::with(1_000);
    let wire = open(&mut rig);
    let mut told = std::collections::BTreeSet::new();
    for _ in 0..20 {
        for id in 1..=1_000 {
            rig.receive(id, 1);
        }
        rig.pass(millis(100));
        for frame in wire.take() {
            told.extend(ids(&frame));
            rig.ack("main", "a", frame.seq).unwrap();
        }
    }
    assert_eq!(told.len(), 1_000);
}

/// A thousand rows change their state continuously, and a visible one only its numbers.
#[test]
fn a_flood_of_state_changes_does_not_starve_what_is_seen_nor_the_rest() {
    let mut rig = Rig::with(1_000);
    let wire = open(&mut rig);
    see(&mut rig, &[1_000, 995, 990], Activity::Focused);
    let (seen, other) = (990, 5);
    let mut last = std::collections::BTreeMap::new();
    for round in 0..40_u32 {
        for id in 100..=900 {
            rig.change(id, |one| one.attempts = round);
            rig.turn(
                id,
                if round % 2 == 0 {
                    Phase::Queued
                } else {
                    Phase::Paused
                },
            );
        }
        rig.receive(seen, 1);
        rig.receive(other, 1);
        rig.pass(millis(100));
        let frame = wire.take().pop().unwrap();
        assert!(json_length(&frame) < FRAME_LIMIT);
        last.extend(ids(&frame).into_iter().map(|id| (id, round)));
        assert!(ids(&frame).contains(&seen), "in frame {}", frame.seq);
        rig.ack("main", "a", frame.seq).unwrap();
    }
    assert!(last[&other] > 35, "the rest is told, too: {}", last[&other]);
    let told = last.keys().filter(|id| (100..=900).contains(*id)).count();
    assert!(told > 150, "and the flood goes round: {told}");
}

#[test]
fn a_row_too_long_for_its_share_comes_first_in_the_next_frame() {
    let mut rig = Rig::with(200);
    rig.change(5, |one| one.url = "u".repeat(4_000));
    rig.change(6, |one| one.name = "\u{1}".repeat(4_000));
    let wire = open(&mut rig);
    let mut told = std::collections::BTreeSet::new();
    for _ in 0..20 {
        for id in 100..=200 {
            rig.turn(id, Phase::Paused);
            rig.turn(id, Phase::Running);
        }
        rig.receive(5, 1);
        rig.receive(6, 1);
        rig.pass(millis(100));
        let frame = wire.take().pop().unwrap();
        assert!(json_length(&frame) < FRAME_LIMIT);
        told.extend(ids(&frame));
        rig.ack("main", "a", frame.seq).unwrap();
    }
    assert!(told.contains(&5) && told.contains(&6));
}

#[test]
fn too_many_changes_are_told_as_one_resync() {
    let mut rig = Rig::with(2_500);
    let wire = open(&mut rig);
    for id in 1..=2_500 {
        rig.receive(id, 1);
    }
    rig.pass(millis(100));
    let frames = wire.take();
    assert!(frames[0].resync && ids(&frames[0]).is_empty());
    rig.ack("main", "a", 1).unwrap();
    rig.receive(9, 1);
    rig.pass(millis(100));
    let frames = wire.take();
    assert!(!frames[0].resync);
    assert_eq!(ids(&frames[0]), [9]);
}

#[test]
fn what_left_the_list_is_told_with_the_new_totals() {
    let mut rig = Rig::with(3);
    let wire = open(&mut rig);
    rig.receive(2, 1);
    rig.remove(2);
    rig.pass(millis(100));
    let frame = &wire.take()[0];
    assert_eq!(frame.removed, [2]);
    assert!(ids(frame).is_empty());
    assert_eq!(frame.totals.all, 2);
}

#[test]
fn a_removal_that_was_undone_is_a_row_again_whether_the_page_heard_of_it_or_not() {
    let mut rig = Rig::with(3);
    let wire = open(&mut rig);
    let back = rig.store[&2].clone();
    for heard in [false, true] {
        rig.remove(2);
        if heard {
            rig.pass(millis(100));
            let frame = wire.take().pop().unwrap();
            assert_eq!((frame.removed, frame.totals.all), (vec![2], 2));
            rig.ack("main", "a", frame.seq).unwrap();
        }
        rig.change(2, |one| one.name.clone_from(&back.name));
        rig.pass(millis(100));
        let frame = wire.take().pop().unwrap();
        assert!(frame.removed.is_empty(), "heard: {heard}");
        assert_eq!((ids(&frame), frame.totals.all), (vec![2], 3));
        rig.ack("main", "a", frame.seq).unwrap();
    }
}
