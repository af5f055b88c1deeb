//! Strict parsing of the header fields that decide how the bytes of a body are used. Pure.

use reqwest::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, DATE, ETAG,
    HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER,
};

use super::content_coding;
use crate::domain::captive_portal;
use crate::domain::record::Validators;
use crate::domain::validators;

/// `bytes 5-9/100` as start, end (one past) and total (RFC 9110, section 14.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ContentRange {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) total: Option<u64>,
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

pub(super) fn content_range(headers: &HeaderMap) -> Option<ContentRange> {
    // Two fields that differ name no range.
    let mut all = headers.get_all(CONTENT_RANGE).iter();
    let first = all.next()?;
    if all.any(|other| other != first) {
        return None;
    }
    let value = text(headers, &CONTENT_RANGE)?;
    // Units are case-insensitive: RFC 9110, section 14.1.
    let unit = value.get(..5)?;
    let value = value
        .get(5..)
        .filter(|_| unit.eq_ignore_ascii_case("bytes"))?;
    let (range, total) = value.trim_start().split_once('/')?;
    let (start, last) = range.split_once('-')?;
    let (start, last) = (number(start)?, number(last)?);
    let total = match total.trim() {
        "*" => None,
        total => Some(number(total)?),
    };
    let end = last.checked_add(1)?;
    let sound = start < end && total.is_none_or(|total| end <= total);
    sound.then_some(ContentRange { start, end, total })
}

/// Digits only: `+5` is not a number.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

/// Whether a 200 is really a part, by its Content-Range. RFC 9110, section 14.4, gives the field no meaning there; it
/// is believed only if it is valid, agrees with the length of the body and names less than the whole, because a body
/// that starts elsewhere must not be taken for one that starts at 0.
pub(super) fn claims_partial(headers: &HeaderMap) -> bool {
    content_range(headers).is_some_and(|range| {
        let less = range.start > 0 || range.total.is_some_and(|total| total != range.end);
        let length = content_length(headers);
        less && length.is_none_or(|length| length == range.end - range.start)
    })
}

/// Bytes of the message body. The field is ignored beside a Transfer-Encoding (RFC 9112, section 6.3), and the same
/// length given several times is one (RFC 9110, section 8.6).
pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    if content_coding::framed(headers) {
        return None;
    }
    let mut found = None;
    for value in headers.get_all(CONTENT_LENGTH) {
        for one in value.to_str().ok()?.split(',') {
            let length = number(one)?;
            if found.is_some_and(|found| found != length) {
                return None;
            }
            found = Some(length);
        }
    }
    found
}

pub(super) fn accepts_ranges(headers: &HeaderMap) -> bool {
    text(headers, &ACCEPT_RANGES).is_some_and(|units| units.eq_ignore_ascii_case("bytes"))
}

/// Whether this is an HTML page that is not offered as an attachment.
pub(super) fn is_html(headers: &HeaderMap) -> bool {
    let begins = |name: &HeaderName, with: &str| {
        text(headers, name).is_some_and(|value| value.to_ascii_lowercase().starts_with(with))
    };
    begins(&CONTENT_TYPE, "text/html") && !begins(&CONTENT_DISPOSITION, "attachment")
}

/// The declared kind of the body.
pub(super) fn kind(headers: &HeaderMap) -> captive_portal::Kind {
    let attachment = text(headers, &CONTENT_DISPOSITION)
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("attachment"));
    captive_portal::kind(text(headers, &CONTENT_TYPE).unwrap_or_default(), attachment)
}

/// A weak ETag says nothing about bytes (RFC 9110, section 8.8.1) and is left out; a weak Last-Modified is marked as
/// weak.
pub(super) fn validators(headers: &HeaderMap, total: Option<u64>, coding: &str) -> Validators {
    let etag = text(headers, &ETAG).filter(|tag| !tag.starts_with("W/") && !tag.is_empty());
    Validators {
        total,
        etag: etag.map(str::to_owned),
        last_modified: text(headers, &LAST_MODIFIED)
            .map(|said| validators::last_modified(said, text(headers, &DATE))),
        coding: Some(coding.to_owned()),
    }
}

