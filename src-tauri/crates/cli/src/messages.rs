//! One-line messages about a download: what it waits for; what verified the file; what went wrong, what was kept and
//! what to do next.

use indicatif::DecimalBytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use millrace_engine::{Fix, Problem, Snapshot, TlsFailure, UnixMillis};

use crate::causes::cause;

/// Shorter waits are not shown: they are over before the user wonders.
const SHORTEST: UnixMillis = 1_000;

/// `<path>: verified: <what verified the file>`.
pub(crate) fn verified_line(snapshot: &Snapshot) -> String {
    let verdict = snapshot.verdict.as_ref().map(ToString::to_string);
    let verdict = verdict.unwrap_or_else(|| "nothing".into());
    format!("{}: verified: {verdict}", snapshot.path().display())
}

/// `<path>: already downloaded`, by an earlier run.
pub(crate) fn already_here(path: &std::path::Path) -> String {
    format!("{}: already downloaded", path.display())
}

/// An outage that all downloads of a run wait for, for an unknown time.
pub(crate) fn outage(problem: &Problem) -> Option<&'static str> {
    match problem.code() {
        "offline" => Some("waiting for a network; progress is saved"),
        "disk-silent" => Some("the disk isn't responding; waiting for it, progress is saved"),
        _ => None,
    }
}

/// `<url>: waiting <how long> <why>: <what happened>`, for a wait of this download alone that is not shorter than
/// [`SHORTEST`].
pub(crate) fn waiting_line(snapshot: &Snapshot, now: UnixMillis) -> Option<String> {
    let (problem, until) = (snapshot.problem.as_ref()?, snapshot.wait_until?);
    let wait = until.saturating_sub(now);
    if outage(problem).is_some() || wait < SHORTEST {
        return None;
    }
    let asked = matches!(
        problem,
        Problem::RateLimited {
            retry_after: Some(_),
            ..
        } | Problem::ServerError {
            retry_after: Some(_),
            ..
        }
    );
    let why = if asked {
        "as the server asked"
    } else {
        "to retry"
    };
    let (how_long, what) = (duration(wait), cause(problem));
    Some(match clock(until).filter(|_| wait >= 60_000) {
        Some(clock) => one_line(&format!(
            "{}: waiting until {clock} ({how_long}) {why}: {what}",
            snapshot.url
        )),
        None => one_line(&format!(
            "{}: waiting {how_long} {why}: {what}",
            snapshot.url
        )),
    })
}

/// `14:05`, in local time.
fn clock(at: UnixMillis) -> Option<String> {
    let at = Timestamp::from_millisecond(i64::try_from(at).ok()?).ok()?;
    let here = at.to_zoned_datetime(TimeZone::system());
    Some(here.strftime("%H:%M").to_string())
}

