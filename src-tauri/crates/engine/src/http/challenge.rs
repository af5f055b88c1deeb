//! Parses the challenges of a 401 or 407: schemes and their parameters (RFC 9110, section 11). Pure.

/// An authentication scheme that a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    /// In lower case.
    pub(super) scheme: String,
    /// Names in lower case.
    parameters: Vec<(String, String)>,
}

impl Challenge {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// All challenges of one field; commas separate challenges as well as parameters.
pub(super) fn read(field: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    let mut rest = field;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',', '=']);
        let (word, after) = token(rest);
        if word.is_empty() {
            match rest.chars().next() {
                // Invalid here: skipped, as the rest may still be valid.
                Some(stray) => rest = &rest[stray.len_utf8()..],
                None => return found,
            }
            continue;
        }
        rest = after.trim_start_matches([' ', '\t']);
        match (rest.strip_prefix('='), found.last_mut()) {
            (Some(value), Some(challenge)) => {
                let (value, after) = value_of(value.trim_start_matches([' ', '\t']));
                challenge
                    .parameters
                    .push((word.to_ascii_lowercase(), value));
                rest = after;
            }
            (Some(after), None) => rest = after,
            (None, _) => found.push(Challenge {
                scheme: word.to_ascii_lowercase(),
                parameters: Vec::new(),
            }),
        }
    }
}

/// A token (RFC 9110, section 5.6.2), and what follows.
fn token(text: &str) -> (&str, &str) {
    let other = |c: char| !(c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(c));
    text.split_at(text.find(other).unwrap_or(text.len()))
}

/// A token or a quoted string, and what follows.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (word, rest) = token(text);
        return (word.to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, c)| c)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn several_challenges_stand_in_one_field() {
        let all = read(
            r#"Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple" , Negotiate a87421/==, Digest nonce = "n,=" ,qop="auth, auth-int""#,
        );
        let schemes: Vec<&str> = all.iter().map(|one| one.scheme.as_str()).collect();
        assert_eq!(schemes[..2], ["newauth", "basic"]);
        assert_eq!(all[0].get("title"), Some("Login to \"apps\""));
        assert_eq!(all[1].get("realm"), Some("simple"));
        let digest = all.last().expect("the last one");
        assert_eq!(digest.scheme, "digest");
        assert_eq!(digest.get("nonce"), Some("n,="));
        assert_eq!(digest.get("qop"), Some("auth, auth-int"));
    }

    proptest! {
        #[test]
        fn any_field_is_read_to_its_end(field in "\\PC{0,200}|[a-z\"\\\\=, ]{0,60}") {
            let total: usize = read(&field).iter().map(|one| one.scheme.len()).sum();
            prop_assert!(total <= field.len());
        }
    }
}
