//! A loopback server that responds to every request with exactly the bytes of a script, right or wrong.
//!
//! Knows nothing of the engine; unlike `server` it knows no file and no ranges either.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// A received request: the request line, then the header fields.
#[derive(Debug, Clone)]
pub(crate) struct Heard(Vec<String>);

impl Heard {
    pub(crate) fn method(&self) -> &str {
        self.0[0].split(' ').next().unwrap_or_default()
    }

    /// The header fields as received.
    pub(crate) fn lines(&self) -> &[String] {
        &self.0[1..]
    }

    pub(crate) fn path(&self) -> &str {
        self.0[0].split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0[1..].iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// First byte and one past the last one requested, of `length`.
    pub(crate) fn range(&self, length: usize) -> Option<(usize, usize)> {
        let (from, last) = self
            .header("range")?
            .strip_prefix("bytes=")?
            .split_once('-')?;
        let to = last.parse().map_or(length, |last: usize| last + 1);
        Some((from.parse().ok()?, to.min(length)))
    }
}

/// A scripted response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    head: String,
    body: Vec<u8>,
    /// Stalls after that many bytes of the body until [`Wire::release`].
    hold: Option<usize>,
    /// The pause after each 64 KiB, except for that many bytes at first.
    pace: Duration,
    rush: usize,
    /// The connection ends after that many bytes of the body.
    cut: Option<usize>,
    /// The connection is kept alive.
    keep: bool,
    /// It claims so, but closes the connection after that time; or, without one, when the next request has arrived.
    lie: Option<Option<Duration>>,
    /// Delay before the head.
    late: Duration,
    /// No response at all.
    mute: Option<Mute>,
}

#[derive(Debug, Clone, Copy)]
enum Mute {
    /// The connection is closed.
    Closed,
    /// It is left open until [`Wire::release`].
    Silent,
}

impl Reply {
    pub(crate) fn new(status: &str, fields: &[(&str, &str)], body: &[u8]) -> Self {
        let mut head = format!("{status}\r\n");
        for (name, value) in fields {
            head += &format!("{name}: {value}\r\n");
        }
        Self {
            head,
            body: body.to_vec(),
            ..Self::default()
        }
    }

    /// The response of a correct server: the requested range, or the whole file.
    pub(crate) fn good(heard: &Heard, file: &[u8], fields: &[(&str, &str)]) -> Self {
        let (status, from, to) = match heard.range(file.len()) {
            Some((from, to)) => ("HTTP/1.1 206 Part", from, to),
            None => ("HTTP/1.1 200 OK", 0, file.len()),
        };
        let mut reply = Self::new(status, fields, &file[from..to]);
        if status.contains("206") {
            let range = format!("bytes {from}-{}/{}", to - 1, file.len());
            reply.head += &format!("Content-Range: {range}\r\n");
        }
        reply.head += &format!("Accept-Ranges: bytes\r\nContent-Length: {}\r\n", to - from);
        reply
    }

    /// The connection is closed instead of a response.
    pub(crate) fn closed() -> Self {
        let mute = Some(Mute::Closed);
        let none = Self::default();
        Self { mute, ..none }
    }

    /// No response, and the connection stays open.
    pub(crate) fn silent() -> Self {
        let mute = Some(Mute::Silent);
        let none = Self::default();
        Self { mute, ..none }
    }

    /// The same without that field.
    pub(crate) fn without(mut self, name: &str) -> Self {
        let lines = self.head.split_inclusive("\r\n");
        self.head = lines
            .filter(|line| !line.starts_with(&format!("{name}:")))
            .collect();
        self
    }

    pub(crate) fn after(mut self, late: Duration) -> Self {
        self.late = late;
        self
    }

    pub(crate) fn holding(mut self, after: usize) -> Self {
        self.hold = Some(after);
        self
    }

    pub(crate) fn cut_after(mut self, bytes: usize) -> Self {
        self.cut = Some(bytes);
        self
    }

    pub(crate) fn paced(mut self, pace: Duration) -> Self {
        self.pace = pace;
        self
    }

    /// That many bytes are sent immediately.
    pub(crate) fn rushing(mut self, bytes: usize) -> Self {
        self.rush = bytes;
        self
    }

    pub(crate) fn keeping(mut self) -> Self {
        self.keep = true;
        self
    }

