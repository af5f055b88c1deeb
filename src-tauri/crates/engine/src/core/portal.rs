//! When a web page cannot be the file: the sign-in page of a network (a captive portal) answers in every server's name.
//! Pure.
//!
//! The rule: an answer 200 with `Content-Type: text/html` and no `Content-Disposition: attachment` is not the file when
//! the file's name ends in something that no page has, and either the link was led to another host, or the answer is
//! not the file that was begun. Status 511 (RFC 6585, section 6) is never the file.

use url::Url;

/// Endings of links whose answer may well be a page.
const PAGES: [&str; 12] = [
    "html", "htm", "xhtml", "shtml", "mhtml", "php", "asp", "aspx", "jsp", "jspx", "cgi", "do",
];

/// Whether a page may be what is wanted. The first of these that has an ending decides: the name the person gave, the
/// name the file has got, the link's path; without any ending it may.
pub(crate) fn page_wanted(wanted: Option<&str>, name: Option<&str>, url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    let ending = [wanted, name, last].into_iter().flatten().find_map(ending);
    ending.is_none_or(|ending| PAGES.contains(&ending.as_str()))
}

/// What follows the last dot, if it looks like the kind of a file: `1.2` has none.
fn ending(name: &str) -> Option<String> {
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
            page_wanted(given, name, &Url::parse(link).expect("a link"))
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
}
