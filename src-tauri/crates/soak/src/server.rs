//! A loopback HTTP/1.1 server that behaves as [`crate::server_model`] decides. Does not depend on the engine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::body::{self, SendOutcome};
use crate::content::Content;
use crate::request::{self, Request};
use crate::server_model::{Fault, Framing, ServedFile, ServerBehavior, ServerModel};

/// The page that a request may be redirected to.
const SIGN_IN: &str = "sign-in.html";

/// Serves until dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    hang_up: watch::Sender<u64>,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One request: which file, and which range of it.
struct ParsedRequest {
    number: usize,
    /// It is for the page that [`Fault::Misled`] redirects to.
    sign_in: bool,
    /// Redirects followed.
    detours: u32,
    /// First byte, and last byte if one is given.
    range: Option<(u64, Option<u64>)>,
}

impl Server {
    pub(crate) async fn start(site: Arc<ServerModel>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (hang_up, hung_up) = watch::channel(0);
        let accepting = tokio::spawn(async move {
            // Responses end with this task.
            let mut answers = JoinSet::new();
            loop {
                while answers.try_join_next().is_some() {}
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let (site, hung_up) = (Arc::clone(&site), hung_up.clone());
                answers.spawn(async move {
                    // Expected: clients go away in the middle.
                    let _gone = serve(stream, &site, hung_up).await;
                });
            }
        });
        Ok(Self {
            address,
            hang_up,
            accepting,
        })
    }

    /// A URL of a file; the same file has several.
    pub(crate) fn url(&self, number: usize, mirror: u64) -> String {
        format!("http://{}/{mirror}/{number}.bin", self.address)
    }

    /// Closes the idle connections.
    pub(crate) fn hang_up(&self) {
        self.hang_up.send_modify(|times| *times += 1);
    }
}

async fn serve(
    stream: TcpStream,
    site: &ServerModel,
    mut hung_up: watch::Receiver<u64>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    loop {
        let request = tokio::select! {
            request = request::read(&mut stream) => request?,
            _ = hung_up.changed() => return Ok(()),
        };
        let Some(request) = request else {
            return Ok(());
        };
        let asked = ParsedRequest::new(&request);
        if asked.sign_in {
            let page = "<!DOCTYPE html><title>Sign in</title>";
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
                page.len()
            );
            stream.write_all((head + page).as_bytes()).await?;
            continue;
        }
        let mood = site.behavior();
        let Some(page) = site.page(asked.number) else {
            return plain(&mut stream, "404 Not Found", "", false).await;
        };
        if !answer(&mut stream, site, &asked, &page, mood).await? {
            return Ok(());
        }
    }
}

impl ParsedRequest {
    fn new(request: &Request) -> Self {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let name = path.rsplit('/').next().unwrap_or_default();
        Self {
            sign_in: name == SIGN_IN,
            number: name.trim_end_matches(".bin").parse().unwrap_or(usize::MAX),
            detours: query.parse().unwrap_or(0),
            range: request.range,
        }
    }
}

async fn plain(
    stream: &mut BufReader<TcpStream>,
    status: &str,
    fields: &str,
    keep: bool,
) -> std::io::Result<()> {
    let keep = if keep { "keep-alive" } else { "close" };
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: {keep}\r\n{fields}\r\n");
    stream.write_all(head.as_bytes()).await
}

