//! `millrace://add?url=...`: downloads requested by a web page or another program. Pure.
//!
//! Such a link does not come from the user: its URLs are only offered, and nothing starts without confirmation.

use url::Url;

use crate::i18n::MessageKey;
use crate::view::Offered;

/// The app's URL scheme, without the colon.
const SCHEME: &str = "millrace";
/// Maximum total length in bytes: what one frame to the page has room for beside other changes.
const MAX_LEN: usize = 4_000;

/// Why a deep link is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It requests another action than `add`.
    Unknown,
    /// It contains no URL.
    Empty,
    /// It contains a URL that is neither http nor https.
    Scheme,
    TooLong,
}

impl Refusal {
    /// The text for the user.
    pub(super) fn text(self) -> MessageKey {
        match self {
            Self::Unknown => MessageKey::LinkUnknown,
            Self::Empty => MessageKey::LinkEmpty,
            Self::Scheme => MessageKey::LinkScheme,
            Self::TooLong => MessageKey::LinkLong,
        }
    }
}

/// Whether this is a link for [`parse`]: the app's scheme, compared without case.
pub(super) fn is_deep_link(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case(SCHEME))
}

/// What another app opened: an HTTP URL with its name and headers, or the URLs inside a deep link.
pub(super) fn offered(link: Offered) -> Result<Vec<Offered>, Refusal> {
    if is_deep_link(&link.url) {
        let links = parse(&link.url)?.into_iter();
        return Ok(links.map(Offered::from).collect());
    }
    let url = web_link(&link.url)?;
    let mut link = Offered { url, ..link };
    link.headers.retain(|(_, value)| value.bytes().all(plain));
    if link.length() > MAX_LEN {
        // the URL is offered without its name and headers
        link = Offered::from(link.url);
    }
    Ok(vec![link])
}

/// Printable ASCII: valid in a header value for every parser.
fn plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// The URL in normalized form: without line breaks and look-alike spaces.
fn web_link(link: &str) -> Result<String, Refusal> {
    let link = Url::parse(link.trim()).map_err(|_| Refusal::Scheme)?;
    if matches!(link.scheme(), "http" | "https") {
        Ok(String::from(link))
    } else {
        Err(Refusal::Scheme)
    }
}

/// All of the links, if they fit into one frame to the page.
pub(super) fn bounded(links: Vec<Offered>) -> Result<Vec<Offered>, Refusal> {
    if links.is_empty() {
        return Err(Refusal::Empty);
    }
    fits(links.iter().map(Offered::length))?;
    Ok(links)
}

fn fits(lengths: impl Iterator<Item = usize>) -> Result<(), Refusal> {
    if lengths.sum::<usize>() > MAX_LEN {
        return Err(Refusal::TooLong);
    }
    Ok(())
}

/// The values of all `url=` parameters, in order.
pub(super) fn parse(link: &str) -> Result<Vec<String>, Refusal> {
    let link = Url::parse(link.trim()).map_err(|_| Refusal::Unknown)?;
    // some desktops append a slash
    let bare = matches!(link.path(), "" | "/");
    if link.scheme() != SCHEME || link.host_str() != Some("add") || !bare {
        return Err(Refusal::Unknown);
    }
    let mut links = Vec::new();
    for (name, value) in link.query_pairs() {
        if name != "url" {
            continue;
        }
        links.push(web_link(&value)?);
    }
    if links.is_empty() {
        return Err(Refusal::Empty);
    }
    fits(links.iter().map(String::len))?;
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_links_inside_are_taken_out_and_nothing_else() {
        let one = "millrace://add?url=https%3A%2F%2Fhost%2Fa%3Fb%3D1%26c%3D2";
        assert_eq!(parse(one), Ok(vec!["https://host/a?b=1&c=2".into()]));
        let two = "MILLRACE://add/?folder=/etc&url=http://host/a&url=http://host/b";
        let links = vec!["http://host/a".to_owned(), "http://host/b".to_owned()];
        assert_eq!(parse(two), Ok(links));
        assert_eq!(
            parse("millrace://add?url=http://host/a%0d%0ab"),
            Ok(vec!["http://host/ab".into()])
        );
    }

    #[test]
    fn what_is_no_web_link_is_refused_in_words() {
        let long = format!("millrace://add?url=http://host/{}", "a".repeat(MAX_LEN));
        let table = [
            ("millrace://add?url=file:///etc/passwd", Refusal::Scheme),
            ("millrace://add?url=javascript:alert(1)", Refusal::Scheme),
            ("millrace://add?url=/etc/passwd", Refusal::Scheme),
            ("millrace://add?url=http://a&url=ftp://b", Refusal::Scheme),
            (
                "millrace://add?url=millrace%3A%2F%2Fadd%3Furl%3Dhttp%3A%2F%2Fa",
                Refusal::Scheme,
            ),
            ("millrace://add", Refusal::Empty),
            ("millrace://add?name=a", Refusal::Empty),
            ("millrace://remove?url=http://host/a", Refusal::Unknown),
            ("millrace://add/x?url=http://host/a", Refusal::Unknown),
            ("millrace:", Refusal::Unknown),
            ("https://add?url=http://host/a", Refusal::Unknown),
            (&long, Refusal::TooLong),
        ];
        for (link, why) in table {
            assert_eq!(parse(link), Err(why), "{link}");
        }
    }

    #[test]
    fn what_an_app_brings_along_stays_with_its_link_as_far_as_a_header_can_hold_it() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let link = |url: &str, value: &str| Offered {
            url: url.into(),
            name: Some("a.zip".into()),
            headers: vec![header("Cookie", value), header("Referer", "http://host/")],
        };
        let taken = offered(link("http://host/a\n", "a=b")).unwrap();
        assert_eq!(taken, [link("http://host/a", "a=b")]);
        for broken in ["a=b\r\nHost: x", "a=\u{7f}", "ä=b"] {
            let taken = offered(link("http://host/a", broken)).unwrap().remove(0);
            assert_eq!(
                taken.headers,
                [header("Referer", "http://host/")],
                "{broken:?}"
            );
        }
        let long = offered(link("http://host/a", &"a".repeat(MAX_LEN))).unwrap();
        assert_eq!(long, [Offered::from("http://host/a".to_owned())]);
        // a deep link may not set headers
        let ours = offered(link("millrace://add?url=http://host/b", "a=b")).unwrap();
        assert_eq!(ours, [Offered::from("http://host/b".to_owned())]);
    }

    #[test]
    fn only_our_scheme_is_ours() {
        assert!(is_deep_link("millrace://add") && is_deep_link("Millrace:x"));
        assert!(!is_deep_link("http://millrace://add") && !is_deep_link("millrace"));
    }
}
