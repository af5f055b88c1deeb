//! Parses cookies from a file as browsers and curl write it (Netscape's `cookies.txt`). Pure.

use std::time::{Duration, SystemTime};

use millrace_engine::Cookie;

/// The cookies of a file; invalid lines are skipped.
pub(crate) fn read(text: &str) -> Vec<Cookie> {
    text.lines().filter_map(cookie).collect()
}

/// Domain, whether subdomains are included, path, whether https only, expiry, name, value; separated by tabs.
fn cookie(line: &str) -> Option<Cookie> {
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
    // Zero means the end of the browser's session, which is taken to be still running.
    let after = Duration::try_from_secs_f64(end.max(0.0)).ok();
    let end = after
        .filter(|_| end != 0.0)
        .and_then(|after| SystemTime::UNIX_EPOCH.checked_add(after));
    // A cookie without a domain, or one that cannot be sent in a header, is skipped.
    let sound = !domain.is_empty() && !format!("{name}{value}").contains(char::is_control);
    sound.then(|| Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        domain,
        host_only: !truth(hosts),
        path: path.to_owned(),
        secure: truth(secure),
        expires: end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_with_a_cookie_is_one_and_others_are_none() {
        let file = "# Netscape HTTP Cookie File\n\
            .Example.org\tTRUE\t/\tFALSE\t0\tall\t1\n\
            #HttpOnly_www.example.org\tFALSE\t/a\tTRUE\t2000\ta\t2\r\n\
            x.org\tFALSE\t/\tFALSE\t0\tn\tbad\u{1}\n\
            broken line\n";
        let [all, one] = &read(file)[..] else {
            unreachable!("two of them");
        };
        assert_eq!((&*all.name, &*all.value), ("all", "1"));
        assert_eq!((&*all.domain, all.host_only), ("example.org", false));
        assert_eq!((all.secure, all.expires), (false, None));
        assert_eq!((&*one.path, one.host_only, one.secure), ("/a", true, true));
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(2000);
        assert_eq!(one.expires, Some(end));
    }
}
