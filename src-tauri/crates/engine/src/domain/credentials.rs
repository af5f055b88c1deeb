//! User name and password for one server. `Debug` is redacted; never logged.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use super::download_url;

/// Valid for the origin of the URL that they were given with, and for no other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    pub user: String,
    pub password: String,
}

/// Valid for a host, on any port and for any URL on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCredentials {
    pub host: String,
    pub credentials: Credentials,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(..)")
    }
}

/// Removes `user:password@` from a URL (RFC 3986, section 3.2.1) and returns it percent-decoded; `None` when there is
/// none.
pub(crate) fn take_from_url(url: &mut Url) -> Option<Credentials> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let taken = Credentials {
        user: decode(url.username()),
        password: decode(url.password().unwrap_or_default()),
    };
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(taken)
}

/// As [`take_from_url`] for the text of a URL, which stays byte for byte the same when it names none or is not a URL.
pub(crate) fn take_from_text(text: &mut String) -> Option<Credentials> {
    if !text.contains('@') {
        return None;
    }
    let mut url = download_url::parse(text).ok()?;
    let taken = take_from_url(&mut url)?;
    *text = url.into();
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_gives_up_its_user_and_password_and_is_otherwise_unchanged() {
        let mut link = "https://ada:p%40ss%3A@h:8080/a?b#c".to_owned();
        let taken = take_from_text(&mut link).expect("it names both");
        assert_eq!((&*taken.user, &*taken.password), ("ada", "p@ss:"));
        assert_eq!(link, "https://h:8080/a?b#c");
        let mut user_only = "http://ada@h/".to_owned();
        let taken = take_from_text(&mut user_only).expect("it names one");
        assert_eq!((&*taken.user, &*taken.password), ("ada", ""));
        for plain in ["HTTP://h/a b", "no link", "http://h/@x:y"] {
            let mut text = plain.to_owned();
            assert_eq!(take_from_text(&mut text), None);
            assert_eq!(text, plain, "what names none stays as it was written");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let one = Credentials {
            user: "ada".into(),
            password: "secret".into(),
        };
        let shown = format!("{one:?}");
        assert!(!shown.contains("secret") && !shown.contains("ada"));
    }
}
