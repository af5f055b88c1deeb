//! A loopback server that speaks HTTP/2 over TLS to clients that offer it, and HTTP/1.1 to all others; misbehaves over
//! HTTP/2 as configured, and records the protocol of each request. Knows nothing of the engine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use h2::{Reason, SendStream};
use http::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::tls_front::identity;

/// Behaviour of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Served,
    /// Reset after that many bytes of the body.
    Reset(usize),
    /// Refused before any processing.
    Refused,
    /// 421: the wrong connection for that host.
    Misdirected,
    /// Stalls after that many bytes, until [`Http2Server::release`].
    Held(usize),
    /// The connection accepts no new streams after this one.
    Goaway,
    /// The connection is closed without a notice.
    Cut,
}

/// One received request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) http2: bool,
    pub(crate) path: String,
    pub(crate) range: String,
}

type Files = dyn Fn(&str) -> Vec<u8> + Send + Sync;
type Fates = dyn Fn(&Asked, usize) -> Fate + Send + Sync;

struct Shared {
    files: Box<Files>,
    /// Behaviour by the request and the number of earlier streams, on any connection.
    fates: Box<Fates>,
    asked: Mutex<Vec<Asked>>,
    /// Connections over HTTP/2, and over HTTP/1.1.
    connections: Mutex<(usize, usize)>,
    released: watch::Sender<bool>,
}

