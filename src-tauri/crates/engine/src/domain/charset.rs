//! Decodes file names from bytes: declared, undeclared and wrongly declared encodings. Pure.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, WINDOWS_1252};
use percent_encoding::percent_decode_str;

/// RFC 4648, section 4. Encoders leave out the padding, or bits of the last character set.
const UNPADDED: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));

/// UTF-8 if it is that, else what it looks most like, else Windows-1252, as which every text can be read.
pub(crate) fn decode(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let likely = detector.guess(None, Utf8Detection::Deny);
    let (found, _, wrong) = likely.decode(bytes);
    if wrong {
        WINDOWS_1252.decode(bytes).0.into_owned()
    } else {
        found.into_owned()
    }
}

/// Text in the declared encoding; `None` when that is unknown or the bytes are not valid in it.
pub(crate) fn declared(label: &str, bytes: &[u8]) -> Option<String> {
    let declared = Encoding::for_label(label.trim().as_bytes())?;
    // A byte order mark of another encoding does not override the declared one: the bytes are then invalid.
    let (found, wrong) = declared.decode_with_bom_removal(bytes);
    (!wrong).then(|| found.into_owned())
}

/// As [`declared`], falling back to detection when the label is unknown or wrong.
pub(crate) fn decode_as(label: &str, bytes: &[u8]) -> String {
    declared(label, bytes).unwrap_or_else(|| decode(bytes))
}

/// Percent-encoded text (RFC 3986, section 2.1).
pub(crate) fn percent_decode(encoded: &str) -> String {
    decode(&percent_decode_str(encoded).collect::<Vec<u8>>())
}

/// Decodes `=?charset?B?...?=` and `=?charset?Q?...?=` (RFC 2047). They belong in mail headers, but some servers send
/// them. `None` when there is none; the text around them is kept as it is.
pub(crate) fn decode_rfc2047(value: &str) -> Option<String> {
    let mut found = String::new();
    let mut rest = value;
    let mut any = false;
    while let Some(start) = rest.find("=?") {
        let before = &rest[..start];
        let Some((word, after)) = decode_encoded_word(&rest[start..]) else {
            found.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        // Whitespace between two encoded words is not part of the text.
        if !any || !before.trim().is_empty() {
            found.push_str(before);
        }
        found.push_str(&word);
        any = true;
        rest = after;
    }
    found.push_str(rest);
    any.then_some(found)
}

/// The text of one encoded word, and the rest behind it.
fn decode_encoded_word(word: &str) -> Option<(String, &str)> {
    let (charset, rest) = word.strip_prefix("=?")?.split_once('?')?;
    let (kind, rest) = rest.split_once('?')?;
    let (encoded, after) = rest.split_once("?=")?;
    let bytes = match kind {
        "B" | "b" => UNPADDED.decode(whole_groups(encoded)).ok()?,
        "Q" | "q" => decode_q(encoded),
        _ => return None,
    };
    // A language tag may follow: RFC 2231, section 5.
    let charset = charset.split('*').next().unwrap_or_default();
    Some((decode_as(charset, &bytes), after))
}

/// Without padding, and without a last character of the alphabet that says no byte by itself.
fn whole_groups(encoded: &str) -> &[u8] {
    let bytes = encoded.trim_end_matches('=').as_bytes();
    match bytes.split_last() {
        Some((last, groups))
            if groups.len() % 4 == 0 && (last.is_ascii_alphanumeric() || b"+/".contains(last)) =>
        {
            groups
        }
        _ => bytes,
    }
}

/// RFC 2047, section 4.2: percent-encoding with other signs.
fn decode_q(encoded: &str) -> Vec<u8> {
    let as_percent = encoded
        .replace('%', "%25")
        .replace('_', "%20")
        .replace('=', "%");
    percent_decode_str(&as_percent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undeclared_bytes_are_read_as_what_they_look_like() {
        for (bytes, expected) in [
            (&b"plain.txt"[..], "plain.txt"),
            ("日本語.txt".as_bytes(), "日本語.txt"),
            (b"caf\xe9.txt", "café.txt"),
            (b"\x80 5.txt", "€ 5.txt"),
            (
                b"\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd.txt",
                "こんにちは.txt",
            ),
            (b"\xd6\xd0\xb9\xfa\xc8\xcb\xc3\xf1.txt", "中国人民.txt"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2.txt", "Привет.txt"),
        ] {
            assert_eq!(decode(bytes), expected);
        }
    }

    #[test]
    fn a_label_is_believed_when_it_fits() {
        assert_eq!(decode_as("Shift_JIS", b"\x93\xfa\x96{"), "日本");
        assert_eq!(decode_as("gb2312", b"\xd6\xd0"), "中");
        assert_eq!(decode_as("iso-8859-1", b"\xa3"), "£");
        assert_eq!(decode_as("utf-8", b"caf\xe9.txt"), "café.txt");
        assert_eq!(decode_as("klingon", "é".as_bytes()), "é");
    }

    #[test]
    fn words_of_mails_are_undone() {
        for (word, expected) in [
            ("=?UTF-8?B?5pel5pysLnR4dA==?=", Some("日本.txt")),
            ("=?utf-8?Q?na=C3=AFve_100%.txt?=", Some("naïve 100%.txt")),
            (
                "=?ISO-8859-1*en?q?caf=E9?= =?utf-8?b?LnR4dA?=",
                Some("café.txt"),
            ),
            ("a =?x?B?Yg==?= c", Some("a b c")),
            ("=?utf-8?B?!?=", None),
            ("=?utf-8?B?YWJjZ?=", Some("abc")),
            ("=?utf-8?X?a?=", None),
            ("a =?b", None),
            ("plain", None),
        ] {
            assert_eq!(decode_rfc2047(word).as_deref(), expected, "{word}");
        }
    }
}
