//! Minimal loopback proxies: HTTP (forwarding and CONNECT, with Basic credentials) and SOCKS5. Whatever host is
//! requested, they connect to one server. Knows nothing of the engine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use md5::Digest;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// Protocol of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    Http,
    Socks5,
}

/// The server behind a proxy, and the credentials that it requires.
#[derive(Debug, Clone)]
struct Gate {
    tongue: Tongue,
    target: SocketAddr,
    /// For HTTP the whole field, or `digest:` and the password of ada; for SOCKS5 `user:password`.
    key: Option<String>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// Runs until dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Proxy {
    pub(crate) async fn start(tongue: Tongue, target: SocketAddr, key: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let gate = Gate {
            tongue,
            target,
            key: key.map(str::to_owned),
            asked: Arc::clone(&asked),
        };
        let accepting = tokio::spawn(async move {
            // Connections end with this task.
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let gate = gate.clone();
                open.spawn(async move {
                    // A client that disconnects is one of the scenarios.
                    let _gone = match gate.tongue {
                        Tongue::Http => gate.http(stream).await,
                        Tongue::Socks5 => gate.socks(stream).await,
                    };
                });
            }
        });
        Self {
            address,
            asked,
            accepting,
        }
    }

    /// Requested targets: the request line's target, or the name sent by SOCKS.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("nothing panics with it").clone()
    }
}

impl Gate {
    fn note(&self, what: &str) {
        let mut asked = self.asked.lock().expect("nothing panics with it");
        asked.push(what.to_owned());
    }

    async fn http(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let (first, rest) = head.split_once("\r\n").unwrap_or_default();
        let mut words = first.split(' ');
        let (method, place) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        self.note(place);
        let field = rest.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("proxy-authorization")
                .then_some(value)
        });
        if let Some(password) = self
            .key
            .as_deref()
            .and_then(|key| key.strip_prefix("digest:"))
        {
            if !proves(field.unwrap_or_default(), password, place) {
                let no = "HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm=\"p\", qop=\"auth\", nonce=\"n\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                return stream.write_all(no.as_bytes()).await;
            }
        } else if self.key.as_deref().is_some_and(|key| field != Some(key)) {
            let no = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            return stream.write_all(no.as_bytes()).await;
        }
        let mut beyond = TcpStream::connect(self.target).await?;
        if method == "CONNECT" {
            stream.write_all(b"HTTP/1.1 200 Yes\r\n\r\n").await?;
        } else {
            let after = place.split_once("://").map_or("", |(_, after)| after);
            let path = after.find('/').map_or("/", |at| &after[at..]);
            let rest: String = rest
                .lines()
                .filter(|line| !line.to_ascii_lowercase().starts_with("proxy-"))
                .map(|line| format!("{line}\r\n"))
                .collect();
            let onward = format!("{method} {path} HTTP/1.1\r\n{rest}");
            beyond.write_all(onward.as_bytes()).await?;
        }
        copy_bidirectional(&mut stream, &mut beyond).await?;
        Ok(())
    }

    /// RFC 1928, with RFC 1929.
    async fn socks(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut hello = [0; 2];
        stream.read_exact(&mut hello).await?;
        take(&mut stream, hello[1]).await?;
        if let Some(key) = &self.key {
            stream.write_all(&[5, 2]).await?;
            let mut version = [0; 2];
            stream.read_exact(&mut version).await?;
            let user = take(&mut stream, version[1]).await?;
            let length = stream.read_u8().await?;
            let password = take(&mut stream, length).await?;
            let right = format!("{user}:{password}") == *key;
            stream.write_all(&[1, u8::from(!right)]).await?;
            if !right {
                return Ok(());
            }
        } else {
            stream.write_all(&[5, 0]).await?;
        }
        let mut wish = [0; 4];
        stream.read_exact(&mut wish).await?;
        let name = match wish[3] {
            3 => {
                let length = stream.read_u8().await?;
                take(&mut stream, length).await?
            }
            kind => {
                take(&mut stream, if kind == 1 { 4 } else { 16 }).await?;
                "a number".to_owned()
            }
        };
        stream.read_u16().await?;
        self.note(&name);
        let mut beyond = TcpStream::connect(self.target).await?;
        stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 80]).await?;
        copy_bidirectional(&mut stream, &mut beyond).await?;
        Ok(())
    }
}

/// Whether a Digest response proves the password for a GET of that URL (RFC 7616, section 3.4, with MD5).
fn proves(field: &str, password: &str, place: &str) -> bool {
    let part = |name: &str| {
        let (_, rest) = field.split_once(&format!(" {name}="))?;
        rest.trim_start_matches('"').split(['"', ',']).next()
    };
    let hex = |text: String| -> String {
        let hash = md5::Md5::digest(text.as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let (Some(nc), Some(cnonce), Some(found)) = (part("nc"), part("cnonce"), part("response"))
    else {
        return false;
    };
    let secret = hex(format!("ada:p:{password}"));
    let asked = hex(format!("GET:{place}"));
    found == hex(format!("{secret}:n:{nc}:{cnonce}:auth:{asked}"))
}

async fn take(stream: &mut TcpStream, length: u8) -> std::io::Result<String> {
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
