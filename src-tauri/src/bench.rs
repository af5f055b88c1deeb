//! A made-up engine for `npm run bench:ui`: a long list of which a part changes all the time, each change stamped with
//! its moment. Only with the feature `bench`: the product holds none of it. Knows no window.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use millrace_engine::{Phase, Snapshot, Subscription, Update};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::test_snapshot::snapshot;

/// What is made up: `MILLRACE_BENCH` holds these numbers in this order, parted by spaces.
#[derive(Debug, Clone, Copy)]
struct Load {
    rows: u64,
    /// The newest so many run: each receives bytes ten times a second, all at the same moment, as the engine tells of them.
    running: u64,
    /// Changes a second, one row after the other, among those that do not run; every tenth is one of state.
    others: u64,
    /// In ms since 1970. What has been received is the number of microseconds since then: so each value on the
    /// screen says when it was made.
    begun: u64,
}

/// How often a running download is told of, as the engine does it.
const BEAT: Duration = Duration::from_millis(100);

/// A made-up engine's list and updates, if the surroundings ask for one.
pub fn subscription() -> Option<Subscription> {
    let text = std::env::var("MILLRACE_BENCH").ok()?;
    let mut numbers = text.split(' ').map_while(|number| number.parse().ok());
    let load = Load {
        rows: numbers.next()?,
        running: numbers.next()?,
        others: numbers.next()?,
        begun: numbers.next()?,
    };
    let (engine, updates) = unbounded_channel();
    let rows: Vec<Snapshot> = (1..=load.rows).map(|id| load.row(id)).collect();
    let first = rows.clone();
    std::thread::Builder::new()
        .name("made-up engine".into())
        .spawn(move || load.run(rows, &engine))
        .ok()?;
    Some(Subscription::of(first, updates))
}

impl Load {
    fn row(self, id: u64) -> Snapshot {
        let runs = id > self.rows - self.running;
        Snapshot {
            rev: id,
            url: format!("https://files.example.org/archive/2026/part-{id}.tar.zst"),
            host: "files.example.org".into(),
            folder: "Downloads".into(),
            name: format!("part-{id}.tar.zst"),
            phase: if runs { Phase::Running } else { Phase::Paused },
            received: 0,
            total: Some(120_000_000),
            speed: 0,
            eta: None,
            connections: u32::from(runs),
            added_at: 1_790_000_000_000 + id,
            ..snapshot(id)
        }
    }

    /// Until nobody listens any more.
    fn run(self, mut rows: Vec<Snapshot>, engine: &UnboundedSender<Update>) {
        let mut running = rows.split_off(rows.len().saturating_sub(self.running as usize));
        let pace = Duration::from_secs(1) / u32::try_from(self.others.max(1)).unwrap_or(1);
        let (mut beat, mut turn) = (Instant::now(), Instant::now());
        let (mut rev, mut at) = (self.rows, 0);
        let mut tell = |row: &mut Snapshot| {
            rev += 1;
            row.rev = rev;
            row.received = self.stamp();
            row.speed = 1_000_000 + rev % 1_000 * 1_000;
            if row.phase != Phase::Running && rev.is_multiple_of(10) {
                let queued = row.phase == Phase::Queued;
                row.phase = if queued { Phase::Paused } else { Phase::Queued };
            }
            engine.send(Update::Changed(row.clone())).is_ok()
        };
        let mut open = true;
        while open {
            if Instant::now() >= beat {
                beat += BEAT;
                open = running.iter_mut().all(&mut tell);
            }
            while open && self.others > 0 && Instant::now() >= turn {
                turn += pace;
                at = (at + 1) % rows.len().max(1);
                open = rows.get_mut(at).is_none_or(&mut tell);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn stamp(self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let micros = since.map_or(0, |since| since.as_micros());
        u64::try_from(micros)
            .unwrap_or(0)
            .saturating_sub(self.begun * 1_000)
    }
}
