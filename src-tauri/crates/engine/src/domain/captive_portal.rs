//! Detects responses that cannot be the file: the sign-in page of a network (captive portal), or of a server whose
//! session has expired, sent under the file's URL. Pure.
//!
//! For a file that has not been started: a 200 response with `Content-Type: text/html` and without
//! `Content-Disposition: attachment` is not the file if the file's name has an extension that no HTML page has and the
//! request was redirected to another host. For one that has been started see [`impostor`]. Status 511 (RFC 6585,
//! section 6) is never the file.

use url::Url;

use super::record::Validators;

/// File extensions of URLs that may well serve HTML.
const PAGE_EXTENSIONS: [&str; 12] = [
    "html", "htm", "xhtml", "shtml", "mhtml", "php", "asp", "aspx", "jsp", "jspx", "cgi", "do",
];

/// Whether HTML may be the requested file. The first of these that has an extension decides: the user's name, the
/// file's current name, the URL's path; without any extension it may.
pub(crate) fn html_expected(wanted: Option<&str>, name: Option<&str>, url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    let ending = [wanted, name, last]
        .into_iter()
        .flatten()
        .find_map(extension);
    ending.is_none_or(|ending| PAGE_EXTENSIONS.contains(&ending.as_str()))
}

/// The kind of content that a response declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Html,
    /// Formats that servers use for error messages: plain text, JSON, XML.
    Text,
    Other,
}

/// From `Content-Type`; an attachment is never HTML or text.
pub(crate) fn kind(content_type: &str, attachment: bool) -> Kind {
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let of = |ending: &str| essence.ends_with(ending);
    match essence.as_str() {
        _any if attachment => Kind::Other,
        "text/html" | "application/xhtml+xml" => Kind::Html,
        _any if essence.starts_with("text/") => Kind::Text,
        _any if of("/json") || of("+json") || of("/xml") || of("+xml") => Kind::Text,
        _ => Kind::Other,
    }
}

/// The kind of content that the first bytes of a file indicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// HTML or another markup.
    Markup,
    Text,
    Binary,
}

/// From the first bytes of a file; `None` for an empty slice.
pub(crate) fn content(first: &[u8]) -> Option<Content> {
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    // Control characters occur only in two-byte encodings of text, which begin with a byte order mark.
    let wide = first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff");
    let control = |byte: &u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    let begins = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match begins {
        None if first.is_empty() => None,
        _any if wide => Some(Content::Text),
        _any if text.iter().any(control) => Some(Content::Binary),
        Some(b'<') => Some(Content::Markup),
        _ => Some(Content::Text),
    }
}

/// A response to a request for the rest of a file that is not, or cannot be shown to be, of that file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Claimed<'a> {
    pub(crate) kind: Kind,
    /// The final URL, after redirects.
    pub(crate) url: &'a Url,
    pub(crate) identity: &'a Validators,
}

/// Whether such a response is not a new version of the file either, so that the partial file is kept: HTML, or an error
/// in text, where the file is neither; HTML from another URL than `link`, or text unless that URL has the extension of
/// the file's `name`; HTML, text, or any response from another URL that has no validator although the file had one.
pub(crate) fn impostor(
    known: &Validators,
    begins: Option<Content>,
    name: Option<&str>,
    link: &Url,
    said: Claimed<'_>,
) -> bool {
    let moved = said.url != link;
    let mut path = said.url.path_segments().into_iter().flatten();
    let last = path.next_back().and_then(extension);
    let alike = last.is_some() && last == name.and_then(extension);
    let words = said.kind != Kind::Other;
    let elsewhere = moved && (said.kind == Kind::Html || words && !alike);
    let told = |one: &Validators| one.etag.is_some() || one.last_modified.is_some();
    let lost = told(known) && !told(said.identity);
    let unlike = match (said.kind, begins) {
        (Kind::Other, _) | (_, None) | (Kind::Html, Some(Content::Markup)) => false,
        (Kind::Html, Some(Content::Text | Content::Binary)) => true,
        // Servers declare unknown types as text.
        (Kind::Text, Some(begins)) => begins == Content::Binary && (moved || !told(said.identity)),
    };
    unlike || elsewhere || lost && (words || moved)
}

