//! A loopback HTTP/1.1 server with ranges and a pace, which notes what it was asked. One thread and one answer per
//! connection. It stands still where a client without an end in mind is about to be sent what it has. Knows nothing of who
//! asks.
//!
//! Paths that begin with `/missing` are 404, those that begin with `/unsized` have neither length nor ranges, and those
//! that begin with `/stated` state the SHA-256 of `abc` as theirs. `/dated` is of October 2015, `/absurd` of 2094, and
//! `/untagged` has no tag.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Bytes between two pauses.
const PIECE: usize = 16 << 10;
/// A client that neither asks nor reads is given up after this.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long an answer without an end stands still before bytes that the client has: a client that takes what follows from
/// another connection hangs up meanwhile, within the second that it looks for one.
const STAND: Duration = Duration::from_millis(1500);

/// The field with the SHA-256 of `abc`.
const STATED: &str = "Repr-Digest: sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:\r\n";

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    /// Bytes of the body that were sent so far.
    sent: u64,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let same = |(n, _): &&(String, String)| n.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(same)
            .map(|(_, value)| value.as_str())
    }

    /// The bytes asked for, half open; without a last one, to the end.
    pub(crate) fn range(&self, whole: u64) -> Option<(u64, u64)> {
        let (from, last) = self
            .header("range")?
            .strip_prefix("bytes=")?
            .split_once('-')?;
        let to = match last {
            "" => whole,
            last => whole.min(last.parse::<u64>().ok()? + 1),
        };
        Some((from.parse().ok()?, to))
    }

    /// The bytes that it stands for, half open: all that were asked for, and without an end those that were sent.
    pub(crate) fn fetched(&self, whole: u64) -> (u64, u64) {
        let (from, to) = self.range(whole).unwrap_or((0, whole));
        if self.is_endless() {
            (from, from + self.sent.max(1))
        } else {
            (from, to)
        }
    }

    fn is_endless(&self) -> bool {
        self.header("range")
            .is_none_or(|range| range.ends_with('-'))
    }
}

#[derive(Debug)]
struct Shared {
    body: Vec<u8>,
    /// The pause after each piece, in microseconds.
    pause: AtomicU64,
    /// After so many bytes each answer breaks off; never when 0.
    cut: AtomicU64,
    asked: Mutex<Vec<Asked>>,
    /// What the client has, half open.
    here: Mutex<Vec<(u64, u64)>>,
    closing: AtomicBool,
}

/// Serves until dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(body: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let shared = Arc::new(Shared {
            body,
            pause: AtomicU64::new(0),
            cut: AtomicU64::new(0),
            asked: Mutex::default(),
            here: Mutex::default(),
            closing: AtomicBool::new(false),
        });
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let for_all = Arc::clone(&shared);
        let accepting = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if for_all.closing.load(Ordering::Relaxed) {
                    return;
                }
                let shared = Arc::clone(&for_all);
                std::thread::spawn(move || {
                    // A client that is killed in the middle is one of the scenarios.
                    let _gone = answer(stream, &shared);
                });
            }
        });
        Self {
            address,
            shared,
            accepting: Some(accepting),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Bytes per second of each connection from now on, answers under way included; 0 is as fast as it goes.
    pub(crate) fn pace(&self, rate: u64) {
        let pause = (PIECE as u64 * 1_000_000).checked_div(rate);
        self.shared
            .pause
            .store(pause.unwrap_or(0), Ordering::Relaxed);
    }

    /// From now on each answer breaks off after so many bytes.
    pub(crate) fn cut(&self, bytes: u64) {
        self.shared.cut.store(bytes, Ordering::Relaxed);
    }

    /// From now on an answer without an end stands still before these bytes.
    pub(crate) fn client_has(&self, here: Vec<(u64, u64)>) {
        *self
            .shared
            .here
            .lock()
            .expect("nothing panics with this lock held") = here;
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        let asked = self.shared.asked.lock();
        asked.expect("nothing panics with this lock held").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for the next connection.
        let _woken = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            // A panic of the thread has been reported where it happened.
            let _panicked = accepting.join();
        }
    }
}

