//! Text from files and users: encoding marks are removed, and secrets are not repeated.

use url::Url;

/// Decodes a text file, as UTF-8, or as UTF-16 if it starts with a byte order mark. Invalid bytes are replaced, so that
/// a stray one does not hide the text around it.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let units = |of: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| of([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => String::from_utf8_lossy(text).into_owned(),
        [0xff, 0xfe, text @ ..] => units(u16::from_le_bytes, text),
        [0xfe, 0xff, text @ ..] => units(u16::from_be_bytes, text),
        text => String::from_utf8_lossy(text).into_owned(),
    }
}

/// A rejected URL, for display. Where a password starts and ends in an invalid URL is unknown: everything before its
/// last `@` is removed, except for the scheme, and so is what would move the cursor.
pub(crate) fn redacted(link: &str) -> String {
    let scheme = link.find("://").map(|at| &link[..at + 3]);
    let scheme = scheme.filter(|scheme| {
        let mut characters = scheme.trim_end_matches("://").chars();
        characters.all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    });
    let lower = link.to_ascii_lowercase();
    let end = [("@", 1), ("%40", 3), ("\u{ff20}", 3)]
        .into_iter()
        .filter_map(|(at, length)| Some(lower.rfind(at)? + length))
        .max();
    let shown = match end {
        Some(end) if scheme.is_none_or(|scheme| scheme.len() < end) => {
            format!("{}***@{}", scheme.unwrap_or_default(), &link[end..])
        }
        Some(_) | None => link.to_owned(),
    };
    shown.replace(char::is_control, "?")
}

/// A URL for display, without the name and password that it may have.
pub(crate) fn without_credentials(link: &str) -> String {
    let bare = |mut url: Url| {
        let named = !url.username().is_empty() || url.password().is_some();
        url.set_username("")
            .and_then(|()| url.set_password(None))
            .ok()?;
        named.then(|| url.into())
    };
    let bare = Url::parse(link).ok().and_then(bare);
    bare.unwrap_or_else(|| link.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_at_the_beginning_tells_the_encoding_and_is_not_part_of_the_text() {
        assert_eq!(decode(b"\xef\xbb\xbfmachine a"), "machine a");
        assert_eq!(decode(b"\xff\xfea\0b\0"), "ab");
        assert_eq!(decode(b"\xfe\xff\0a\0b"), "ab");
        assert_eq!(decode(b"# k\xf6ln\nx"), "# k\u{fffd}ln\nx");
        assert_eq!(decode(b""), "");
    }

    #[test]
    fn a_link_is_shown_without_its_password_and_else_as_it_was_written() {
        assert_eq!(without_credentials("http://ada:s@h/a b"), "http://h/a%20b");
        for plain in ["HTTP://h/a b", "no link"] {
            assert_eq!(without_credentials(plain), plain);
        }
    }

    #[test]
    fn no_part_of_a_password_is_shown_however_a_link_is_broken() {
        for link in [
            "ftp://ada:s3cret@h/f",
            "http://ada:s3cret@h:99999/f",
            "http://ada:s3/cret?s3#s3cret@h/f",
            "http://s3cret@h:port/f",
            "HTTP://ada:s3cret@[::1/f",
            "//ada:s3cret@h/f",
            "ada:s3cret@h/f",
            "ada:s3cret://x@h/f",
            "http:ada:s3cret@h:x/f",
            "http:\\\\ada:s3cret@h:x/f",
            "http://ada:s3cret@s3cret@h:x/f",
            "http://ada:s3cret%40h/f",
            "http://ada:s3cret\u{ff20}h:x/f",
            "s3cret@",
        ] {
            let shown = redacted(link);
            assert!(!shown.contains("s3"), "{link}: {shown}");
            assert!(shown.contains("***@"), "{link}: {shown}");
        }
        assert_eq!(redacted("ftp://h/f"), "ftp://h/f");
        assert_eq!(redacted("no\tlink\u{1b}"), "no?link?");
        assert_eq!(redacted("sftp://ada:p@h/f"), "sftp://***@h/f");
    }
}
