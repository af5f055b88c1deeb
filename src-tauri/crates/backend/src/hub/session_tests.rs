//! Transition table of a session: every stage with every event.

use super::*;
use crate::hub::list::RowChange;

/// A single event.
#[derive(Debug, Clone, Copy)]
enum Event {
    /// `ack(0)`: acknowledges the snapshot.
    AckSnapshot,
    /// Acknowledges the last frame sent.
    AckFrame,
    /// Acknowledges a frame that was never sent.
    AckNothing,
    /// A row changed and the frame interval has passed.
    Tick,
    /// Time without a message from the page.
    Silence(Duration),
}

const EVENTS: [Event; 6] = [
    Event::AckSnapshot,
    Event::AckFrame,
    Event::AckNothing,
    Event::Tick,
    Event::Silence(STALLED),
    Event::Silence(CLOSED),
];

const START: [&str; 4] = ["Primed", "Idle", "InFlight", "Stalled"];

/// A session in the given stage, and the current time.
fn in_stage(name: &str) -> (Session, Instant) {
    let mut at = Instant::now();
    let mut session = Session::new("s".into(), at);
    if name == "Primed" {
        return (session, at);
    }
    session.ack(0);
    if name == "Idle" {
        return (session, at);
    }
    at += Duration::from_secs(1);
    assert_eq!(session.due(at), SessionAction::Frame, "the beat");
    session.frame(&List::default(), at);
    if name == "Stalled" {
        at += STALLED;
        assert_eq!(session.due(at), SessionAction::Nothing);
    }
    (session, at)
}

/// Name of the stage after the event.
fn after(name: &str, event: Event) -> &'static str {
    let (mut session, mut at) = in_stage(name);
    let due = match event {
        Event::AckSnapshot => {
            session.ack(0);
            SessionAction::Nothing
        }
        Event::AckFrame => {
            session.ack(1);
            SessionAction::Nothing
        }
        Event::AckNothing => {
            session.ack(7);
            SessionAction::Nothing
        }
        Event::Tick => {
            session.dirty.mark(1, RowChange::Numbers);
            at += Duration::from_secs(1);
            session.due(at)
        }
        Event::Silence(time) => {
            at += time;
            session.due(at)
        }
    };
    match due {
        SessionAction::Nothing => {}
        SessionAction::Close => return "closed",
        SessionAction::Frame => {
            session.frame(&List::default(), at);
        }
    }
    match session.stage {
        Stage::Primed { .. } => "Primed",
        Stage::Idle => "Idle",
        Stage::InFlight { .. } => "InFlight",
        Stage::Stalled { .. } => "Stalled",
    }
}

#[test]
fn every_stage_answers_every_event_as_the_drawing_says() {
    let rows: Vec<(&str, Vec<&str>)> = START
        .map(|stage| (stage, EVENTS.map(|event| after(stage, event)).to_vec()))
        .to_vec();
    let expected = [
        // ack(0), ack of the frame, ack of nothing, tick, 5 s, 60 s
        (
            "Primed",
            ["Idle", "Primed", "Primed", "Primed", "Primed", "closed"],
        ),
        // an idle visible page receives a heartbeat after at most a second
        (
            "Idle",
            ["Idle", "Idle", "Idle", "InFlight", "InFlight", "InFlight"],
        ),
        (
            "InFlight",
            [
                "InFlight", "Idle", "InFlight", "InFlight", "Stalled", "closed",
            ],
        ),
        (
            "Stalled",
            ["Stalled", "Idle", "Stalled", "Stalled", "Stalled", "closed"],
        ),
    ];
    let expected: Vec<(&str, Vec<&str>)> =
        expected.map(|(stage, row)| (stage, row.to_vec())).to_vec();
    assert_eq!(rows, expected);
}

#[test]
fn a_stalled_session_closes_a_minute_after_its_frame_was_sent() {
    let (mut session, sent) = in_stage("InFlight");
    assert_eq!(
        session.due(sent + Duration::from_millis(59_999)),
        SessionAction::Nothing
    );
    assert_eq!(session.due(sent + CLOSED), SessionAction::Close);
}

#[test]
fn frames_are_numbered_without_gaps_from_one() {
    let (mut session, mut at) = in_stage("Idle");
    for number in 1..=5 {
        at += Duration::from_secs(1);
        assert_eq!(session.due(at), SessionAction::Frame);
        assert_eq!(session.frame(&List::default(), at).seq, number);
        session.ack(number);
    }
}

#[test]
fn a_desktop_gets_ten_frames_a_second_ios_five_and_android_four() {
    let rate = |system| Duration::from_secs(1).as_millis() / focused_interval(system).as_millis();
    let systems = ["linux", "windows", "macos", "ios", "android"];
    assert_eq!(systems.map(rate), [10, 10, 10, 5, 4]);
}
