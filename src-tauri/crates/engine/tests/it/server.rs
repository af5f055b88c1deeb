//! A loopback HTTP/1.1 server that misbehaves as configured and records its requests.
//!
//! One file, whatever the path, one response per connection. Knows nothing of the engine.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::server_model::Break;
pub(crate) use crate::server_model::{Framing, Ranges, Site};

/// One received request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// First byte and, if given, last byte of the Range header.
    fn range(&self) -> Option<(usize, Option<usize>)> {
        let (from, last) = self
            .header("range")?
            .strip_prefix("bytes=")?
            .split_once('-')?;
        Some((from.parse().ok()?, last.parse().ok()))
    }
}

#[derive(Debug)]
struct Shared {
    site: Mutex<Arc<Site>>,
    /// Accepted connections, with or without a request.
    accepted: AtomicUsize,
    asked: Mutex<Vec<Asked>>,
    /// Bodies being sent now, and the maximum at any time.
    open: Mutex<(usize, usize)>,
    /// Requests refused by the limit.
    refused: AtomicUsize,
    released: watch::Sender<bool>,
}

/// Serves until dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics with this lock held")
}

impl Server {
    pub(crate) async fn start(site: Site) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let shared = Arc::new(Shared {
            site: Mutex::new(Arc::new(site)),
            accepted: AtomicUsize::new(0),
            asked: Mutex::default(),
            open: Mutex::default(),
            refused: AtomicUsize::new(0),
            released: watch::Sender::new(false),
        });
        let for_all = Arc::clone(&shared);
        Self {
            address: listener
                .local_addr()
                .expect("a bound socket has an address"),
            shared,
            accepting: tokio::spawn(async move {
                // Answers end with this task.
                let mut answers = JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    for_all.accepted.fetch_add(1, Ordering::Relaxed);
                    let shared = Arc::clone(&for_all);
                    answers.spawn(async move {
                        // A client that disconnects is one of the scenarios.
                        let _gone = answer(stream, &shared).await;
                    });
                }
            }),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Site)) {
        change(Arc::make_mut(&mut lock(&self.shared.site)));
    }

    /// Releases stalled responses, and stalls no more.
    pub(crate) fn release(&self) {
        self.shared.released.send_replace(true);
    }

    pub(crate) fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::Relaxed)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        lock(&self.shared.asked).clone()
    }

    /// The Range headers of all requests, in order.
    pub(crate) fn ranges(&self) -> Vec<String> {
        let asked = self.asked();
        asked
            .iter()
            .map(|one| one.header("range").unwrap_or("none").to_owned())
            .collect()
    }

    /// The maximum number of responses sent in parallel.
    /// Bodies being sent now.
    pub(crate) fn open(&self) -> usize {
        lock(&self.shared.open).0
    }

    pub(crate) fn most_open(&self) -> usize {
        lock(&self.shared.open).1
    }

    /// Number of requests refused by the limit.
    pub(crate) fn refused(&self) -> usize {
        self.shared.refused.load(Ordering::Relaxed)
    }
}