/// Sends one response; returns whether the connection can be reused.
async fn answer(
    stream: &mut BufReader<TcpStream>,
    site: &ServerModel,
    asked: &ParsedRequest,
    page: &ServedFile,
    mood: ServerBehavior,
) -> std::io::Result<bool> {
    let keep = mood.keep_alive;
    match mood.fault {
        Fault::HangUp => return Ok(false),
        Fault::Garbage => {
            stream
                .write_all(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
                .await?;
            return Ok(false);
        }
        Fault::Status(status, again) => {
            let again = again.map_or(String::new(), |seconds| {
                format!("Retry-After: {seconds}\r\n")
            });
            plain(stream, &format!("{status} So"), &again, keep).await?;
            return Ok(keep);
        }
        Fault::Detour if asked.detours < 3 => {
            let place = format!(
                "Location: /9/{}.bin?{}\r\n",
                asked.number,
                asked.detours + 1
            );
            plain(stream, "302 Found", &place, keep).await?;
            return Ok(keep);
        }
        // Not for a first request: a file that starts with the page is the page, as for every other client.
        Fault::Misled if asked.range.is_some_and(|(from, _)| from > 0) => {
            let place = format!("Location: /9/{SIGN_IN}\r\n");
            plain(stream, "302 Found", &place, keep).await?;
            return Ok(keep);
        }
        Fault::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX: ").await?;
            while !site.good() {
                stream.write_all(b"x").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            return Ok(false);
        }
        Fault::None
        | Fault::Detour
        | Fault::Encoded
        | Fault::Whole
        | Fault::Shifted
        | Fault::Parts
        | Fault::OtherTotal
        | Fault::NoContentRange
        | Fault::BadContentRange
        | Fault::FromZero
        | Fault::MisstatedLength
        | Fault::Misled
        | Fault::Extra
        | Fault::Cut
        | Fault::Stall => {}
    }
    let Some(content) = page.versions.last().copied() else {
        return Ok(false);
    };
    let range = asked
        .range
        .filter(|_| page.ranges && mood.fault != Fault::Whole);
    let (status, from, to) = match range {
        Some((from, _)) if from >= content.length => {
            let field = format!("Content-Range: bytes */{}\r\n", content.length);
            plain(stream, "416 Range Not Satisfiable", &field, keep).await?;
            return Ok(keep);
        }
        Some((from, last)) => {
            let to = last.map_or(content.length, |last| {
                content.length.min(last.saturating_add(1))
            });
            let from = if mood.fault == Fault::Shifted {
                from.saturating_sub(1 + mood.spot % 9000)
            } else if mood.fault == Fault::FromZero {
                0
            } else {
                from
            };
            (206, from, to)
        }
        None => (200, 0, content.length),
    };
    let head = head(page, content, mood, status, (from, to));
    stream.write_all(head.as_bytes()).await?;
    let sent = body::send(stream, site, content, (from, to), mood).await?;
    match sent {
        SendOutcome::Whole => Ok(keep && mood.framing != Framing::Close),
        SendOutcome::Stalled => {
            tokio::time::sleep(Duration::from_secs(4)).await;
            Ok(false)
        }
        SendOutcome::Broken => Ok(false),
    }
}

fn head(
    page: &ServedFile,
    content: Content,
    mood: ServerBehavior,
    status: u16,
    (from, to): (u64, u64),
) -> String {
    let (version, keep) = match mood.framing {
        Framing::Close => ("1.0", "close"),
        Framing::Length | Framing::Chunked if mood.keep_alive => ("1.1", "keep-alive"),
        Framing::Length | Framing::Chunked => ("1.1", "close"),
    };
    let mut head = format!("HTTP/{version} {status} So\r\nConnection: {keep}\r\n");
    if status == 206 && mood.fault == Fault::Parts {
        head += "Content-Type: multipart/byteranges; boundary=x\r\n";
    } else if status == 206 && mood.fault == Fault::BadContentRange {
        head += &format!("Content-Range: bytes={from}-/{}\r\n", content.length);
    } else if status == 206 && mood.fault != Fault::NoContentRange {
        let more = u64::from(mood.fault == Fault::OtherTotal);
        let total = content.length + more * (1 + mood.spot % 5000);
        head += &format!("Content-Range: bytes {from}-{}/{total}\r\n", to - 1);
    }
    if page.ranges {
        head += "Accept-Ranges: bytes\r\n";
    }
    let version = page.versions.len();
    if page.etag {
        head += &format!("ETag: \"{version}-{:x}\"\r\n", content.seed);
    }
    if page.modified {
        head += &format!(
            "Last-Modified: Sun, 01 Nov 2026 {:02}:{:02}:00 GMT\r\n",
            version / 60 % 24,
            version % 60
        );
    }
    if mood.fault == Fault::Encoded {
        head += "Content-Encoding: gzip\r\n";
    }
    if mood.fault == Fault::MisstatedLength {
        head += &format!("Content-Length: {}\r\n", mood.spot % (2 * (to - from) + 2));
    }
    head += &match mood.framing {
        Framing::Length => format!("Content-Length: {}\r\n", to - from),
        Framing::Chunked => "Transfer-Encoding: chunked\r\n".to_owned(),
        Framing::Close => String::new(),
    };
    head + "\r\n"
}
