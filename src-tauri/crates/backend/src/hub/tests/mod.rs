//! The hub's rules and invariants, with fake sinks and a clock controlled by the tests.

mod actor;
mod delivery;
mod invariants;
mod leases;
mod packing;
mod page;
mod session;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millrace_engine::{DownloadId, LogLevel, LogLine, Phase, Snapshot, Update};
use tokio::time::Instant;

use super::error::HubError;
use super::sink::{BoxedSink, ChannelClosed, FrameSink};
use super::state::HubState;
use super::timestamp::Timestamp;
use crate::test_snapshot::snapshot;
use crate::view::{Activity, Frame, Page};

/// Receiving end of a fake channel.
#[derive(Debug)]
struct Wire<T>(Arc<Mutex<Cable<T>>>);

#[derive(Debug)]
struct Cable<T> {
    messages: Vec<T>,
    /// Sending fails from now on.
    broken: bool,
    /// The hub dropped its end.
    closed: bool,
}

struct Plug<T>(Arc<Mutex<Cable<T>>>);

impl<T> Wire<T> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Cable {
            messages: Vec::new(),
            broken: false,
            closed: false,
        })))
    }

    fn take(&self) -> Vec<T> {
        std::mem::take(&mut self.0.lock().unwrap().messages)
    }

    fn shatter(&self) {
        self.0.lock().unwrap().broken = true;
    }

    fn closed(&self) -> bool {
        self.0.lock().unwrap().closed
    }
}

impl<T: Send + 'static> Wire<T> {
    fn sink(&self) -> BoxedSink<T> {
        Box::new(Plug(Arc::clone(&self.0)))
    }
}

impl<T: Send> FrameSink<T> for Plug<T> {
    fn send(&self, message: T) -> Result<(), ChannelClosed> {
        let mut cable = self.0.lock().unwrap();
        assert!(!cable.closed, "sent after the channel was let go");
        if cable.broken {
            return Err(ChannelClosed);
        }
        cable.messages.push(message);
        Ok(())
    }
}

impl<T> Drop for Plug<T> {
    fn drop(&mut self) {
        self.0.lock().unwrap().closed = true;
    }
}

/// A hub state, its engine's store, and the clock of both.
struct Rig {
    hub_state: HubState,
    store: BTreeMap<u64, Snapshot>,
    at: Instant,
    rev: u64,
}

impl Rig {
    fn new() -> Self {
        Self {
            hub_state: HubState::new(Vec::new()),
            store: BTreeMap::new(),
            at: Instant::now(),
            rev: 0,
        }
    }

    fn with(count: u64) -> Self {
        let mut rig = Self::new();
        for id in 1..=count {
            rig.change(id, |_| {});
        }
        rig
    }

    fn now(&self) -> Timestamp {
        Timestamp {
            at: self.at,
            wall: 1_000,
        }
    }

    /// The engine changes or adds a download.
    fn change(&mut self, id: u64, edit: impl FnOnce(&mut Snapshot)) {
        self.rev += 1;
        let one = self.store.entry(id).or_insert_with(|| snapshot(id));
        edit(one);
        one.rev = self.rev;
        let update = Update::Changed(one.clone());
        self.hub_state.apply(update, self.now());
        self.hub_state.tick(self.now());
    }

    fn receive(&mut self, id: u64, bytes: u64) {
        self.change(id, |one| one.received += bytes);
    }

    fn turn(&mut self, id: u64, phase: Phase) {
        self.change(id, |one| one.phase = phase);
    }

    fn remove(&mut self, id: u64) {
        self.store.remove(&id);
        let update = Update::Removed(DownloadId(id));
        self.hub_state.apply(update, self.now());
        self.hub_state.tick(self.now());
    }

    fn log(&mut self, id: u64, text: &str) {
        let line = LogLine {
            at: 1,
            level: LogLevel::Info,
            text: text.into(),
        };
        self.hub_state
            .apply(Update::Log(DownloadId(id), line), self.now());
        self.hub_state.tick(self.now());
    }

    /// Advances the clock as the hub's loop does: from deadline to deadline. Returns how often it woke.
    fn pass(&mut self, time: Duration) -> u32 {
        let end = self.at + time;
        let mut wakes = 0;
        while let Some(deadline) = self
            .hub_state
            .deadline()
            .filter(|deadline| *deadline <= end)
        {
            self.at = self.at.max(deadline);
            self.hub_state.tick(self.now());
            wakes += 1;
            assert!(wakes < 100_000, "the hub spins");
        }
        self.at = end;
        wakes
    }

    fn attach(&mut self, window: &str, session: &str, wire: &Wire<Frame>) -> Page {
        self.try_attach(window, session, wire).unwrap()
    }

    fn try_attach(
        &mut self,
        window: &str,
        session: &str,
        wire: &Wire<Frame>,
    ) -> Result<Page, HubError> {
        let now = self.now();
        let page = self
            .hub_state
            .attach(window, session.into(), wire.sink(), now);
        self.hub_state.tick(now);
        page
    }

    fn ack(&mut self, window: &str, session: &str, seq: u32) -> Result<(), HubError> {
        self.hub_state.session(window, session)?.ack(seq);
        self.hub_state.tick(self.now());
        Ok(())
    }
}

fn millis(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A session that has received its snapshot and accepts frames.
fn open(rig: &mut Rig) -> Wire<Frame> {
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    wire
}

fn see(rig: &mut Rig, seen: &[u64], activity: Activity) {
    let session = rig.hub_state.session("main", "a").unwrap();
    session.see(seen, activity);
}

/// Ids of whole rows, then of those of which only numbers changed.
fn ids(frame: &Frame) -> Vec<u64> {
    let rows = frame.rows.iter().map(|row| row.id);
    rows.chain(frame.numbers.iter().map(|one| one.0)).collect()
}
