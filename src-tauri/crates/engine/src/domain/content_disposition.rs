//! Parses the file name in a Content-Disposition header, in every form that servers send. Pure.

use percent_encoding::percent_decode_str;

use super::charset::{declared, decode, decode_as, decode_rfc2047, percent_decode};

/// Maximum number of sections of one name.
const MAX_SECTIONS: usize = 64;

/// The unsanitised file name of the header (RFC 6266). `filename*` (RFC 8187) takes precedence over a name in sections
/// (RFC 2231), and both over `filename`, unless their bytes are invalid in the declared encoding. The disposition type
/// is ignored.
pub(crate) fn file_name(header: &[u8]) -> Option<String> {
    let header = decode(header);
    let parameters = parameters(&header);
    let named = |name: &str| {
        let mut all = parameters.iter();
        let value =
            all.find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty());
        value.map(|(_, value)| value.trim())
    };
    let all = [
        named("filename*").and_then(decode_extended),
        sections(&parameters),
    ];
    let all = all
        .into_iter()
        .flatten()
        .filter(|one| !one.bytes.is_empty());
    let all: Vec<Extended> = all.collect();
    all.iter()
        .find_map(Extended::as_said)
        .or_else(|| named("filename").map(common))
        .or_else(|| all.first().map(Extended::guessed))
}

/// Bytes with their declared encoding.
struct Extended {
    charset: String,
    bytes: Vec<u8>,
    /// Whether every percent sign begins an encoded byte.
    sound: bool,
}

impl Extended {
    fn as_said(&self) -> Option<String> {
        declared(&self.charset, &self.bytes).filter(|_| self.sound)
    }

    fn guessed(&self) -> String {
        decode_as(&self.charset, &self.bytes)
    }
}

/// `charset'language'percent-encoded`; `None` without the two quotes.
fn decode_extended(value: &str) -> Option<Extended> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _language, encoded) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Extended {
        charset: charset.to_owned(),
        bytes: percent_decode_str(encoded).collect(),
        sound: sound(encoded),
    })
}

fn sound(encoded: &str) -> bool {
    encoded.split('%').skip(1).all(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// `filename*0*`, `filename*1` and so on (RFC 2231, sections 3 and 4), in any order, up to the first missing one. Those
/// with a second asterisk are percent-encoded, and the first of them declares the encoding.
fn sections(parameters: &[(String, String)]) -> Option<Extended> {
    let section = |n: usize| {
        parameters.iter().find_map(|(key, value)| {
            let (name, number) = key.split_once('*')?;
            let encoded = number.ends_with('*');
            let number = number.strip_suffix('*').unwrap_or(number);
            let fits = name.trim().eq_ignore_ascii_case("filename") && number == n.to_string();
            fits.then_some((value, encoded))
        })
    };
    let (first, encoded) = section(0)?;
    let mut name = if encoded {
        decode_extended(first)?
    } else {
        Extended {
            charset: "utf-8".to_owned(),
            bytes: first.clone().into_bytes(),
            sound: true,
        }
    };
    for (value, encoded) in (1..MAX_SECTIONS).map_while(section) {
        if encoded {
            name.bytes.extend(percent_decode_str(value));
            name.sound &= sound(value);
        } else {
            name.bytes.extend(value.bytes());
        }
    }
    Some(name)
}

/// Non-standard but common: encoded words of mail (RFC 2047), and percent-encoding.
fn common(value: &str) -> String {
    if let Some(words) = decode_rfc2047(value) {
        words
    } else if value.contains('%') && !value.contains(' ') {
        percent_decode(value)
    } else {
        value.to_owned()
    }
}

/// `a; k=v; k="q \" v"` -> pairs; quoted pairs are unescaped (RFC 9110, section 5.6.4). A key is one word: text before
/// it without a semicolon is not part of it.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = header;
    while !rest.is_empty() {
        let (key, mut after) = key(rest);
        if after.starts_with('=') {
            let value;
            (value, after) = self::value(&after[1..]);
            found.push((key, value));
        }
        rest = after.strip_prefix(';').unwrap_or(after);
    }
    found
}

/// The last word before `=`, `;` or the end, and the rest behind it. Quoted strings are skipped.
fn key(text: &str) -> (String, &str) {
    let mut key = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '=' | ';' => break,
            '"' => {
                key.clear();
                // An unterminated quote is no quoted string.
                rest = quoted(rest).map_or(&rest[1..], |(_, after)| after);
                continue;
            }
            ' ' | '\t' | ',' | ':' => key.push(' '),
            other => key.push(other),
        }
        rest = &rest[c.len_utf8()..];
    }
    let word = key.split_whitespace().next_back().unwrap_or_default();
    (word.to_owned(), rest)
}

