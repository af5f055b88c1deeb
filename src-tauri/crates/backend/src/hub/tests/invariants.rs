//! Invariants after any sequence of changes, losses, reloads and pauses.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::page::{Document, truth};
use super::*;
use crate::hub::pending_changes::{FRAME_LIMIT, json_length};

#[derive(Debug, Clone)]
enum Step {
    Receive(u64),
    Turn(u64, bool),
    Remove(u64),
    /// The user removes a download, or restores it.
    Hide(u64, bool),
    /// All rows change.
    Storm,
    Wait(u64),
    /// The page receives the next frame, and acknowledges it or not.
    Deliver(bool),
    /// The next frame is lost, and the channel with it.
    Lose,
    /// A duplicate acknowledgement, or one of a frame that was never sent.
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
    /// Removed ids; they never return.
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

    /// A new document without any state.
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
                    self.rig.hub_state.hide(&[id], now);
                } else {
                    self.rig.hub_state.unhide(&[id]);
                }
                self.rig.hub_state.tick(now);
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
                // a page acknowledges only what it received, but possibly twice and late
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
                if let Ok(session) = self.rig.hub_state.session("main", &session) {
                    // any rows in any order, including unknown ones
                    let seen: Vec<u64> =
                        (0..20).map(|place| u64::from(first) + 2 * place).collect();
                    session.see(&seen, activity);
                }
            }
            Step::AskPage => self.page.ask_late(&mut self.rig),
            Step::HearPage => self.page.hear_late(),
            Step::Reload => self.reload(),
            Step::Break => self.page.wire.shatter(),
        }
        self.collect();
    }

    /// Takes the frames sent, and checks each of them.
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
        // the next frame waits for the acknowledgement, so more than one is never in flight
        assert!(self.page.queue.len() <= 1, "more than one frame in flight");
        if let Some(frame) = self.page.queue.pop() {
            let seq = self.page.apply(frame, &mut self.rig);
            if acknowledged {
                let session = self.page.session.clone();
                let _ = self.rig.ack("main", &session, seq);
            }
        }
    }

    /// The visible page receives nothing for three seconds, reattaches, and takes frames until it is up to date.
    fn heal(&mut self) {
        let alive = !self.page.deaf && !self.page.wire.closed();
        let session = self.page.session.clone();
        if let (true, Ok(open)) = (alive, self.rig.hub_state.session("main", &session)) {
            open.see(&[], Activity::Focused);
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
                    frame.rows.is_empty()
                        && frame.numbers.is_empty()
                        && frame.removed.is_empty()
                        && !frame.resync
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
        let mut truth = truth(&self.rig.store);
        truth.retain(|id, _| !self.hidden.contains(id));
        assert_eq!(self.page.sees(), truth);
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

}

// Long lists and long names: each of these is slow in an unoptimised build.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Names, links and reasons come from the network; whatever they are, a frame is small and every row is sent.
    #[test]
    fn frames_stay_small_and_complete_whatever_the_rows_hold(
        texts in proptest::collection::vec((".{0,3000}", "[\\x00-\\x7f\u{20ac}\"]{0,1500}"), 1..40),
    ) {
        let mut rig = Rig::new();
        let mut page = Document::new("s".into());
        let first = rig.attach("main", "s", &page.wire);
        page.show(first);
        rig.ack("main", "s", 0).unwrap();
        for (number, (url, name)) in texts.iter().enumerate() {
            rig.change(number as u64, |one| {
                one.url.clone_from(url);
                one.name.clone_from(name);
                one.problem = Some(millrace_engine::Problem::BadResponse { host: name.clone() });
            });
        }
        for _ in 0..60 {
            rig.pass(millis(100));
            for frame in page.wire.take() {
                prop_assert!(json_length(&frame) < FRAME_LIMIT);
                let seq = page.apply(frame, &mut rig);
                rig.ack("main", "s", seq).unwrap();
            }
        }
        prop_assert_eq!(page.sees().len(), texts.len());
    }

    /// However long a page is hidden, its pending changes are a set of ids no larger than the list, or a resync.
    #[test]
    fn what_waits_for_a_page_is_bounded_by_the_rows(
        count in 1..3_000_u64,
        changes in proptest::collection::vec((0..3_000_u64, 0..3_u8), 0..6_000),
    ) {
        let mut rig = Rig::with(count);
        let wire = Wire::new();
        rig.attach("main", "s", &wire);
        rig.ack("main", "s", 0).unwrap();
        for (id, kind) in changes {
            let id = id % count + 1;
            match kind {
                // what left the list never returns
                _ if !rig.store.contains_key(&id) => {}
                0 => rig.remove(id),
                1 => rig.turn(id, Phase::Paused),
                _ => rig.receive(id, 1),
            }
        }
        let session = rig.hub_state.session("main", "s").unwrap();
        prop_assert!(session.dirty.len() as u64 <= count.min(2_000));
        prop_assert!(wire.take().len() <= 1);
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