    /// Claims to keep the connection alive, but closes it a moment later.
    pub(crate) fn closing_unannounced(mut self, after: Duration) -> Self {
        self.lie = Some(Some(after));
        self.keeping()
    }

    /// Claims to keep the connection alive, but closes it instead of responding to the next request.
    pub(crate) fn once(mut self) -> Self {
        self.lie = Some(None);
        self.keeping()
    }
}

type Play = dyn Fn(&Heard, usize) -> Reply + Send + Sync;

/// Serves until dropped.
pub(crate) struct Wire {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
    accepted: Arc<AtomicUsize>,
    released: Arc<watch::Sender<bool>>,
    accepting: JoinHandle<()>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Wire {
    /// `play` receives each request and the number of earlier ones.
    pub(crate) async fn start(
        play: impl Fn(&Heard, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let released = Arc::new(watch::Sender::new(false));
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        let (play, all, gate): (Arc<Play>, _, _) =
            (Arc::new(play), Arc::clone(&heard), Arc::clone(&released));
        let accepting = tokio::spawn(async move {
            let mut answers = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                let (play, all, gate) = (Arc::clone(&play), Arc::clone(&all), gate.subscribe());
                answers.spawn(async move {
                    // A client that disconnects is one of the scenarios.
                    let _gone = serve(stream, &*play, &all, gate).await;
                });
            }
        });
        Self {
            address,
            heard,
            accepted,
            released,
            accepting,
        }
    }

    /// Number of accepted connections.
    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(Ordering::Relaxed)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Releases stalled responses, and stalls no more.
    pub(crate) fn release(&self) {
        self.released.send_replace(true);
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard
            .lock()
            .expect("nothing panics with this lock held")
            .clone()
    }

    /// The Range headers of all requests, in order.
    pub(crate) fn ranges(&self) -> Vec<String> {
        let range = |one: &Heard| one.header("range").unwrap_or("none").to_owned();
        self.heard().iter().map(range).collect()
    }
}

async fn serve(
    mut stream: TcpStream,
    play: &Play,
    all: &Mutex<Vec<Heard>>,
    mut gate: watch::Receiver<bool>,
) -> std::io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head);
        let heard = Heard(head.trim_end().lines().map(str::to_owned).collect());
        let before = {
            let mut all = all.lock().expect("nothing panics with this lock held");
            all.push(heard.clone());
            all.len() - 1
        };
        let reply = play(&heard, before);
        tokio::time::sleep(reply.late).await;
        match reply.mute {
            Some(Mute::Closed) => return Ok(()),
            Some(Mute::Silent) => {
                // The sender outlives every answer.
                let _open = gate.wait_for(|released| *released).await;
                return Ok(());
            }
            None => {}
        }
        let fate = if reply.keep { "keep-alive" } else { "close" };
        let head = format!("{}Connection: {fate}\r\n\r\n", reply.head);
        stream.write_all(head.as_bytes()).await?;
        if let Some(cut) = reply.cut.filter(|cut| *cut < reply.body.len()) {
            pour(&mut stream, &reply.body[..cut], reply.pace).await?;
            return stream.shutdown().await;
        }
        let held = reply.hold.unwrap_or(reply.body.len()).min(reply.body.len());
        let (first, rest) = reply.body.split_at(held);
        let (rush, first) = first.split_at(reply.rush.min(held));
        stream.write_all(rush).await?;
        pour(&mut stream, first, reply.pace).await?;
        if reply.hold.is_some() {
            // The sender outlives every answer.
            let _open = gate.wait_for(|released| *released).await;
        }
        pour(&mut stream, rest, reply.pace).await?;
        match reply.lie {
            Some(Some(after)) => {
                tokio::time::sleep(after).await;
                return stream.shutdown().await;
            }
            Some(None) => {
                let _next = stream.read_u8().await;
                return stream.shutdown().await;
            }
            None if reply.keep => {}
            None => return stream.shutdown().await,
        }
    }
}

async fn pour(stream: &mut TcpStream, bytes: &[u8], pace: Duration) -> std::io::Result<()> {
    for piece in bytes.chunks(64 << 10) {
        stream.write_all(piece).await?;
        if !pace.is_zero() {
            tokio::time::sleep(pace).await;
        }
    }
    Ok(())
}
