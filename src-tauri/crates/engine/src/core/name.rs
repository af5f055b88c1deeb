//! Names for files: from what the server and the link say to one that is safe on every system. Pure.

use percent_encoding::percent_decode_str;
use url::Url;

/// The end of an unfinished file's name.
pub(crate) const PART: &str = ".part";

/// Bytes at most; room for ` (999)` and `.part` is left below the usual 255.
const LONGEST: usize = 240;

/// The best name there is: what the person gave, else the server's, else the link's, else `download`.
pub(crate) fn choose(wanted: Option<&str>, disposition: Option<&[u8]>, url: &Url) -> String {
    let given = wanted.map(str::to_owned);
    let named = given
        .or_else(|| disposition.and_then(from_disposition))
        .or_else(|| from_link(url));
    safe(named.as_deref().unwrap_or_default())
}

/// The last part of the link's path, decoded.
fn from_link(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let name = decode(last);
    (!name.is_empty()).then_some(name)
}

/// UTF-8 if it is that, else Latin-1: every text can be read as one of them.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

fn decode(percent: &str) -> String {
    text(&percent_decode_str(percent).collect::<Vec<u8>>())
}

/// The name in a Content-Disposition header (RFC 6266; `filename*` of RFC 8187 goes first).
pub(crate) fn from_disposition(header: &[u8]) -> Option<String> {
    let header = text(header);
    let mut plain = None;
    for (key, value) in parameters(&header) {
        if key.eq_ignore_ascii_case("filename*") {
            let mut parts = value.splitn(3, '\'');
            let charset = parts.next()?;
            let encoded = parts.nth(1)?;
            let bytes: Vec<u8> = percent_decode_str(encoded).collect();
            let name = if charset.eq_ignore_ascii_case("iso-8859-1") {
                bytes.iter().copied().map(char::from).collect()
            } else {
                text(&bytes)
            };
            if !name.is_empty() {
                return Some(name);
            }
        } else if key.eq_ignore_ascii_case("filename") && plain.is_none() && !value.is_empty() {
            // Not in the standard, but common: a percent-encoded plain name.
            let encoded = value.contains('%') && !value.contains(' ');
            plain = Some(if encoded { decode(&value) } else { value });
        }
    }
    plain
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

/// The same safe name on every system, whatever comes in; never empty, never a path, never ends in `.part`.
pub(crate) fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean: String = last
        .chars()
        .filter(|c| !invisible(*c))
        .map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c })
        .collect();
    clean = clean.trim().trim_end_matches(['.', ' ']).to_owned();
    if let Some(bare) = clean.strip_prefix('.') {
        clean = format!("_{bare}");
    }
    if clean.to_ascii_lowercase().ends_with(PART) {
        clean.truncate(clean.len() - PART.len());
        clean.push_str("_part");
    }
    let stem = clean.split('.').next().unwrap_or_default().trim_end();
    if reserved(stem) {
        clean.insert(0, '_');
    }
    if clean.is_empty() {
        clean.push_str("download");
    }
    shorten(&clean)
}

/// Control characters, and those that turn the direction of the text around or take no room.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// Device names of Windows, with or without an ending.
fn reserved(stem: &str) -> bool {
    let upper = stem.to_ascii_uppercase();
    match upper.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" => true,
        other => ["COM", "LPT"].iter().any(|device| {
            other.strip_prefix(device).is_some_and(|n| {
                matches!(
                    n,
                    "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
                )
            })
        }),
    }
}

/// Stem and ending; `.tar.gz` and its like stay together.
pub(crate) fn split(name: &str) -> (&str, &str) {
    let Some(dot) = name.rfind('.').filter(|&dot| dot > 0) else {
        return (name, "");
    };
    let double = name[..dot]
        .rfind('.')
        .filter(|&first| first > 0 && name[first..dot].eq_ignore_ascii_case(".tar"));
    name.split_at(double.unwrap_or(dot))
}

fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    let ending = if ending.len() > 32 { "" } else { ending };
    let mut cut = LONGEST - ending.len();
    let stem = if ending.is_empty() { name } else { stem };
    while !stem.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", stem[..cut].trim_end_matches(['.', ' ']))
}

/// The n-th choice when names are taken: `a.zip`, `a (1).zip`, `a (2).zip`.
pub(crate) fn numbered(name: &str, n: u32) -> String {
    if n == 0 {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    format!("{stem} ({n}){ending}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        for (given, expected) in [
            ("../../etc/passwd", "passwd"),
            (r"C:\Windows\system32\evil.exe", "evil.exe"),
            ("/", "download"),
            ("..", "download"),
            ("con.txt", "_con.txt"),
            ("LPT1", "_LPT1"),
            ("name. . .", "name"),
            ("a\u{202e}gpj.exe", "agpj.exe"),
            ("a\0b\nc", "abc"),
            (".bashrc", "_bashrc"),
            ("what?<is>:this|*.zip", "what__is__this__.zip"),
            ("movie.mkv.part", "movie.mkv_part"),
            ("日本語 😀.txt", "日本語 😀.txt"),
        ] {
            assert_eq!(safe(given), expected, "{given:?}");
        }
    }

    #[test]
    fn the_header_is_read_in_all_its_forms() {
        for (header, expected) in [
            (&b"attachment; filename=\"a b.zip\""[..], Some("a b.zip")),
            (b"attachment; filename=plain.zip", Some("plain.zip")),
            (
                b"attachment; filename=\"x.txt\"; filename*=UTF-8''na%C3%AFve.txt",
                Some("naïve.txt"),
            ),
            (
                b"attachment; filename*=iso-8859-1'en'%A3.txt",
                Some("£.txt"),
            ),
            (
                b"attachment; filename=\"quo\\\"te; semi.txt\"",
                Some("quo\"te; semi.txt"),
            ),
            (b"attachment; filename=na%C3%AFve.txt", Some("naïve.txt")),
            (b"attachment; filename=\"caf\xe9.txt\"", Some("café.txt")),
            (
                "attachment; filename=\"日本.txt\"".as_bytes(),
                Some("日本.txt"),
            ),
            (b"inline", None),
            (b"attachment; filename=", None),
        ] {
            assert_eq!(from_disposition(header).as_deref(), expected);
        }
    }

    #[test]
    fn the_link_names_the_file_when_nothing_else_does() {
        let url = Url::parse("http://h/dir/a%20b%2Fc.tar.gz?x=1").expect("a link");
        assert_eq!(choose(None, None, &url), "c.tar.gz");
        assert_eq!(
            choose(Some("mine"), Some(b"attachment; filename=x"), &url),
            "mine"
        );
        let bare = Url::parse("http://h/").expect("a link");
        assert_eq!(choose(None, None, &bare), "download");
    }

    #[test]
    fn a_taken_name_gets_a_number_before_its_ending() {
        assert_eq!(numbered("a.tar.gz", 2), "a (2).tar.gz");
        assert_eq!(numbered("a", 1), "a (1)");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_safe_name(text in "\\PC{0,400}|[./\\\\ \\x00-\\x1f]{0,20}|(?i)(con|nul|com1)[. ]{0,3}.{0,5}") {
            let name = safe(&text);
            prop_assert!(!name.is_empty() && name.len() <= LONGEST);
            prop_assert!(!name.contains(['/', '\\', '\0', ':']));
            prop_assert!(!name.ends_with(['.', ' ']) && !name.starts_with(['.', ' ']));
            prop_assert!(!name.to_ascii_lowercase().ends_with(PART));
            prop_assert_eq!(safe(&name), name.clone());
        }
    }
}