/// Counts one more body, if the limit permits; waits for one that is just ending.
async fn enter(room: Option<usize>, shared: &Shared) -> bool {
    for _ in 0..20 {
        {
            let mut open = lock(&shared.open);
            if room.is_none_or(|room| open.0 < room) {
                open.0 += 1;
                open.1 = open.1.max(open.0);
                return true;
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    shared.refused.fetch_add(1, Ordering::Relaxed);
    false
}

async fn request(stream: &mut TcpStream) -> std::io::Result<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.lines();
    let path = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap_or("/")
        .to_owned();
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    Ok(Asked { path, headers })
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let asked = request(&mut stream).await?;
    lock(&shared.asked).push(asked.clone());
    let site = lock(&shared.site).clone();
    tokio::time::sleep(site.late).await;
    let plain = |status: u16, field: String| {
        format!("HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n{field}\r\n")
    };
    if let Some((_, place)) = site.redirects.iter().find(|(path, _)| *path == asked.path) {
        let head = plain(302, format!("Location: {place}\r\n"));
        return stream.write_all(head.as_bytes()).await;
    }
    if let Some(status) = site.status {
        let fields = site.headers.iter();
        let fields = fields.map(|(name, value)| format!("{name}: {value}\r\n"));
        return stream
            .write_all(plain(status, fields.collect()).as_bytes())
            .await;
    }
    let whole = site.body.len();
    let range = asked.range().filter(|_| site.ranges != Ranges::Ignored);
    let (status, from, to) = match range {
        Some((from, _)) if from >= whole => {
            let head = plain(416, format!("Content-Range: bytes */{whole}\r\n"));
            return stream.write_all(head.as_bytes()).await;
        }
        Some((from, last)) => {
            let to = last.map_or(whole, |last| whole.min(last + 1));
            match site.ranges {
                Ranges::Shifted(by) => (206, from.checked_sub(by).unwrap_or(from + by), to),
                Ranges::Given | Ranges::Ignored => (206, from, to),
            }
        }
        None => (200, 0, whole),
    };
    let version = if site.framing == Framing::Close {
        "1.0"
    } else {
        "1.1"
    };
    let mut head = format!("HTTP/{version} {status} So\r\nConnection: close\r\n");
    if status == 206 {
        head += &format!("Content-Range: bytes {from}-{}/{whole}\r\n", to - 1);
    }
    if site.ranges != Ranges::Ignored {
        head += "Accept-Ranges: bytes\r\n";
    }
    if let Some(etag) = site.etag {
        head += &format!("ETag: {etag}\r\n");
    }
    head += &match site.framing {
        Framing::Length => format!("Content-Length: {}\r\n", to - from),
        Framing::Chunked => "Transfer-Encoding: chunked\r\n".to_owned(),
        Framing::Close => String::new(),
    };
    for (name, value) in &site.headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !enter(site.room, shared).await {
        return stream
            .write_all(plain(site.refusal, String::new()).as_bytes())
            .await;
    }
    let broken = {
        let mut site = lock(&shared.site);
        // The body is copied only where something is removed from it.
        let any = !site.breaks.is_empty();
        any.then(|| Arc::make_mut(&mut site).breaks.pop_front())
            .flatten()
    };
    if let Err(gone) = stream.write_all(format!("{head}\r\n").as_bytes()).await {
        lock(&shared.open).0 -= 1;
        return Err(gone);
    }
    let sent = send(&mut stream, &site, &site.body[from..to], broken, shared).await;
    lock(&shared.open).0 -= 1;
    sent
}

async fn send(
    stream: &mut TcpStream,
    site: &Site,
    body: &[u8],
    broken: Option<(usize, Break)>,
    shared: &Shared,
) -> std::io::Result<()> {
    let (first, rest) =
        body.split_at(broken.map_or(body.len(), |(after, _)| after.min(body.len())));
    pour(stream, site, first).await?;
    match broken {
        Some((_, Break::Cut)) => return Ok(()),
        Some((_, Break::Hold)) => {
            let mut released = shared.released.subscribe();
            // The sender outlives every response.
            let _open = released.wait_for(|released| *released).await;
        }
        None => {}
    }
    pour(stream, site, rest).await?;
    if site.framing == Framing::Chunked {
        stream.write_all(b"0\r\n\r\n").await?;
    }
    stream.shutdown().await
}

async fn pour(stream: &mut TcpStream, site: &Site, bytes: &[u8]) -> std::io::Result<()> {
    let mut due = Instant::now();
    for piece in bytes.chunks(64 << 10) {
        if site.framing == Framing::Chunked {
            stream
                .write_all(format!("{:x}\r\n", piece.len()).as_bytes())
                .await?;
        }
        stream.write_all(piece).await?;
        if site.framing == Framing::Chunked {
            stream.write_all(b"\r\n").await?;
        }
        if !site.pace.is_zero() {
            // A late timer is compensated; a client that did not read is not.
            due = (due + site.pace).max(Instant::now() - site.pace);
            tokio::time::sleep_until(due).await;
        }
    }
    Ok(())
}
