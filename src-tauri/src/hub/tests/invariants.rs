//! What holds after any sequence of changes, losses, reloads and silences.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::page::Document;
use super::*;
use crate::hub::dirty::{FRAME_LIMIT, json_length};
use crate::view::Activity;

#[derive(Debug, Clone)]
enum Step {
    Receive(u64),
    Turn(u64, bool),
    Remove(u64),
    /// Removed by the person, or wanted back.
    Hide(u64, bool),
    /// Everything changes at once.
    Storm,
    Wait(u64),
    /// The page gets the next frame, and acknowledges it or not.
    Deliver(bool),
    /// The next frame is lost, and the channel with it.
    Lose,
    /// An acknowledgement comes again, or of nothing.
    Ack(u32),
    OldAck(u32),
    View(u32, Activity),
    AskPage,
    HearPage,
    Reload,
    Break,
}

fn step() -> impl Strategy<Value = Step> {
    let activity = prop_oneof![
        Just(Activity::Focused),
        Just(Activity::Visible),
        Just(Activity::Hidden)
    ];
    prop_oneof![
        12 => (1..60_u64).prop_map(Step::Receive),
        6 => (1..60_u64, any::<bool>()).prop_map(|(id, pause)| Step::Turn(id, pause)),
        4 => (1..60_u64).prop_map(Step::Remove),
        5 => (1..60_u64, any::<bool>()).prop_map(|(id, hide)| Step::Hide(id, hide)),
        1 => Just(Step::Storm),
        12 => (1..3_000_u64).prop_map(Step::Wait),
        1 => (3_000..70_000_u64).prop_map(Step::Wait),
        14 => prop_oneof![4 => Just(true), 1 => Just(false)].prop_map(Step::Deliver),
        1 => Just(Step::Lose),
        2 => (0..20_u32).prop_map(Step::Ack),
        1 => (0..20_u32).prop_map(Step::OldAck),
        2 => (0..60_u32, activity).prop_map(|(first, activity)| Step::View(first, activity)),
        1 => Just(Step::AskPage),
        1 => Just(Step::HearPage),
        1 => Just(Step::Reload),
        1 => Just(Step::Break),
    ]
}

struct World {
    rig: Rig,
    page: Document,
    reloads: u32,
    /// Removed ids; they never come back.
    gone: BTreeSet<u64>,
    hidden: BTreeSet<u64>,
}

impl World {
    fn new(count: u64) -> Self {
        let mut world = Self {
            rig: Rig::with(count),
            page: Document::new(String::new()),
            reloads: 0,
            gone: BTreeSet::new(),
            hidden: BTreeSet::new(),
        };
        world.reload();
        world
    }

