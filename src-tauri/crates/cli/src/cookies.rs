//! Cookies from a file as browsers and curl write it (Netscape's `cookies.txt`): those that belong to one link. Pure.

/// What of a link decides over cookies; `host` is in lower case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    pub(crate) secure: bool,
}

/// The value of a `Cookie` header for the place; `now` is in seconds since 1970. `None` when no cookie belongs there.
pub(crate) fn header(text: &str, place: Place<'_>, now: u64) -> Option<String> {
    let pairs: Vec<String> = text
        .lines()
        .filter_map(|line| pair(line, place, now))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join("; "))
}

/// domain, whether its hosts too, path, whether secure only, end, name, value; with tabs between.
fn pair(line: &str, place: Place<'_>, now: u64) -> Option<String> {
    let line = line.strip_prefix("#HttpOnly_").unwrap_or(line);
    if line.starts_with('#') {
        return None;
    }
    let mut parts = line.trim_end_matches('\r').split('\t');
    let mut part = || parts.next();
    let (domain, hosts, path) = (part()?, part()?, part()?);
    let (secure, end, name) = (part()?, part()?.parse::<f64>().ok()?, part()?);
    let value = part().unwrap_or_default();
    let truth = |text: &str| text.eq_ignore_ascii_case("true");
    let domain = domain.trim_start_matches('.').to_ascii_lowercase();
    let below = place.host.strip_suffix(&*domain);
    let host_fits =
        place.host == domain || (truth(hosts) && below.is_some_and(|before| before.ends_with('.')));
    let path_fits = place
        .path
        .strip_prefix(path)
        .is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'));
    // Nought is the end of a browser's session, which is still going on.
    let lives = end == 0.0 || end > now as f64;
    let fits = !domain.is_empty() && host_fits && path_fits && lives;
    (fits && (place.secure || !truth(secure))).then(|| format!("{name}={value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Netscape HTTP Cookie File\n\
        .example.org\tTRUE\t/\tFALSE\t0\tall\t1\n\
        www.example.org\tFALSE\t/a\tFALSE\t2000\ta\t2\n\
        #HttpOnly_.example.org\tTRUE\t/\tTRUE\t0\tsafe\t3\r\n\
        .example.org\tTRUE\t/\tFALSE\t999\told\t4\n\
        other.org\tFALSE\t/\tFALSE\t0\tother\t5\n\
        broken line\n";

    #[test]
    fn only_the_cookies_of_the_link_are_taken() {
        for (host, path, secure, expected) in [
            ("www.example.org", "/a/b", false, Some("all=1; a=2")),
            ("www.example.org", "/ab", false, Some("all=1")),
            ("example.org", "/", true, Some("all=1; safe=3")),
            ("badexample.org", "/", true, None),
            ("sub.other.org", "/", false, None),
        ] {
            let place = Place { host, path, secure };
            assert_eq!(
                header(FILE, place, 1000).as_deref(),
                expected,
                "{host}{path}"
            );
        }
    }
}
