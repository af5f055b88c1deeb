//! The running hub: its task, its handles, and a clock that advances only when all tasks wait.

use std::collections::BTreeMap;

use millrace_engine::Subscription;
use proptest::prelude::*;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::sleep;

use super::page::{Known, truth};
use super::*;
use crate::hub::Hub;

#[derive(Debug, Clone)]
enum Step {
    Receive(u64),
    Turn(u64),
    Remove(u64),
    Wait(u64),
    /// The page takes the messages, and acknowledges them or not.
    Take(bool),
    See(Activity),
    /// The system reports the window hidden or shown.
    PutAway(bool),
    Reload,
    /// The document is unloaded, and no other is loaded for a while.
    Leave,
}

fn step() -> impl Strategy<Value = Step> {
    let activity = prop_oneof![
        Just(Activity::Focused),
        Just(Activity::Visible),
        Just(Activity::Hidden)
    ];
    prop_oneof![
        10 => (1..40_u64).prop_map(Step::Receive),
        5 => (1..40_u64).prop_map(Step::Turn),
        2 => (1..40_u64).prop_map(Step::Remove),
        8 => (1..2_000_u64).prop_map(Step::Wait),
        1 => (4_000..70_000_u64).prop_map(Step::Wait),
        10 => prop_oneof![4 => Just(true), 1 => Just(false)].prop_map(Step::Take),
        2 => activity.prop_map(Step::See),
        1 => any::<bool>().prop_map(Step::PutAway),
        1 => Just(Step::Reload),
        1 => Just(Step::Leave),
    ]
}

/// An engine driven by the test, a hub, and one window.
struct World {
    hub: Hub,
    engine: UnboundedSender<Update>,
    store: BTreeMap<u64, Snapshot>,
    removed: Vec<u64>,
    rev: u64,
    wire: Wire<Frame>,
    session: String,
    sessions: u32,
    known: Known,
}

impl World {
    async fn start(count: u64) -> Self {
        let (engine, updates) = unbounded_channel();
        let store: BTreeMap<u64, Snapshot> = (1..=count).map(|id| (id, snapshot(id))).collect();
        let first = store.values().cloned().collect();
        let (hub, runs) = Hub::start(Subscription::of(first, updates));
        tokio::spawn(runs);
        let mut world = Self {
            hub,
            engine,
            store,
            removed: Vec::new(),
            rev: 1,
            wire: Wire::new(),
            session: String::new(),
            sessions: 0,
            known: Known::default(),
        };
        world.reload().await;
        world
    }

    fn change(&mut self, id: u64, edit: impl FnOnce(&mut Snapshot)) {
        if self.removed.contains(&id) {
            return;
        }
        self.rev += 1;
        let one = self.store.entry(id).or_insert_with(|| snapshot(id));
        edit(one);
        one.rev = self.rev;
        self.engine.send(Update::Changed(one.clone())).unwrap();
    }

    async fn reload(&mut self) {
        sleep(seconds(1)).await;
        let old = std::mem::replace(&mut self.wire, Wire::new());
        self.sessions += 1;
        self.session = format!("session {}", self.sessions);
        let page = self
            .hub
            .attach("main".into(), self.session.clone(), self.wire.sink());
        let page = page.await.unwrap();
        assert!(self.sessions == 1 || old.closed(), "one session per window");
        self.known = Known::default();
        page.rows.into_iter().for_each(|row| self.known.take(row));
        self.ack(0).await;
    }

    async fn ack(&self, seq: u32) {
        let acked = self.hub.ack("main".into(), self.session.clone(), seq);
        if let Err(failure) = acked.await {
            assert_eq!(failure, HubError::StaleSession);
        }
    }

    /// Returns whether anything but a heartbeat arrived.
    async fn take(&mut self, acknowledge: bool) -> bool {
        let frames = self.wire.take();
        assert!(frames.len() <= 1, "more than one unacknowledged frame");
        let mut news = false;
        for frame in frames {
            news |=
                !(frame.rows.is_empty() && frame.numbers.is_empty() && frame.removed.is_empty());
            frame.removed.iter().for_each(|id| self.known.remove(*id));
            frame.rows.into_iter().for_each(|row| self.known.take(row));
            frame
                .numbers
                .into_iter()
                .for_each(|one| self.known.count(one));
            if acknowledge {
                self.ack(frame.seq).await;
            }
        }
        news
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Receive(id) => self.change(id, |one| one.received += 7),
            Step::Turn(id) => self.change(id, |one| {
                one.phase = if one.phase == Phase::Running {
                    Phase::Paused
                } else {
                    Phase::Running
                };
            }),
            Step::Remove(id) => {
                if self.store.remove(&id).is_some() {
                    self.removed.push(id);
                    self.engine.send(Update::Removed(DownloadId(id))).unwrap();
                }
            }
            Step::Wait(time) => sleep(millis(time)).await,
            Step::Take(acknowledge) => {
                self.take(acknowledge).await;
            }
            Step::See(activity) => {
                let session = self.session.clone();
                // the session may be closed by now
                let _ = self
                    .hub
                    .view("main".into(), session, vec![3, 1, 9], activity)
                    .await;
            }
            Step::PutAway(away) => self.hub.put_away("main".into(), away),
            Step::Reload => self.reload().await,
            Step::Leave => self.hub.leave("main".into()),
        }
    }

    /// A visible page without a message for three seconds reattaches; one that receives only heartbeats is up to date.
    async fn heal(&mut self) {
        self.step(Step::See(Activity::Focused)).await;
        self.take(false).await;
        self.reload().await;
        let mut quiet = 0;
        for _ in 0..100 {
            sleep(seconds(1)).await;
            quiet = if self.take(true).await { 0 } else { quiet + 1 };
            if quiet == 2 {
                return;
            }
        }
        panic!("the page never came to rest");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_running_hub_keeps_its_promises_to_any_page(
        count in 0..40_u64,
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        paused().block_on(async {
            let mut world = World::start(count).await;
            for step in steps {
                world.step(step).await;
            }
            world.heal().await;
            assert_eq!(world.known.sees(), truth(&world.store));
        });
    }
}

/// A runtime whose clock jumps to the next deadline when all tasks wait, and otherwise stands still.
fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

#[test]
fn the_engine_is_never_kept_waiting_by_a_page() {
    paused().block_on(async {
        let mut world = World::start(5).await;
        // without acknowledgements the page is stalled from the first frame on
        for round in 0..5_000_u64 {
            world.change(1 + round % 5, |one| one.received += 1);
            tokio::task::yield_now().await;
        }
        sleep(seconds(1)).await;
        // each change was applied immediately, although one frame has been unacknowledged all the time
        assert_eq!(world.wire.take().len(), 1);
        let session = world.session.clone();
        let page = world.hub.page("main".into(), session, 0, 10).await.unwrap();
        let taken = page.rows.iter().map(|row| row.counted).max();
        assert_eq!(taken, Some(world.rev));
    });
}

#[test]
fn the_hub_ends_with_the_engine_and_every_channel_with_it() {
    paused().block_on(async {
        let World {
            hub, engine, wire, ..
        } = World::start(1).await;
        drop(engine);
        sleep(millis(1)).await;
        assert!(wire.closed());
        let failure = hub.unwatch("main".into(), 1).await.unwrap_err();
        assert_eq!(failure, HubError::Stopped);
    });
}