/// What follows the last dot, if it looks like a file extension: `1.2` has none.
fn extension(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let plain = (1..=8).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && ending.bytes().any(|byte| byte.is_ascii_alphabetic());
    (plain && !stem.is_empty()).then(|| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_wanted_where_the_name_or_the_link_may_mean_one() {
        let wanted = |given: Option<&str>, name: Option<&str>, link: &str| {
            html_expected(given, name, &Url::parse(link).expect("a link"))
        };
        for link in [
            "http://h/",
            "http://h/a",
            "http://h/a.HTML",
            "http://h/get.php?f=x.zip",
            "http://h/v1.2",
        ] {
            assert!(wanted(None, None, link), "{link}");
        }
        for link in [
            "http://h/a.zip",
            "http://h/a.tar.gz?x=a.html",
            "http://h/film.MP4",
            "http://h/a.7z",
        ] {
            assert!(!wanted(None, None, link), "{link}");
        }
        assert!(wanted(Some("x.html"), None, "http://h/a.zip"));
        assert!(!wanted(Some("x.iso"), None, "http://h/"));
        assert!(!wanted(None, Some("x.iso"), "http://h/get?id=5"));
        assert!(wanted(None, Some("download"), "http://h/get?id=5"));
    }

    fn tagged(etag: Option<&str>) -> Validators {
        Validators {
            etag: etag.map(str::to_owned),
            ..Validators::default()
        }
    }

    /// Whether that response is an impostor for a file that begins with `first` and has an entity tag.
    fn judged(first: &[u8], name: &str, said: &str, from: &str, etag: Option<&str>) -> bool {
        let link = Url::parse("http://h/get?id=5").expect("a link");
        let url = link.join(from).expect("a link");
        let claimed = Claimed {
            kind: kind(said, false),
            url: &url,
            identity: &tagged(etag),
        };
        impostor(
            &tagged(Some("a")),
            content(first),
            Some(name),
            &link,
            claimed,
        )
    }

    #[test]
    fn a_page_or_an_error_in_words_is_no_new_version_of_a_file_that_is_none() {
        let (zip, csv, page) = (b"PK\x03\x04", b"a,b\n1,2\n", b"\n<!doctype html>");
        let (here, there, tag) = ("/get?id=5", "/login", Some("b"));
        for (first, name, said, from, etag) in [
            (&zip[..], "a.zip", "text/html; charset=utf-8", here, tag),
            (zip, "a.zip", "application/xhtml+xml", here, tag),
            (zip, "a.zip", "text/plain", here, None),
            (zip, "a", "application/problem+json", there, tag),
            (zip, "a.zip", "image/png", there, None),
            (csv, "a.csv", "text/html", here, tag),
            (csv, "a.csv", "application/json", there, tag),
            (csv, "a.csv", "text/plain", here, None),
            (page, "a.html", "Text/HTML", "/a.html", tag),
            (b"", "a.zip", "text/html", there, tag),
        ] {
            assert!(
                judged(first, name, said, from, etag),
                "{name} {said} {from}"
            );
        }
        for (first, name, said, from, etag) in [
            (&zip[..], "a.zip", "application/zip", here, tag),
            (zip, "a.zip", "", "/mirror/a.zip", tag),
            (zip, "a.zip", "application/zip", here, None),
            (csv, "a.csv", "text/csv", here, tag),
            (csv, "a.csv", "text/csv", "/new/b.csv", tag),
            (page, "a.html", "text/html", here, tag),
        ] {
            assert!(
                !judged(first, name, said, from, etag),
                "{name} {said} {from}"
            );
        }
        assert_eq!(kind("text/html", true), Kind::Other, "offered as a file");
    }

    #[test]
    fn a_file_is_text_as_long_as_nothing_in_it_is_no_text() {
        assert_eq!(content(b""), None);
        assert_eq!(content("grün".as_bytes()), Some(Content::Text));
        assert_eq!(content(b"gr\xfcn"), Some(Content::Text));
        assert_eq!(content(b"\xff\xfea\0"), Some(Content::Text));
        assert_eq!(content(b"PK\x03\x04"), Some(Content::Binary));
        assert_eq!(content(b"\xef\xbb\xbf<a>"), Some(Content::Markup));
    }
}