/// `2 s`, `5 min`, `1 h 30 min`; rounded up, so that it is never too short.
pub(crate) fn duration(millis: UnixMillis) -> String {
    let seconds = millis.div_ceil(1000);
    let minutes = seconds.div_ceil(60);
    match (minutes / 60, minutes % 60) {
        _ if seconds < 120 => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// `<problem-code>: <url>: <what happened>; <what was kept>; <what to do>`.
pub(crate) fn failure_line(snapshot: &Snapshot) -> String {
    let url = &snapshot.url;
    let kept = kept_text(snapshot);
    let Some(problem) = &snapshot.problem else {
        return one_line(&format!("failed: {url}: {kept}; {}", again(snapshot)));
    };
    let code = problem.code();
    let next = advice(problem).unwrap_or_else(|| again(snapshot));
    let what = cause(problem);
    one_line(&format!("{code}: {url}: {what}; {kept}; {next}"))
}

/// The same for a stream, of which nothing is kept; `url` must not contain a password.
pub(crate) fn stream_failure(url: &str, problem: &Problem, written: u64) -> String {
    let (code, what) = (problem.code(), cause(problem));
    let kept = match written {
        0 => "nothing was written".into(),
        written => format!(
            "{} was already written to the output",
            DecimalBytes(written)
        ),
    };
    let next = advice(problem).unwrap_or("run the same command again to restart");
    one_line(&format!("{code}: {url}: {what}; {kept}; {next}"))
}

/// What the user can do, where it differs from the text for the problem's [`Fix`].
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a problem without advice of its own has that of its button"
)]
fn advice(problem: &Problem) -> Option<&'static str> {
    match problem {
        Problem::TlsFailed { reason, .. } => Some(match reason {
            Some(TlsFailure::Expired | TlsFailure::NotYetValid) => {
                "check this machine's clock; otherwise only the server's owner can fix it"
            }
            Some(TlsFailure::UnknownIssuer) => {
                "if you trust the server, pass its CA certificate with --ca-cert"
            }
            Some(TlsFailure::OtherName) => "check the host in the link",
            Some(TlsFailure::NotTls) => "check the port in the link, or whether it is an http link",
            Some(
                TlsFailure::Revoked | TlsFailure::BadCertificate | TlsFailure::NothingInCommon,
            )
            | None => "only the server's owner can fix it",
        }),
        Problem::Unauthorized { .. } => Some("pass credentials with -u or -n"),
        Problem::ProxyRefused { .. } => Some("pass the proxy's username and password with --proxy"),
        Problem::ProxyUnreachable { .. } => Some("check the proxy, or bypass it with --proxy none"),
        Problem::FileExists { .. } => {
            Some("move that file, or choose another name with -o, then run the command again")
        }
        Problem::FolderMissing { .. } => Some(
            "reconnect the disk or create the folder, then run the same command again; or choose another folder with -d",
        ),
        Problem::UnknownHost { .. } => Some("check the host in the link, and the network"),
        Problem::Offline { .. } => {
            Some("connect to a network, then run the same command again to resume")
        }
        Problem::NotTheFile { .. } => Some(
            "if the network needs a sign-in, sign in with a browser, then run the same command again",
        ),
        _ => None,
    }
}

fn again(snapshot: &Snapshot) -> &'static str {
    match snapshot.fix {
        Some(Fix::NewLink) => "check the link",
        Some(Fix::FreeSpace) => "free up space, then run the same command again",
        Some(Fix::OtherFolder) => "choose another folder with -d",
        Some(Fix::StartOver) => "run the same command again to restart",
        Some(Fix::Retry) | None if snapshot.received == 0 => "run the same command again",
        Some(Fix::Retry) | None => "run the same command again to resume",
    }
}

fn kept_text(snapshot: &Snapshot) -> String {
    if let Some(Problem::ChecksumMismatch { kept, .. }) = &snapshot.problem {
        return kept.as_ref().map_or_else(
            || "the file could not be kept".to_owned(),
            |path| format!("the file is kept as {path}"),
        );
    }
    if snapshot.received == 0 {
        return "nothing was downloaded".into();
    }
    let received = DecimalBytes(snapshot.received);
    if let Some(Problem::FileExists { .. }) = &snapshot.problem {
        return format!("{received} is kept beside it");
    }
    let part = format!("{}.part", snapshot.path().display());
    format!("{received} is kept in {part}")
}

/// Replaces control characters: text from servers, URLs and disks must not start a new line or move the cursor.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_in_the_largest_units_that_fit() {
        for (millis, expected) in [
            (1_001, "2 s"),
            (60_000, "60 s"),
            (119_000, "119 s"),
            (120_000, "2 min"),
            (3_599_001, "1 h"),
            (3_600_000, "1 h"),
            (5_400_000, "1 h 30 min"),
            (86_400_000, "24 h"),
        ] {
            assert_eq!(duration(millis), expected);
        }
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line("a\r\n\u{1b}[2Jb"), "a???[2Jb");
    }
}
