//! A fake engine for `npm run bench:ui`: a long list of which a part changes continuously, each change stamped with its
//! time. Only with the feature `bench`; not in a release build. Does not depend on the window.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use millrace_engine::{Phase, Snapshot, Subscription, Update};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::test_snapshot::snapshot;

/// The simulated load: `MILLRACE_BENCH` holds these numbers in this order, separated by spaces.
#[derive(Debug, Clone, Copy)]
struct Load {
    rows: u64,
    /// Number of running downloads, the newest ones: all receive bytes at the same time, ten times a second, as in the
    /// engine.
    running: u64,
    /// Changes per second of the other downloads, one row after the other; every tenth changes the phase.
    others: u64,
    /// In ms since 1970. `received` is the number of microseconds since then, so that every value on the screen
    /// shows when it was created.
    begun: u64,
}

/// Interval between two updates of a running download, as in the engine.
const BEAT: Duration = Duration::from_millis(100);

/// The fake engine's list and updates, if `MILLRACE_BENCH` is set.
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

    /// Runs until the receiver is dropped.
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
