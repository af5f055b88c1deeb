//! Authentication at the URL's own origin or at a proxy: what to send, and whether a 401 or 407 can be answered.
//!
//! Basic is sent preemptively over https, otherwise only after a challenge; Digest is sent after a challenge, then with
//! each further request. One response per challenge, and one more if only the nonce was stale, so there is no endless
//! loop.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use data_encoding::HEXLOWER;
use parking_lot::{Mutex, MutexGuard};
use reqwest::header::{HeaderMap, HeaderValue, PROXY_AUTHENTICATE, WWW_AUTHENTICATE};
use url::{Position, Url};

use super::challenge;
use super::digest_auth::{DigestChallenge, Request};
use crate::domain::credentials::Credentials;

/// Credentials, and the scheme that the server is known to require.
#[derive(Debug)]
pub(super) struct Authenticator {
    credentials: Credentials,
    scheme: Mutex<Scheme>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Scheme {
    Unasked,
    Basic,
    /// With the number of uses of its nonce.
    Digest(DigestChallenge, u32),
}

/// What was sent with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SentCredentials {
    Nothing,
    Basic,
    /// With this nonce.
    Digest(String),
}

impl Authenticator {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            scheme: Mutex::new(Scheme::Unasked),
        }
    }

    fn scheme(&self) -> MutexGuard<'_, Scheme> {
        // A value is only ever replaced whole.
        self.scheme.lock()
    }

    /// The header value for a GET of `url`, if there is one to send.
    pub(super) fn authorization(&self, url: &Url) -> (SentCredentials, Option<HeaderValue>) {
        let uri = &url[Position::BeforePath..Position::AfterQuery];
        self.header_for(Request { method: "GET", uri }, url.scheme() == "https")
    }

    /// The same for the proxy through which `url` is requested; the client sends it Basic by itself.
    pub(super) fn proxy_authorization(&self, url: &Url) -> (SentCredentials, Option<HeaderValue>) {
        let uri = &url[..Position::AfterQuery];
        match self.header_for(Request { method: "GET", uri }, false) {
            (SentCredentials::Nothing, none) => (SentCredentials::Basic, none),
            said => said,
        }
    }

    fn header_for(
        &self,
        request: Request<'_>,
        at_once: bool,
    ) -> (SentCredentials, Option<HeaderValue>) {
        let mut scheme = self.scheme();
        let (sent, field) = match &mut *scheme {
            Scheme::Unasked if !at_once => return (SentCredentials::Nothing, None),
            Scheme::Unasked | Scheme::Basic => (SentCredentials::Basic, self.basic()),
            Scheme::Digest(digest, count) => {
                *count += 1;
                let field = digest.respond(&self.credentials, request, *count, &new_cnonce());
                (SentCredentials::Digest(digest.nonce.clone()), field)
            }
        };
        match HeaderValue::try_from(field) {
            Ok(mut field) => {
                field.set_sensitive(true);
                (sent, Some(field))
            }
            Err(_) => (SentCredentials::Nothing, None),
        }
    }

    fn basic(&self) -> String {
        let Credentials { user, password } = &self.credentials;
        let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
        format!("Basic {pair}")
    }

    /// Whether a retry can help after a 401 or 407 in response to a request with `sent`; `answered` counts the
    /// challenges answered for this request before.
    pub(super) fn on_challenge(
        &self,
        headers: &HeaderMap,
        sent: &SentCredentials,
        answered: u32,
    ) -> bool {
        let (best, basic) = offered(headers);
        let again = match (&best, sent) {
            (Some(digest), SentCredentials::Digest(_)) if answered > 0 => {
                digest.stale && answered == 1
            }
            (Some(digest), SentCredentials::Digest(nonce)) => {
                digest.stale || digest.nonce != *nonce
            }
            (Some(_), SentCredentials::Nothing | SentCredentials::Basic)
            | (None, SentCredentials::Nothing) => answered == 0,
            (None, SentCredentials::Basic | SentCredentials::Digest(_)) => false,
        };
        match best {
            Some(digest) => *self.scheme() = Scheme::Digest(digest, 0),
            None if basic => *self.scheme() = Scheme::Basic,
            None => return false,
        }
        again
    }

    /// The header value for a CONNECT to `authority`, with the nonce of the 407; `answered` counts the challenges
    /// answered for this tunnel before. `None` if Digest cannot help.
    pub(super) fn for_tunnel(
        &self,
        headers: &HeaderMap,
        authority: &str,
        answered: u32,
    ) -> Option<HeaderValue> {
        let digest = offered(headers).0?;
        if answered > 0 && !(digest.stale && answered == 1) {
            return None;
        }
        let request = Request {
            method: "CONNECT",
            uri: authority,
        };
        let field = digest.respond(&self.credentials, request, 1, &new_cnonce());
        let mut field = HeaderValue::try_from(field).ok()?;
        field.set_sensitive(true);
        Some(field)
    }
}

