//! Cookies that servers set while one file is requested (RFC 6265): kept for one attempt, sent where they match. Pure;
//! the clock is passed in.
//!
//! Has no public suffix list: as a jar lives for one attempt, a cookie for a whole suffix reaches only hosts of the
//! same redirect chain.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, SET_COOKIE};
use url::Url;

/// Cookies of one jar, and bytes of one cookie, at most (RFC 6265, section 6.1, asks for as much per host).
const MAX_COOKIES: usize = 50;
const MAX_COOKIE_LEN: usize = 4096;
/// Bytes of a Path attribute (RFC 6265bis, section 5.6), and of all cookies of a jar including domains and paths.
const MAX_PATH: usize = 1024;
const MAX_JAR: usize = 256 << 10;
/// Bytes that a jar contributes to one Cookie field, the same as in curl: many servers accept no longer ones.
const MAX_FIELD: usize = 8190;

/// A cookie and its scope (RFC 6265, section 5.3).
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie {
    pub name: String,
    pub value: String,
    /// In lower case, without a leading dot.
    pub domain: String,
    /// Set without a Domain attribute: for exactly that host.
    pub host_only: bool,
    pub path: String,
    /// For https only.
    pub secure: bool,
    /// `None`: valid until the process ends.
    pub expires: Option<SystemTime>,
}

/// Redacted: without name and value.
impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cookie({}{})", self.domain, self.path)
    }
}

impl Cookie {
    fn size(&self) -> usize {
        let texts = [&self.name, &self.value, &self.domain, &self.path];
        texts.iter().map(|text| text.len()).sum()
    }

    fn belongs_to(&self, url: &Url, now: SystemTime) -> bool {
        let host = url.host_str().unwrap_or_default();
        let host_fits = if self.host_only {
            self.domain == host
        } else {
            domain_matches(host, &self.domain)
        };
        host_fits
            && path_matches(url.path(), &self.path)
            && (!self.secure || url.scheme() == "https")
            && self.expires.is_none_or(|at| at > now)
    }
}

/// The cookies from the user's `file` that match `url`. Names in `header` (the user's Cookie header) and in `set` (set
/// by servers) take precedence over them.
pub(super) fn of_file<'a>(
    file: &'a [Cookie],
    url: &Url,
    now: SystemTime,
    header: &str,
    set: &[(&str, &str)],
) -> Vec<(&'a str, &'a str)> {
    let given = |name: &str| {
        let names = header.split(';').filter_map(|pair| pair.split_once('='));
        names.into_iter().any(|(other, _)| other.trim() == name)
    };
    file.iter()
        .filter(|cookie| cookie.belongs_to(url, now) && !given(&cookie.name))
        .map(|cookie| (cookie.name.as_str(), cookie.value.as_str()))
        .filter(|(name, _)| !set.iter().any(|(other, _)| other == name))
        .collect()
}

/// Cookies in the order in which they were first set.
#[derive(Debug, Default)]
pub(super) struct CookieJar {
    cookies: Vec<Cookie>,
}

impl CookieJar {
    /// Stores the cookies that a response to a request for `url` sets.
    pub(super) fn store(&mut self, url: &Url, headers: &HeaderMap, now: SystemTime) {
        for field in headers.get_all(SET_COOKIE) {
            let text = String::from_utf8_lossy(field.as_bytes());
            if let Some(cookie) = read(&text, url, now) {
                self.put(cookie, url, now);
            }
        }
    }

    fn put(&mut self, cookie: Cookie, url: &Url, now: SystemTime) {
        let ended = cookie.expires.is_some_and(|at| at <= now);
        let same = |old: &Cookie| {
            old.name == cookie.name && old.domain == cookie.domain && old.path == cookie.path
        };
        let found = self.cookies.iter().position(same);
        let others = self.cookies.iter().enumerate();
        let others = others.filter(|(at, _)| found != Some(*at));
        let bytes: usize = others.map(|(_, other)| other.size()).sum();
        let fits = bytes + cookie.size() <= MAX_JAR;
        match found {
            Some(at) if ended => {
                self.cookies.remove(at);
            }
            // A response over http must not change a cookie that is for https only.
            Some(at) if self.cookies[at].secure && url.scheme() != "https" => {}
            Some(at) if fits => self.cookies[at] = cookie,
            None if !ended && fits && self.cookies.len() < MAX_COOKIES => self.cookies.push(cookie),
            Some(_) | None => {}
        }
    }

