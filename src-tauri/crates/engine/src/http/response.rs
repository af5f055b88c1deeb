//! Validates a server's response against the request before a byte of it is used.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING,
};
use reqwest::{Response, StatusCode, Version};
use url::Url;

use super::body::Body;
use super::content_coding::{self, Coding, Content};
use super::decoder::Decoder;
use super::preconnect::Preconnect;
use super::range_request::RangeRequest;
use super::{content_digest, headers};
use crate::domain::captive_portal::Kind;
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::domain::segments::HttpVersion;
use crate::domain::verdict::ExpectedDigest;

/// A response whose body is known to start at `start`.
#[derive(Debug)]
pub(crate) struct RangedResponse {
    /// The URL after redirects.
    pub(crate) url: Url,
    pub(crate) identity: Validators,
    /// Whether later requests may ask for ranges.
    pub(crate) accepts_ranges: bool,
    /// Content-Disposition, raw.
    pub(crate) disposition: Option<Vec<u8>>,
    /// Offset in the file of the body's first byte. 0 although a later byte was requested: the server does not support
    /// ranges.
    pub(crate) start: u64,
    /// Digest of the whole file, as the server states it.
    pub(crate) digest: Option<ExpectedDigest>,
    /// An HTML page.
    pub(crate) html: bool,
    /// Declared kind of the bytes.
    pub(crate) kind: Kind,
    /// An HTML page, although the file is not one: see `domain::captive_portal`.
    pub(crate) unexpected_html: bool,
    /// The body is the whole file (a 200), whatever range was requested.
    pub(crate) whole: bool,
    /// Its bytes were compared with the stored bytes before them.
    pub(crate) joined: bool,
    /// Time until the response arrived, if the caller has measured it.
    pub(crate) latency: Duration,
    /// Connections opened meanwhile, for the requests that follow.
    pub(crate) preconnect: Option<Preconnect>,
    /// Who sent it.
    pub(crate) peer: Peer,
    pub(crate) body: Body,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Of the server, or of the proxy in between.
    pub(crate) address: Option<SocketAddr>,
    pub(crate) version: HttpVersion,
}

/// What a response's head says about its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BodyRange {
    /// Offset in the file of the first byte.
    pub(super) start: u64,
    /// Number of bytes; `u64::MAX` if only the end of the response tells.
    pub(super) len: u64,
    /// Bytes of the whole file.
    pub(super) total: Option<u64>,
    /// The body is the whole file (a 200), whatever range was requested.
    pub(super) whole: bool,
}

/// Every response that is neither exactly the requested range nor the whole file is a problem. `from` is the first byte
/// requested, `to` one past the last.
#[expect(clippy::disallowed_methods, reason = "Retry-After may be a date")]
pub(super) fn check_head(
    status: StatusCode,
    fields: &HeaderMap,
    host: &str,
    from: u64,
    to: Option<u64>,
) -> Result<BodyRange, Problem> {
    let host = host.to_owned();
    // A 203 is a 200 transformed by a proxy: RFC 9110, section 15.3.4.
    let whole = status == StatusCode::OK || status == StatusCode::NON_AUTHORITATIVE_INFORMATION;
    if !whole && status != StatusCode::PARTIAL_CONTENT {
        let wait = headers::retry_after(fields, std::time::SystemTime::now());
        return Err(status_problem(status, host, wait));
    }
    let wrong = || Problem::RangeMismatch { host: host.clone() };
    if status == StatusCode::PARTIAL_CONTENT {
        if is_multipart(fields) {
            return Err(wrong());
        }
        let range = headers::content_range(fields).ok_or_else(wrong)?;
        let len = range.end - range.start;
        let within = to.is_none_or(|to| range.end <= to);
        let announced = headers::content_length(fields).is_none_or(|n| n == len);
        if range.start != from || !within || !announced {
            return Err(wrong());
        }
        Ok(BodyRange {
            start: range.start,
            len,
            total: range.total,
            whole: false,
        })
    } else {
        // A part with the status of the whole.
        if headers::claims_partial(fields) {
            return Err(wrong());
        }
        let total = headers::content_length(fields);
        Ok(BodyRange {
            start: 0,
            // hyper counts the bytes itself, but not beside a Transfer-Encoding, even one that does nothing.
            len: if fields.contains_key(TRANSFER_ENCODING) {
                total.unwrap_or(u64::MAX)
            } else {
                u64::MAX
            },
            total,
            whole: true,
        })
    }
}

