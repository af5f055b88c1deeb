//! What the loopback server has and how it misbehaves: values only. See `server` for what comes of them.

use std::collections::VecDeque;
use std::time::Duration;

/// How a request for a range is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ranges {
    Given,
    /// Always 200 and the whole file.
    Ignored,
    /// 206, but one that begins this many bytes before the one asked for, or behind it at the very beginning.
    Shifted(usize),
}

/// How the end of the body is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length,
    Chunked,
    /// HTTP/1.0: the end of the connection is the end of the file.
    Close,
}

/// What happens in the middle of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Break {
    /// Nothing more until [`Server::release`].
    Hold,
    /// The connection is closed.
    Cut,
}

/// What the server has and how it behaves; may change between requests.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<&'static str>,
    pub(crate) ranges: Ranges,
    pub(crate) framing: Framing,
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) redirects: Vec<(&'static str, String)>,
    /// How long the head of an answer is awaited.
    pub(crate) late: Duration,
    /// The pause after each 64 KiB.
    pub(crate) pace: Duration,
    /// Bodies sent at once; who asks for one more is refused with `refusal`.
    pub(crate) room: Option<usize>,
    pub(crate) refusal: u16,
    /// One for each of the next answers with the file: after how many bytes of it, and what.
    pub(crate) breaks: VecDeque<(usize, Break)>,
}

impl Site {
    pub(crate) fn of(body: &[u8]) -> Self {
        Self {
            body: body.to_vec(),
            etag: Some("\"one\""),
            ranges: Ranges::Given,
            framing: Framing::Length,
            status: None,
            headers: Vec::new(),
            redirects: Vec::new(),
            late: Duration::ZERO,
            pace: Duration::ZERO,
            room: None,
            refusal: 503,
            breaks: VecDeque::new(),
        }
    }

    /// The next answer stops after that many bytes and goes on when released.
    pub(crate) fn holding(mut self, after: usize) -> Self {
        self.breaks.push_back((after, Break::Hold));
        self
    }

    /// The next answer ends with its connection after that many bytes.
    pub(crate) fn cutting(mut self, after: usize) -> Self {
        self.breaks.push_back((after, Break::Cut));
        self
    }
}
