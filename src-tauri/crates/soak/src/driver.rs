//! Runs random operations on the engine until the time is over. The expected results are in [`crate::check`].

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::check;
use crate::child::Process;
use crate::control_messages::{AddItem, Health, Operation};
use crate::ledger::Ledger;
use crate::rng::SeededRng;
use crate::say;
use crate::server::Server;
use crate::server_model::ServerModel;
use crate::soak_run::SoakRun;

/// Unfinished downloads at a time, at most.
const MAX_OPEN: usize = 20;
/// How often everything is checked.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// Does one whole run. An error says what is wrong, and where the list and the files were left for inspection.
pub(crate) async fn run(seed: u64, time: Duration) -> Result<(), String> {
    let home = TempDir::with_prefix("soak-").map_err(|error| error.to_string())?;
    let result = inside(seed, time, home.path().to_owned()).await;
    if result.is_err() {
        say(&format!(
            "the list and the files are kept in {}",
            home.keep().display()
        ));
    }
    result
}

async fn inside(seed: u64, time: Duration, home: PathBuf) -> Result<(), String> {
    std::fs::create_dir(home.join("downloads")).map_err(|error| error.to_string())?;
    let site = Arc::new(ServerModel::new(seed));
    let server = Server::start(Arc::clone(&site))
        .await
        .map_err(|error| error.to_string())?;
    let mut drive = SoakRun {
        dice: SeededRng::new(seed, 0),
        site,
        server,
        home,
        books: Ledger::default(),
        base: Health::default(),
        list: Vec::new(),
        peak: 0,
    };
    let begun = Instant::now();
    let (mut looked, mut told) = (begun, begun);
    let mut process = Process::start(&drive.home)?;
    drive.base = process.health().await?;
    drive.site.behave(200);
    while begun.elapsed() < time {
        process = drive.step(process).await?;
        if looked.elapsed() >= CHECK_INTERVAL {
            check::look(&mut drive, &mut process).await?;
            looked = Instant::now();
        }
        if told.elapsed() >= Duration::from_secs(60) {
            drive.print_progress(begun.elapsed());
            told = Instant::now();
        }
        let pause = Duration::from_millis(drive.dice.below(120));
        tokio::time::sleep(pause).await;
    }
    check::end(&mut drive, process).await?;
    drive.print_progress(begun.elapsed());
    say("soak passed: every file is right, and nothing is left over");
    Ok(())
}

impl SoakRun {
    fn print_progress(&self, since: Duration) {
        let Ledger {
            added,
            finished,
            kills,
            quits,
            ..
        } = &self.books;
        say(&format!(
            "{:>5.0} s: {added} added, {finished} finished and right, {kills} kills, {quits} restarts, peak {} MiB",
            since.as_secs_f64(),
            self.peak >> 10
        ));
    }

    /// Does one random operation. Returns the process, or the one that replaced it.
    async fn step(&mut self, mut process: Process) -> Result<Process, String> {
        let id = self.any();
        let done = match self.dice.below(100) {
            0..=24 => self.add(&mut process).await,
            25..=29 => process.tell(&Operation::Away(false)).await,
            30..=41 => process.tell(&Operation::Pause(id)).await,
            42..=57 => process.tell(&Operation::Resume(id)).await,
            58..=71 => process.tell(&Operation::Retry(id)).await,
            72..=75 => {
                let number = self.books.on_list.get(&id).copied().unwrap_or_default();
                let mirror = self.dice.below(3);
                process
                    .tell(&Operation::Link(id, self.server.url(number, mirror)))
                    .await
            }
            76..=78 => self.remove(&mut process, id).await,
            79..=81 => process.tell(&Operation::Limit(self.rate())).await,
            82..=84 => process.tell(&Operation::LimitOne(id, self.rate())).await,
            85 => process.tell(&Operation::PauseAll).await,
            86..=88 => process.tell(&Operation::ResumeAll).await,
            89 | 90 => {
                let number = self.books.on_list.get(&id).copied();
                // A finished file may change on the server: it is not requested again.
                if let Some(number) = number {
                    self.site.rotate(number, &mut self.dice);
                }
                Ok(())
            }
            91..=94 => {
                let wild = self
                    .dice
                    .pick(&[0, 50, 200, 400, 700])
                    .copied()
                    .unwrap_or(0);
                self.site.behave(wild);
                Ok(())
            }
            95..=97 => return self.kill(process).await,
            98 => return self.quit(process).await,
            // The operations 25..=29 above mostly bring it back soon.
            99 if self.dice.permille(700) => process.tell(&Operation::Away(true)).await,
            _ => process
                .health()
                .await
                .map(|health| self.peak = self.peak.max(health.peak_kib)),
        };
        done.map(|()| process)
    }