/// One whole request; a client that is killed before its end has asked for nothing.
fn request(stream: &TcpStream) -> std::io::Result<Asked> {
    let mut lines = BufReader::new(stream).lines();
    let mut line = || lines.next().unwrap_or(Err(ErrorKind::UnexpectedEof.into()));
    let path = line()?.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        if line.is_empty() {
            return Ok(Asked {
                path,
                headers,
                sent: 0,
            });
        }
        if let Some((name, value)) = line.split_once(": ") {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
}

fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let asked = request(&stream)?;
    let number = {
        let noted = shared.asked.lock();
        let mut noted = noted.expect("nothing panics with this lock held");
        noted.push(asked.clone());
        noted.len() - 1
    };
    let whole = shared.body.len();
    let (from, to) = if asked.path.starts_with("/missing") {
        let head = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return stream.write_all(head.as_bytes());
    } else if asked.path.starts_with("/unsized") {
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
        (0, whole)
    } else {
        let range = asked.range(whole as u64);
        let (from, to) = range.unwrap_or((0, whole as u64));
        let status = match range {
            Some(_) => {
                let last = to.saturating_sub(1);
                format!("206 Partial Content\r\nContent-Range: bytes {from}-{last}/{whole}")
            }
            None => "200 OK".to_owned(),
        };
        let length = to.saturating_sub(from);
        let digest = if asked.path.starts_with("/stated") {
            STATED
        } else {
            ""
        };
        let tag = match asked.path.as_str() {
            "/untagged" => "",
            _ => "ETag: \"one\"\r\n",
        };
        let date = if asked.path.starts_with("/dated") {
            "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n"
        } else if asked.path.starts_with("/absurd") {
            "Last-Modified: Sat, 06 Nov 2094 08:49:37 GMT\r\n"
        } else {
            ""
        };
        let head = format!(
            "HTTP/1.1 {status}\r\n{digest}{date}{tag}Content-Length: {length}\r\nAccept-Ranges: bytes\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        let place = |at| usize::try_from(at).unwrap_or(whole);
        (place(from), place(to))
    };
    let mut body = shared.body.get(from..to).unwrap_or_default();
    match shared.cut.load(Ordering::Relaxed) {
        0 => {}
        cut => body = &body[..body.len().min(usize::try_from(cut).unwrap_or(usize::MAX))],
    }
    let here = shared.here.lock();
    let here = here.expect("nothing panics with this lock held").clone();
    let mut at = from;
    while !body.is_empty() {
        if shared.closing.load(Ordering::Relaxed) {
            return Ok(());
        }
        if asked.is_endless() && here.iter().any(|(start, _)| *start == at as u64) {
            hung_up(&stream)?;
        }
        let (piece, rest) = body.split_at(stretch(&here, at).min(body.len()));
        stream.write_all(piece)?;
        (at, body) = (at + piece.len(), rest);
        let noted = shared.asked.lock();
        noted.expect("nothing panics with this lock held")[number].sent += piece.len() as u64;
        let pause = shared.pause.load(Ordering::Relaxed);
        if pause > 0 {
            std::thread::sleep(Duration::from_micros(pause));
        }
    }
    Ok(())
}

/// Bytes of the piece that begins `at`: none reaches into what the client has.
fn stretch(here: &[(u64, u64)], at: usize) -> usize {
    let starts = here
        .iter()
        .map(|(start, _)| usize::try_from(*start).unwrap_or(usize::MAX));
    let next = starts.filter(|start| *start > at).min();
    next.map_or(PIECE, |next| PIECE.min(next - at))
}

/// An error when the client hangs up within a while.
fn hung_up(mut stream: &TcpStream) -> std::io::Result<()> {
    stream.set_read_timeout(Some(STAND))?;
    match stream.read(&mut [0]) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(ErrorKind::ConnectionAborted.into()),
    }
}