    /// A new document; it knows nothing.
    fn reload(&mut self) {
        self.reloads += 1;
        self.rig.pass(seconds(1));
        let mut page = Document::new(format!("session {}", self.reloads));
        let first = self.rig.attach("main", &page.session, &page.wire);
        assert!(first.rows.len() <= 200);
        page.show(first);
        page.pull_all(&mut self.rig);
        self.rig.ack("main", &page.session, 0).unwrap();
        let old = std::mem::replace(&mut self.page, page);
        assert!(
            self.reloads == 1 || old.wire.closed(),
            "one session per window"
        );
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Receive(id) if !self.gone.contains(&id) => self.rig.receive(id, 3),
            Step::Turn(id, pause) if !self.gone.contains(&id) => {
                let phase = if pause { Phase::Paused } else { Phase::Running };
                self.rig.turn(id, phase);
            }
            Step::Receive(_) | Step::Turn(..) => {}
            Step::Remove(id) => {
                self.gone.insert(id);
                self.hidden.remove(&id);
                self.rig.remove(id);
            }
            Step::Hide(id, hide) => {
                let now = self.rig.now();
                if hide {
                    self.rig.board.hide(&[id], now);
                } else {
                    self.rig.board.unhide(&[id]);
                }
                self.rig.board.tick(now);
                if self.rig.store.contains_key(&id) {
                    hide.then(|| self.hidden.insert(id));
                    (!hide).then(|| self.hidden.remove(&id));
                }
            }
            Step::Storm => {
                let ids: Vec<u64> = self.rig.store.keys().copied().collect();
                for id in ids {
                    self.rig.receive(id, 1);
                }
            }
            Step::Wait(time) => {
                self.rig.pass(millis(time));
            }
            Step::Deliver(acknowledged) => self.deliver(acknowledged),
            Step::Lose => {
                self.collect();
                if !self.page.queue.is_empty() {
                    self.page.queue.clear();
                    self.page.deaf = true;
                }
            }
            Step::Ack(seq) => {
                // a page acknowledges only what it got, but may do so twice and late
                if seq < self.rig.rev as u32 && !self.page.deaf && self.page.queue.is_empty() {
                    self.collect();
                    if self.page.queue.is_empty() {
                        let session = self.page.session.clone();
                        let _ = self.rig.ack("main", &session, seq);
                    }
                }
            }
            Step::OldAck(seq) => {
                let stale = self.rig.ack("main", "session 0", seq);
                assert!(stale.is_err());
            }
            Step::View(first, activity) => {
                let session = self.page.session.clone();
                if let Ok(session) = self.rig.board.session("main", &session) {
                    session.see((first, first + 20), activity);
                }
            }
            Step::AskPage => self.page.ask_late(&mut self.rig),
            Step::HearPage => self.page.hear_late(),
            Step::Reload => self.reload(),
            Step::Break => self.page.wire.shatter(),
        }
        self.collect();
    }

    /// Takes what was sent off the wire, and checks each frame.
    fn collect(&mut self) {
        let frames = self.page.wire.take();
        for frame in &frames {
            assert!(json_length(frame) < FRAME_LIMIT, "{}", json_length(frame));
        }
        if !self.page.deaf {
            self.page.queue.extend(frames);
        }
    }

    fn deliver(&mut self, acknowledged: bool) {
        self.collect();
        // without an acknowledgement nothing more comes, so more than one never waits
        assert!(self.page.queue.len() <= 1, "more than one frame in flight");
        if let Some(frame) = self.page.queue.pop() {
            let seq = self.page.apply(frame, &mut self.rig);
            if acknowledged {
                let session = self.page.session.clone();
                let _ = self.rig.ack("main", &session, seq);
            }
        }
    }

    /// The page hears nothing for three seconds while visible, attaches again, and takes frames until it is quiet.
    fn heal(&mut self) {
        let alive = !self.page.deaf && !self.page.wire.closed();
        let session = self.page.session.clone();
        if let (true, Ok(open)) = (alive, self.rig.board.session("main", &session)) {
            open.see((0, 20), Activity::Focused);
        }
        let mut silence = 0;
        let mut quiet = 0;
        for _ in 0..2_000 {
            self.rig.pass(millis(100));
            self.collect();
            if self.page.queue.is_empty() {
                silence += 1;
            } else {
                silence = 0;
                let empty = self.page.queue.iter().all(|frame| {
                    frame.rows.is_empty() && frame.removed.is_empty() && !frame.resync
                });
                quiet = if empty { quiet + 1 } else { 0 };
                self.deliver(true);
            }
            if quiet == 2 {
                return;
            }
            if silence > 30 {
                self.reload();
                silence = 0;
            }
        }
        panic!("the page never came to rest");
    }

    fn check(&self) {
        let store = &self.rig.store;
        let seen = store.keys().filter(|id| !self.hidden.contains(id));
        let seen: Vec<u64> = seen.copied().collect();
        let rows = self.page.rows();
        assert_eq!(rows.keys().copied().collect::<Vec<u64>>(), seen);
        for (id, row) in rows {
            let engines = &store[id];
            // hidden and shown again, it is newer than the engine knows
            assert!(row.rev >= engines.rev);
            assert_eq!(row.phase, engines.phase);
            assert_eq!(row.received, engines.received);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn whatever_happens_the_page_ends_with_what_the_engine_has(
        count in 0..60_u64,
        steps in proptest::collection::vec(step(), 1..120),
    ) {
        let mut world = World::new(count);
        for step in steps {
            world.step(step);
        }
        world.page.hear_late();
        world.heal();
        world.check();
    }

    #[test]
    fn a_long_list_too(steps in proptest::collection::vec(step(), 1..25)) {
        let mut world = World::new(2_300);
        for step in steps {
            world.step(step);
        }
        world.heal();
        world.check();
    }
}
