//! The rules of watching a single download.

use millrace_engine::Problem;
use millrace_protocol::{DownloadEvent, LogBatch};
use proptest::prelude::*;

use super::*;
use crate::hub::lease::WatchChannels;

struct Listener {
    events: Wire<DownloadEvent>,
    log: Wire<LogBatch>,
}

impl Listener {
    fn new() -> Self {
        Self {
            events: Wire::new(),
            log: Wire::new(),
        }
    }

    fn channels(&self) -> WatchChannels {
        WatchChannels {
            events: self.events.sink(),
            log: self.log.sink(),
        }
    }

    fn messages(&self) -> Vec<String> {
        let events = self.events.take();
        let word = |event: &DownloadEvent| {
            let event = serde_json::to_value(event).unwrap();
            event["event"].as_str().unwrap().to_owned()
        };
        events.iter().map(word).collect()
    }

    fn lines(&self) -> Vec<String> {
        let batches = self.log.take().into_iter();
        batches
            .flat_map(|batch| batch.lines)
            .map(|line| line.text)
            .collect()
    }
}

fn watch(rig: &mut Rig, id: u64) -> Listener {
    let listener = Listener::new();
    let now = rig.now();
    rig.hub_state
        .watch("main", id, listener.channels(), now)
        .unwrap();
    listener
}

/// Does what the `download` command does: adds a download between `begin_add` and `finish_add`.
fn download(rig: &mut Rig, id: u64, early: impl FnOnce(&mut Rig)) -> Listener {
    let listener = Listener::new();
    let document = rig.hub_state.begin_add("main");
    early(rig);
    let now = rig.now();
    rig.hub_state
        .finish_add(("main", document), Some((id, listener.channels())), now);
    rig.hub_state.tick(now);
    listener
}

#[test]
fn a_watch_begins_with_what_is_there_and_the_log_so_far() {
    let mut rig = Rig::with(1);
    rig.log(1, "resolved");
    rig.log(1, "connected");
    let listener = watch(&mut rig, 1);
    let events = listener.events.take();
    assert!(
        matches!(
            &events[..],
            [DownloadEvent::Started {
                download_id: 1,
                received: 100,
                content_length: Some(1_000),
                ..
            }]
        ),
        "{events:?}"
    );
    assert_eq!(listener.lines(), ["resolved", "connected"]);
    rig.log(1, "split");
    rig.pass(millis(100));
    assert_eq!(listener.lines(), ["split"]);
}

#[test]
fn bytes_wait_for_the_pace_and_states_do_not() {
    let mut rig = Rig::with(1);
    let listener = watch(&mut rig, 1);
    rig.pass(millis(100));
    listener.messages();
    for _ in 0..10 {
        rig.receive(1, 3);
        rig.pass(millis(10));
    }
    assert!(listener.messages().len() <= 2);
    rig.receive(1, 3);
    rig.turn(1, Phase::Paused);
    assert_eq!(listener.messages(), ["progress", "paused"]);
    assert_eq!(rig.pass(seconds(60)), 0, "nothing to tell, nothing wakes");
}

#[test]
fn while_the_page_is_hidden_only_states_are_told() {
    let mut rig = Rig::with(1);
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    let listener = watch(&mut rig, 1);
    listener.messages();
    let hide = |rig: &mut Rig, activity| {
        rig.hub_state
            .session("main", "a")
            .unwrap()
            .see(&[], activity);
    };
    hide(&mut rig, Activity::Hidden);
    for _ in 0..50 {
        rig.receive(1, 2);
        rig.log(1, "line");
        rig.pass(millis(100));
    }
    assert!(listener.messages().is_empty() && listener.lines().is_empty());
    hide(&mut rig, Activity::Focused);
    rig.pass(millis(100));
    let events = listener.events.take();
    assert!(
        matches!(
            events[..],
            [DownloadEvent::Progress {
                chunk_length: 100,
                ..
            }]
        ),
        "{events:?}"
    );
    assert_eq!(listener.lines().len(), 50);
}

