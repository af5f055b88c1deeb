//! The rules of a list session, one by one.

use super::*;

#[test]
fn the_snapshot_comes_first_and_frames_only_after_it_was_acknowledged() {
    let mut rig = Rig::with(300);
    let wire = Wire::new();
    let page = rig.attach("main", "a", &wire);
    assert_eq!((page.rows.len(), page.length), (200, 300));
    assert_eq!(page.rows[0].id, 300);
    rig.receive(1, 5);
    rig.pass(seconds(2));
    assert!(wire.take().is_empty());
    rig.ack("main", "a", 0).unwrap();
    rig.pass(millis(100));
    let frames = wire.take();
    assert_eq!(frames[0].seq, 1);
    assert_eq!(ids(&frames[0]), [1]);
}

#[test]
fn at_most_one_frame_waits_for_the_page_and_the_last_value_wins() {
    let mut rig = Rig::with(2);
    let wire = open(&mut rig);
    rig.receive(1, 5);
    rig.pass(millis(100));
    assert_eq!(wire.take().len(), 1);
    for _ in 0..40 {
        rig.receive(1, 5);
        rig.pass(millis(50));
    }
    assert!(wire.take().is_empty());
    rig.ack("main", "a", 1).unwrap();
    rig.pass(millis(1));
    let frames = wire.take();
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].numbers[0].2, 100 + 41 * 5);
}

#[test]
fn the_engine_sends_nothing_itself_only_the_tick_does() {
    let mut rig = Rig::with(3);
    let wire = open(&mut rig);
    for _ in 0..1_000 {
        // changes reach the hub, and no time passes
        rig.receive(1, 5);
        rig.receive(2, 5);
    }
    assert!(wire.take().is_empty());
    rig.pass(millis(100));
    let frames = wire.take();
    assert_eq!(frames.len(), 1);
    assert_eq!(
        ids(&frames[0]).len(),
        2,
        "a row for a row, however often it changed"
    );
}

#[test]
fn acknowledgements_of_other_frames_change_nothing() {
    let mut rig = Rig::with(1);
    let wire = open(&mut rig);
    rig.receive(1, 5);
    rig.pass(millis(100));
    assert_eq!(wire.take().len(), 1);
    rig.receive(1, 5);
    for seq in [0, 2, 7] {
        rig.ack("main", "a", seq).unwrap();
        rig.pass(millis(200));
        assert!(wire.take().is_empty(), "after ack({seq})");
    }
}

#[test]
fn frames_come_ten_times_a_second_when_focused_twice_when_visible_never_when_hidden() {
    for (activity, expected) in [
        (Activity::Focused, 10),
        (Activity::Visible, 2),
        (Activity::Hidden, 0),
    ] {
        let mut rig = Rig::with(1);
        let wire = open(&mut rig);
        see(&mut rig, &[], activity);
        let mut count = 0;
        for _ in 0..300 {
            rig.receive(1, 5);
            rig.pass(millis(10));
            for frame in wire.take() {
                count += 1;
                rig.ack("main", "a", frame.seq).unwrap();
            }
        }
        let rate = count / 3;
        assert!(
            (expected - 1..=expected).contains(&rate) || rate == expected,
            "{activity:?}: {rate}"
        );
    }
}

#[test]
fn a_quiet_list_costs_one_empty_frame_a_second_and_nothing_when_hidden() {
    let mut rig = Rig::with(3);
    assert_eq!(rig.pass(seconds(3600)), 0);
    let wire = open(&mut rig);
    for beat in 1..=5 {
        rig.pass(seconds(1));
        let frames = wire.take();
        assert_eq!(frames.len(), 1);
        assert_eq!(frames[0].seq, beat);
        assert!(ids(&frames[0]).is_empty() && frames[0].removed.is_empty());
        rig.ack("main", "a", beat).unwrap();
    }
    see(&mut rig, &[], Activity::Hidden);
    assert_eq!(rig.pass(seconds(3600)), 0);
    assert!(wire.take().is_empty() && !wire.closed());
    // what happened meanwhile is sent when the page is visible again
    rig.receive(2, 7);
    assert_eq!(rig.pass(seconds(60)), 0);
    see(&mut rig, &[], Activity::Focused);
    rig.pass(millis(1));
    assert_eq!(ids(&wire.take()[0]), [2]);
}

