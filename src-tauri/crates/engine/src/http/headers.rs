//! The header fields that decide over bytes, read strictly. Pure.

use reqwest::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, RETRY_AFTER,
};

use crate::core::likeness;
use crate::core::portal;
use crate::core::record::Identity;

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
    // Two that differ name no bytes.
    let mut all = headers.get_all(CONTENT_RANGE).iter();
    let first = all.next()?;
    if all.any(|other| other != first) {
        return None;
    }
    let value = text(headers, &CONTENT_RANGE)?;
    let value = value.strip_prefix("bytes").map(str::trim_start)?;
    let (range, total) = value.split_once('/')?;
    let (start, last) = range.split_once('-')?;
    let (start, last): (u64, u64) = (start.trim().parse().ok()?, last.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        number => Some(number.parse().ok()?),
    };
    let end = last.checked_add(1)?;
    let sound = start < end && total.is_none_or(|total| end <= total);
    sound.then_some(ContentRange { start, end, total })
}

/// Whether an answer that should be the whole names itself a part: RFC 9110, section 14.4, gives the field no meaning
/// there, but a body that begins elsewhere must not be taken for one that begins at 0.
pub(super) fn says_part(headers: &HeaderMap) -> bool {
    headers.contains_key(CONTENT_RANGE)
        && content_range(headers).is_none_or(|range| {
            range.start > 0 || range.total.is_some_and(|total| total != range.end)
        })
}

pub(super) fn content_length(headers: &HeaderMap) -> Option<u64> {
    text(headers, &CONTENT_LENGTH)?.parse().ok()
}

/// What the body was packed with, if it was.
pub(super) fn encoding(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(CONTENT_ENCODING).iter();
    all.map(|value| value.to_str().map_or("unreadable", str::trim))
        .find(|value| !value.is_empty() && !value.eq_ignore_ascii_case("identity"))
}

pub(super) fn accepts_ranges(headers: &HeaderMap) -> bool {
    text(headers, &ACCEPT_RANGES).is_some_and(|units| units.eq_ignore_ascii_case("bytes"))
}

/// Whether this is a web page that is not offered as a file.
pub(super) fn page(headers: &HeaderMap) -> bool {
    let begins = |name: &HeaderName, with: &str| {
        text(headers, name).is_some_and(|value| value.to_ascii_lowercase().starts_with(with))
    };
    begins(&CONTENT_TYPE, "text/html") && !begins(&CONTENT_DISPOSITION, "attachment")
}

/// What the body is said to be.
pub(super) fn kind(headers: &HeaderMap) -> portal::Kind {
    let attachment = text(headers, &CONTENT_DISPOSITION)
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("attachment"));
    portal::kind(text(headers, &CONTENT_TYPE).unwrap_or_default(), attachment)
}

/// A weak tag says nothing about bytes (RFC 9110, section 8.8.1) and is left out; a weak time is marked as one.
pub(super) fn identity(headers: &HeaderMap, total: Option<u64>) -> Identity {
    let etag = text(headers, &ETAG).filter(|tag| !tag.starts_with("W/") && !tag.is_empty());
    Identity {
        total,
        etag: etag.map(str::to_owned),
        modified: text(headers, &LAST_MODIFIED)
            .map(|said| likeness::last_modified(said, text(headers, &DATE))),
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
    // Rounded up, so as not to come early.
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
        for wrong in [
            "bytes */100",
            "bytes 9-5/100",
            "bytes 5-100/100",
            "items 5-9/100",
            "bytes 5-9",
            "bytes 5-18446744073709551615/*",
            "bytes -5/9",
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
    fn a_whole_that_names_itself_a_part_is_seen() {
        let says = |value| says_part(&with(CONTENT_RANGE, value));
        assert!(!says_part(&HeaderMap::new()) && !says("bytes 0-8/9") && !says("bytes 0-8/*"));
        assert!(says("bytes 4-8/9") && says("bytes 0-4/9") && says("nonsense"));
    }

    #[test]
    fn an_encoding_is_found_wherever_it_stands() {
        assert_eq!(encoding(&with(CONTENT_ENCODING, "identity")), None);
        let mut headers = with(CONTENT_ENCODING, "identity");
        headers.append(CONTENT_ENCODING, "gzip".parse().expect("a header value"));
        assert_eq!(encoding(&headers), Some("gzip"));
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
        assert_eq!(identity(&with(ETAG, "W/\"a\""), None).etag, None);
        assert_eq!(
            identity(&with(ETAG, "\"a\""), None).etag.as_deref(),
            Some("\"a\"")
        );
    }
}
