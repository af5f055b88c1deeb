//! The file and the faults of the loopback server: values only. `server` implements them.

use std::collections::VecDeque;
use std::time::Duration;

/// The response to a range request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ranges {
    Given,
    /// Always 200 and the whole file.
    Ignored,
    /// 206, but beginning this many bytes before the requested start, or after it at the very beginning.
    Shifted(usize),
}

/// How the end of the body is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length,
    Chunked,
    /// HTTP/1.0: the end of the connection is the end of the file.
    Close,
}

/// A fault in the middle of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Break {
    /// Stalls until [`Server::release`].
    Hold,
    /// The connection is closed.
    Cut,
}

/// The file and behaviour of the server; may change between requests.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<&'static str>,
    pub(crate) ranges: Ranges,
    pub(crate) framing: Framing,
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) redirects: Vec<(&'static str, String)>,
    /// Delay before the head of a response.
    pub(crate) late: Duration,
    /// The pause after each 64 KiB.
    pub(crate) pace: Duration,
    /// Maximum number of bodies sent in parallel; further requests get `refusal`.
    pub(crate) room: Option<usize>,
    pub(crate) refusal: u16,
    /// One for each of the next responses with the file: after how many bytes, and which fault.
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

    /// The next response stalls after that many bytes and continues when released.
    pub(crate) fn holding(mut self, after: usize) -> Self {
        self.breaks.push_back((after, Break::Hold));
        self
    }

    /// The next response ends with its connection after that many bytes.
    pub(crate) fn cutting(mut self, after: usize) -> Self {
        self.breaks.push_back((after, Break::Cut));
        self
    }
}
