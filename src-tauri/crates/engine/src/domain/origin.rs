//! The origin of a file, reduced to what may be written into the file's metadata: it is passed on with the file.

use url::Url;

/// Maximum length in bytes of a URL written out: file systems reserve little space for such attributes.
const MAX_LEN: usize = 1024;

/// The URL of a file, and of the page that linked to it. Without query and fragment, which may hold secrets, and
/// without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub url: String,
    pub referrer: Option<String>,
}

impl Origin {
    /// From a download's URL and request headers; `None` when the URL is not valid.
    pub(crate) fn new(url: &str, headers: &[(String, String)]) -> Option<Self> {
        let referrer = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("referer"));
        Some(Self {
            url: bare(url)?,
            referrer: referrer.and_then(|(_, page)| bare(page)),
        })
    }
}

/// A URL that is too long keeps only its host.
fn bare(url: &str) -> Option<String> {
    let mut url = Url::parse(url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    url.set_query(None);
    url.set_fragment(None);
    // Cannot fail for URLs with a host.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if url.as_str().len() > MAX_LEN {
        url.set_path("/");
    }
    Some(url.into()).filter(|url: &String| url.len() <= MAX_LEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_may_be_a_secret_is_kept_of_a_link() {
        let long = format!("https://h/{}", "a".repeat(2000));
        for (given, kept) in [
            ("https://h/a.zip", Some("https://h/a.zip")),
            (
                "https://ada:s3cret@h:81/a?token=x#y",
                Some("https://h:81/a"),
            ),
            (
                "http://h/a%0d%0aHostUrl=x",
                Some("http://h/a%0d%0aHostUrl=x"),
            ),
            ("http://h/a\r\nZoneId=0", Some("http://h/aZoneId=0")),
            (long.as_str(), Some("https://h/")),
            ("ftp://h/a", None),
            ("file:///etc/passwd", None),
            ("a", None),
        ] {
            assert_eq!(bare(given).as_deref(), kept, "{given}");
        }
    }

    #[test]
    fn the_page_is_known_by_its_request_header_whatever_its_case() {
        let headers = [("REFERER".to_owned(), "https://p/q?session=1".to_owned())];
        let origin = Origin::new("https://h/a", &headers).expect("a link");
        assert_eq!(origin.referrer.as_deref(), Some("https://p/q"));
        let origin = Origin::new("https://h/a", &[]).expect("a link");
        assert_eq!(origin.referrer, None);
    }
}
