//! Truncates text for display, so that one row always fits into a frame. Truncated text is never used as data.

use millrace_engine::{DigestSource, Problem, Verification};

const ELLIPSIS: char = '\u{2026}';

/// `text`, truncated with an ellipsis if it takes more than `limit` bytes as JSON.
pub(crate) fn truncate(text: &str, limit: usize) -> String {
    let mut taken = 0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        taken += cost(character);
        if taken > limit {
            let mut short = text[..end].to_owned();
            short.push(ELLIPSIS);
            return short;
        }
        // the last position where the ellipsis still fits
        if taken + ELLIPSIS.len_utf8() <= limit {
            end = at + character.len_utf8();
        }
    }
    text.to_owned()
}

/// Length of one character inside a JSON string, in bytes.
fn cost(character: char) -> usize {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        other => other.len_utf8(),
    }
}

/// Truncates a problem's facts. Servers and disks provide some of them, so their length is not bounded.
pub(crate) fn truncate_problem(problem: &Problem, limit: usize) -> Problem {
    let mut problem = problem.clone();
    let short = |text: &mut String| *text = truncate(text, limit);
    match &mut problem {
        Problem::InvalidLink => {}
        Problem::UnsupportedScheme { scheme } => short(scheme),
        Problem::UnknownHost { host }
        | Problem::ConnectionRefused { host }
        | Problem::Unreachable { host }
        | Problem::Offline { host }
        | Problem::LocalNetwork { host }
        | Problem::ConnectTimeout { host }
        | Problem::NoAnswer { host }
        | Problem::Stalled { host }
        | Problem::ConnectionLost { host }
        | Problem::TlsFailed { host, .. }
        | Problem::BadResponse { host }
        | Problem::NotFound { host }
        | Problem::Gone { host }
        | Problem::Unauthorized { host }
        | Problem::Forbidden { host }
        | Problem::RateLimited { host, .. }
        | Problem::ServerError { host, .. }
        | Problem::UnexpectedStatus { host, .. }
        | Problem::TooManyRedirects { host }
        | Problem::RangeMismatch { host }
        | Problem::NotTheFile { host }
        | Problem::ProxyRefused { host }
        | Problem::ProxyUnreachable { host }
        | Problem::Changed { host } => short(host),
        Problem::UnsafeRedirect { host, scheme } => {
            short(host);
            short(scheme);
        }
        Problem::Encoded { host, encoding } => {
            short(host);
            short(encoding);
        }
        Problem::DiskFull { folder, .. }
        | Problem::ReadOnly { folder }
        | Problem::FolderMissing { folder }
        | Problem::FileTooLarge { folder }
        | Problem::DiskSilent { folder } => short(folder),
        Problem::PartialLost { path } | Problem::FileExists { path } => short(path),
        Problem::InUse { path, holder } => {
            short(path);
            holder.as_mut().map(short);
        }
        Problem::DiskFailed { path, reason } => {
            short(path);
            short(reason);
        }
        Problem::ChecksumMismatch {
            algorithm: _,
            expected,
            actual,
            header,
            kept,
        } => {
            // A digest has 128 digits at most, and headers are few and short.
            *expected = truncate(expected, limit.min(128));
            *actual = truncate(actual, limit.min(128));
            header.as_mut().map(short);
            kept.as_mut().map(short);
        }
    }
    problem
}

/// Truncates the names in the source of a verification; digests have 128 digits at most.
pub(crate) fn truncate_verification(verification: &Verification, limit: usize) -> Verification {
    let mut verification = verification.clone();
    let short = |text: &mut String| *text = truncate(text, limit);
    match verification.compared.as_mut().map(|one| &mut one.source) {
        Some(DigestSource::Server { header }) => short(header),
        Some(DigestSource::File { host, name }) => {
            short(host);
            short(name);
        }
        Some(DigestSource::Given) | None => {}
    }
    verification
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_text_stays_as_it_is() {
        assert_eq!(truncate("file.iso", 8), "file.iso");
        assert_eq!(truncate("file.iso", 7), "file\u{2026}");
    }

    proptest! {
        #[test]
        fn clipped_text_fits_and_begins_like_the_whole(text in "\\PC{0,40}|[\\x00-\\x7f]{0,40}", limit in 3_usize..60) {
            let short = truncate(&text, limit);
            let json = serde_json::to_string(&short).unwrap();
            prop_assert!(json.len() - 2 <= limit, "{json}");
            prop_assert!(text.starts_with(short.trim_end_matches(ELLIPSIS)));
            if serde_json::to_string(&text).unwrap().len() - 2 <= limit {
                prop_assert_eq!(short, text);
            }
        }
    }
}