/// The strongest supported Digest challenge, and whether Basic is offered.
fn offered(headers: &HeaderMap) -> (Option<DigestChallenge>, bool) {
    let fields = [WWW_AUTHENTICATE, PROXY_AUTHENTICATE].map(|name| headers.get_all(name));
    let all = fields
        .iter()
        .flatten()
        .flat_map(|field| challenge::read(&String::from_utf8_lossy(field.as_bytes())));
    let mut basic = false;
    let mut best: Option<DigestChallenge> = None;
    for one in all {
        basic |= one.scheme == "basic";
        if let Some(digest) = DigestChallenge::from_challenge(&one)
            && best.as_ref().is_none_or(|best| digest.stronger_than(best))
        {
            best = Some(digest);
        }
    }
    (best, basic)
}

/// Unpredictable, so that no server can choose what is hashed (RFC 7616, section 5.9).
fn new_cnonce() -> String {
    let mut bytes = [0; 16];
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let filled = provider.secure_random.fill(&mut bytes);
    filled.expect("the system gives randomness");
    HEXLOWER.encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Authenticator {
        Authenticator::new(Credentials {
            user: "Aladdin".into(),
            password: "open sesame".into(),
        })
    }

    fn asked(field: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.append(WWW_AUTHENTICATE, field.parse().expect("a header value"));
        headers
    }

    fn link(text: &str) -> Url {
        Url::parse(text).expect("a link")
    }

    // The pair is the example of RFC 7617, section 2.
    #[test]
    fn basic_goes_at_once_over_https_and_else_when_asked_for() {
        let login = login();
        let basic = Some(
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
                .parse()
                .expect("a value"),
        );
        assert_eq!(
            login.authorization(&link("http://h/")),
            (SentCredentials::Nothing, None)
        );
        assert_eq!(
            login.authorization(&link("https://h/")),
            (SentCredentials::Basic, basic.clone())
        );
        assert!(login.on_challenge(&asked("Basic realm=\"r\""), &SentCredentials::Nothing, 0));
        assert_eq!(
            login.authorization(&link("http://h/")),
            (SentCredentials::Basic, basic)
        );
        assert!(!login.on_challenge(&asked("Basic realm=\"r\""), &SentCredentials::Basic, 1));
        assert!(!login.on_challenge(&asked("Basic realm=\"r\""), &SentCredentials::Basic, 0));
    }

    #[test]
    fn the_strongest_challenge_is_answered_once_and_once_more_when_stale() {
        let login = login();
        let mut all = asked("Digest realm=\"r\", nonce=\"m\", qop=auth");
        let strong = "Digest realm=\"r\", nonce=\"s\", qop=auth, algorithm=SHA-256";
        all.append(WWW_AUTHENTICATE, strong.parse().expect("a value"));
        all.append(
            WWW_AUTHENTICATE,
            "Basic realm=\"r\"".parse().expect("a value"),
        );
        assert!(login.on_challenge(&all, &SentCredentials::Basic, 0));
        let (sent, field) = login.authorization(&link("http://h/a?b#c"));
        assert_eq!(sent, SentCredentials::Digest("s".into()));
        let field = field.expect("a field");
        let text = field.to_str().expect("text");
        assert!(
            text.contains("uri=\"/a?b\"") && text.contains("nc=00000001"),
            "{text}"
        );
        let stale = asked("Digest realm=\"r\", nonce=\"t\", qop=auth, stale=TRUE");
        assert!(
            !login.on_challenge(&all, &sent, 1),
            "a wrong password is not tried again"
        );
        assert!(login.on_challenge(&stale, &sent, 1));
        assert!(!login.on_challenge(&stale, &SentCredentials::Digest("t".into()), 2));
    }

    #[test]
    fn a_nonce_that_was_used_before_may_have_grown_old() {
        let login = login();
        let next = asked("Digest realm=\"r\", nonce=\"new\", qop=auth");
        assert!(login.on_challenge(&next, &SentCredentials::Digest("old".into()), 0));
        assert!(!login.on_challenge(&next, &SentCredentials::Digest("new".into()), 0));
    }

    #[test]
    fn what_cannot_be_answered_is_not_asked_again() {
        let login = login();
        assert!(!login.on_challenge(&HeaderMap::new(), &SentCredentials::Nothing, 0));
        assert!(!login.on_challenge(&asked("Negotiate"), &SentCredentials::Nothing, 0));
    }
}
