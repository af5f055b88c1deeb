//! Where a redirect may lead, and which headers may be sent there. Pure.

use percent_encoding::percent_encode_byte;
use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, HeaderMap, LOCATION, PRAGMA, REFERER, USER_AGENT,
};
use url::Url;

use crate::domain::download_url;
use crate::domain::problem::Problem;

/// As many as browsers follow.
const MAX_REDIRECTS: usize = 20;

/// Whether a response is a redirect. One without a Location is a response like any other.
pub(super) fn leads(status: StatusCode, fields: &HeaderMap) -> bool {
    matches!(status.as_u16(), 300..=303 | 307 | 308) && place(fields).is_some()
}

/// Of several Location fields, the first that is not empty, as in browsers.
fn place(fields: &HeaderMap) -> Option<&[u8]> {
    let all = fields.get_all(LOCATION).into_iter();
    all.map(|value| value.as_bytes().trim_ascii())
        .find(|place| !place.is_empty())
}

/// Whether a header of the user's may be sent to another origin: only those that cannot hold a credential.
pub(crate) fn is_safe_cross_origin(name: &str) -> bool {
    [
        USER_AGENT,
        REFERER,
        ACCEPT,
        ACCEPT_LANGUAGE,
        CACHE_CONTROL,
        PRAGMA,
    ]
    .iter()
    .any(|one| one.as_str().eq_ignore_ascii_case(name.trim()))
}

/// The redirects that one request has followed.
#[derive(Debug, Default)]
pub(super) struct RedirectChain {
    /// Redirects followed.
    steps: usize,
}

impl RedirectChain {
    /// The next URL: http(s) only, never from https down to http. The same URL may come again, as a server may redirect
    /// to it until the file is ready; an endless chain stops at [`MAX_REDIRECTS`] (RFC 9110, section 15.4).
    pub(super) fn follow(&mut self, from: &Url, fields: &HeaderMap) -> Result<Url, Problem> {
        let host = download_url::host_with_port(from);
        let bad = || Problem::BadResponse { host: host.clone() };
        let place = place(fields).ok_or_else(bad)?;
        let next = from.join(&escaped(place)).map_err(|_| bad())?;
        let unsafe_scheme = match (from.scheme(), next.scheme()) {
            (_, "https") | ("http", "http") => false,
            (_, _) => true,
        };
        if unsafe_scheme || !next.has_host() {
            return Err(Problem::UnsafeRedirect {
                host,
                scheme: download_url::scheme(&next),
            });
        }
        self.steps += 1;
        if self.steps > MAX_REDIRECTS {
            return Err(Problem::TooManyRedirects { host });
        }
        Ok(next)
    }
}

/// Percent-encodes the bytes that no URL contains (RFC 3986, section 2) one by one: whatever charset they are in, the
/// server knows it. The rest, including surrounding blanks, is left to the URL parser.
fn escaped(place: &[u8]) -> String {
    let mut text = String::with_capacity(place.len());
    for byte in place {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            text.push_str(percent_encode_byte(*byte));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn led(from: &Url, place: &[u8]) -> Result<Url, Problem> {
        let place = HeaderValue::from_bytes(place).expect("a header value");
        RedirectChain::default().follow(from, &HeaderMap::from_iter([(LOCATION, place)]))
    }

    fn follow(from: &str, place: &str) -> Result<Url, Problem> {
        led(&Url::parse(from).expect("a link"), place.as_bytes())
    }

    #[test]
    fn a_redirect_may_go_up_to_https_but_never_down_or_elsewhere() {
        assert!(follow("http://a/x", "https://b/y").is_ok());
        assert!(follow("https://a/x", "/y").is_ok());
        for place in ["http://a/y", "file:///etc/passwd", "ftp://a/", "data:,x"] {
            let led = follow("https://a/x", place);
            assert!(
                matches!(led, Err(Problem::UnsafeRedirect { .. })),
                "{place}"
            );
        }
    }

    #[test]
    fn a_place_of_a_long_scheme_is_told_in_a_few_letters() {
        let led = follow("http://a/x", &format!("{}:y", "z".repeat(5_000)));
        let Err(Problem::UnsafeRedirect { scheme, .. }) = led else {
            panic!("{led:?}");
        };
        assert_eq!(scheme, format!("{}…", "z".repeat(32)));
    }

    #[test]
    fn a_place_is_read_as_browsers_read_it() {
        let from = Url::parse("http://a/b/c?q").expect("a link");
        for (place, expected) in [
            (&b"/\xba\xda.txt"[..], "http://a/%BA%DA.txt"),
            ("/\u{e9}?\u{e9}".as_bytes(), "http://a/%C3%A9?%C3%A9"),
            (b"/a b\tc", "http://a/a%20bc"),
            (b"  /x  ", "http://a/x"),
            (b"\\x\\y", "http://a/x/y"),
            (b"?x", "http://a/b/c?x"),
            (b"#f", "http://a/b/c?q#f"),
            (b"//h/x", "http://h/x"),
            (b"d", "http://a/b/d"),
            (b"../d", "http://a/d"),
            (b"/%zz%41", "http://a/%zz%41"),
            (b"http:/x", "http://a/x"),
            (b"HTTP://H:80/x", "http://h/x"),
        ] {
            let found = led(&from, place).expect("it leads somewhere");
            assert_eq!(found.as_str(), expected, "{}", place.escape_ascii());
        }
    }

    #[test]
    fn only_a_place_leads_elsewhere() {
        let leads = |status: u16, places: &[&str]| {
            let mut fields = HeaderMap::new();
            for place in places {
                fields.append(LOCATION, place.parse().expect("a header value"));
            }
            let status = StatusCode::from_u16(status).expect("a status");
            leads(status, &fields)
        };
        for status in [300, 301, 302, 303, 307, 308] {
            assert!(leads(status, &["/x"]) && leads(status, &["", "/x", "/y"]));
            assert!(!leads(status, &[]) && !leads(status, &["", " "]));
        }
        for status in [200, 201, 304, 305, 306, 404] {
            assert!(!leads(status, &["/x"]), "{status}");
        }
    }

    #[test]
    fn endless_chains_end_and_the_same_link_may_come_again() {
        let from = Url::parse("http://a/0").expect("a link");
        let place = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static("/0"))]);
        let mut trail = RedirectChain::default();
        for _ in 0..MAX_REDIRECTS {
            assert_eq!(trail.follow(&from, &place).expect("goes on"), from);
        }
        let end = trail.follow(&from, &place);
        assert!(matches!(end, Err(Problem::TooManyRedirects { .. })));
    }
}