/// Seconds to wait, from either form (RFC 9110, section 10.2.3); at most a day.
pub(super) fn retry_after(headers: &HeaderMap, now: std::time::SystemTime) -> Option<u64> {
    const DAY: u64 = 86_400;
    let value = text(headers, &RETRY_AFTER)?;
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.min(DAY));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    let wait = at.duration_since(now).unwrap_or_default();
    // Rounded up, so that the retry is not too early.
    Some(
        wait.as_millis()
            .div_ceil(1000)
            .try_into()
            .map_or(DAY, |wait: u64| wait.min(DAY)),
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::TRANSFER_ENCODING;

    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header value"));
        headers
    }

    #[test]
    fn a_content_range_is_read_strictly() {
        let read = |value| content_range(&with(CONTENT_RANGE, value));
        let range = |start, end, total| Some(ContentRange { start, end, total });
        assert_eq!(read("bytes 5-9/100"), range(5, 10, Some(100)));
        assert_eq!(read("bytes 0-0/*"), range(0, 1, None));
        assert_eq!(read("Bytes 0-4/5"), range(0, 5, Some(5)));
        assert_eq!(read("BYTES  0 - 4 / 5"), range(0, 5, Some(5)));
        for wrong in [
            "bytes */100",
            "bytes 9-5/100",
            "bytes 5-100/100",
            "items 5-9/100",
            "bytes 5-9",
            "bytes 5-18446744073709551615/*",
            "bytes -5/9",
            "bytes=0-4/5",
            "bytes 0-/5",
            "bytes -0.9-4/5",
            "bytes +0-4/5",
            "byte",
            "",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn two_content_ranges_that_differ_name_no_bytes() {
        let mut headers = with(CONTENT_RANGE, "bytes 0-4/9");
        headers.append(
            CONTENT_RANGE,
            "bytes 0-4/9".parse().expect("a header value"),
        );
        assert!(content_range(&headers).is_some());
        headers.append(
            CONTENT_RANGE,
            "bytes 0-5/9".parse().expect("a header value"),
        );
        assert_eq!(content_range(&headers), None);
    }

    #[test]
    fn a_whole_is_a_part_only_if_its_range_agrees_with_its_length() {
        let says = |range: &str, length: &str| {
            let mut headers = with(CONTENT_RANGE, range);
            if !length.is_empty() {
                headers.insert(CONTENT_LENGTH, length.parse().expect("a header value"));
            }
            claims_partial(&headers)
        };
        assert!(!claims_partial(&HeaderMap::new()));
        for (range, length) in [
            ("bytes 0-8/9", "9"),
            ("bytes 0-8/*", "9"),
            ("bytes 0-5/5", "5"),
            ("bytes 4-8/9", "9"),
            ("nonsense", "5"),
            ("bytes */9", "9"),
            ("items 4-8/9", "5"),
        ] {
            assert!(!says(range, length), "{range}, {length}");
        }
        for (range, length) in [
            ("bytes 4-8/9", "5"),
            ("bytes 0-4/9", "5"),
            ("bytes 4-8/9", ""),
        ] {
            assert!(says(range, length), "{range}, {length}");
        }
    }

    #[test]
    fn a_length_counts_once_and_only_without_a_transfer_coding() {
        assert_eq!(content_length(&with(CONTENT_LENGTH, "5")), Some(5));
        assert_eq!(content_length(&with(CONTENT_LENGTH, "5, 5")), Some(5));
        assert_eq!(content_length(&with(CONTENT_LENGTH, "5, 6")), None);
        for (coding, length) in [
            ("chunked", None),
            ("gzip", None),
            ("Identity", Some(5)),
            (" , ", Some(5)),
            ("identity, CHUNKED", None),
        ] {
            let mut headers = with(CONTENT_LENGTH, "5");
            let coding = coding.parse().expect("a header value");
            headers.insert(TRANSFER_ENCODING, coding);
            assert_eq!(content_length(&headers), length, "{headers:?}");
        }
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let read = |value| retry_after(&with(RETRY_AFTER, value), now);
        assert_eq!(read("120"), Some(120));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
        assert_eq!(read("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
        assert_eq!(read("99999999999"), Some(86_400));
        assert_eq!(read("soon"), None);
    }

    #[test]
    fn a_weak_tag_identifies_nothing() {
        assert_eq!(validators(&with(ETAG, "W/\"a\""), None, "").etag, None);
        assert_eq!(
            validators(&with(ETAG, "\"a\""), None, "").etag.as_deref(),
            Some("\"a\"")
        );
    }
}