/// A 206 that names no part, where none was requested: its status means nothing, and it is the whole file, as in curl,
/// wget and aria2.
fn is_unasked_part(status: StatusCode, fields: &HeaderMap) -> bool {
    status == StatusCode::PARTIAL_CONTENT
        && !fields.contains_key(CONTENT_RANGE)
        && !is_multipart(fields)
}

/// A body with several ranges starts with a part header, not with a byte of the file.
fn is_multipart(fields: &HeaderMap) -> bool {
    let kind = fields.get(CONTENT_TYPE).map(|value| value.as_bytes());
    kind.is_some_and(|kind| {
        kind.to_ascii_lowercase()
            .starts_with(b"multipart/byteranges")
    })
}

/// Checks a response whose body will be read. `plain`: no range was requested, and the download starts from zero.
/// `names` are possible names of the file, beside the one in the response.
pub(super) fn check(
    response: Response,
    url: Url,
    ask: &RangeRequest<'_>,
    plain: bool,
    names: &[&str],
) -> Result<RangedResponse, Problem> {
    let host = download_url::host_with_port(&url);
    let fields = response.headers();
    let mut status = response.status();
    if plain && is_unasked_part(status, fields) {
        status = StatusCode::OK;
    }
    let BodyRange {
        start,
        len,
        total,
        whole,
    } = check_head(status, fields, &host, ask.from, ask.to)?;
    let refused = |encoding: String| Problem::Encoded {
        host: host.clone(),
        encoding,
    };
    let transfer = content_coding::transfer(fields).map_err(refused)?;
    // An empty body has no coding.
    let content = if headers::content_length(fields) == Some(0) {
        Content::default()
    } else {
        content_coding::content(fields, names)
    };
    // A part that covers the whole file is the whole file.
    let all = whole || (start == 0 && total == Some(len));
    // Lengths, ranges and digests are those of the encoded file.
    let decoded = !content.undo.is_empty();
    if decoded && !all {
        return Err(refused(content.undo[0].name().to_owned()));
    }
    let codings: Vec<Coding> = [&transfer.codings[..], &content.undo[..]].concat();
    let decoder =
        Decoder::new(transfer.chunks, &codings).map_err(|name| refused(name.to_owned()))?;
    let ranges = !whole || headers::accepts_ranges(fields) && ask.from == 0;
    Ok(RangedResponse {
        html: whole && headers::is_html(fields),
        unexpected_html: false,
        kind: headers::kind(fields),
        identity: headers::validators(fields, total.filter(|_| !decoded), &content.label()),
        accepts_ranges: ranges && !decoded,
        disposition: fields
            .get(CONTENT_DISPOSITION)
            .map(|value| value.as_bytes().to_vec()),
        start,
        digest: content_digest::server_digest(fields, all).filter(|_| !decoded),
        whole: whole || decoded,
        joined: false,
        url,
        latency: Duration::ZERO,
        preconnect: None,
        peer: Peer {
            address: response.remote_addr(),
            version: http_version(response.version()),
        },
        body: Body::new(
            response,
            host,
            if decoded { u64::MAX } else { len },
            decoder,
        ),
    })
}

fn http_version(version: Version) -> HttpVersion {
    match version {
        Version::HTTP_2 => HttpVersion::Http2,
        Version::HTTP_3 => HttpVersion::Http3,
        Version::HTTP_10 | Version::HTTP_09 => HttpVersion::Http10,
        _ => HttpVersion::Http11,
    }
}

fn status_problem(status: StatusCode, host: String, retry_after: Option<u64>) -> Problem {
    match status.as_u16() {
        401 | 407 => Problem::Unauthorized { host },
        403 => Problem::Forbidden { host },
        404 => Problem::NotFound { host },
        410 => Problem::Gone { host },
        // The file is shorter than it was: not the one that was started.
        416 => Problem::Changed { host },
        429 => Problem::RateLimited { host, retry_after },
        408 | 425 | 500 | 502 | 503 | 504 => Problem::ServerError {
            host,
            status: status.as_u16(),
            retry_after,
        },
        // A captive portal requires the user to sign in: RFC 6585, section 6.
        511 => Problem::NotTheFile { host },
        other => Problem::UnexpectedStatus {
            host,
            status: other,
        },
    }
}
