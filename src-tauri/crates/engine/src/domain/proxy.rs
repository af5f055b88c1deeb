//! Which proxy to use, if any. Values only; the protocols are in `http`.

use std::str::FromStr;

use url::Url;

use super::credentials::{self, Credentials};
use super::download_url;

/// Which proxy to use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ProxyChoice {
    /// From the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`) or the system's settings.
    #[default]
    System,
    /// No proxy.
    None,
    /// This proxy for everything.
    Url(ProxyUrl),
}

/// The URL of a proxy with a supported scheme; `user:password@` in it is for the proxy.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl(Url);

/// The text does not name a supported proxy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a proxy is 'system', 'none', or a link that begins with http://, https://, socks5:// or socks5h://"
)]
pub struct ParseProxyError;

impl ProxyUrl {
    /// The URL, including the credentials.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The credentials in the URL, for the proxy.
    pub(crate) fn credentials(&self) -> Option<Credentials> {
        credentials::take_from_url(&mut self.0.clone())
    }

    /// Host, with the port if the URL names one.
    pub(crate) fn host(&self) -> String {
        download_url::host_with_port(&self.0)
    }
}

/// Without the credentials.
impl std::fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.host())
    }
}

/// The stored form, including the credentials.
impl std::fmt::Display for ProxyChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::None => f.write_str("none"),
            Self::Url(link) => f.write_str(link.as_str()),
        }
    }
}

impl FromStr for ProxyChoice {
    type Err = ParseProxyError;

    /// `system`, `none`, or a URL. Without a scheme it is an http proxy, the usual meaning of `host:port`. Host names
    /// are resolved locally for socks5, and by the proxy for socks5h.
    ///
    /// # Errors
    ///
    /// [`ParseProxyError`] for an empty text, an invalid URL, a URL without a host, or an unsupported scheme.
    fn from_str(text: &str) -> Result<Self, ParseProxyError> {
        let text = text.trim();
        match text {
            "system" => return Ok(Self::System),
            "none" => return Ok(Self::None),
            "" => return Err(ParseProxyError),
            _ => {}
        }
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let mut url = Url::parse(&whole).map_err(|_| ParseProxyError)?;
        let known = matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
        if !known || url.host_str().is_none_or(str::is_empty) {
            return Err(ParseProxyError);
        }
        if url.scheme().starts_with("socks") && url.port().is_none() {
            url.set_port(Some(1080)).map_err(|()| ParseProxyError)?;
        }
        Ok(Self::Url(ProxyUrl(url)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, ParseProxyError> {
        text.parse::<ProxyChoice>().map(|choice| choice.to_string())
    }

    #[test]
    fn a_proxy_is_a_word_or_a_link() {
        for (text, expected) in [
            ("system", "system"),
            (" none ", "none"),
            ("http://p:3128", "http://p:3128/"),
            ("p:3128", "http://p:3128/"),
            ("https://u:s@p", "https://u:s@p/"),
            ("socks5://p", "socks5://p:1080"),
            ("socks5h://u:s@[::1]:9", "socks5h://u:s@[::1]:9"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
            assert_eq!(read(expected).as_deref(), Ok(expected), "stored and read");
        }
        for wrong in ["", "ftp://p", "socks4://p", "http://", "://"] {
            assert_eq!(read(wrong), Err(ParseProxyError), "{wrong}");
        }
    }

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        let choice: ProxyChoice = "http://ada:secret@p:1".parse().expect("a proxy");
        assert_eq!(format!("{choice:?}"), "Url(http://p:1)");
    }
}
