//! URLs that can be downloaded: parsed once, with the text that they were given as. Pure.

use std::fmt;

use url::{Origin, Url};

use super::credentials::{self, Credentials};
use super::problem::Problem;

/// Maximum length of a displayed scheme.
const MAX_SCHEME: usize = 32;

/// An http(s) URL with a host. Credentials are not part of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct DownloadUrl {
    /// The text as it was given, where the parser writes the URL differently: it is stored and shown unchanged.
    text: Option<Box<str>>,
    url: Url,
}

impl DownloadUrl {
    /// Parses a URL as a user or another program gives it; surrounding whitespace is ignored. Credentials are removed
    /// from it and returned.
    pub(crate) fn parse(text: &str) -> Result<(Self, Option<Credentials>), Problem> {
        let mut url = parse(text)?;
        Ok(match credentials::take_from_url(&mut url) {
            Some(named) => (Self { text: None, url }, Some(named)),
            None => (Self::with_text(text, url), None),
        })
    }

    fn with_text(text: &str, url: Url) -> Self {
        let text = (text != url.as_str()).then(|| text.into());
        Self { text, url }
    }

    /// The text as it is stored and shown.
    pub(crate) fn as_str(&self) -> &str {
        self.text.as_deref().unwrap_or(self.url.as_str())
    }

    /// As it is requested.
    pub(crate) fn as_url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn origin(&self) -> Origin {
        self.url.origin()
    }

    /// Host, with the port if the URL names one.
    pub(crate) fn host_with_port(&self) -> String {
        host_with_port(&self.url)
    }

    /// Credentials in a stored text: [`DownloadUrl::parse`] leaves none in it, but a row is kept as it is.
    pub(crate) fn stored_credentials(&self) -> Option<Credentials> {
        let mut url = parse(self.text.as_deref()?).ok()?;
        credentials::take_from_url(&mut url)
    }
}

/// Without the path and the query, which may hold secrets.
impl fmt::Debug for DownloadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.url.scheme(), self.host_with_port())
    }
}

impl fmt::Display for DownloadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The URL of a record. A row may hold a text that is none: it is kept, and the download fails when it is started.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum StoredUrl {
    Valid(DownloadUrl),
    Invalid { text: Box<str>, problem: Problem },
}

impl StoredUrl {
    /// Reads a stored text, which [`StoredUrl::as_str`] returns unchanged.
    pub(crate) fn from_text(text: &str) -> Self {
        match parse(text) {
            Ok(mut url) => {
                let _stay_in_the_text = credentials::take_from_url(&mut url);
                Self::Valid(DownloadUrl::with_text(text, url))
            }
            Err(problem) => Self::Invalid {
                text: text.into(),
                problem,
            },
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Valid(url) => url.as_str(),
            Self::Invalid { text, .. } => text,
        }
    }

    /// The URL, or why the text is none.
    pub(crate) fn valid(&self) -> Result<&DownloadUrl, Problem> {
        match self {
            Self::Valid(url) => Ok(url),
            Self::Invalid { problem, .. } => Err(problem.clone()),
        }
    }
}

/// Without the text.
impl fmt::Debug for StoredUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid(url) => url.fmt(f),
            Self::Invalid { problem, .. } => f.write_str(problem.code()),
        }
    }
}

/// Parses an http(s) URL; surrounding whitespace is trimmed.
fn parse(text: &str) -> Result<Url, Problem> {
    let url = Url::parse(text.trim()).map_err(|_| Problem::InvalidLink)?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        "http" | "https" => Err(Problem::InvalidLink),
        _ => Err(Problem::UnsupportedScheme {
            scheme: scheme(&url),
        }),
    }
}

/// The scheme for display, truncated: a server or another program may send one of any length.
pub(crate) fn scheme(url: &Url) -> String {
    let scheme = url.scheme();
    match scheme.get(..MAX_SCHEME) {
        Some(beginning) if beginning.len() < scheme.len() => format!("{beginning}…"),
        Some(_) | None => scheme.to_owned(),
    }
}

