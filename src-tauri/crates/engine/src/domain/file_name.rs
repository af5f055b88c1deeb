//! Chooses file names: turns the names that servers and URLs give into ones that are safe on every system. Pure.

use url::Url;

use super::charset::percent_decode;
use super::content_disposition::file_name;
use super::download_url::StoredUrl;
use super::name_limits::{MAX_LEN, reserved};
use super::shell_names::defuse;
use super::user_file_name::check_file_name;

/// Suffix of a partial file's name.
pub const PART_SUFFIX: &str = ".part";

/// The best available name: the user's, else the server's, else the URL's, else `download`. The user's name is kept
/// exactly wherever it is a valid file name; all others are sanitised, and names from the network are also changed
/// where a desktop would act on them by itself.
pub(crate) fn choose_name(wanted: Option<&str>, disposition: Option<&[u8]>, url: &Url) -> String {
    if let Some(given) = wanted {
        return personal(given);
    }
    let named = disposition.and_then(file_name);
    let named = named.or_else(|| from_url(url));
    harmless(named.as_deref().unwrap_or_default())
}

fn personal(given: &str) -> String {
    if check_file_name(given).is_ok() {
        given.to_owned()
    } else {
        sanitize(given)
    }
}

/// A safe name that a desktop treats as an ordinary file. Repeated because truncation can expose another extension.
fn harmless(name: &str) -> String {
    let mut name = sanitize(name);
    for _ in 0..4 {
        let again = sanitize(&defuse(name.clone()));
        if again == name {
            break;
        }
        name = again;
    }
    name
}

/// The name of a download before the server has responded.
pub fn file_name_for(url: &str, wanted: Option<&str>) -> String {
    expected_name(&StoredUrl::from_text(url), wanted)
}

/// As [`file_name_for`].
pub(crate) fn expected_name(url: &StoredUrl, wanted: Option<&str>) -> String {
    match url {
        StoredUrl::Valid(link) => choose_name(wanted, None, link.as_url()),
        StoredUrl::Invalid { text, .. } => wanted.map_or_else(|| harmless(text), personal),
    }
}

/// The last segment of the URL's path, decoded.
fn from_url(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?;
    let name = percent_decode(last);
    (!name.is_empty()).then_some(name)
}

/// A name that is safe on every system, whatever the input; the same one everywhere. Never empty, never a path, never
/// ends in `.part`. Idempotent.
pub(crate) fn sanitize(name: &str) -> String {
    let mut name = remove_forbidden(name);
    // One rule can trigger another: truncation can leave a trailing dot, or the name of a device.
    for _ in 0..8 {
        let again = remove_forbidden(&name);
        if again == name {
            break;
        }
        name = again;
    }
    name
}

fn remove_forbidden(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean = remove_invisible(last);
    let blank = |c: char| c.is_whitespace();
    let clean = clean.trim_start_matches(blank);
    let clean = clean.trim_end_matches(|c| blank(c) || c == '.');
    let mut clean = shorten(clean);
    if let Some(bare) = clean.strip_prefix('.') {
        clean = format!("_{bare}");
    }
    if clean.to_ascii_lowercase().ends_with(PART_SUFFIX) {
        clean.truncate(clean.len() - PART_SUFFIX.len());
        clean.push_str("_part");
    }
    let stem = clean.split('.').next().unwrap_or_default().trim_end();
    if reserved(stem) {
        clean.insert(0, '_');
    }
    if clean.is_empty() {
        clean.push_str("download");
    }
    clean
}

/// Removes invisible characters and replaces those that some system forbids. Collapses runs of spaces, which would push
/// the extension out of sight.
fn remove_invisible(name: &str) -> String {
    let mut clean = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let before = clean.chars().next_back();
        let plain = |c: Option<char>| c.is_none_or(|c| c.is_ascii() || invisible(c));
        let joins = matches!(c, '\u{200c}' | '\u{200d}');
        let wanted = if joins {
            // Kept between letters of scripts that need them, and in emoji.
            !plain(before) && !plain(chars.peek().copied())
        } else {
            let again = c.is_whitespace() && before.is_some_and(char::is_whitespace);
            !invisible(c) && !again
        };
        if wanted {
            clean.push(if r#"<>:"|?*"#.contains(c) { '_' } else { c });
        }
    }
    clean
}

/// Control characters, and those that change the text direction or have no width.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Stem and extension; `.tar.gz` and the like stay together.
pub(crate) fn split_extension(name: &str) -> (&str, &str) {
    let Some(dot) = name.rfind('.').filter(|&dot| dot > 0) else {
        return (name, "");
    };
    let double = name[..dot]
        .rfind('.')
        .filter(|&first| first > 0 && name[first..dot].eq_ignore_ascii_case(".tar"));
    name.split_at(double.unwrap_or(dot))
}

fn shorten(name: &str) -> String {
    if name.len() <= MAX_LEN {
        return name.to_owned();
    }
    let (stem, ending) = split_extension(name);
    let ending = if ending.len() > 32 { "" } else { ending };
    let mut cut = MAX_LEN - ending.len();
    let stem = if ending.is_empty() { name } else { stem };
    while !stem.is_char_boundary(cut) {
        cut -= 1;
    }
    format!("{}{ending}", stem[..cut].trim_end_matches(['.', ' ']))
}

