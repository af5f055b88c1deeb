//! The modification time that a server reports for a file, if plausible. Pure.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tolerated lead of a server's clock over this machine's.
const MAX_AHEAD: Duration = Duration::from_secs(86_400);

/// `Last-Modified` (RFC 9110, section 8.8.2) as a file time. `None` for an invalid date, for 1970-01-01 and earlier,
/// which servers send for "unknown", and for more than a day after `now`.
pub(crate) fn file_time(last_modified: &str, now: SystemTime) -> Option<SystemTime> {
    let time = httpdate::parse_http_date(last_modified.trim()).ok()?;
    let unknown = UNIX_EPOCH + Duration::from_secs(86_400);
    (time >= unknown && time <= now + MAX_AHEAD).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_that_can_be_true_are_taken() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let now = at(1_800_000_000);
        for (text, expected) in [
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(at(1_445_412_480))),
            ("Wednesday, 21-Oct-15 07:28:00 GMT", Some(at(1_445_412_480))),
            ("Wed Oct 21 07:28:00 2015", Some(at(1_445_412_480))),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Sun, 06 Nov 2094 08:49:37 GMT", None),
            ("yesterday", None),
            ("1445412480", None),
            ("", None),
        ] {
            assert_eq!(file_time(text, now), expected, "{text}");
        }
    }
}
