//! Requests that the system makes on the engine's behalf: which headers they carry, and whether the response may be
//! used. Sees only the response's head, not its bytes.

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use url::Url;

use super::auth::Authenticator;
use super::request_headers::RESERVED_HEADERS;
use super::{DEFAULT_USER_AGENT, content_coding, headers, redirect, response};
use crate::domain::byte_ranges::ByteRange;
use crate::domain::download_url;
use crate::domain::problem::Problem;
use crate::domain::record::{Record, Validators};
use crate::domain::validators::ValidatorMatch;

/// The headers for this download, without the range. `None` if a secret would have to be sent and might be passed on:
/// the system follows redirects by itself, so secrets are sent only to a URL that is `at_home`, that is, answered by
/// its own origin; and a password only where it may be sent without a challenge.
pub(crate) fn request_headers(record: &Record, at_home: bool) -> Option<Vec<(String, String)>> {
    let url = record.url.valid().ok()?;
    let travels = |(name, _): &(String, String)| redirect::is_safe_cross_origin(name);
    let secret = record.credentials.is_some() || !record.headers.iter().all(travels);
    if secret && !at_home {
        return None;
    }
    let mut fields = to_header_map(&record.headers);
    for name in RESERVED_HEADERS {
        fields.remove(name);
    }
    fields.remove(ACCEPT_ENCODING);
    if let (Some(credentials), false) = (&record.credentials, fields.contains_key(AUTHORIZATION)) {
        let (_, field) = Authenticator::new(credentials.clone()).authorization(url.as_url());
        fields.insert(AUTHORIZATION, field?);
    }
    if !fields.contains_key(USER_AGENT) {
        fields.insert(USER_AGENT, HeaderValue::from_static(DEFAULT_USER_AGENT));
    }
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = value.to_str().ok()?;
        Some((name.to_string(), value.to_owned()))
    };
    fields.iter().map(text).collect()
}

/// The range that the response to a request for `wanted` contains, if it is of the file that is `known`. Checked like
/// any response, except that no further request is made: where only a comparison of bytes could tell whether it is the
/// same file, it is rejected.
pub(crate) fn check_response(
    url: &Url,
    wanted: ByteRange,
    known: &Validators,
    status: u16,
    said: &[(String, String)],
) -> Result<ByteRange, Problem> {
    let host = download_url::host_with_port(url);
    let Ok(status) = StatusCode::from_u16(status) else {
        return Err(Problem::BadResponse { host });
    };
    let fields = to_header_map(said);
    let head = response::check_head(status, &fields, &host, wanted.start, Some(wanted.end))?;
    // It is unknown whether the system has decoded it.
    let content = content_coding::content(&fields, &[]);
    if let Some(coding) = content.own.iter().chain(&content.undo).next() {
        let encoding = coding.name().to_owned();
        return Err(Problem::Encoded { host, encoding });
    }
    let found = headers::validators(&fields, head.total, &content.label());
    let end = if head.whole {
        found.total
    } else {
        Some(head.start + head.len)
    };
    let page = head.whole && headers::is_html(&fields);
    match known.compare(&found) {
        // The whole file, if it is the requested range; or a part that states the same total length.
        ValidatorMatch::Same if head.start == wanted.start && found.total == known.total => end
            .and_then(|end| ByteRange::new(head.start, end))
            .filter(|span| span.end <= wanted.end)
            .ok_or(Problem::RangeMismatch { host }),
        _any if page => Err(Problem::NotTheFile { host }),
        ValidatorMatch::Same | ValidatorMatch::LengthOnly | ValidatorMatch::Unknown => {
            Err(Problem::RangeMismatch { host })
        }
        ValidatorMatch::Inconclusive | ValidatorMatch::Different => Err(Problem::Changed { host }),
    }
}

/// Skips invalid fields.
fn to_header_map(said: &[(String, String)]) -> HeaderMap {
    let parsed = said.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
        let value = HeaderValue::from_str(value.trim()).ok()?;
        Some((name, value))
    });
    let mut fields = HeaderMap::new();
    for (name, value) in parsed {
        fields.append(name, value);
    }
    fields
}

#[cfg(test)]
#[path = "offload_tests.rs"]
mod tests;