/// Host, with the port if the URL names one.
pub(crate) fn host_with_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_of_any_length_is_told_in_a_few_letters() {
        for (length, shown) in [
            (MAX_SCHEME, "a".repeat(MAX_SCHEME)),
            (5_000, format!("{}…", "a".repeat(MAX_SCHEME))),
        ] {
            let link = format!("{}:x", "a".repeat(length));
            let expected = Problem::UnsupportedScheme { scheme: shown };
            assert_eq!(DownloadUrl::parse(&link), Err(expected));
        }
    }

    #[test]
    fn only_http_and_https_links_pass() {
        assert!(DownloadUrl::parse(" https://example.org/a b ").is_ok());
        for none in ["example.org/a", "http://", "https:///", "", "http://a b/"] {
            assert_eq!(DownloadUrl::parse(none), Err(Problem::InvalidLink));
        }
        for scheme in ["file", "ftp", "data", "javascript"] {
            assert_eq!(
                DownloadUrl::parse(&format!("{scheme}:///etc/passwd")),
                Err(Problem::UnsupportedScheme {
                    scheme: scheme.into()
                })
            );
        }
    }

    /// Texts that the parser writes differently, and one that it does not.
    const TEXTS: [&str; 9] = [
        "http://h/a",
        " http://h/a b ",
        "HTTP://EXAMPLE.org",
        "https://example.org:443/%7e/%C3%a4",
        "http://bücher.example/ü?ö#ß",
        "http://h\\a\\..\\b",
        "http:h/a",
        "http://0x7f.1/",
        "http://@h/@x:y",
    ];

    #[test]
    fn the_text_stays_as_it_was_written() {
        for text in TEXTS {
            let (url, named) = DownloadUrl::parse(text).expect("a link");
            assert_eq!((url.as_str(), named), (text, None));
            assert_eq!(url.to_string(), text);
            let stored = StoredUrl::from_text(text);
            assert_eq!(stored.as_str(), text);
            assert_eq!(stored.valid(), Ok(&url), "a row gives the same URL");
            assert_eq!(url.stored_credentials(), None);
        }
        let (url, _) = DownloadUrl::parse("HTTPS://EXAMPLE.org:8080/a b").expect("a link");
        assert_eq!(url.as_url().as_str(), "https://example.org:8080/a%20b");
        assert_eq!(url.host_with_port(), "example.org:8080");
        let same = Url::parse("https://example.org:8080/").expect("a link");
        assert_eq!(url.origin(), same.origin());
    }

    #[test]
    fn a_link_gives_up_its_user_and_password_and_is_otherwise_unchanged() {
        for (text, user, password, bare) in [
            (
                "https://ada:p%40ss%3A@h:8080/a?b#c",
                "ada",
                "p@ss:",
                "https://h:8080/a?b#c",
            ),
            ("http://ada@h/", "ada", "", "http://h/"),
        ] {
            let (url, named) = DownloadUrl::parse(text).expect("a link");
            let named = named.expect("it names one");
            assert_eq!((&*named.user, &*named.password), (user, password));
            assert_eq!(url.as_str(), bare);
            assert_eq!(url.as_url().as_str(), bare);
            assert_eq!(url.stored_credentials(), None);
        }
    }

    #[test]
    fn a_stored_text_keeps_the_credentials_that_it_names_and_the_request_does_not() {
        let text = "http://ada:secret@h/a";
        let stored = StoredUrl::from_text(text);
        assert_eq!(stored.as_str(), text);
        let url = stored.valid().expect("a link");
        assert_eq!(url.as_url().as_str(), "http://h/a");
        let named = url.stored_credentials().expect("the text names them");
        assert_eq!((&*named.user, &*named.password), ("ada", "secret"));
    }

    #[test]
    fn a_stored_text_that_is_no_link_stays_and_tells_why() {
        let ftp = Problem::UnsupportedScheme {
            scheme: "ftp".into(),
        };
        for (text, problem) in [
            (" no link ", Problem::InvalidLink),
            ("http://", Problem::InvalidLink),
            ("", Problem::InvalidLink),
            ("ftp://ada:secret@h/a", ftp),
        ] {
            let stored = StoredUrl::from_text(text);
            assert_eq!(stored.as_str(), text);
            assert_eq!(stored.valid(), Err(problem));
        }
    }

    #[test]
    fn debug_output_names_the_host_only() {
        for (text, shown) in [
            ("https://ada:secret@h:8080/token?key#part", "https://h:8080"),
            ("ftp://ada:secret@h/token", "unsupported-scheme"),
        ] {
            assert_eq!(format!("{:?}", StoredUrl::from_text(text)), shown);
        }
    }
}
