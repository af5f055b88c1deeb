//! A loopback server of one file over any number of connections, with a limit in bytes per second for all of them
//! together. Records what each connection was sent, and what was sent although the client already had it. Does not
//! depend on the engine.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::content::Content;
use crate::request::{self, Request};
use crate::unread;

/// Bytes between two pauses.
const PIECE: u64 = 4 << 10;
/// How long an open-ended response pauses where the client already has what follows. A client that does not need the
/// bytes from there hangs up meanwhile; shorter than the idle time after which it reports a fault.
const STAND: Duration = Duration::from_secs(1);
/// How long bytes may be in transit to a client that is stopped.
const SETTLE: Duration = Duration::from_millis(500);

/// Serves until dropped.
pub(crate) struct PacedServer {
    pub(crate) url: String,
    port: u16,
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
    /// Bytes per second, over all connections together.
    rate: u64,
    /// When the next piece may be sent.
    next: tokio::sync::Mutex<Instant>,
    /// Bytes of bodies sent.
    sent: AtomicU64,
    /// Of them, those that the client had at the last [`PacedServer::client_has`].
    again: AtomicU64,
    /// The ranges that the client had then.
    here: Mutex<Vec<Range<u64>>>,
    /// The range that the last response on each connection has sent, by the client's port.
    open: Mutex<HashMap<u16, Range<u64>>>,
}

impl PacedServer {
    pub(crate) async fn start(content: Content, rate: u64) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let pace = Arc::new(Pace {
            content,
            rate,
            next: tokio::sync::Mutex::new(Instant::now()),
            sent: AtomicU64::new(0),
            again: AtomicU64::new(0),
            here: Mutex::default(),
            open: Mutex::default(),
        });
        let shared = Arc::clone(&pace);
        let accepting = tokio::spawn(async move {
            let mut answers = JoinSet::new();
            loop {
                while answers.try_join_next().is_some() {}
                let Ok((stream, client)) = listener.accept().await else {
                    continue;
                };
                let pace = Arc::clone(&shared);
                answers.spawn(async move {
                    // Expected: clients are killed in the middle.
                    let _gone = pace.serve(stream, client.port()).await;
                    lock(&pace.open).remove(&client.port());
                });
            }
        });
        Ok(Self {
            url: format!("http://{address}/big.bin"),
            port: address.port(),
            pace,
            accepting,
        })
    }

    /// Bytes of bodies sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.pace.sent.load(Ordering::Relaxed)
    }

    /// Bytes sent so far that the client already had.
    pub(crate) fn again(&self) -> u64 {
        self.pace.again.load(Ordering::Relaxed)
    }

    /// From now on these bytes count as fetched twice if they are sent.
    pub(crate) fn client_has(&self, here: Vec<Range<u64>>) {
        *lock(&self.pace.here) = here;
    }

    /// The ranges that a stopped client has read of the responses on its open connections, and how many bytes it has
    /// not read; `None` if the system does not tell. Nothing is sent meanwhile.
    pub(crate) async fn read_by_client(&self) -> Option<(Vec<Range<u64>>, u64)> {
        let _nothing_is_sent = self.pace.next.lock().await;
        let begun = Instant::now();
        let mut unread = unread::by_client(self.port)?;
        while unread.values().any(|one| one.on_the_way > 0) && begun.elapsed() < SETTLE {
            tokio::time::sleep(Duration::from_millis(5)).await;
            unread = unread::by_client(self.port)?;
        }
        let (mut read, mut left) = (Vec::new(), 0);
        for (port, sent) in lock(&self.pace.open).iter() {
            let Some(unread) = unread.get(port) else {
                continue;
            };
            let bytes = (unread.on_the_way + unread.waiting).min(sent.end - sent.start);
            left += bytes;
            read.push(sent.start..sent.end - bytes);
        }
        Some((read, left))
    }
}

impl Pace {
    async fn serve(&self, stream: TcpStream, client: u16) -> std::io::Result<()> {
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        while let Some(request) = request::read(&mut stream).await? {
            self.answer(&mut stream, client, &request).await?;
        }
        Ok(())
    }

    async fn answer(
        &self,
        stream: &mut BufReader<TcpStream>,
        client: u16,
        request: &Request,
    ) -> std::io::Result<()> {
        let whole = self.content.length;
        let (from, last) = request.range.unwrap_or((0, None));
        let to = last.map_or(whole, |last| whole.min(last.saturating_add(1)));
        let from = from.min(to);
        let (status, part) = match request.range {
            Some(_) => {
                let last = to.saturating_sub(1);
                let part = format!("Content-Range: bytes {from}-{last}/{whole}\r\n");
                ("206 Partial Content", part)
            }
            None => ("200 OK", String::new()),
        };
        let length = to - from;
        let head = format!(
            "HTTP/1.1 {status}\r\nETag: \"one\"\r\nAccept-Ranges: bytes\r\nContent-Length: {length}\r\n{part}\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        let (mut at, mut stood) = (from, false);
        while at < to {
            let (end, here) = self.stretch(at, to);
            // Otherwise bytes that the client does not need would be sent, and some read only because they have
            // arrived.
            if here && last.is_none() && !stood {
                hung_up_within(stream.get_ref(), STAND).await?;
            }
            stood = here;
            self.wait(end - at).await;
            hung_up_within(stream.get_ref(), Duration::ZERO).await?;
            let mut piece = vec![0; usize::try_from(end - at).unwrap_or(0)];
            self.content.fill(at, &mut piece);
            stream.write_all(&piece).await?;
            self.sent.fetch_add(end - at, Ordering::Relaxed);
            if here {
                self.again.fetch_add(end - at, Ordering::Relaxed);
            }
            at = end;
            lock(&self.open).insert(client, from..at);
        }
        Ok(())
    }

    /// End of the next piece, and whether the client has it: all of it, or nothing.
    fn stretch(&self, at: u64, to: u64) -> (u64, bool) {
        let end = to.min(at + PIECE);
        let here = lock(&self.here);
        match here.iter().find(|have| have.end > at) {
            Some(have) if have.start <= at => (end.min(have.end), true),
            Some(have) => (end.min(have.start), false),
            None => (end, false),
        }
    }

    /// Waits until `bytes` may be sent; waiters are served in order.
    async fn wait(&self, bytes: u64) {
        let mut next = self.next.lock().await;
        let turn = (*next).max(Instant::now());
        tokio::time::sleep_until(turn).await;
        *next = turn + Duration::from_secs_f64(bytes as f64 / self.rate as f64);
    }
}

/// An error if the client hangs up within `time`, or has done so: it sends nothing else during a response. Bytes sent
/// after that are fetched by no client.
async fn hung_up_within(stream: &TcpStream, time: Duration) -> std::io::Result<()> {
    if !time.is_zero() {
        // On a timeout the client continues to read, or waits for what follows.
        let _stayed = tokio::time::timeout(time, stream.readable()).await;
    }
    match stream.try_read(&mut [0]) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(std::io::ErrorKind::ConnectionAborted.into()),
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock()
}