#[test]
fn download_misses_no_first_event() {
    let mut rig = Rig::new();
    let listener = download(&mut rig, 1, |rig| {
        rig.change(1, |one| {
            (one.phase, one.received, one.total) = (Phase::Queued, 0, None);
        });
        rig.turn(1, Phase::Probing);
        rig.change(1, |one| {
            one.phase = Phase::Waiting;
            one.problem = Some(Problem::NoAnswer { host: "h".into() });
        });
        rig.turn(1, Phase::Probing);
        rig.change(1, |one| {
            (one.phase, one.total, one.problem) = (Phase::Running, Some(50), None);
        });
        rig.change(1, |one| {
            (one.phase, one.received) = (Phase::Done, 50);
        });
    });
    assert_eq!(
        listener.messages(),
        ["retrying", "resumed", "started", "progress", "finished"]
    );
}

#[test]
fn a_download_that_was_not_added_is_not_remembered() {
    let mut rig = Rig::new();
    let document = rig.hub_state.begin_add("main");
    rig.change(1, |_| {});
    let now = rig.now();
    rig.hub_state.finish_add(("main", document), None, now);
    let listener = download(&mut rig, 1, |_| {});
    // the download is known already, so its events begin with the current state
    assert_eq!(listener.messages(), ["started"]);
}

#[test]
fn a_document_that_was_left_while_its_download_was_added_keeps_no_channel() {
    let mut rig = Rig::new();
    let listener = Listener::new();
    let document = rig.hub_state.begin_add("main");
    rig.change(1, |_| {});
    rig.hub_state.window_closed("main");
    let now = rig.now();
    let added = Some((1, listener.channels()));
    rig.hub_state.finish_add(("main", document), added, now);
    assert!(listener.events.closed() && listener.log.closed());
}

#[test]
fn a_page_that_is_gone_for_its_list_is_gone_for_its_details() {
    let mut rig = Rig::with(1);
    let frames = Wire::new();
    rig.attach("main", "s", &frames);
    rig.ack("main", "s", 0).unwrap();
    let listener = watch(&mut rig, 1);
    rig.pass(seconds(120));
    assert!(frames.closed() && listener.events.closed());
}

#[test]
fn a_second_watch_of_the_same_window_replaces_the_first() {
    let mut rig = Rig::with(2);
    let first = watch(&mut rig, 1);
    let other = watch(&mut rig, 2);
    let second = watch(&mut rig, 1);
    assert!(first.events.closed() && first.log.closed());
    assert!(!other.events.closed());
    rig.hub_state.unwatch("main", 1);
    assert!(second.events.closed());
    rig.hub_state.window_closed("main");
    assert!(other.events.closed());
}

#[test]
fn removal_is_the_last_event() {
    let mut rig = Rig::with(1);
    let listener = watch(&mut rig, 1);
    listener.messages();
    rig.receive(1, 9);
    rig.log(1, "removed");
    rig.remove(1);
    let messages = listener.messages();
    assert_eq!(messages.last().map(String::as_str), Some("removed"));
    assert_eq!(listener.lines(), ["removed"]);
    assert!(listener.events.closed());
    let channels = Listener::new().channels();
    let now = rig.now();
    let failure = rig.hub_state.watch("main", 1, channels, now).unwrap_err();
    assert_eq!(failure, HubError::UnknownDownload(DownloadId(1)));
}

#[test]
fn a_broken_channel_ends_the_watch_and_nothing_else() {
    let mut rig = Rig::with(1);
    let broken = watch(&mut rig, 1);
    broken.log.shatter();
    rig.log(1, "line");
    rig.pass(millis(100));
    assert!(broken.events.closed());
    rig.receive(1, 1);
    assert_eq!(rig.store[&1].received, 101);
}

