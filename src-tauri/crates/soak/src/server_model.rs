//! What the server has and how badly it behaves. Values and chance; sends nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard};

use crate::content::Content;
use crate::rng::SeededRng;

/// The longest file.
const MAX_SIZE: u64 = 64 << 20;

/// One file, in all the versions that it has had.
#[derive(Debug, Clone)]
pub(crate) struct ServedFile {
    pub(crate) versions: Vec<Content>,
    pub(crate) etag: bool,
    pub(crate) modified: bool,
    /// A server that never gives ranges of this one.
    pub(crate) ranges: bool,
}

/// What goes wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The connection is closed instead of an answer.
    HangUp,
    /// Something that is not HTTP.
    Garbage,
    /// A status without a file; with a Retry-After of so many seconds.
    Status(u16, Option<u64>),
    /// A redirect to the same again, a few times.
    Detour,
    /// Said to be compressed.
    Encoded,
    /// 200 and everything, although a part was asked for.
    Whole,
    /// 206 with a part that begins elsewhere.
    Shifted,
    /// 206 with several parts in one body.
    Parts,
    /// 206 that names another total.
    OtherTotal,
    /// 206 without a Content-Range.
    NoContentRange,
    /// 206 with a Content-Range that is none.
    BadContentRange,
    /// 206 that begins with the first byte of the file, and says so, whatever was asked for.
    FromZero,
    /// A Content-Length that is wrong, beside chunks, which decide (RFC 9112, section 6.3).
    MisstatedLength,
    /// A redirect to a page to sign in on, in answer to a request for what is missing.
    Misled,
    /// A head that comes letter by letter, without end.
    Drip,
    /// Some bytes more than announced.
    Extra,
    /// The connection ends in the middle.
    Cut,
    /// Nothing more comes, in the middle.
    Stall,
}

/// How the end of a body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length,
    Chunked,
    /// HTTP/1.0: by the end of the connection. Only where nothing else goes wrong, for nobody could tell it from a cut.
    Close,
}

/// Everything by chance about one answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ServerBehavior {
    pub(crate) fault: Fault,
    pub(crate) framing: Framing,
    pub(crate) keep_alive: bool,
    /// Bytes per second; `None` is as fast as it goes.
    pub(crate) pace: Option<u64>,
    /// For where in the body the fault comes.
    pub(crate) spot: u64,
}

/// What the server has.
#[derive(Debug)]
pub(crate) struct ServerModel {
    seed: u64,
    pages: Mutex<Vec<ServedFile>>,
    /// Faults in a thousand answers; 0 is a good server.
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

    /// Puts a new file up and returns its number.
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

    /// Another version of a file, if it has something to tell versions by. Without an entity tag and a date nobody
    /// could see the change.
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

    /// Whether the server does its best, also in answers that it is in the middle of.
    pub(crate) fn good(&self) -> bool {
        self.wild.load(Ordering::Relaxed) == 0
    }

    /// How the next answer will be.
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