/// The n-th candidate when names are taken: `a.zip`, `a (1).zip`, `a (2).zip`.
#[must_use]
pub fn numbered(name: &str, n: u32) -> String {
    if n == 0 {
        return name.to_owned();
    }
    let (stem, ending) = split_extension(name);
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
            ("👨\u{200d}👩\u{200d}👧.png", "👨\u{200d}👩\u{200d}👧.png"),
            ("می\u{200c}خواهم.txt", "می\u{200c}خواهم.txt"),
            ("a\u{200d}b\u{200c}.exe", "ab.exe"),
            ("invoice.pdf            .exe", "invoice.pdf .exe"),
            ("a\u{2028}b\u{ad}c\u{e0041}", "abc"),
            ("nul .txt", "_nul .txt"),
            ("Com0.a.b", "_Com0.a.b"),
            ("name.\u{a0}", "name"),
            ("\u{3000}name", "name"),
            ("\u{feff}", "download"),
            (" . ", "download"),
            (".part", "_part"),
            ("a/", "download"),
            ("file:///etc/passwd", "passwd"),
            ("a%2Fb", "a%2Fb"),
        ] {
            assert_eq!(sanitize(given), expected, "{given:?}");
        }
    }

    #[test]
    fn the_link_names_the_file_when_nothing_else_does() {
        let url = Url::parse("http://h/dir/a%20b%2Fc.tar.gz?x=1").expect("a link");
        assert_eq!(choose_name(None, None, &url), "c.tar.gz");
        assert_eq!(
            choose_name(Some("mine"), Some(b"attachment; filename=x"), &url),
            "mine"
        );
        for given in [".env", "name.part", " mine "] {
            assert_eq!(choose_name(Some(given), None, &url), given);
        }
        assert_eq!(choose_name(Some("../x"), None, &url), "x");
        let bare = Url::parse("http://h/").expect("a link");
        assert_eq!(choose_name(None, None, &bare), "download");
    }

    #[test]
    fn what_a_desktop_acts_on_is_defused_unless_the_person_named_it_so() {
        let url = Url::parse("http://h/report.scf").expect("a link");
        assert_eq!(choose_name(None, None, &url), "report.scf.download");
        let named = b"attachment; filename=\"x/Desktop.ini. \"";
        assert_eq!(choose_name(None, Some(named), &url), "Desktop.ini.download");
        assert_eq!(
            choose_name(Some("desktop.ini"), Some(named), &url),
            "desktop.ini"
        );
        assert_eq!(file_name_for("http://h/a.lnk", None), "a.lnk.download");
        let long = format!("http://h/{}.lnk", "a".repeat(300));
        let name = file_name_for(&long, None);
        assert!(
            name.ends_with(".download") && name.len() <= MAX_LEN,
            "{name}"
        );
    }

    #[test]
    fn a_cut_name_is_still_safe() {
        let long = "a".repeat(235);
        for (given, expected) in [
            (format!("{long}aaaaaaaaaa.txt"), format!("{long}a.txt")),
            (
                format!("{long}.part{}", "b".repeat(40)),
                format!("{long}_part"),
            ),
            (
                format!("nul{}x.{}", " .".repeat(150), "b".repeat(40)),
                "_nul".to_owned(),
            ),
            (
                format!("{}.txt", "語".repeat(100)),
                format!("{}.txt", "語".repeat(78)),
            ),
            (
                format!("{}.tar.gz", "😀".repeat(80)),
                format!("{}.tar.gz", "😀".repeat(58)),
            ),
        ] {
            assert_eq!(sanitize(&given), expected);
        }
    }

    #[test]
    fn a_taken_name_gets_a_number_before_its_ending() {
        assert_eq!(numbered("a.tar.gz", 2), "a (2).tar.gz");
        assert_eq!(numbered("a", 1), "a (1)");
    }

    /// Fragments that the rules treat specially, in any order.
    const PIECES: &str = "\\PC{0,9}|[./\\\\ \\x00-\\x1f]{1,4}|[\u{200b}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{a0}\u{3000}]{1,3}|(?i)(con|nul|com1|lpt¹|\\.part|\\.tar\\.gz|%2e%2e%2f)|[aü語😀]{20,90}";

    proptest! {
        #[test]
        fn any_text_gives_a_safe_name(
            text in prop_oneof![any::<String>(), prop::collection::vec(PIECES, 0..8).prop_map(|pieces| pieces.concat())]
        ) {
            let name = sanitize(&text);
            prop_assert!(!name.is_empty() && !name.contains(['/', '\\']));
            prop_assert!(!name.contains(|c: char| c.is_control() || r#"<>:"|?*"#.contains(c)));
            let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!name.contains(turns));
            prop_assert!(!name.ends_with(|c: char| c == '.' || c.is_whitespace()));
            prop_assert!(!name.starts_with(|c: char| c == '.' || c.is_whitespace()));
            prop_assert!(!name.to_ascii_lowercase().ends_with(PART_SUFFIX));
            prop_assert!(!reserved(name.split('.').next().unwrap_or_default().trim_end()));
            // With number and suffix it is still a valid name on every system.
            prop_assert!(numbered(&name, 9999).len() + PART_SUFFIX.len() <= 255);
            prop_assert_eq!(sanitize(&name), name);
        }
    }
}