#[test]
fn one_window_watches_a_bounded_number() {
    let mut rig = Rig::with(40);
    let listeners: Vec<Listener> = (1..=40).map(|id| watch(&mut rig, id)).collect();
    let open = listeners.iter().filter(|one| !one.events.closed()).count();
    assert_eq!(open, 32);
    assert!(listeners[0].events.closed() && !listeners[39].events.closed());
}

proptest! {
    /// `started.received` plus every later `chunkLength` is what was received, at any rate.
    #[test]
    fn chunks_add_up_exactly(
        steps in proptest::collection::vec((0..500_u64, 0..300_u64, 0..12_u8), 1..80),
    ) {
        let mut rig = Rig::with(1);
        let listener = watch(&mut rig, 1);
        for (bytes, wait, kind) in steps {
            match kind {
                0 => rig.turn(1, Phase::Paused),
                1 => rig.turn(1, Phase::Running),
                2 => rig.change(1, |one| { one.epoch += 1; one.received = bytes / 2; }),
                _ => rig.receive(1, bytes),
            }
            rig.pass(millis(wait));
        }
        rig.pass(seconds(1));
        prop_assert_eq!(sum(&listener), rig.store[&1].received);
    }

    /// The same for each of many leases: one that ended early adds up to an earlier state, the last to the current one.
    #[test]
    fn chunks_add_up_exactly_in_every_attachment(
        steps in proptest::collection::vec((0..500_u64, 0..700_u64, 0..16_u8), 1..80),
    ) {
        let mut rig = Rig::with(1);
        let frames = Wire::new();
        rig.attach("main", "s", &frames);
        rig.ack("main", "s", 0).unwrap();
        let mut listener = watch(&mut rig, 1);
        let mut moments = std::collections::BTreeSet::from([rig.store[&1].received]);
        for (bytes, wait, kind) in steps {
            match kind {
                0 => rig.turn(1, Phase::Paused),
                1 => rig.turn(1, Phase::Running),
                2 => rig.change(1, |one| { one.epoch += 1; one.received = bytes / 2; }),
                3 => {
                    // another row was selected and then this one again, or the page was reloaded
                    let ended = std::mem::replace(&mut listener, watch(&mut rig, 1));
                    prop_assert!(ended.events.closed());
                    prop_assert!(moments.contains(&sum(&ended)));
                }
                4 | 5 => {
                    let activity = if kind == 4 { Activity::Hidden } else { Activity::Focused };
                    if let Ok(session) = rig.hub_state.session("main", "s") {
                        session.see(&[], activity);
                    }
                }
                _ => rig.receive(1, bytes),
            }
            moments.insert(rig.store[&1].received);
            rig.pass(millis(wait));
            for frame in frames.take() {
                rig.ack("main", "s", frame.seq).unwrap();
            }
        }
        rig.hub_state.session("main", "s").unwrap().see(&[], Activity::Focused);
        rig.pass(seconds(1));
        prop_assert_eq!(sum(&listener), rig.store[&1].received);
    }
}

#[test]
fn a_view_of_what_is_hidden_ends_as_if_it_were_removed() {
    let mut rig = Rig::with(1);
    let listener = watch(&mut rig, 1);
    rig.hub_state.hide(&[1], rig.now());
    let last = listener.events.take().pop();
    assert_eq!(last, Some(DownloadEvent::Removed { download_id: 1 }));
    assert!(listener.events.closed());
    rig.hub_state.unhide(&[1]);
    rig.receive(1, 5);
    assert_eq!(listener.events.take(), []);
}

/// `received` of the last `started`, plus every chunk after it.
fn sum(listener: &Listener) -> u64 {
    listener.events.take().iter().fold(0, |sum, event| {
        if let DownloadEvent::Started { received, .. } | DownloadEvent::Restarted { received, .. } =
            event
        {
            *received
        } else if let DownloadEvent::Progress { chunk_length, .. } = event {
            sum + chunk_length
        } else {
            sum
        }
    })
}
