//! Parses the file of `-i`: one URL per line, in any encoding that editors and shells write, with aria2's indented
//! options below a URL. Pure; `entry_options` interprets the options.

use std::borrow::Cow;

/// Content of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkList {
    pub(crate) entries: Vec<ListEntry>,
    /// Lines that cannot be used, with the reason.
    pub(crate) mistakes: Vec<String>,
}

/// One file to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ListEntry {
    /// Line number, counted from 1.
    pub(crate) line: usize,
    pub(crate) url: String,
    /// Other URLs of the same file (aria2 separates them by tabs).
    pub(crate) mirrors: Vec<String>,
    /// Name and value, in the order of the list.
    pub(crate) options: Vec<(String, String)>,
}

/// Blank lines and those that start with `#` are skipped.
pub(crate) fn parse(bytes: &[u8]) -> LinkList {
    let bytes = without_bom(bytes);
    let mut list = LinkList::default();
    let mut usable = false;
    for (line, raw) in lines(&bytes) {
        let text = text(raw);
        let trimmed = trim(&text);
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indented = raw.starts_with(b" ") || raw.starts_with(b"\t");
        if let Some((name, value)) = option(trimmed).filter(|_| indented) {
            let entry = list.entries.last_mut();
            match entry.filter(|_| usable) {
                Some(_) if std::str::from_utf8(raw).is_err() => {
                    let what = format!("line {line}: {name}= is not UTF-8; its link was skipped");
                    list.mistakes.push(what);
                    list.entries.pop();
                    usable = false;
                }
                Some(entry) => entry.options.push((name.to_owned(), value.to_owned())),
                None => list
                    .mistakes
                    .push(format!("line {line}: {name}= has no link above it")),
            }
            continue;
        }
        let mut urls = trimmed.split('\t').map(trim).filter(|url| !url.is_empty());
        if let Some(url) = urls.next() {
            list.entries.push(ListEntry {
                line,
                url: url.to_owned(),
                mirrors: urls.map(str::to_owned).collect(),
                options: Vec::new(),
            });
            usable = true;
        }
    }
    list
}

/// UTF-8 without its byte order mark; UTF-16 with one becomes UTF-8; anything else stays as it is.
fn without_bom(bytes: &[u8]) -> Cow<'_, [u8]> {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2);
        let units = units.map(|pair| from([pair[0], pair[1]]));
        let chars = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Cow::Owned(chars.collect::<String>().into_bytes())
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => Cow::Borrowed(bytes),
    }
}

/// The lines with their numbers from 1; `\n`, `\r\n` and a lone `\r` end one.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = bytes;
    let lines = std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after
            .strip_prefix(b"\r\n")
            .unwrap_or(after.get(1..).unwrap_or_default());
        Some(line)
    });
    lines.enumerate().map(|(at, line)| (at + 1, line))
}

/// In a line that is not UTF-8, each byte beyond ASCII becomes `%XX`, so that a URL keeps the bytes that it was written
/// with.
fn text(line: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(line) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let encoded = line.iter().map(|byte| match byte {
                0..=0x7f => char::from(*byte).to_string(),
                byte => format!("%{byte:02X}"),
            });
            Cow::Owned(encoded.collect())
        }
    }
}

/// Removes surrounding blanks, and the byte order marks of files that were concatenated.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0'))
}

/// `name=value` with a name like those of aria2's options; no URL looks like that.
fn option(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim_end();
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!name.is_empty() && name.chars().all(letter)).then(|| (name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(bytes: &[u8]) -> Vec<String> {
        let list = parse(bytes);
        assert_eq!(list.mistakes, Vec::<String>::new(), "{bytes:?}");
        list.entries.into_iter().map(|entry| entry.url).collect()
    }

    #[test]
    fn links_are_found_however_the_list_is_written() {
        let wide = |text: &str, mark: [u8; 2], to: fn(u16) -> [u8; 2]| {
            let units = text.encode_utf16().flat_map(to);
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let two = "http://h/a\r\nhttp://h/\u{f6}\r\n";
        let expected = ["http://h/a", "http://h/\u{f6}"];
        assert_eq!(urls(two.as_bytes()), expected);
        assert_eq!(urls(format!("\u{feff}{two}").as_bytes()), expected);
        assert_eq!(urls(&wide(two, [0xff, 0xfe], u16::to_le_bytes)), expected);
        assert_eq!(urls(&wide(two, [0xfe, 0xff], u16::to_be_bytes)), expected);
        for list in [
            &b"http://h/a\rhttp://h/b"[..],
            b"# k\xf6ln\nhttp://h/a",
            b"\n\n \t \nhttp://h/a \n",
            b"  http://h/a\t\n#http://h/b\n  # x",
            b"http://h/a\n\xef\xbb\xbf# joined",
            b"\xef\xbb\xbf\r\n\xef\xbb\xbfhttp://h/a",
        ] {
            assert_eq!(urls(list)[0], "http://h/a", "{list:?}");
        }
        assert_eq!(
            urls(b"http://h/\xba\xda.txt?a=b"),
            ["http://h/%BA%DA.txt?a=b"]
        );
        assert_eq!(urls(b"  http://h/?out=a\n"), ["http://h/?out=a"]);
        for empty in [
            &b""[..],
            b"# x\n",
            b"\xef\xbb\xbf",
            b"\xff\xfe",
            b"\r\n\r\n",
            b" \t",
        ] {
            assert!(urls(empty).is_empty(), "{empty:?}");
        }
    }

    #[test]
    fn indented_lines_are_options_of_the_link_above_and_tabs_part_mirrors() {
        let list = b"http://h/a\thttp://m/a\t\thttp://n/a\n  out=x y.bin\n\tdir = sub \n\nhttp://h/b\n header=A: b=c\n";
        let found = parse(list);
        assert_eq!(found.entries[0].mirrors, ["http://m/a", "http://n/a"]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            found.entries[0].options,
            [pair("out", "x y.bin"), pair("dir", "sub")]
        );
        assert_eq!(found.entries[1].line, 5);
        assert_eq!(found.entries[1].options, [pair("header", "A: b=c")]);
        assert!(found.mistakes.is_empty());
    }

    #[test]
    fn an_option_that_cannot_be_used_costs_its_own_link_only() {
        let found = parse(b" out=x\nhttp://h/a\nhttp://h/b\n out=k\xf6ln\n dir=d\nhttp://h/c\n");
        let urls: Vec<&str> = found.entries.iter().map(|entry| &*entry.url).collect();
        assert_eq!(urls, ["http://h/a", "http://h/c"]);
        assert!(found.entries[0].options.is_empty());
        assert_eq!(found.mistakes.len(), 3, "{:?}", found.mistakes);
    }
}
