//! A loopback proxy that requires Digest credentials (RFC 7616) of ada for every tunnel. Like squid, it accepts a
//! nonce only with an increasing count. Whatever host is requested, it connects to one server. Knows nothing of the
//! engine.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use md5::Digest;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The challenge and the behaviour of the proxy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner {
    /// `MD5` or `SHA-256`.
    pub(crate) algorithm: &'static str,
    /// How many correct responses are rejected as stale.
    pub(crate) stale: usize,
    /// Whether a connection can be used after a refusal.
    pub(crate) keeps: bool,
}

/// What a client sent with one CONNECT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Nothing,
    Basic,
    Wrong,
    Stale,
    Right,
}

#[derive(Debug, Default)]
struct Seen {
    shown: Vec<Shown>,
    accepted: usize,
    /// The last count of each nonce.
    nonces: HashMap<String, u64>,
    called_stale: usize,
}

#[derive(Debug, Clone)]
struct Gate {
    target: SocketAddr,
    manner: Manner,
    seen: Arc<Mutex<Seen>>,
}

/// Runs until dropped.
#[derive(Debug)]
pub(crate) struct DigestProxy {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    accepting: JoinHandle<()>,
}

impl Drop for DigestProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl DigestProxy {
    /// Connects clients that know the password `secret` to `target`.
    pub(crate) async fn start(target: SocketAddr, manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let gate = Gate {
            target,
            manner,
            seen: Arc::clone(&seen),
        };
        let accepting = tokio::spawn(async move {
            // Connections end with this task.
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let gate = gate.clone();
                gate.seen.lock().expect("nothing panics with it").accepted += 1;
                // A client that disconnects is one of the scenarios.
                open.spawn(async move { gate.serve(stream).await.ok() });
            }
        });
        Self {
            address,
            seen,
            accepting,
        }
    }

    pub(crate) fn shown(&self) -> Vec<Shown> {
        let seen = self.seen.lock().expect("nothing panics with it");
        seen.shown.clone()
    }

    pub(crate) fn accepted(&self) -> usize {
        self.seen.lock().expect("nothing panics with it").accepted
    }
}

impl Gate {
    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        loop {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await?);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let place = head.strip_prefix("CONNECT ").unwrap_or_default();
            let place = place.split(' ').next().unwrap_or_default();
            let field = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("proxy-authorization")
                    .then_some(value)
            });
            let (shown, nonce) = self.judge(field, place);
            if shown == Shown::Right {
                break;
            }
            let Manner {
                algorithm, keeps, ..
            } = self.manner;
            let stale = shown == Shown::Stale;
            let connection = if keeps { "keep-alive" } else { "close" };
            let no = format!(
                "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nProxy-Authenticate: Digest realm=\"p\", qop=\"auth\", algorithm={algorithm}, nonce=\"{nonce}\", stale={stale}\r\nContent-Length: 5\r\nConnection: {connection}\r\n\r\nNo.\r\n"
            );
            stream.write_all(no.as_bytes()).await?;
            if !keeps {
                return Ok(());
            }
        }
        let mut beyond = TcpStream::connect(self.target).await?;
        // HTTP/1.0 closes connections by default.
        let version = if self.manner.keeps { "1.1" } else { "1.0" };
        let yes = format!("HTTP/{version} 200 Yes\r\n\r\n");
        stream.write_all(yes.as_bytes()).await?;
        copy_bidirectional(&mut stream, &mut beyond).await?;
        Ok(())
    }

    /// What the client sent, and a nonce for the next response.
    fn judge(&self, field: Option<&str>, place: &str) -> (Shown, String) {
        let mut seen = self.seen.lock().expect("nothing panics with it");
        let shown = match field {
            None => Shown::Nothing,
            Some(field) if field.starts_with("Basic ") => Shown::Basic,
            Some(field) if !self.proves(field, place) => Shown::Wrong,
            Some(field) => {
                let nonce = part(field, "nonce").unwrap_or_default().to_owned();
                let count = part(field, "nc").unwrap_or_default();
                let count = u64::from_str_radix(count, 16).unwrap_or(0);
                let fresh = seen.nonces.get(&nonce).is_some_and(|last| *last < count);
                if fresh && seen.called_stale >= self.manner.stale {
                    seen.nonces.insert(nonce, count);
                    Shown::Right
                } else {
                    seen.called_stale += 1;
                    Shown::Stale
                }
            }
        };
        seen.shown.push(shown);
        let nonce = format!("n{}", seen.nonces.len());
        seen.nonces.insert(nonce.clone(), 0);
        (shown, nonce)
    }

    /// Whether a response proves the password for a CONNECT to that host (RFC 7616, section 3.4).
    fn proves(&self, field: &str, place: &str) -> bool {
        let hash = |text: String| -> String {
            let bytes = match self.manner.algorithm {
                "MD5" => md5::Md5::digest(text.as_bytes()).to_vec(),
                _ => sha2::Sha256::digest(text.as_bytes()).to_vec(),
            };
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let named = |name| part(field, name).unwrap_or_default();
        let [nonce, nc, cnonce] = ["nonce", "nc", "cnonce"].map(named);
        let secret = hash("ada:p:secret".to_owned());
        let asked = hash(format!("CONNECT:{place}"));
        named("uri") == place
            && named("username") == "ada"
            && named("response") == hash(format!("{secret}:{nonce}:{nc}:{cnonce}:auth:{asked}"))
    }
}

fn part<'a>(field: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = field.split_once(&format!(" {name}="))?;
    rest.trim_start_matches('"').split(['"', ',']).next()
}
