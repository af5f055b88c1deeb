//! Parses URLs that can be downloaded, and formats their host. Pure.

use url::Url;

use super::problem::Problem;

/// Maximum length of a displayed scheme.
const MAX_SCHEME: usize = 32;

/// Parses an http(s) URL; surrounding whitespace is trimmed.
pub(crate) fn parse(text: &str) -> Result<Url, Problem> {
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
            assert_eq!(parse(&link), Err(expected));
        }
    }

    #[test]
    fn only_http_and_https_links_pass() {
        assert!(parse(" https://example.org/a b ").is_ok());
        assert_eq!(parse("example.org/a"), Err(Problem::InvalidLink));
        assert_eq!(parse("http://"), Err(Problem::InvalidLink));
        for scheme in ["file", "ftp", "data", "javascript"] {
            assert_eq!(
                parse(&format!("{scheme}:///etc/passwd")),
                Err(Problem::UnsupportedScheme {
                    scheme: scheme.into()
                })
            );
        }
    }
}
