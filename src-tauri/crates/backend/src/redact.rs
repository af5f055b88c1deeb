//! Removes passwords, tokens, cookies and the user's name from a text. Pure.
//!
//! Rather too much than too little: only the names of a URL's query parameters and of headers with secrets are kept.
//! Does not depend on files or the system.

use std::path::Path;

/// Replaces what was removed.
const HIDDEN: &str = "***";

/// After one of these names and a `:`, `=` or `,`, the rest of the line is removed.
const NAMES: &[&str] = &[
    "authorization",
    "cookie",
    "cookies",
    "set-cookie",
    "x-api-key",
    "x-auth-token",
    "api-key",
    "api_key",
    "apikey",
    "password",
    "passwd",
    "secret",
    "token",
    "access_token",
    "credentials",
];

/// The word after one of these is a secret.
const SCHEMES: &[&str] = &["bearer", "basic", "digest"];

/// `text` without secrets. `home` is the user's home folder: it becomes `~`, and its name is removed from other paths.
pub fn redact(text: &str, home: Option<&Path>) -> String {
    let mut clean = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (line, ""),
        };
        clean.push_str(&named(&redact_words(line)));
        clean.push_str(end);
    }
    match home {
        Some(home) => without_home(&clean, home),
        None => clean,
    }
}

/// Redacts each word by itself, mainly URLs.
fn redact_words(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut secret_next = false;
    for piece in line.split_inclusive(ends_word) {
        let (word, end) = match piece.char_indices().next_back() {
            Some((at, last)) if ends_word(last) => piece.split_at(at),
            Some(_) | None => (piece, ""),
        };
        if word.is_empty() {
            // whitespace and quotes between words
        } else if secret_next {
            clean.push_str(HIDDEN);
            secret_next = false;
        } else {
            clean.push_str(&link(word));
            secret_next = SCHEMES
                .iter()
                .any(|scheme| word.eq_ignore_ascii_case(scheme));
        }
        clean.push_str(end);
    }
    clean
}

/// Characters that cannot be part of a URL.
fn ends_word(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '"' | '<' | '>' | '`')
}

/// Redacts the user info, the query's values and the fragment of a URL, or of what may be a part of one.
fn link(word: &str) -> String {
    let scheme = word.find("://").map_or(0, |at| at + "://".len());
    let (before, rest) = word.split_at(scheme);
    let authority = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (user, rest) = match rest[..authority].rfind('@') {
        // without a scheme it may be an e-mail address in plain text
        Some(at) if scheme > 0 || rest[..at].contains(':') => (HIDDEN, &rest[at..]),
        Some(_) | None => ("", rest),
    };
    let whole = format!("{before}{user}{rest}");
    let (whole, fragment) = match whole.split_once('#') {
        Some((whole, fragment)) if scheme > 0 && !fragment.is_empty() => {
            (whole.to_owned(), format!("#{HIDDEN}"))
        }
        Some(_) | None => (whole, String::new()),
    };
    match whole.split_once('?') {
        Some((path, query)) if scheme > 0 || query.contains('=') => {
            let query: Vec<String> = query.split(['&', ';']).map(parameter).collect();
            format!("{path}?{}{fragment}", query.join("&"))
        }
        Some(_) | None => whole + &fragment,
    }
}

fn parameter(text: &str) -> String {
    match text.split_once('=') {
        Some((name, _)) => format!("{name}={HIDDEN}"),
        None if text.is_empty() => String::new(),
        None => HIDDEN.to_owned(),
    }
}

/// The line up to the first name that is followed by a secret.
fn named(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let cut = NAMES.iter().filter_map(|name| value(&lower, name)).min();
    match cut {
        Some(at) => format!("{} {HIDDEN}", &line[..at]),
        None => line.to_owned(),
    }
}

/// Where the value of `name` begins, unless it is redacted already.
fn value(line: &str, name: &str) -> Option<usize> {
    line.match_indices(name).find_map(|(at, _)| {
        let inside = line[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric());
        let after = at + name.len();
        let rest = line[after..].trim_start_matches(['"', '\'', ' ', '\\']);
        let value = rest.strip_prefix([':', '=', ','])?;
        let begin = line.len() - value.len();
        let value = value.trim_start_matches(['"', '\'', ' ', '\\']);
        (!inside && !value.is_empty() && !value.starts_with(HIDDEN)).then_some(begin)
    })
}

