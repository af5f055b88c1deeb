//! A loopback server that answers every request with bytes as they are given. One thread for all; a connection is closed
//! after its answer.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A client that says nothing is given up after this.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is answered to a request, given as text.
type Reply = dyn Fn(&str) -> Vec<u8> + Send + Sync;

/// Serves until dropped.
pub(crate) struct RawServer {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    closing: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl RawServer {
    pub(crate) fn start(reply: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let (heard, closing) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (all, end): (Arc<Mutex<Vec<String>>>, _) = (Arc::clone(&heard), Arc::clone(&closing));
        let reply: Box<Reply> = Box::new(reply);
        let serving = std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                // A client that goes away is one of the scenarios.
                let _gone = answer(stream, &*reply, &all);
            }
        });
        Self {
            address,
            heard,
            closing,
            serving: Some(serving),
        }
    }

    /// The same answer to everything.
    pub(crate) fn saying(answer: &str) -> Self {
        let answer = answer.as_bytes().to_vec();
        Self::start(move |_| answer.clone())
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of all requests, in order.
    pub(crate) fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock();
        heard.expect("nothing panics with this lock held").clone()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for the next connection.
        let _woken = TcpStream::connect(self.address);
        if let Some(serving) = self.serving.take() {
            // A panic of the thread has been reported where it happened.
            let _panicked = serving.join();
        }
    }
}

fn answer(mut stream: TcpStream, reply: &Reply, all: &Mutex<Vec<String>>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = Vec::new();
    let mut bytes = [0; 4096];
    // A greeting of TLS is answered like a request: who sends it waits.
    let whole =
        |head: &[u8]| head.first() == Some(&0x16) || head.windows(4).any(|end| end == b"\r\n\r\n");
    while !whole(&head) {
        match stream.read(&mut bytes)? {
            // Opened, and no question put.
            0 => return Ok(()),
            n => head.extend_from_slice(&bytes[..n]),
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let bytes = reply(&head);
    all.lock()
        .expect("nothing panics with this lock held")
        .push(head);
    stream.write_all(&bytes)
}
