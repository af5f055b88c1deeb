//! The files of the server and its random faults. Values and random numbers; sends nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

use crate::content::Content;
use crate::rng::SeededRng;

/// Bytes of the largest file.
const MAX_SIZE: u64 = 64 << 20;

/// One file, in all its versions so far.
#[derive(Debug, Clone)]
pub(crate) struct ServedFile {
    pub(crate) versions: Vec<Content>,
    pub(crate) etag: bool,
    pub(crate) modified: bool,
    /// Whether the server supports ranges of this file.
    pub(crate) ranges: bool,
}

/// What goes wrong with one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The connection is closed without a response.
    HangUp,
    /// Something that is not HTTP.
    Garbage,
    /// A status without a file, and a Retry-After in seconds.
    Status(u16, Option<u64>),
    /// A redirect to the same file, a few times.
    Detour,
    /// Declared as compressed.
    Encoded,
    /// 200 and the whole file, although a range was requested.
    Whole,
    /// 206 with a part that starts elsewhere.
    Shifted,
    /// 206 with several parts in one body.
    Parts,
    /// 206 that states another total length.
    OtherTotal,
    /// 206 without a Content-Range.
    NoContentRange,
    /// 206 with an invalid Content-Range.
    BadContentRange,
    /// 206 that starts with the first byte of the file, and says so, whatever was requested.
    FromZero,
    /// A wrong Content-Length beside chunked framing, which takes precedence (RFC 9112, section 6.3).
    MisstatedLength,
    /// A redirect to a sign-in page, in response to a request for the missing bytes.
    Misled,
    /// An endless head, sent byte by byte.
    Drip,
    /// A few bytes more than announced.
    Extra,
    /// The connection is closed in the middle of the body.
    Cut,
    /// The body stops in the middle, and the connection stays open.
    Stall,
}

/// How the end of a body is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length,
    Chunked,
    /// HTTP/1.0: by the end of the connection. Only without a fault, because it cannot be told from a cut.
    Close,
}

/// The random behavior for one response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerBehavior {
    pub(crate) fault: Fault,
    pub(crate) framing: Framing,
    pub(crate) keep_alive: bool,
    /// Bytes per second; `None` is unlimited.
    pub(crate) pace: Option<u64>,
    /// Determines where in the body the fault is.
    pub(crate) spot: u64,
}

/// The server's files, and how often it fails.
#[derive(Debug)]
pub(crate) struct ServerModel {
    seed: u64,
    pages: Mutex<Vec<ServedFile>>,
    /// Faults in a thousand responses; 0 is a server without faults.
    wild: AtomicU64,
    answers: AtomicU64,
}

impl ServerModel {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            pages: Mutex::default(),
            wild: AtomicU64::new(0),
            answers: AtomicU64::new(0),
        }
    }

    fn pages(&self) -> MutexGuard<'_, Vec<ServedFile>> {
        self.pages.lock()
    }

    /// Adds a new file and returns its number.
    pub(crate) fn add(&self, dice: &mut SeededRng) -> usize {
        let page = ServedFile {
            versions: vec![Content {
                seed: dice.next(),
                length: dice.size(MAX_SIZE),
            }],
            etag: dice.permille(700),
            modified: dice.permille(500),
            ranges: dice.permille(930),
        };
        let mut pages = self.pages();
        pages.push(page);
        pages.len() - 1
    }

    pub(crate) fn page(&self, number: usize) -> Option<ServedFile> {
        self.pages().get(number).cloned()
    }

    /// Adds another version of a file, if it has something to tell versions by. Without an ETag and a Last-Modified no
    /// client could detect the change.
    pub(crate) fn rotate(&self, number: usize, dice: &mut SeededRng) -> bool {
        let mut pages = self.pages();
        let Some(page) = pages
            .get_mut(number)
            .filter(|page| page.etag || page.modified)
        else {
            return false;
        };
        let Some(last) = page.versions.last().copied() else {
            return false;
        };
        page.versions.push(Content {
            seed: dice.next(),
            length: if dice.permille(500) {
                last.length
            } else {
                dice.size(MAX_SIZE)
            },
        });
        true
    }

    pub(crate) fn behave(&self, wild: u64) {
        self.wild.store(wild, Ordering::Relaxed);
    }

    /// Whether the server is without faults, also for responses in progress.
    pub(crate) fn good(&self) -> bool {
        self.wild.load(Ordering::Relaxed) == 0
    }

    /// The behavior for the next response.
    pub(crate) fn behavior(&self) -> ServerBehavior {
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        let wild = self.wild.load(Ordering::Relaxed);
        let mut dice = SeededRng::new(self.seed, 1 << 40 | number);
        let fault = if dice.permille(wild) {
            fault(&mut dice)
        } else {
            Fault::None
        };
        ServerBehavior {
            fault,
            framing: match dice.below(20) {
                _ if fault == Fault::MisstatedLength => Framing::Chunked,
                0..=2 => Framing::Chunked,
                3 | 4 if fault == Fault::None => Framing::Close,
                _ => Framing::Length,
            },
            keep_alive: dice.permille(800),
            pace: if wild == 0 {
                None
            } else {
                let paces = [
                    None,
                    None,
                    Some(16 << 20),
                    Some(4 << 20),
                    Some(1 << 20),
                    Some(200 << 10),
                ];
                dice.pick(&paces).copied().flatten()
            },
            spot: dice.next(),
        }
    }
}

fn fault(dice: &mut SeededRng) -> Fault {
    let again = match dice.below(3) {
        0 => None,
        seconds => Some(seconds - 1),
    };
    match dice.below(30) {
        0 => Fault::HangUp,
        1 => Fault::Garbage,
        2 => Fault::Status(429, again),
        3 => Fault::Status(503, again),
        4 => Fault::Status(*dice.pick(&[500, 502, 504, 408]).unwrap_or(&500), None),
        5 => Fault::Status(*dice.pick(&[404, 403, 410]).unwrap_or(&404), None),
        6 => Fault::Status(416, None),
        7 | 8 => Fault::Detour,
        9 => Fault::Encoded,
        10 => Fault::Whole,
        11 => Fault::Shifted,
        12 => Fault::Extra,
        13..=17 => Fault::Cut,
        18 => Fault::Parts,
        19 | 20 => Fault::OtherTotal,
        21 => Fault::Drip,
        22 => Fault::NoContentRange,
        23 => Fault::BadContentRange,
        24 => Fault::FromZero,
        25 => Fault::MisstatedLength,
        26 => Fault::Misled,
        _ => Fault::Stall,
    }
}
