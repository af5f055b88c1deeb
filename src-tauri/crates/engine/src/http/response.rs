//! A server's answer, matched against the question before one byte of it is used.

use std::time::Duration;

use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, TRANSFER_ENCODING,
};
use reqwest::{Response, StatusCode};
use url::Url;

use super::body::Body;
use super::client::RangeRequest;
use super::content_coding::{self, Coding, Content};
use super::decoder::Decoder;
use super::preconnect::Preconnect;
use super::{content_digest, headers};
use crate::domain::captive_portal::Kind;
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::record::Validators;
use crate::domain::verdict::ExpectedDigest;

/// A body that can be trusted to start at `start`.
#[derive(Debug)]
pub(crate) struct RangedResponse {
    /// Where redirects led.
    pub(crate) url: Url,
    pub(crate) identity: Validators,
    /// Whether a later request may ask for a part.
    pub(crate) accepts_ranges: bool,
    /// Content-Disposition, raw.
    pub(crate) disposition: Option<Vec<u8>>,
    /// The file's byte that the body begins with. 0 although more was asked for: the server knows no ranges.
    pub(crate) start: u64,
    /// The whole file's digest, as the server states it.
    pub(crate) digest: Option<ExpectedDigest>,
    /// A web page.
    pub(crate) html: bool,
    /// What it says its bytes are.
    pub(crate) kind: Kind,
    /// A web page, although the file is none: see `domain::captive_portal`.
    pub(crate) unexpected_html: bool,
    /// The body is the file from its first byte to its last (a 200), whatever was asked for.
    pub(crate) whole: bool,
    /// Its bytes were compared with those before them that are here already.
    pub(crate) joined: bool,
    /// How long it was waited for, where somebody has measured that.
    pub(crate) latency: Duration,
    /// Connections that were opened meanwhile, for the requests that follow.
    pub(crate) preconnect: Option<Preconnect>,
    pub(crate) body: Body,
}

/// What the head of an answer says of the bytes behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BodyRange {
    /// The file's byte that they begin with.
    pub(super) start: u64,
    /// How many they are; `u64::MAX` where only the end of the answer tells.
    pub(super) len: u64,
    /// Bytes of the whole file.
    pub(super) total: Option<u64>,
    /// They are the file from its first byte to its last (a 200), whatever was asked for.
    pub(super) whole: bool,
}

/// Every answer that is not exactly what was asked for, or the whole file, is a problem. `from` is the first byte that was
/// asked for, `to` the one after the last.
#[expect(clippy::disallowed_methods, reason = "Retry-After may be a date")]
pub(super) fn check_head(
    status: StatusCode,
    fields: &HeaderMap,
    host: &str,
    from: u64,
    to: Option<u64>,
) -> Result<BodyRange, Problem> {
    let host = host.to_owned();
    // A 203 is a 200 of somebody on the way: RFC 9110, section 15.3.4.
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
        // A part that calls itself the whole.
        if headers::claims_partial(fields) {
            return Err(wrong());
        }
        let total = headers::content_length(fields);
        Ok(BodyRange {
            start: 0,
            // The library below counts, but not beside a Transfer-Encoding, even one that does nothing.
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

/// A 206 that says nothing of a part, where none was asked for: then its status means nothing, and it is the whole. So it
/// is for curl, wget and aria2.
fn is_unasked_part(status: StatusCode, fields: &HeaderMap) -> bool {
    status == StatusCode::PARTIAL_CONTENT
        && !fields.contains_key(CONTENT_RANGE)
        && !is_multipart(fields)
}

/// Several ranges in one body begin with their kind, not with a byte of the file.
fn is_multipart(fields: &HeaderMap) -> bool {
    let kind = fields.get(CONTENT_TYPE).map(|value| value.as_bytes());
    kind.is_some_and(|kind| {
        kind.to_ascii_lowercase()
            .starts_with(b"multipart/byteranges")
    })
}

/// The same, of an answer whose bytes are to be read. `plain`: no range was asked for, and the download begins. `names` are what the file may be called, beside what the answer
/// calls it.
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
    // An empty body is in no coding.
    let content = if headers::content_length(fields) == Some(0) {
        Content::default()
    } else {
        content_coding::content(fields, names)
    };
    // A part that is the whole is the whole.
    let all = whole || (start == 0 && total == Some(len));
    // Lengths, ranges and digests are those of the coded file.
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
        body: Body::new(
            response,
            host,
            if decoded { u64::MAX } else { len },
            decoder,
        ),
    })
}

fn status_problem(status: StatusCode, host: String, retry_after: Option<u64>) -> Problem {
    match status.as_u16() {
        401 | 407 => Problem::Unauthorized { host },
        403 => Problem::Forbidden { host },
        404 => Problem::NotFound { host },
        410 => Problem::Gone { host },
        // The file is shorter than it was: not the one that was begun.
        416 => Problem::Changed { host },
        429 => Problem::RateLimited { host, retry_after },
        408 | 425 | 500 | 502 | 503 | 504 => Problem::ServerError {
            host,
            status: status.as_u16(),
            retry_after,
        },
        // A network between here and there wants a person to sign in: RFC 6585, section 6.
        511 => Problem::NotTheFile { host },
        other => Problem::UnexpectedStatus {
            host,
            status: other,
        },
    }
}
