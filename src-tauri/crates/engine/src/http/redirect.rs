//! Where a redirect may lead, and what may go along. Pure.

use std::collections::HashSet;

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, PRAGMA, REFERER, USER_AGENT};
use url::Url;

use crate::core::link;
use crate::core::problem::Problem;

/// As many as browsers follow.
const MOST: usize = 20;

pub(super) fn is_one(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether a header given by the person may go to another origin: only what cannot be a credential.
pub(crate) fn travels(name: &str) -> bool {
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

/// The links one request has been led through.
#[derive(Debug)]
pub(super) struct Trail {
    /// With what the jar was like: a link that was left with a new cookie may be come back to.
    seen: HashSet<(u64, String)>,
}

impl Trail {
    pub(super) fn new(first: &Url) -> Self {
        Self {
            seen: HashSet::from([(0, first.to_string())]),
        }
    }

    /// The next link: http(s) only, never from https down to http, no circles, no endless chain.
    /// `cookies` is [`super::cookies::Jar::changes`].
    pub(super) fn follow(
        &mut self,
        from: &Url,
        place: &[u8],
        cookies: u64,
    ) -> Result<Url, Problem> {
        let host = link::host(from);
        let bad = || Problem::BadResponse { host: host.clone() };
        let place = std::str::from_utf8(place).map_err(|_| bad())?;
        let next = from.join(place).map_err(|_| bad())?;
        let unsafe_scheme = match (from.scheme(), next.scheme()) {
            (_, "https") | ("http", "http") => false,
            (_, _) => true,
        };
        if unsafe_scheme || !next.has_host() {
            return Err(Problem::UnsafeRedirect {
                host,
                scheme: next.scheme().to_owned(),
            });
        }
        if !self.seen.insert((cookies, next.to_string())) || self.seen.len() > MOST + 1 {
            return Err(Problem::TooManyRedirects { host });
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(from: &str, place: &str) -> Result<Url, Problem> {
        let from = Url::parse(from).expect("a link");
        Trail::new(&from).follow(&from, place.as_bytes(), 0)
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
    fn circles_and_endless_chains_end() {
        let mut at = Url::parse("http://a/0").expect("a link");
        let mut trail = Trail::new(&at);
        for n in 1..=MOST {
            at = trail
                .follow(&at, format!("/{n}").as_bytes(), 0)
                .expect("goes on");
        }
        assert!(trail.follow(&at, b"/21", 0).is_err());
        assert!(matches!(
            follow("http://a/x", "/x"),
            Err(Problem::TooManyRedirects { .. })
        ));
    }
}
