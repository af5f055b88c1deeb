//! The name in a Content-Disposition header, in every form that servers send. Pure.

use percent_encoding::percent_decode_str;

use super::text::{encoded_words, labelled, percent, text};

/// The name that the header gives (RFC 6266), raw; `filename*` (RFC 8187) goes before `filename`.
pub(crate) fn from_disposition(header: &[u8]) -> Option<String> {
    let header = text(header);
    let mut plain = None;
    for (key, value) in parameters(&header) {
        if key.eq_ignore_ascii_case("filename*") {
            if let Some(name) = extended(&value).filter(|name| !name.is_empty()) {
                return Some(name);
            }
        } else if key.eq_ignore_ascii_case("filename") && plain.is_none() && !value.is_empty() {
            plain = Some(common(value));
        }
    }
    plain
}

/// `charset'language'percent-encoded`; without the two quotes it is no such value.
fn extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language) = (parts.next()?, parts.next()?);
    let bytes: Vec<u8> = percent_decode_str(parts.next()?).collect();
    Some(labelled(charset, &bytes))
}

/// Not in the standard, but common: words of mails, and percent-encoding.
fn common(value: String) -> String {
    if let Some(words) = encoded_words(&value) {
        words
    } else if value.contains('%') && !value.contains(' ') {
        percent(&value)
    } else {
        value
    }
}

/// `a; k=v; k="q \" v"` -> pairs; quoted pairs are undone (RFC 9110, section 5.6.4).
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header.chars().peekable();
    while rest.peek().is_some() {
        let mut key = String::new();
        let mut value = String::new();
        let mut in_value = false;
        let mut quoted = false;
        while let Some(c) = rest.next() {
            match c {
                '"' if in_value => quoted = !quoted,
                '\\' if quoted => value.extend(rest.next()),
                ';' if !quoted => break,
                '=' if !in_value => in_value = true,
                other if in_value => value.push(other),
                other => key.push(other),
            }
        }
        if in_value {
            found.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_in_all_its_forms() {
        for (header, expected) in [
            (&b"attachment; filename=\"a b.zip\""[..], Some("a b.zip")),
            (b"attachment; filename=plain.zip", Some("plain.zip")),
            (b"attachment;filename = \"x.zip\" ; size=3", Some("x.zip")),
            (b"ATTACHMENT; FILENAME=\"up.zip\"", Some("up.zip")),
            (
                b"attachment; filename=\"x.txt\"; filename*=UTF-8''na%C3%AFve.txt",
                Some("naïve.txt"),
            ),
            (
                b"attachment; filename*=UTF-8''first.txt; filename=\"x.txt\"",
                Some("first.txt"),
            ),
            (
                b"attachment; filename*=\"UTF-8''quoted%20too.txt\"",
                Some("quoted too.txt"),
            ),
            (
                b"attachment; filename*=utf-8'de'%e2%82%ac.txt",
                Some("€.txt"),
            ),
            (
                b"attachment; filename*=iso-8859-1'en'%A3.txt",
                Some("£.txt"),
            ),
            (
                b"attachment; filename*=GBK''%D6%D0%B9%FA.txt",
                Some("中国.txt"),
            ),
            (
                b"attachment; filename*=Shift_JIS''%93%FA%96%7B.txt",
                Some("日本.txt"),
            ),
            (
                b"attachment; filename*=broken; filename=good.txt",
                Some("good.txt"),
            ),
            (
                b"attachment; filename*=UTF-8''; filename=good.txt",
                Some("good.txt"),
            ),
            (
                b"attachment; filename=\"quo\\\"te; semi.txt\"",
                Some("quo\"te; semi.txt"),
            ),
            (b"attachment; filename=na%C3%AFve.txt", Some("naïve.txt")),
            (
                b"attachment; filename=\"100% sure.txt\"",
                Some("100% sure.txt"),
            ),
            (b"attachment; filename=\"caf\xe9.txt\"", Some("café.txt")),
            (
                b"attachment; filename=\"\xd6\xd0\xb9\xfa\xc8\xcb\xc3\xf1.txt\"",
                Some("中国人民.txt"),
            ),
            (
                b"attachment; filename=\"=?UTF-8?B?5pel5pysLnR4dA==?=\"",
                Some("日本.txt"),
            ),
            (
                "attachment; filename=\"日本 😀.txt\"".as_bytes(),
                Some("日本 😀.txt"),
            ),
            (b"inline", None),
            (b"attachment; filename=", None),
            (b"attachment; filename=\"\"", None),
            (b"", None),
        ] {
            let shown = String::from_utf8_lossy(header);
            assert_eq!(from_disposition(header).as_deref(), expected, "{shown}");
        }
    }
}