    /// A random download of the list; 0 if there is none.
    fn any(&mut self) -> u64 {
        let ids: Vec<u64> = self.books.on_list.keys().copied().collect();
        self.dice.pick(&ids).copied().unwrap_or(0)
    }

    fn rate(&mut self) -> Option<u64> {
        let rates = [None, None, Some(50 << 10), Some(1 << 20), Some(20 << 20)];
        self.dice.pick(&rates).copied().flatten()
    }

    /// New files and the items that add them.
    fn new_items(&mut self) -> (Vec<AddItem>, Vec<usize>) {
        let count = 1 + self.dice.below(3);
        let mut items = Vec::new();
        let mut numbers = Vec::new();
        for _ in 0..count {
            let number = self.site.add(&mut self.dice);
            let page = self.site.page(number);
            // A checksum is given only for a file that will not change.
            let fixed = page.filter(|page| !page.etag && !page.modified && self.dice.permille(500));
            items.push(AddItem {
                url: self.server.url(number, self.dice.below(3)),
                connections: 1 + u32::try_from(self.dice.below(8)).unwrap_or(0),
                checksum: fixed.and_then(|page| {
                    let last = page.versions.last()?;
                    Some(format!("sha-256:{}", last.sha256()))
                }),
            });
            numbers.push(number);
        }
        (items, numbers)
    }

    async fn add(&mut self, process: &mut Process) -> Result<(), String> {
        let open = self.list.iter().filter(|one| !one.done()).count();
        let unseen = self.books.on_list.len().saturating_sub(self.list.len());
        if open + unseen >= MAX_OPEN {
            return Ok(());
        }
        let (items, numbers) = self.new_items();
        let ids = process.add(items).await?;
        self.books.acknowledged(&ids, &numbers)
    }

    async fn remove(&mut self, process: &mut Process, id: u64) -> Result<(), String> {
        if let Some(number) = self.books.on_list.get(&id) {
            self.books.removed.insert(*number);
        }
        let trash = self.dice.permille(500);
        process.tell(&Operation::Remove(id, trash)).await
    }

    /// `kill -9`, often in the middle of an operation, and a restart on the same list.
    async fn kill(&mut self, mut process: Process) -> Result<Process, String> {
        match self.dice.below(4) {
            0 => {
                let (items, numbers) = self.new_items();
                process.send(&Operation::Add(items)).await?;
                self.books.unanswered(numbers);
            }
            1 => {
                let id = self.any();
                if let Some(number) = self.books.on_list.get(&id) {
                    self.books.removed.insert(*number);
                }
                process
                    .send(&Operation::Remove(id, self.dice.permille(500)))
                    .await?;
            }
            2 => process.send(&Operation::ResumeAll).await?,
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(self.dice.below(12))).await;
        process.kill().await?;
        self.books.kills += 1;
        self.start().await
    }

    /// Clean shutdown, and a restart on the same list.
    async fn quit(&mut self, process: Process) -> Result<Process, String> {
        process.quit().await?;
        self.books.quits += 1;
        self.start().await
    }

    async fn start(&mut self) -> Result<Process, String> {
        let mut process = Process::start(&self.home)?;
        self.list = process.list().await?;
        self.books.compare(&self.list)?;
        Ok(process)
    }
}
