//! Kill rounds: one file over many connections from a server with a total rate limit, and a process that is killed
//! (`kill -9`) repeatedly. The file must be right in the end, and the cost of a kill is bounded: the bytes that the
//! process had read and not written, and those that it had written and the next one fetches again. Bytes that were sent
//! but never read do not count, so the bound holds on a busy machine too.

use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::Instant;

use crate::child::Process;
use crate::content::{Content, right_parts, sha256_of};
use crate::control_messages::AddItem;
use crate::paced::PacedServer;
use crate::rng::SeededRng;
use crate::say;

const LENGTH: u64 = 16 << 20;
/// Bytes per second, over all connections together.
const RATE: u64 = 4 << 20;
const CONNECTIONS: u32 = 16;
const MAX_KILLS: usize = 8;
/// More than ten times what any download takes.
const BOUND: Duration = Duration::from_secs(120);
/// Bytes that a kill may cost, as the mean of a round.
const MAX_MEAN: u64 = 64 << 10;
/// Bytes that any kill may cost: two of the largest writes may have been made and not recorded when it came.
const MAX_COST: u64 = 256 << 10;
/// Bytes sent beyond those of the file, per kill, without those that were unread when it came. This includes bytes of
/// responses that the process had ended before it read them.
const MAX_SENT: u64 = 512 << 10;

/// Does all rounds. An error says what is wrong.
pub(crate) async fn run(seed: u64, rounds: u64) -> Result<(), String> {
    let (mut kills, mut sent) = (Vec::new(), 0);
    for number in 0..rounds {
        let round = round(seed, number).await;
        let round = round.map_err(|wrong| format!("kill round {number}: {wrong}"))?;
        say(&format!("kill round {number}: {}", words(&round.kills)));
        let cost = round.kills.iter().map(Kill::cost);
        let mean = cost.clone().sum::<u64>() / round.kills.len().max(1) as u64;
        if mean >= MAX_MEAN || cost.max().is_some_and(|most| most >= MAX_COST) {
            return Err(format!("a kill costs {} KiB", mean >> 10));
        }
        kills.extend(round.kills);
        sent += round.sent;
    }
    if kills.is_empty() {
        return Ok(());
    }
    let count = kills.len() as u64;
    let sent = sent / count;
    say(&format!(
        "kill rounds: {}; {} KiB beyond the file were sent for each",
        words(&kills),
        sent >> 10
    ));
    if sent > MAX_SENT {
        return Err(format!("a kill costs {} KiB of what is sent", sent >> 10));
    }
    Ok(())
}

/// Summary of what these kills have cost.
fn words(kills: &[Kill]) -> String {
    let kib = |bytes: u64| bytes as f64 / 1024.0;
    let mean =
        |of: fn(&Kill) -> u64| kib(kills.iter().map(of).sum::<u64>()) / kills.len().max(1) as f64;
    let most = kib(kills.iter().map(Kill::cost).max().unwrap_or(0));
    format!(
        "{} kills, {:.1} KiB fetched twice for each, {most:.1} KiB at most ({:.1} read and not written, {:.1} written)",
        kills.len(),
        mean(Kill::cost),
        mean(|kill| kill.unwritten),
        mean(|kill| kill.again),
    )
}

/// Cost of one kill, in bytes.
#[derive(Debug, Clone, Copy)]
struct Kill {
    /// Read by the process and never written.
    unwritten: u64,
    /// Written, and fetched again by the next process.
    again: u64,
}

impl Kill {
    fn cost(&self) -> u64 {
        self.unwritten + self.again
    }
}

struct Round {
    kills: Vec<Kill>,
    /// Bytes sent beyond those of the file, except those that were unread when a kill came.
    sent: u64,
}

async fn round(seed: u64, number: u64) -> Result<Round, String> {
    let mut dice = SeededRng::new(seed, 1 << 41 | number);
    let home = TempDir::with_prefix("kills-").map_err(|error| error.to_string())?;
    let downloads = home.path().join("downloads");
    std::fs::create_dir(&downloads).map_err(|error| error.to_string())?;
    let content = Content {
        seed: dice.next(),
        length: LENGTH,
    };
    let server = PacedServer::start(content, RATE).await;
    let server = server.map_err(|error| error.to_string())?;
    let mut process = Process::start(home.path())?;
    let item = AddItem {
        url: server.url.clone(),
        connections: CONNECTIONS,
        checksum: None,
    };
    process.add(vec![item]).await?;
    let (mut kills, mut unread) = (Vec::<Kill>::new(), 0);
    while kills.len() < MAX_KILLS {
        tokio::time::sleep(Duration::from_millis(100 + dice.below(900))).await;
        if process.list().await?.iter().all(|one| one.done()) {
            break;
        }
        process.freeze().await?;
        let (read, left) = server.read_by_client().await.unwrap_or_default();
        unread += left;
        process.kill().await?;
        let here = here(&downloads, content).map_err(|error| error.to_string())?;
        // Bytes fetched again until now are a cost of the previous kill.
        settle(&mut kills, &server);
        kills.push(Kill {
            unwritten: read.iter().map(|read| missing(&here, read)).sum(),
            again: 0,
        });
        server.client_has(here);
        process = Process::start(home.path())?;
    }
    let begun = Instant::now();
    while !process.list().await?.iter().all(|one| one.done()) {
        if begun.elapsed() > BOUND {
            return Err(format!("not finished: {:?}", process.list().await?));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    process.quit().await?;
    settle(&mut kills, &server);
    right(&downloads, content)?;
    Ok(Round {
        kills,
        sent: server.sent().saturating_sub(LENGTH + unread),
    })
}

/// The ranges of the file that were written, under either name.
fn here(downloads: &Path, content: Content) -> std::io::Result<Vec<Range<u64>>> {
    for name in ["big.bin.part", "big.bin"] {
        match right_parts(&downloads.join(name), content) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            found => return found,
        }
    }
    Ok(Vec::new())
}

/// Assigns the bytes fetched again since the last kill to that kill.
fn settle(kills: &mut [Kill], server: &PacedServer) {
    let before: u64 = kills.iter().map(|kill| kill.again).sum();
    if let Some(last) = kills.last_mut() {
        last.again = server.again() - before;
    }
}

/// How many bytes of `read` are not in `here`.
fn missing(here: &[Range<u64>], read: &Range<u64>) -> u64 {
    let both = here.iter().map(|have| {
        let (start, end) = (have.start.max(read.start), have.end.min(read.end));
        end.saturating_sub(start)
    });
    read.end - read.start - both.sum::<u64>()
}

/// Checks that the folder holds that one file, right, and nothing else.
fn right(downloads: &Path, content: Content) -> Result<(), String> {
    let entries = std::fs::read_dir(downloads).map_err(|error| error.to_string())?;
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    if names != ["big.bin"] {
        return Err(format!("the folder holds {names:?}"));
    }
    let hash = sha256_of(&downloads.join("big.bin")).map_err(|error| error.to_string())?;
    if hash == content.sha256() {
        Ok(())
    } else {
        Err("the file is wrong".into())
    }
}
