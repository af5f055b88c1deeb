//! Kill rounds: one file over many connections from a server that gives so many bytes per second in all, and a process
//! that is killed (`kill -9`) again and again. The file must be right in the end, and what was fetched twice is told.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::child::Process;
use crate::content::{Content, sha256_of};
use crate::dice::Dice;
use crate::say;
use crate::words::Item;

const LENGTH: u64 = 16 << 20;
/// Bytes per second, over all connections together.
const RATE: u64 = 4 << 20;
const CONNECTIONS: u32 = 16;
const MAX_KILLS: u64 = 8;
/// Bytes between two pauses.
const PIECE: u64 = 4 << 10;
/// No download takes a tenth of this.
const BOUND: Duration = Duration::from_secs(120);
/// Bytes that a kill should cost at most, as the mean of all rounds, on a machine that does nothing else.
const TARGET: u64 = 64 << 10;
/// Bytes above which something is wrong whatever else the machine does. What was sent and not yet read counts too, and a
/// process that gets no turn leaves much unread; without the record of what is written a kill costs 1,354 KiB.
const MAX_WASTE: u64 = 512 << 10;

/// All rounds. An error says what is wrong.
pub(crate) async fn run(seed: u64, rounds: u64) -> Result<(), String> {
    let (mut kills, mut wasted) = (0, 0);
    for number in 0..rounds {
        let round = round(seed, number).await;
        let round = round.map_err(|wrong| format!("kill round {number}: {wrong}"))?;
        kills += round.kills;
        wasted += round.wasted;
        say(&format!(
            "kill round {number}: {} kills, {} KiB fetched twice",
            round.kills,
            round.wasted >> 10
        ));
    }
    let mean = wasted / kills.max(1);
    if rounds > 0 {
        let mean = mean as f64 / 1024.0;
        say(&format!(
            "kill rounds: {kills} kills, {mean:.1} KiB fetched twice for each (target: {})",
            TARGET >> 10
        ));
    }
    if mean > MAX_WASTE {
        let most = MAX_WASTE >> 10;
        return Err(format!("a kill costs {} KiB, more than {most}", mean >> 10));
    }
    Ok(())
}

struct Round {
    kills: u64,
    /// Bytes sent beyond those of the file.
    wasted: u64,
}

async fn round(seed: u64, number: u64) -> Result<Round, String> {
    let mut dice = Dice::new(seed, 1 << 41 | number);
    let home = TempDir::with_prefix("kills-").map_err(|error| error.to_string())?;
    let downloads = home.path().join("downloads");
    std::fs::create_dir(&downloads).map_err(|error| error.to_string())?;
    let content = Content {
        seed: dice.roll(),
        length: LENGTH,
    };
    let server = PacedServer::start(content).await;
    let server = server.map_err(|error| error.to_string())?;
    let mut process = Process::start(home.path())?;
    let item = Item {
        url: server.url.clone(),
        connections: CONNECTIONS,
        checksum: None,
    };
    process.add(vec![item]).await?;
    let mut kills = 0;
    while kills < MAX_KILLS {
        tokio::time::sleep(Duration::from_millis(100 + dice.below(900))).await;
        if process.list().await?.iter().all(|one| one.done()) {
            break;
        }
        process.kill().await?;
        kills += 1;
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
    let sent = server.pace.sent.load(Ordering::Relaxed);
    right(&downloads, content)?;
    Ok(Round {
        kills,
        wasted: sent.saturating_sub(LENGTH),
    })
}

/// The folder holds that one file, and nothing else.
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

/// One file over any number of connections, of which all together get `RATE`.
struct PacedServer {
    url: String,
    pace: Arc<Pace>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Drop for PacedServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

struct Pace {
    content: Content,
    /// When the next piece may be sent.
    next: Mutex<Instant>,
    /// Bytes of bodies that were sent.
    sent: AtomicU64,
}

impl PacedServer {
    async fn start(content: Content) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/big.bin", listener.local_addr()?);
        let pace = Arc::new(Pace {
            content,
            next: Mutex::new(Instant::now()),
            sent: AtomicU64::new(0),
        });
        let shared = Arc::clone(&pace);
        let accepting = tokio::spawn(async move {
            let mut answers = JoinSet::new();
            loop {
                while answers.try_join_next().is_some() {}
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let pace = Arc::clone(&shared);
                answers.spawn(async move {
                    // A client that is killed in the middle is what this is all about.
                    let _gone = pace.serve(stream).await;
                });
            }
        });
        Ok(Self {
            url,
            pace,
            accepting,
        })
    }
}

impl Pace {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        while let Some(range) = request(&mut stream).await? {
            let whole = self.content.length;
            let (from, to) = range.unwrap_or((0, whole));
            let (from, to) = (from.min(whole), to.min(whole));
            let (status, part) = match range {
                Some(_) => {
                    let last = to.saturating_sub(1);
                    let part = format!("Content-Range: bytes {from}-{last}/{whole}\r\n");
                    ("206 Partial Content", part)
                }
                None => ("200 OK", String::new()),
            };
            let length = to.saturating_sub(from);
            let head = format!(
                "HTTP/1.1 {status}\r\nETag: \"one\"\r\nAccept-Ranges: bytes\r\nContent-Length: {length}\r\n{part}\r\n"
            );
            stream.write_all(head.as_bytes()).await?;
            let mut at = from;
            while at < to {
                let now = PIECE.min(to - at);
                self.wait(now).await;
                if gone(stream.get_ref()) {
                    return Ok(());
                }
                let mut piece = vec![0; usize::try_from(now).unwrap_or(0)];
                self.content.fill(at, &mut piece);
                stream.write_all(&piece).await?;
                self.sent.fetch_add(now, Ordering::Relaxed);
                at += now;
            }
        }
        Ok(())
    }

    /// Until it is the turn of so many bytes; those who wait are served in their order.
    async fn wait(&self, bytes: u64) {
        let mut next = self.next.lock().await;
        let turn = (*next).max(Instant::now());
        tokio::time::sleep_until(turn).await;
        *next = turn + Duration::from_secs_f64(bytes as f64 / RATE as f64);
    }
}

/// Whether the client has closed the connection; nothing else comes from it while it is answered. What is sent after that
/// is not fetched by anybody.
fn gone(stream: &TcpStream) -> bool {
    match stream.try_read(&mut [0]) {
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
        Ok(_) => true,
    }
}

/// The range that is asked for, half open; `None` when the client has gone.
async fn request(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Option<(u64, u64)>>> {
    let mut range = None;
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let field = line.trim().to_ascii_lowercase();
        if field.is_empty() {
            return Ok(Some(range));
        }
        let bytes = field.strip_prefix("range: bytes=");
        if let Some((from, last)) = bytes.and_then(|bytes| bytes.split_once('-')) {
            let to = last
                .parse()
                .map_or(u64::MAX, |last: u64| last.saturating_add(1));
            range = from.parse().ok().map(|from| (from, to));
        }
    }
}
