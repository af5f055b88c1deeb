//! Checksum files as they are published beside downloads: where they may be, and what they say about a file. Pure.

use percent_encoding::percent_decode_str;
use url::Url;

use super::checksum::{Algorithm, Checksum, ParseChecksumError};

/// Maximum length of a checksum file in bytes.
pub(crate) const MAX_BYTES: usize = 1 << 20;

/// Endings of a checksum file for one file, appended to the name of that file; the strongest first.
const ENDINGS: [&str; 4] = [".sha256", ".sha512", ".sha1", ".md5"];
/// Names of a checksum file for a whole folder.
const LISTS: [&str; 4] = ["SHA256SUMS", "SHA512SUMS", "sha256sum.txt", "CHECKSUMS"];

/// A place where a checksum file may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) url: Url,
    /// For that one file: a digest without a name is its digest.
    pub(crate) single: bool,
}

/// Where the checksum of the file at `link` may be, in the order of the search. The query is kept: it may be what gives
/// access.
pub(crate) fn candidates(link: &Url) -> Vec<Candidate> {
    let at = |path: String, single| {
        let mut url = link.clone();
        url.set_path(&path);
        url.set_fragment(None);
        Candidate { url, single }
    };
    let path = link.path();
    let Some((folder, name)) = path.rsplit_once('/') else {
        return Vec::new();
    };
    let single = ENDINGS.iter().filter(|_| !name.is_empty());
    let single = single.map(|ending| at(format!("{path}{ending}"), true));
    let lists = LISTS
        .iter()
        .map(|list| at(format!("{folder}/{list}"), false));
    single.chain(lists).collect()
}

/// The last part of the path, decoded; `None` if it is empty.
pub(crate) fn last_segment(url: &Url) -> Option<String> {
    let (_, name) = url.path().rsplit_once('/')?;
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}

/// The digest that the checksum file states for a file of one of these names; the strongest of several. `None` also
/// where it states two different ones of the same algorithm. `single`: see [`Candidate`].
pub(crate) fn find(text: &str, names: &[String], single: bool) -> Option<Checksum> {
    let mut best: Option<Checksum> = None;
    let mut contradicted: Option<Algorithm> = None;
    for (checksum, name) in text.lines().filter_map(read_line) {
        let of_this = match name {
            // Of what a program has read from a pipe.
            None | Some("-") => single,
            Some(name) => names.iter().any(|one| one == last_part(name)),
        };
        if !of_this {
            continue;
        }
        match &best {
            Some(known) if known.algorithm() > checksum.algorithm() => {}
            Some(known) if known.algorithm() == checksum.algorithm() => {
                if *known != checksum {
                    contradicted = Some(known.algorithm());
                }
            }
            Some(_) | None => best = Some(checksum),
        }
    }
    best.filter(|found| contradicted != Some(found.algorithm()))
}

/// The checksum in a text that a user has pasted: as [`Checksum`] is written, or a line of a checksum file.
///
/// # Errors
///
/// [`ParseChecksumError`] for anything else, also for several lines.
pub fn pasted_checksum(text: &str) -> Result<Checksum, ParseChecksumError> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let line = lines.next().filter(|_| lines.next().is_none());
    let read = line.and_then(read_line);
    read.map(|(checksum, _)| checksum).ok_or(ParseChecksumError)
}

/// A line `HEX`, `ALGORITHM:HEX`, `HEX  name`, `HEX *name` (GNU) or `ALGORITHM (name) = HEX` (BSD), with the name if
/// there is one.
fn read_line(line: &str) -> Option<(Checksum, Option<&str>)> {
    let line = line.trim_start_matches('\u{feff}').trim();
    if let Some((head, hex)) = line.rsplit_once(") = ")
        && let Some((algorithm, name)) = head.split_once(" (")
    {
        let algorithm = Algorithm::from_name(algorithm)?;
        return Some((Checksum::from_hex(algorithm, hex.trim())?, Some(name)));
    }
    if let Ok(checksum) = line.parse() {
        return Some((checksum, None));
    }
    let (hex, name) = line.split_once([' ', '\t'])?;
    let name = name.trim_start();
    let name = name.strip_prefix('*').unwrap_or(name);
    Some((hex.parse().ok()?, Some(name)))
}