/// A value, and the rest from its semicolon on.
fn value(text: &str) -> (String, &str) {
    let text = text.trim_start();
    if let Some((value, after)) = text.starts_with('"').then(|| quoted(text)).flatten() {
        let end = after.find(';').unwrap_or(after.len());
        return (value, &after[end..]);
    }
    let end = text.find(';').unwrap_or(text.len());
    let value = text[..end].trim();
    // The closing quote is missing.
    let value = value.strip_prefix('"').unwrap_or(value);
    (value.to_owned(), &text[end..])
}

/// The content of the quoted string at the start of `text`, and the rest behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut all = text.char_indices().skip(1);
    while let Some((at, c)) = all.next() {
        match c {
            '"' => return Some((content, &text[at + 1..])),
            '\\' => content.extend(all.next().map(|(_, c)| c)),
            other => content.push(other),
        }
    }
    None
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
            // Bytes that look like the byte order mark of another encoding are not valid UTF-8.
            (
                b"attachment; filename*=UTF-8''%FF%FE.zip; filename=good.zip",
                Some("good.zip"),
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
            (b"attachement; filename=\"x.zip\"", Some("x.zip")),
            (b"attachment filename=\"x.zip\"", Some("x.zip")),
            (b"attachment, filename=x.zip", Some("x.zip")),
            (b"attachment: filename=x.zip", Some("x.zip")),
            (b"\"attachment\"; filename=x.zip", Some("x.zip")),
            (b"\"attachment; filename=x.zip", Some("x.zip")),
            (b"=; filename=x.zip", Some("x.zip")),
            (b";; filename=x.zip;", Some("x.zip")),
            (b"filename=x.zip", Some("x.zip")),
            (b"form-data; name=\"f\"; filename=\"x.zip\"", Some("x.zip")),
            (b"a\"; filename=bad.exe; \"; filename=x.zip", Some("x.zip")),
            (b"\"; filename=bad.exe; \"", None),
            (
                b"a; b=\"; filename=bad.exe\"; filename=x.zip",
                Some("x.zip"),
            ),
            (
                b"a; b=\"\\\"; filename=bad.exe\"; filename=x.zip",
                Some("x.zip"),
            ),
            (b"a; filename=\"x.zip\" and more; size=3", Some("x.zip")),
            (b"a; filename=\"x.zip", Some("x.zip")),
            (b"a; filename=5\" disk.zip; size=3", Some("5\" disk.zip")),
            (b"a; filename=\"\"; filename=x.zip", Some("x.zip")),
            (
                b"a; filename*=klingon''%e2.txt; filename=good.txt",
                Some("good.txt"),
            ),
            (
                b"a; filename=good.txt; filename*=utf-8''caf%e9.txt",
                Some("good.txt"),
            ),
            (
                b"a; filename*=utf-8''%zz.txt; filename=good.txt",
                Some("good.txt"),
            ),
            (
                b"a; filename*=utf-8''100%; filename=good.txt",
                Some("good.txt"),
            ),
            (
                b"a; filename*=klingon''caf%c3%a9.txt",
                Some("caf\u{e9}.txt"),
            ),
            (
                b"a; filename*0*=UTF-8''%e2%82%ac%20; filename*1=\"rates.txt\"",
                Some("\u{20ac} rates.txt"),
            ),
            (
                b"a; FILENAME*1*=%82%ac.txt; filename*0*=utf-8''a%e2; filename=plain.txt",
                Some("a\u{20ac}.txt"),
            ),
            (b"a; filename*0=\"a; \"; filename*1=b.txt", Some("a; b.txt")),
            (b"a; filename*0=a; filename*2=c; filename*1=b", Some("abc")),
            (b"a; filename*0=a; filename*2=c", Some("a")),
            (b"a; filename*1=b; filename=x.zip", Some("x.zip")),
            (
                b"a; filename*0*=no; filename*1=b; filename=x.zip",
                Some("x.zip"),
            ),
            (
                b"a; filename*0=a.txt; filename*=utf-8''b.txt",
                Some("b.txt"),
            ),
            (
                b"a; filename=good.txt; filename*0*=utf-8''a; filename*1*=%zz.txt",
                Some("good.txt"),
            ),
            (b"a; filename=\"a%20b c.txt\"", Some("a%20b c.txt")),
            (b"\"b;\"; filename=\"x.zip\"", Some("x.zip")),
            (b"attachment; filename=", None),
            (b"attachment; filename=\"\"", None),
            (b"", None),
        ] {
            let shown = String::from_utf8_lossy(header);
            assert_eq!(file_name(header).as_deref(), expected, "{shown}");
        }
    }
}
