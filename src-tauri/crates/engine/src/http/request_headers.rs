//! Header fields that the user gives for a request: which can be sent, and which are reserved. Pure.

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, RANGE, TRANSFER_ENCODING,
};

/// Fields that the user's headers never set. The engine compares responses itself: with conditional requests the server
/// would do it, and some return a 304 or the whole file for an ETag that only another of their machines knows.
pub(super) const RESERVED_HEADERS: [HeaderName; 6] = [
    RANGE,
    IF_MATCH,
    IF_NONE_MATCH,
    IF_MODIFIED_SINCE,
    IF_UNMODIFIED_SINCE,
    IF_RANGE,
];

/// A field as it is sent (RFC 9110, sections 5.1 and 5.5): blanks around name and value are not part of it. `None` for
/// what would not arrive as intended: a name that is not a token, a value with control characters, and the two fields
/// that say where a request ends.
pub(super) fn parse(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let blanks = [' ', '\t'];
    let name = HeaderName::from_bytes(name.trim_matches(blanks).as_bytes()).ok()?;
    let value = HeaderValue::from_bytes(value.trim_matches(blanks).as_bytes()).ok()?;
    let framing = name == CONTENT_LENGTH || name == TRANSFER_ENCODING;
    (!framing).then_some((name, value))
}

/// Whether a request can carry this header as the user gives it.
pub fn is_sendable_header(name: &str, value: &str) -> bool {
    parse(name, value).is_some()
}

/// Whether the engine controls this header itself, whatever the user gives.
pub fn is_reserved_header(name: &str) -> bool {
    let name = name.trim();
    let reserved = RESERVED_HEADERS.iter().chain([&ACCEPT_ENCODING]);
    reserved
        .into_iter()
        .any(|one| one.as_str().eq_ignore_ascii_case(name))
}

/// Name of the first of these headers that cannot be sent.
pub(crate) fn first_unsendable(headers: &[(String, String)]) -> Option<&str> {
    headers
        .iter()
        .find(|(name, value)| !is_sendable_header(name, value))
        .map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_sendable_if_it_would_arrive_as_it_was_given() {
        for (name, value) in [
            ("X-Token", "s"),
            (" x-token ", "\ts "),
            ("X", ""),
            ("X", "J\u{fc}rgen \u{4f60}"),
            ("X", "a\tb"),
            ("!#$%&'*+-.^_`|~", "1"),
        ] {
            assert!(is_sendable_header(name, value), "{name:?}: {value:?}");
        }
        for (name, value) in [
            ("X Token", "s"),
            ("", "s"),
            (" ", "s"),
            ("X\r\nY", "s"),
            ("X-\u{fc}", "s"),
            ("X(1)", "s"),
            ("X-A", "1\r\nX-B: 2"),
            ("X-A", "1\n"),
            ("X-A", "1\r"),
            ("X-A", "\0"),
            ("X-A", "\u{7f}"),
            ("Content-Length", "5"),
            ("transfer-encoding", "chunked"),
        ] {
            assert!(!is_sendable_header(name, value), "{name:?}: {value:?}");
        }
    }

    #[test]
    fn the_value_of_a_header_goes_as_the_bytes_that_were_given() {
        let (_, value) = parse("X", " \u{fc} ").expect("it can be sent");
        assert_eq!(value.as_bytes(), "\u{fc}".as_bytes());
    }
}