    /// Name and value of each cookie for a request for `url`, longer paths first (section 5.4), up to [`MAX_FIELD`].
    pub(super) fn matching(&self, url: &Url, now: SystemTime) -> Vec<(&str, &str)> {
        let all = self.cookies.iter();
        let mut found: Vec<&Cookie> = all.filter(|cookie| cookie.belongs_to(url, now)).collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut left = MAX_FIELD;
        found.retain(|cookie| {
            // Including the equals sign and the separator.
            let length = cookie.name.len() + cookie.value.len() + "=; ".len();
            let fits = length <= left;
            left -= if fits { length } else { 0 };
            fits
        });
        found
            .into_iter()
            .map(|cookie| (cookie.name.as_str(), cookie.value.as_str()))
            .collect()
    }
}

/// The Cookie field: the user's `given` cookies, except those that are also in `set`, then `set`.
pub(super) fn join(given: &str, set: &[(&str, &str)]) -> String {
    let name = |pair: &str| {
        pair.split_once('=')
            .map_or("", |(name, _)| name)
            .trim()
            .to_owned()
    };
    let mut pairs: Vec<String> = given
        .split(';')
        .map(|pair| pair.trim().to_owned())
        .filter(|pair| !pair.is_empty() && !set.iter().any(|(set, _)| *set == name(pair)))
        .collect();
    pairs.extend(set.iter().map(|(name, value)| format!("{name}={value}")));
    pairs.join("; ")
}

/// Parses one Set-Cookie field (section 5.2); `None` if it is invalid or the host may not set it.
fn read(text: &str, url: &Url, now: SystemTime) -> Option<Cookie> {
    let host = url.host_str()?;
    let mut parts = text.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty()
        || name.len() + value.len() > MAX_COOKIE_LEN
        || text.contains(char::is_control)
    {
        return None;
    }
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        domain: host.to_owned(),
        host_only: true,
        path: default_path(url.path()),
        secure: false,
        expires: None,
    };
    let mut age = None;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" => {
                let domain = value.trim_start_matches('.').to_ascii_lowercase();
                if domain.is_empty() {
                    continue;
                }
                let sane =
                    domain == host || (domain.contains('.') && domain_matches(host, &domain));
                if !sane {
                    return None;
                }
                cookie.host_only = false;
                cookie.domain = domain;
            }
            "path" if value.starts_with('/') && value.len() <= MAX_PATH => {
                cookie.path = value.to_owned()
            }
            "secure" => cookie.secure = true,
            "max-age" => {
                let seconds = value.parse::<i64>().ok();
                // Clamped to one year; zero or less means expired (RFC 6265, section 5.2.2).
                age = seconds.map(|n| u64::try_from(n).unwrap_or(0).min(31_536_000));
            }
            "expires" => cookie.expires = date(value),
            _ => {}
        }
    }
    if let Some(age) = age {
        cookie.expires = Some(now + Duration::from_secs(age));
    }
    (!cookie.secure || url.scheme() == "https").then_some(cookie)
}

/// Also accepts dates with hyphens.
fn date(text: &str) -> Option<SystemTime> {
    let read = httpdate::parse_http_date(text);
    read.or_else(|_| httpdate::parse_http_date(&text.replace('-', " ")))
        .ok()
}

/// RFC 6265, section 5.1.3.
fn domain_matches(host: &str, domain: &str) -> bool {
    let numeric = host.parse::<IpAddr>().is_ok() || host.starts_with('[');
    host == domain
        || (!numeric
            && host
                .strip_suffix(domain)
                .is_some_and(|before| before.ends_with('.')))
}

/// RFC 6265, section 5.1.4.
fn path_matches(path: &str, of: &str) -> bool {
    path.strip_prefix(of)
        .is_some_and(|rest| rest.is_empty() || of.ends_with('/') || rest.starts_with('/'))
}

