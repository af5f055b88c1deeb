//! Parses credentials from a netrc file: `machine`, `default`, `login`, `password`, with quotes and comments. Pure.
//!
//! Does not depend on URLs or on the engine; `account` and `macdef` are skipped.

/// One entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct NetrcEntry {
    /// `None` for `default`.
    machine: Option<String>,
    login: String,
    password: String,
}

/// Login and password for a host: the first entry that names it, else the default.
pub(crate) fn find(text: &str, host: &str) -> Option<(String, String)> {
    let all = entries(text);
    let named = all.iter().find(|entry| {
        let machine = entry.machine.as_deref();
        machine.is_some_and(|machine| machine.eq_ignore_ascii_case(host))
    });
    let found = named.or_else(|| all.iter().find(|entry| entry.machine.is_none()))?;
    Some((found.login.clone(), found.password.clone()))
}

/// The password of that login at a host: the first entry that names both, else the default where the host has no entry.
pub(crate) fn password(text: &str, host: &str, login: &str) -> Option<String> {
    let all = entries(text);
    let at_host = |entry: &&NetrcEntry| {
        let machine = entry.machine.as_deref();
        machine.is_some_and(|machine| machine.eq_ignore_ascii_case(host))
    };
    let named = all.iter().any(|entry| at_host(&entry));
    let fits = |entry: &&NetrcEntry| at_host(entry) || !named && entry.machine.is_none();
    let found = all.iter().filter(fits).find(|entry| entry.login == login);
    found.map(|entry| entry.password.clone())
}

/// Whether any entry has that login.
pub(crate) fn names(text: &str, login: &str) -> bool {
    entries(text).iter().any(|entry| entry.login == login)
}

/// Host, login and password of each entry with a host, the first entry of a host before its others.
pub(crate) fn by_host(text: &str) -> Vec<(String, String, String)> {
    let all = entries(text).into_iter();
    all.filter_map(|entry| {
        let host = entry.machine?.to_ascii_lowercase();
        Some((host, entry.login, entry.password))
    })
    .collect()
}

fn entries(text: &str) -> Vec<NetrcEntry> {
    let mut found: Vec<NetrcEntry> = Vec::new();
    let mut rest = text;
    while let Some((word, after)) = next_word(rest) {
        rest = after;
        let mut value = || {
            let (value, after) = self::next_word(rest).unwrap_or_default();
            rest = after;
            value
        };
        match word.as_str() {
            "machine" => {
                let machine = Some(value());
                found.push(NetrcEntry {
                    machine,
                    ..NetrcEntry::default()
                });
            }
            "default" => found.push(NetrcEntry::default()),
            "login" | "password" | "account" => {
                let value = value();
                if let Some(entry) = found.last_mut() {
                    match word.as_str() {
                        "login" => entry.login = value,
                        "password" => entry.password = value,
                        _ => {}
                    }
                }
            }
            // A macro ends with an empty line.
            "macdef" => rest = rest.split_once("\n\n").map_or("", |(_, after)| after),
            comment if comment.starts_with('#') => {
                // The word that starts the comment may have been the last one of its line.
                let from = text.len() - rest.len();
                let begun = text[..from].rfind('#').unwrap_or(from);
                rest = text[begun..]
                    .split_once('\n')
                    .map_or("", |(_, after)| after);
            }
            _ => {}
        }
    }
    found
}

/// The next word, plain or quoted with `\` escapes, and what follows it.
fn next_word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut word = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((word, &quoted[at + 1..])),
            '\\' => word.extend(characters.next().map(|(_, c)| match c {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            })),
            other => word.push(other),
        }
    }
    Some((word, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# who is who\n\
        machine a.example login ada password s3cret\n\
        machine b.example # of the office\n  login bob\n  account x\n  password \"p \\\"q\\\" #\"\n\
        macdef init\nmachine c.example login no password no\n\n\
        machine d.example password #hash login dan\n\
        default login anonymous password me@example\n\
        machine e.example login late password x\n";

    #[test]
    fn each_machine_has_its_own_and_others_the_default() {
        for (host, login, password) in [
            ("a.example", "ada", "s3cret"),
            ("A.EXAMPLE", "ada", "s3cret"),
            ("b.example", "bob", "p \"q\" #"),
            ("c.example", "anonymous", "me@example"),
            ("d.example", "dan", "#hash"),
            ("e.example", "late", "x"),
            ("other", "anonymous", "me@example"),
        ] {
            let expected = Some((login.to_owned(), password.to_owned()));
            assert_eq!(find(FILE, host), expected, "{host}");
        }
    }

    #[test]
    fn a_login_that_is_given_has_the_password_of_its_own_entry() {
        let file = "machine a login ada password 1\nmachine a login bob password 2\n\
            machine b login bob password 3\ndefault login carl password 4\n";
        for (host, login, expected) in [
            ("a", "ada", Some("1")),
            ("A", "bob", Some("2")),
            ("b", "bob", Some("3")),
            ("b", "ada", None),
            ("c", "carl", Some("4")),
            // The host has entries, but none with this login.
            ("a", "carl", None),
        ] {
            let found = password(file, host, login);
            assert_eq!(found.as_deref(), expected, "{login} at {host}");
        }
        assert!(names(file, "carl") && !names(file, "dan"));
    }

    #[test]
    fn a_file_without_the_host_gives_nothing() {
        assert_eq!(find("machine a login b password c", "d"), None);
        for broken in [
            "",
            "machine",
            "machine a login",
            "login x",
            "\"",
            "# only",
            "#",
        ] {
            assert_eq!(find(broken, "d"), None, "{broken}");
        }
    }
}