#[test]
fn a_window_that_the_system_put_away_gets_nothing_until_system_or_page_says_otherwise() {
    let mut rig = Rig::with(1);
    let wire = open(&mut rig);
    let hear = |rig: &mut Rig, change: &dyn Fn(&mut Rig)| {
        change(rig);
        rig.receive(1, 1);
        let mut news = 0;
        for _ in 0..20 {
            rig.pass(millis(100));
            for frame in wire.take() {
                news += ids(&frame).len();
                rig.ack("main", "a", frame.seq).unwrap();
            }
        }
        news
    };
    assert_eq!(hear(&mut rig, &|_| {}), 1);
    assert_eq!(
        hear(&mut rig, &|rig| rig
            .hub_state
            .set_window_hidden("main", true)),
        0
    );
    assert_eq!(
        hear(&mut rig, &|rig| rig
            .hub_state
            .set_window_hidden("main", false)),
        1
    );
    assert_eq!(
        hear(&mut rig, &|rig| rig
            .hub_state
            .set_window_hidden("main", true)),
        0
    );
    // the system never reports that the window is back, as on some phones; its page does
    assert_eq!(hear(&mut rig, &|rig| see(rig, &[], Activity::Focused)), 1);
    rig.hub_state.set_window_hidden("another", true);
}

#[test]
fn a_stalled_page_goes_on_with_its_acknowledgement_and_is_closed_after_a_minute() {
    let mut rig = Rig::with(1);
    let wire = open(&mut rig);
    rig.receive(1, 1);
    rig.pass(seconds(30));
    assert_eq!(wire.take().len(), 1);
    rig.ack("main", "a", 1).unwrap();
    rig.pass(seconds(1));
    assert_eq!(wire.take().len(), 1, "it goes on");
    rig.pass(seconds(58));
    assert!(!wire.closed());
    rig.pass(seconds(2));
    assert!(wire.closed());
    let failure = rig.ack("main", "a", 2).unwrap_err();
    assert_eq!(failure, HubError::StaleSession);
}

#[test]
fn a_page_that_never_took_its_snapshot_is_closed() {
    let mut rig = Rig::with(1);
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.pass(seconds(61));
    assert!(wire.closed());
}

#[test]
fn a_newer_document_of_the_same_window_closes_the_older_session() {
    let mut rig = Rig::with(1);
    let first = open(&mut rig);
    let other = Wire::new();
    rig.attach("second", "x", &other);
    let second = Wire::new();
    rig.attach("main", "b", &second);
    assert!(first.closed() && !other.closed());
    for result in [
        rig.ack("main", "a", 0).unwrap_err(),
        rig.hub_state.page("main", "a", 0, 10).unwrap_err(),
        rig.hub_state.detach("main", "a").unwrap_err(),
        // a session belongs to its window
        rig.ack("main", "x", 0).unwrap_err(),
    ] {
        assert_eq!(result, HubError::StaleSession);
    }
    assert!(!second.closed());
    rig.pass(seconds(2));
    assert!(
        second.take().is_empty(),
        "the old ack(0) was not taken for the new one"
    );
}

#[test]
fn a_failed_send_closes_the_session_for_good() {
    let mut rig = Rig::with(1);
    let wire = open(&mut rig);
    wire.shatter();
    rig.receive(1, 1);
    rig.pass(millis(100));
    assert!(wire.closed());
    assert_eq!(rig.pass(seconds(600)), 0);
    assert_eq!(rig.store[&1].received, 101, "the download went on");
}

#[test]
fn leaving_closes_the_window_and_no_other() {
    let mut rig = Rig::with(1);
    let wire = open(&mut rig);
    let other = Wire::new();
    rig.attach("second", "x", &other);
    rig.hub_state.window_closed("main");
    assert!(wire.closed() && !other.closed());
    rig.hub_state.detach("second", "x").unwrap();
    assert!(other.closed());
}

#[test]
fn five_attaches_a_second_and_eight_sessions_are_the_most() {
    let mut rig = Rig::with(1);
    let wires: Vec<Wire<Frame>> = (0..12).map(|_| Wire::new()).collect();
    for wire in &wires[..5] {
        rig.attach("main", "a", wire);
    }
    let failure = rig.try_attach("main", "b", &wires[5]).unwrap_err();
    assert_eq!(failure, HubError::TooManyAttaches);
    assert!(!wires[4].closed(), "the refused one closed nothing");
    for (number, wire) in wires[5..12].iter().enumerate() {
        rig.pass(seconds(1));
        rig.attach(&format!("window {number}"), "s", wire);
    }
    rig.pass(seconds(1));
    let failure = rig.try_attach("ninth", "s", &wires[0]).unwrap_err();
    assert_eq!(failure, HubError::TooManySessions);
    rig.attach("main", "again", &wires[0]);
}
