//! `millrace://add?url=...`: what a page or another program asks us to download. Pure.
//!
//! Whoever wrote such a link is not the person: nothing starts by it. Its links are shown, and the person decides.

use tauri::Url;

use crate::i18n::MessageKey;
use crate::ipc::Offered;

/// Ours, without the colon.
const SCHEME: &str = "millrace";
/// Together in bytes: as much as one frame to the page has room for beside other news.
const MAX_LEN: usize = 4_000;

/// Why a link of ours is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It asks for something else than adding.
    Unknown,
    /// It names nothing to download.
    Empty,
    /// It names something that is no web link.
    Scheme,
    TooLong,
}

impl Refusal {
    /// For the person.
    pub(super) fn text(self) -> MessageKey {
        match self {
            Self::Unknown => MessageKey::LinkUnknown,
            Self::Empty => MessageKey::LinkEmpty,
            Self::Scheme => MessageKey::LinkScheme,
            Self::TooLong => MessageKey::LinkLong,
        }
    }
}

/// Whether it is for [`parse`]: of our scheme, in any spelling.
pub(super) fn is_deep_link(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case(SCHEME))
}

/// What another app opened: a web link as it is and with what it brought along, or the links inside one of ours.
pub(super) fn offered(link: Offered) -> Result<Vec<Offered>, Refusal> {
    if is_deep_link(&link.url) {
        let links = parse(&link.url)?.into_iter();
        return Ok(links.map(Offered::from).collect());
    }
    let url = web_link(&link.url)?;
    let mut link = Offered { url, ..link };
    link.headers.retain(|(_, value)| value.bytes().all(plain));
    if link.length() > MAX_LEN {
        // the link itself is asked about all the same
        link = Offered::from(link.url);
    }
    Ok(vec![link])
}

/// What a header can hold, whoever reads it.
fn plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

/// As the parser spells it: what is shown has no line breaks and no look-alike spaces.
fn web_link(link: &str) -> Result<String, Refusal> {
    let link = Url::parse(link.trim()).map_err(|_| Refusal::Scheme)?;
    if matches!(link.scheme(), "http" | "https") {
        Ok(String::from(link))
    } else {
        Err(Refusal::Scheme)
    }
}

/// All of them, if one frame to the page has room for them.
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

/// The links in every `url=` of it, in order.
pub(super) fn parse(link: &str) -> Result<Vec<String>, Refusal> {
    let link = Url::parse(link.trim()).map_err(|_| Refusal::Unknown)?;
    // some desktops add a slash
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
        // whoever wrote one of ours says nothing of headers
        let ours = offered(link("millrace://add?url=http://host/b", "a=b")).unwrap();
        assert_eq!(ours, [Offered::from("http://host/b".to_owned())]);
    }

    #[test]
    fn only_our_scheme_is_ours() {
        assert!(is_deep_link("millrace://add") && is_deep_link("Millrace:x"));
        assert!(!is_deep_link("http://millrace://add") && !is_deep_link("millrace"));
    }
}
