//! Signing in at the link's own origin, or at a proxy: what to send, and whether a 401 or 407 can be answered.
//!
//! Basic goes at once over https, else only when asked for; Digest goes when asked for, then with each further request.
//! One answer for each challenge, and one more when only the nonce was too old: this never goes round in circles.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{HeaderMap, HeaderValue, PROXY_AUTHENTICATE, WWW_AUTHENTICATE};
use url::{Position, Url};

use super::challenge;
use super::digest::{Digest, Request};
use crate::core::credentials::Credentials;

/// Name, password, and what the server is known to want.
#[derive(Debug)]
pub(super) struct Login {
    credentials: Credentials,
    scheme: Mutex<Scheme>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Scheme {
    Unasked,
    Basic,
    /// With how often its nonce has been used.
    Digest(Digest, u32),
}

/// What was sent with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sent {
    Nothing,
    Basic,
    /// For this nonce.
    Digest(String),
}

impl Login {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            scheme: Mutex::new(Scheme::Unasked),
        }
    }

    fn scheme(&self) -> MutexGuard<'_, Scheme> {
        // A value is only ever replaced whole.
        self.scheme.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The field for a GET of `url`, when there is one to send.
    pub(super) fn field(&self, url: &Url) -> (Sent, Option<HeaderValue>) {
        let uri = &url[Position::BeforePath..Position::AfterQuery];
        self.answer(Request { method: "GET", uri }, url.scheme() == "https")
    }

    /// The same for the proxy that `url` is asked of, which is given Basic by the client.
    pub(super) fn at_proxy(&self, url: &Url) -> (Sent, Option<HeaderValue>) {
        let uri = &url[..Position::AfterQuery];
        match self.answer(Request { method: "GET", uri }, false) {
            (Sent::Nothing, none) => (Sent::Basic, none),
            said => said,
        }
    }

    fn answer(&self, request: Request<'_>, at_once: bool) -> (Sent, Option<HeaderValue>) {
        let mut scheme = self.scheme();
        let (sent, field) = match &mut *scheme {
            Scheme::Unasked if !at_once => return (Sent::Nothing, None),
            Scheme::Unasked | Scheme::Basic => (Sent::Basic, self.basic()),
            Scheme::Digest(digest, count) => {
                *count += 1;
                let field = digest.answer(&self.credentials, request, *count, &fresh());
                (Sent::Digest(digest.nonce.clone()), field)
            }
        };
        match HeaderValue::try_from(field) {
            Ok(mut field) => {
                field.set_sensitive(true);
                (sent, Some(field))
            }
            Err(_) => (Sent::Nothing, None),
        }
    }

    fn basic(&self) -> String {
        let Credentials { user, password } = &self.credentials;
        let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
        format!("Basic {pair}")
    }

    /// Whether asking again can help after a 401 or 407 that came although `sent` was; `answered` counts the challenges
    /// answered for this question before.
    pub(super) fn challenged(&self, headers: &HeaderMap, sent: &Sent, answered: u32) -> bool {
        let (best, basic) = offered(headers);
        let again = match (&best, sent) {
            (Some(digest), Sent::Digest(_)) if answered > 0 => digest.stale && answered == 1,
            (Some(digest), Sent::Digest(nonce)) => digest.stale || digest.nonce != *nonce,
            (Some(_), Sent::Nothing | Sent::Basic) | (None, Sent::Nothing) => answered == 0,
            (None, Sent::Basic | Sent::Digest(_)) => false,
        };
        match best {
            Some(digest) => *self.scheme() = Scheme::Digest(digest, 0),
            None if basic => *self.scheme() = Scheme::Basic,
            None => return false,
        }
        again
    }

    /// The field for a CONNECT to `authority`, with the nonce of the 407 that came; `answered` counts the challenges
    /// answered for this tunnel before. `None` where no Digest can help.
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
        let field = digest.answer(&self.credentials, request, 1, &fresh());
        let mut field = HeaderValue::try_from(field).ok()?;
        field.set_sensitive(true);
        Some(field)
    }
}

/// The strongest Digest that can be answered, and whether Basic can be.
fn offered(headers: &HeaderMap) -> (Option<Digest>, bool) {
    let fields = [WWW_AUTHENTICATE, PROXY_AUTHENTICATE].map(|name| headers.get_all(name));
    let all = fields
        .iter()
        .flatten()
        .flat_map(|field| challenge::read(&String::from_utf8_lossy(field.as_bytes())));
    let mut basic = false;
    let mut best: Option<Digest> = None;
    for one in all {
        basic |= one.scheme == "basic";
        if let Some(digest) = Digest::of(&one)
            && best.as_ref().is_none_or(|best| digest.stronger_than(best))
        {
            best = Some(digest);
        }
    }
    (best, basic)
}

/// Randomness that nobody can foresee, so that no server can choose what is hashed (RFC 7616, section 5.9).
fn fresh() -> String {
    let mut bytes = [0; 16];
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let filled = provider.secure_random.fill(&mut bytes);
    filled.expect("the system gives randomness");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        Login::new(Credentials {
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
        assert_eq!(login.field(&link("http://h/")), (Sent::Nothing, None));
        assert_eq!(
            login.field(&link("https://h/")),
            (Sent::Basic, basic.clone())
        );
        assert!(login.challenged(&asked("Basic realm=\"r\""), &Sent::Nothing, 0));
        assert_eq!(login.field(&link("http://h/")), (Sent::Basic, basic));
        assert!(!login.challenged(&asked("Basic realm=\"r\""), &Sent::Basic, 1));
        assert!(!login.challenged(&asked("Basic realm=\"r\""), &Sent::Basic, 0));
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
        assert!(login.challenged(&all, &Sent::Basic, 0));
        let (sent, field) = login.field(&link("http://h/a?b#c"));
        assert_eq!(sent, Sent::Digest("s".into()));
        let field = field.expect("a field");
        let text = field.to_str().expect("text");
        assert!(
            text.contains("uri=\"/a?b\"") && text.contains("nc=00000001"),
            "{text}"
        );
        let stale = asked("Digest realm=\"r\", nonce=\"t\", qop=auth, stale=TRUE");
        assert!(
            !login.challenged(&all, &sent, 1),
            "a wrong password is not tried again"
        );
        assert!(login.challenged(&stale, &sent, 1));
        assert!(!login.challenged(&stale, &Sent::Digest("t".into()), 2));
    }

    #[test]
    fn a_nonce_that_was_used_before_may_have_grown_old() {
        let login = login();
        let next = asked("Digest realm=\"r\", nonce=\"new\", qop=auth");
        assert!(login.challenged(&next, &Sent::Digest("old".into()), 0));
        assert!(!login.challenged(&next, &Sent::Digest("new".into()), 0));
    }

    #[test]
    fn what_cannot_be_answered_is_not_asked_again() {
        let login = login();
        assert!(!login.challenged(&HeaderMap::new(), &Sent::Nothing, 0));
        assert!(!login.challenged(&asked("Negotiate"), &Sent::Nothing, 0));
    }
}
