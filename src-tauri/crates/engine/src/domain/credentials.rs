//! User name and password for one server. `Debug` is redacted; never logged.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

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

#[cfg(test)]
mod tests {
    use super::*;

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
