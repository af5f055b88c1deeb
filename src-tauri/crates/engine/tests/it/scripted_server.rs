//! A loopback server whose responses are computed from the request: for sign-in, cookies and hostile heads. Knows
//! nothing of the engine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// The head of one request.
#[derive(Debug, Clone)]
pub(crate) struct Head(String);

impl Head {
    pub(crate) fn path(&self) -> &str {
        self.0.split(' ').nth(1).unwrap_or("/")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

/// Runs until dropped.
#[derive(Debug)]
pub(crate) struct Script {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<Head>>>,
    accepting: JoinHandle<()>,
}

impl Drop for Script {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A complete response: status and header fields as lines, and the body.
pub(crate) fn answer(status: u16, fields: &[&str], body: &[u8]) -> Vec<u8> {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} So\r\nContent-Length: {length}\r\nConnection: close\r\n{fields}\r\n"
    );
    [head.as_bytes(), body].concat()
}

impl Script {
    /// Responds to each request with the result of `play`, then closes the connection.
    pub(crate) async fn start(
        place: &str,
        play: impl Fn(&Head) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(place)
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let heads: Arc<Mutex<Vec<Head>>> = Arc::default();
        let (noted, play) = (Arc::clone(&heads), Arc::new(play));
        let accepting = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let (noted, play) = (Arc::clone(&noted), Arc::clone(&play));
                open.spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let head = Head(String::from_utf8_lossy(&head).into_owned());
                    let all = play(&head);
                    noted.lock().expect("nothing panics with it").push(head);
                    // A client may disconnect early.
                    let _gone = stream.write_all(&all).await;
                    let _closed = stream.shutdown().await;
                });
            }
        });
        Self {
            address,
            heads,
            accepting,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The same server by another name.
    pub(crate) fn by_name(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.address.port())
    }

    pub(crate) fn asked(&self) -> Vec<Head> {
        self.heads.lock().expect("nothing panics with it").clone()
    }
}