/// The name of the file in a path of either kind.
fn last_part(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hex(digit: char, algorithm: Algorithm) -> String {
        digit.to_string().repeat(algorithm.length() * 2)
    }

    fn found(text: &str, single: bool) -> Option<String> {
        let names = ["a file.iso".to_owned(), "other.iso".to_owned()];
        find(text, &names, single).map(|checksum| checksum.to_string())
    }

    #[test]
    fn every_usual_line_is_read() {
        let sum = hex('A', Algorithm::Sha256);
        let expected = Some(format!("sha-256:{}", hex('a', Algorithm::Sha256)));
        for line in [
            format!("{sum}  a file.iso"),
            format!("{sum} *a file.iso"),
            format!("{sum}\ta file.iso\r"),
            format!("{sum}  ./images/a file.iso"),
            format!("{sum} *images\\a file.iso"),
            format!("{sum} other.iso"),
            format!("SHA256 (a file.iso) = {sum}"),
            format!("SHA2 (x) = y\nSHA256 (./images/other.iso) = {sum}\r\n"),
            format!("\u{feff}# comment\n\n{sum}  a file.iso"),
        ] {
            assert_eq!(found(&line, false), expected, "{line}");
            assert_eq!(found(&line, true), expected, "{line}");
        }
    }

    #[test]
    fn a_digest_without_a_name_counts_only_in_the_file_of_that_one_file() {
        let sum = hex('a', Algorithm::Sha512);
        for text in [
            sum.clone(),
            format!("{sum}\n"),
            format!("sha512:{sum}"),
            format!("{sum}  -"),
        ] {
            assert_eq!(found(&text, false), None, "{text}");
            assert_eq!(found(&text, true), Some(format!("sha-512:{sum}")), "{text}");
        }
    }

    #[test]
    fn what_is_not_about_the_file_is_not_taken() {
        let sum = hex('a', Algorithm::Sha256);
        for text in [
            String::new(),
            format!("{sum}  b.iso"),
            format!("{sum}  a file.iso.asc"),
            format!("SHA256 (b.iso) = {sum}"),
            format!("SHA512 (a file.iso) = {sum}"),
            format!("{}  a file.iso", &sum[1..]),
            format!("<html><p>{sum}  a file.iso</p></html>"),
            format!("<!doctype html>\n<title>a file.iso</title>\n<code>{sum}</code>"),
        ] {
            assert_eq!(found(&text, true), None, "{text}");
        }
    }

    #[test]
    fn the_strongest_counts_and_a_contradiction_is_no_checksum() {
        let line = |digit, algorithm| format!("{}  a file.iso\n", hex(digit, algorithm));
        let (md5, sha256) = (Algorithm::Md5, Algorithm::Sha256);
        let strong = Some(format!("sha-256:{}", hex('b', sha256)));
        let both = line('a', md5) + &line('b', sha256);
        assert_eq!(found(&both, false), strong);
        assert_eq!(found(&(line('b', sha256) + &line('a', md5)), false), strong);
        assert_eq!(found(&(both.clone() + &line('b', sha256)), false), strong);
        assert_eq!(found(&(both.clone() + &line('c', md5)), false), strong);
        assert_eq!(found(&(both + &line('c', sha256)), false), None);
    }

    #[test]
    fn the_places_are_beside_the_link_with_its_query() {
        let link = Url::parse("https://h:8443/d/a%20b.iso?key=1#x").expect("a URL");
        let all = candidates(&link);
        let texts: Vec<&str> = all.iter().map(|one| one.url.as_str()).collect();
        let expected = [
            "https://h:8443/d/a%20b.iso.sha256?key=1",
            "https://h:8443/d/a%20b.iso.sha512?key=1",
            "https://h:8443/d/a%20b.iso.sha1?key=1",
            "https://h:8443/d/a%20b.iso.md5?key=1",
            "https://h:8443/d/SHA256SUMS?key=1",
            "https://h:8443/d/SHA512SUMS?key=1",
            "https://h:8443/d/sha256sum.txt?key=1",
            "https://h:8443/d/CHECKSUMS?key=1",
        ];
        assert_eq!(texts, expected);
        assert!(all.iter().take(4).all(|one| one.single));
        assert!(all.iter().skip(4).all(|one| !one.single));
        assert_eq!(last_segment(&link).as_deref(), Some("a b.iso"));
        let folder = Url::parse("https://h/d/").expect("a URL");
        assert_eq!(candidates(&folder).len(), LISTS.len());
        assert_eq!(last_segment(&folder), None);
    }

    #[test]
    fn what_is_pasted_is_digits_or_one_line() {
        let sum = hex('A', Algorithm::Sha1);
        for text in [
            sum.clone(),
            format!(" sha1:{sum}\n"),
            format!("{sum}  any name.iso\n\n"),
            format!("SHA1 (any) = {sum}"),
        ] {
            let read = pasted_checksum(&text).expect(&text);
            assert_eq!(read.to_string(), format!("sha-1:{}", "a".repeat(40)));
        }
        for text in [
            String::new(),
            "any".into(),
            format!("{sum} a\n{sum} b"),
            format!("md5:{sum}"),
            format!("name {sum}"),
        ] {
            assert_eq!(pasted_checksum(&text), Err(ParseChecksumError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[^\n]{0,40}(\n[^\n]{0,40}){0,4}") {
            let _any = find(&text, &["a".to_owned()], true);
            let _any = pasted_checksum(&text);
        }
    }
}