/// Replaces the home folder by `~`, and removes its name where it is a path component elsewhere.
fn without_home(text: &str, home: &Path) -> String {
    let folder = home.to_string_lossy();
    let folder = folder.trim_end_matches(['/', '\\']);
    if folder.is_empty() {
        return text.to_owned();
    }
    let escaped = folder.replace('\\', "\\\\");
    let text = text.replace(folder, "~").replace(&escaped, "~");
    let Some(name) = home.file_name().map(|name| name.to_string_lossy()) else {
        return text;
    };
    ['/', '\\'].iter().fold(text, |text, separator| {
        let inside = format!("{separator}{name}{separator}");
        text.replace(&inside, &format!("{separator}{HIDDEN}{separator}"))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clean(text: &str) -> String {
        redact(text, Some(Path::new("/home/ada")))
    }

    #[test]
    fn a_link_keeps_its_place_and_loses_its_secrets() {
        let table = [
            (
                "https://ada:pw@host:8080/a/b.bin?token=x&n=2#frag",
                "https://***@host:8080/a/b.bin?token=***&n=***#***",
            ),
            ("http://host/a@b/c.bin", "http://host/a@b/c.bin"),
            ("http://host/a?onlytoken", "http://host/a?***"),
            ("socks5://ada:p@w@127.0.0.1:1", "socks5://***@127.0.0.1:1"),
            ("ada:pw@proxy.local:3128", "***@proxy.local:3128"),
            ("failed: </a?sig=x>!", "failed: </a?sig=***>!"),
            ("really?", "really?"),
            (
                "millrace://add?url=https%3A%2F%2Fada%3Apw%40host",
                "millrace://add?url=***",
            ),
        ];
        for (text, wanted) in table {
            assert_eq!(clean(text), wanted);
        }
    }

    #[test]
    fn headers_and_named_secrets_lose_their_values() {
        let table = [
            (
                "Authorization: Basic YWRh\nnext",
                "Authorization: ***\nnext",
            ),
            (
                r#"[["Cookie", "a=b; c=d"], ["Accept", "*/*"]]"#,
                r#"[["Cookie", ***"#,
            ),
            (r#"  "password": "pw","#, r#"  "password": ***"#),
            ("Proxy-Authorization=x", "Proxy-Authorization= ***"),
            ("sent Bearer abc.def now", "sent Bearer *** now"),
            ("the cookies were taken", "the cookies were taken"),
        ];
        for (text, wanted) in table {
            assert_eq!(clean(text), wanted);
        }
    }

    #[test]
    fn nobody_learns_the_name_of_the_home_folder() {
        assert_eq!(clean("/home/ada/Downloads/a.bin"), "~/Downloads/a.bin");
        assert_eq!(clean("/media/ada/disk"), "/media/***/disk");
        let windows = redact(r"C:\\Users\\Ada\\a", Some(Path::new(r"C:\Users\Ada")));
        assert_eq!(windows, r"~\\a");
    }

    proptest! {
        #[test]
        fn a_secret_in_any_of_its_places_never_comes_through(
            place in 0usize..8,
            before in "[ -~]{0,20}",
            after in "[ -~]{0,20}",
        ) {
            let secret = "S3cr3tS3cr3t";
            let text = match place {
                0 => format!("{before} https://u:{secret}@host/{after}"),
                1 => format!("{before} https://host/p?k={secret}&{after}"),
                2 => format!("{before} https://host/p#{secret}{after}"),
                3 => format!("{before}\nAuthorization: Digest x={secret}, {after}"),
                4 => format!("{before}\n\"Cookie\": \"id={secret}\" {after}"),
                5 => format!("{before} socks5h://u:{secret}@host:1 {after}"),
                6 => format!("{before} /path?a=1&b={secret} {after}"),
                _ => format!("{before} bearer {secret} {after}"),
            };
            prop_assert!(!clean(&text).contains(secret), "{}", clean(&text));
        }
    }
}