/// Serves until dropped.
pub(crate) struct Http2Server {
    address: SocketAddr,
    pub(crate) root: Vec<u8>,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Drop for Http2Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Http2Server {
    /// `files` maps each path to its content. Without `http2` that protocol is not offered.
    pub(crate) async fn start(
        http2: bool,
        files: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
        fates: impl Fn(&Asked, usize) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let (root, mut config) = identity();
        let offered: &[&[u8]] = if http2 {
            &[b"h2", b"http/1.1"]
        } else {
            &[b"http/1.1"]
        };
        config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let shared = Arc::new(Shared {
            files: Box::new(files),
            fates: Box::new(fates),
            asked: Mutex::default(),
            connections: Mutex::default(),
            released: watch::Sender::new(false),
        });
        let for_all = Arc::clone(&shared);
        Self {
            address: listener
                .local_addr()
                .expect("a bound socket has an address"),
            root,
            shared,
            accepting: tokio::spawn(async move {
                let mut open = JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    let (acceptor, shared) = (acceptor.clone(), Arc::clone(&for_all));
                    open.spawn(async move {
                        let (stream, lingering) = doubled(stream);
                        // A client that goes away in the middle is one of the scenarios.
                        if let Ok(secure) = acceptor.accept(stream).await {
                            serve(secure, &shared).await;
                        }
                        linger(lingering).await;
                    });
                }
            }),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().expect("nothing panics").clone()
    }

    /// Connections over HTTP/2, and over HTTP/1.1.
    pub(crate) fn connections(&self) -> (usize, usize) {
        *self.shared.connections.lock().expect("nothing panics")
    }

    /// Releases stalled responses.
    pub(crate) fn release(&self) {
        self.shared.released.send_replace(true);
    }
}

/// The same connection twice: it is closed when both are.
fn doubled(stream: TcpStream) -> (TcpStream, TcpStream) {
    let one = stream.into_std().expect("a stream");
    let other = one.try_clone().expect("a descriptor more");
    let stream = |one| TcpStream::from_std(one).expect("a stream that does not block");
    (stream(one), stream(other))
}

/// Reads on until the client closes too: a connection closed before that is reset when the client writes, and unread
/// data is lost (RFC 9112, section 9.6).
async fn linger(mut stream: TcpStream) {
    let _closed = stream.shutdown().await;
    let _gone = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

async fn serve(secure: TlsStream<TcpStream>, shared: &Arc<Shared>) {
    let http2 = secure.get_ref().1.alpn_protocol() == Some(b"h2");
    {
        let mut connections = shared.connections.lock().expect("nothing panics");
        if http2 {
            connections.0 += 1;
        } else {
            connections.1 += 1;
        }
    }
    if http2 {
        serve_http2(secure, shared).await;
    } else {
        // A client that goes away in the middle is one of the scenarios.
        let _gone = serve_http1(secure, shared).await;
    }
}

/// Records a request; returns how many came before it over HTTP/2.
fn note(shared: &Shared, asked: &Asked) -> usize {
    let mut all = shared.asked.lock().expect("nothing panics");
    let before = all.iter().filter(|one| one.http2).count();
    all.push(asked.clone());
    before
}

/// The bytes of a range, and the header fields that declare it.
fn part(shared: &Shared, asked: &Asked) -> (u16, Vec<u8>, Vec<(&'static str, String)>) {
    let body = (shared.files)(&asked.path);
    let whole = body.len();
    let range = asked.range.strip_prefix("bytes=");
    let range = range.and_then(|range| range.split_once('-'));
    let mut fields = vec![("etag", "\"one\"".to_owned())];
    let Some((from, last)) = range else {
        return (200, body, fields);
    };
    let from: usize = from.parse().expect("a first byte");
    let to = last
        .parse()
        .map_or(whole, |last: usize| whole.min(last + 1));
    fields.push(("content-range", format!("bytes {from}-{}/{whole}", to - 1)));
    (206, body[from..to].to_vec(), fields)
}

async fn serve_http2(secure: TlsStream<TcpStream>, shared: &Arc<Shared>) {
    let Ok(mut connection) = h2::server::handshake(secure).await else {
        return;
    };
    let mut streams = JoinSet::new();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let asked = seen(&request);
        let before = note(shared, &asked);
        let fate = (shared.fates)(&asked, before);
        match fate {
            Fate::Cut => return,
            Fate::Refused => {
                respond.send_reset(Reason::REFUSED_STREAM);
                continue;
            }
            Fate::Goaway => connection.graceful_shutdown(),
            Fate::Served | Fate::Reset(_) | Fate::Misdirected | Fate::Held(_) => {}
        }
        let (mut status, body, fields) = part(shared, &asked);
        if fate == Fate::Misdirected {
            status = 421;
        }
        let mut head = Response::builder()
            .status(status)
            .header("content-length", body.len())
            .header("accept-ranges", "bytes");
        for (name, value) in fields {
            head = head.header(name, value);
        }
        let head = head.body(()).expect("a sound head");
        let Ok(stream) = respond.send_response(head, false) else {
            continue;
        };
        let released = shared.released.subscribe();
        streams.spawn(send(stream, body, fate, released));
    }
}

fn seen(request: &Request<h2::RecvStream>) -> Asked {
    let range = request.headers().get("range");
    let range = range.and_then(|value| value.to_str().ok());
    Asked {
        http2: true,
        path: request.uri().path().to_owned(),
        range: range.unwrap_or("none").to_owned(),
    }
}

async fn send(
    mut stream: SendStream<Bytes>,
    body: Vec<u8>,
    fate: Fate,
    mut released: watch::Receiver<bool>,
) {
    let first = match fate {
        Fate::Reset(after) | Fate::Held(after) => after.min(body.len()),
        Fate::Served | Fate::Refused | Fate::Misdirected | Fate::Goaway | Fate::Cut => body.len(),
    };
    pour(&mut stream, &body[..first]).await;
    match fate {
        Fate::Reset(_) => return stream.send_reset(Reason::INTERNAL_ERROR),
        Fate::Held(_) => {
            // The sender outlives every response.
            let _open = released.wait_for(|released| *released).await;
        }
        Fate::Served | Fate::Refused | Fate::Misdirected | Fate::Goaway | Fate::Cut => {}
    }
    pour(&mut stream, &body[first..]).await;
    let _gone = stream.send_data(Bytes::new(), true);
}

/// As fast as the peer's flow control permits.
async fn pour(stream: &mut SendStream<Bytes>, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        stream.reserve_capacity(bytes.len().min(16_384));
        let room = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
        let Some(Ok(room)) = room else { return };
        let (now, later) = bytes.split_at(room.min(bytes.len()));
        if stream
            .send_data(Bytes::copy_from_slice(now), false)
            .is_err()
        {
            return;
        }
        bytes = later;
    }
}

async fn serve_http1(mut secure: TlsStream<TcpStream>, shared: &Shared) -> std::io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(secure.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let range = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("range").then_some(value)
        });
        let asked = Asked {
            http2: false,
            path: head.split(' ').nth(1).unwrap_or("/").to_owned(),
            range: range.unwrap_or("none").to_owned(),
        };
        note(shared, &asked);
        let (status, body, fields) = part(shared, &asked);
        let fields: String = fields
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} So\r\nContent-Length: {length}\r\nAccept-Ranges: bytes\r\n{fields}\r\n"
        );
        secure.write_all(head.as_bytes()).await?;
        secure.write_all(&body).await?;
        secure.flush().await?;
    }
}