fn default_path(path: &str) -> String {
    match path.rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(at) => path[..at].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn sent(from: &str, fields: &[&str], to: &str) -> String {
        let mut jar = CookieJar::default();
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(SET_COOKIE, field.parse().expect("a header value"));
        }
        let link = |text| Url::parse(text).expect("a link");
        jar.store(&link(from), &headers, NOW);
        join("", &jar.matching(&link(to), NOW))
    }

    #[test]
    fn a_cookie_goes_where_its_domain_path_and_security_let_it() {
        let from = "https://www.example.org/a/b";
        for (field, to, expected) in [
            ("s=1", "https://www.example.org/a/c", "s=1"),
            ("s=1", "https://www.example.org/a", "s=1"),
            ("s=1", "https://www.example.org/ab", ""),
            ("s=1", "https://example.org/a/c", ""),
            ("s=1; path=/", "http://www.example.org/x", "s=1"),
            ("s=1; path=/; Secure", "http://www.example.org/x", ""),
            ("s=1; path=/; Secure", "https://www.example.org/x", "s=1"),
            (
                "s=1; path=/; domain=.example.org",
                "https://cdn.example.org/",
                "s=1",
            ),
            (
                "s=1; path=/; domain=example.org",
                "https://notexample.org/",
                "",
            ),
            ("s=1; path=/; domain=other.org", "https://other.org/", ""),
            ("s=1; path=/; domain=org", "https://other.org/", ""),
            ("s=1; path=/; max-age=0", "https://www.example.org/", ""),
            ("s=1; path=/; max-age=9", "https://www.example.org/", "s=1"),
            (
                "s=1; path=/; expires=Wed, 01-Jan-1969 00:00:00 GMT",
                "https://www.example.org/",
                "s=1",
            ),
            (
                "s=1; path=/; expires=Thu, 01-Jan-1970 00:00:00 GMT",
                "https://www.example.org/",
                "",
            ),
            ("s=a=b; path=/", "https://www.example.org/", "s=a=b"),
            ("=1; path=/", "https://www.example.org/", ""),
        ] {
            assert_eq!(sent(from, &[field], to), expected, "{field} to {to}");
        }
        assert_eq!(
            sent("http://h/", &["s=1; Secure"], "https://h/"),
            "",
            "not set by a plain answer"
        );
        assert_eq!(
            sent(
                "http://127.0.0.1/",
                &["s=1; domain=0.0.1"],
                "http://127.0.0.1/"
            ),
            ""
        );
    }

    #[test]
    fn a_cookie_is_replaced_and_ended_by_its_name_and_a_jar_is_bounded() {
        let mut jar = CookieJar::default();
        let link = Url::parse("http://h/").expect("a link");
        let mut set = |field: &str| {
            let mut headers = HeaderMap::new();
            headers.append(SET_COOKIE, field.parse().expect("a header value"));
            jar.store(&link, &headers, NOW);
            let kept = jar.cookies.iter().map(|one| one.value.clone());
            kept.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(set("a=1"), "1");
        assert_eq!(set("a=2"), "2");
        assert_eq!(set("a=; max-age=-1"), "");
        assert_eq!(set("a=; max-age=0"), "");
        set(&format!("long={}", "x".repeat(MAX_COOKIE_LEN)));
        for n in 0..100 {
            set(&format!("n{n}=x"));
        }
        assert_eq!(
            jar.cookies.len(),
            MAX_COOKIES,
            "a server cannot fill the memory"
        );
    }

    #[test]
    fn the_bytes_of_a_jar_and_of_what_it_sends_are_bounded() {
        let mut jar = CookieJar::default();
        let path = format!("/{}", "p".repeat(20_000));
        let from = Url::parse(&format!("http://h{path}/x")).expect("a link");
        let mut headers = HeaderMap::new();
        for n in 0..MAX_COOKIES {
            let field = format!("n{n}={}", "x".repeat(4000));
            headers.append(SET_COOKIE, field.parse().expect("a header value"));
        }
        jar.store(&from, &headers, NOW);
        let size: usize = jar.cookies.iter().map(Cookie::size).sum();
        assert!((MAX_JAR / 2..=MAX_JAR).contains(&size), "{size}");
        headers.clear();
        let long = format!("n0={}", "y".repeat(4090));
        headers.append(SET_COOKIE, long.parse().expect("a header value"));
        headers.append(SET_COOKIE, "s=1; path=/".parse().expect("a header value"));
        jar.store(&from, &headers, NOW);
        let field = join("", &jar.matching(&from, NOW));
        assert!((8000..=MAX_FIELD).contains(&field.len()), "{}", field.len());
        assert!(field.ends_with("s=1"), "small ones still have room");
    }

    #[test]
    fn a_path_that_is_too_long_is_none() {
        let long = format!("/{}", "p".repeat(MAX_PATH));
        let field = format!("s=1; path={long}");
        assert_eq!(sent("http://h/a/b", &[&field], "http://h/a/c"), "s=1");
        let field = format!("s=1; path={}", &long[..MAX_PATH]);
        assert_eq!(sent("http://h/a/b", &[&field], "http://h/a/c"), "");
    }

    #[test]
    fn what_a_server_sets_goes_before_what_was_given() {
        assert_eq!(join("a=1; b=2", &[("b", "3"), ("c", "4")]), "a=1; b=3; c=4");
        assert_eq!(join("", &[]), "");
    }
}
