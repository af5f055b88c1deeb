//! Maps problems to remedies: the whole retry policy in one function.

use std::time::Duration;

use super::problem::{Fix, Problem, Remedy};
use super::retry_policy::{RetryPolicy, backoff};

/// The detected lack of a network may be wrong, and a disk comes back without an event.
const OUTAGE_RECHECK: Duration = Duration::from_secs(10);

impl Problem {
    /// Whether the same request may succeed later: a problem of the network or the server, which says nothing about the
    /// file.
    pub(crate) fn is_transient(&self) -> bool {
        let ranges = matches!(self, Self::RangeMismatch { .. });
        let remedy = self.remedy(1, &RetryPolicy::default(), 0.0);
        !ranges && matches!(remedy, Remedy::ContinueAfter(_) | Remedy::ContinueOnline(_))
    }

    /// Whether it is an outage, which is waited out without using up attempts.
    pub(crate) fn is_outage(&self) -> bool {
        matches!(self, Self::Offline { .. } | Self::DiskSilent { .. })
    }

    /// Whether the partial file is of no use any more.
    pub(crate) fn invalidates_partial(&self) -> bool {
        matches!(self, Self::Changed { .. } | Self::PartialLost { .. })
    }

    /// The server's `Retry-After` in seconds.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        if let Self::RateLimited { retry_after, .. } | Self::ServerError { retry_after, .. } = self
        {
            *retry_after
        } else {
            None
        }
    }

    /// The remedy after `attempts` consecutive attempts without progress (this one included).
    ///
    /// Network errors, 429 and 5xx are retried up to `max_attempts`, respecting `Retry-After`; a changed or lost file
    /// is restarted within the same number of attempts; an outage (offline, unresponsive disk) is waited out without
    /// using up attempts; other HTTP, TLS and disk errors need the user. `jitter` is 0.0 to 1.0.
    pub fn remedy(&self, attempts: u32, patience: &RetryPolicy, jitter: f64) -> Remedy {
        let again = |asked: Option<u64>, at_last: Remedy| {
            if attempts < patience.max_attempts.max(1) {
                Remedy::ContinueAfter(backoff(attempts.max(1), asked, patience, jitter))
            } else {
                at_last
            }
        };
        match self {
            Self::UnknownHost { .. } => again(None, Remedy::AskToContinue(Fix::NewLink)),
            Self::Offline { .. } => Remedy::ContinueOnline(OUTAGE_RECHECK),
            // Nothing to do but to wait until the disk is back.
            Self::DiskSilent { .. } => {
                Remedy::ContinueAfter(OUTAGE_RECHECK.min(patience.max_delay))
            }
            Self::ConnectionRefused { .. }
            | Self::Unreachable { .. }
            | Self::ConnectTimeout { .. }
            | Self::NoAnswer { .. }
            | Self::Stalled { .. }
            | Self::ConnectionLost { .. }
            | Self::BadResponse { .. }
            | Self::NotTheFile { .. }
            | Self::ProxyUnreachable { .. } => again(None, Remedy::AskToContinue(Fix::Retry)),
            Self::RateLimited { retry_after, .. } | Self::ServerError { retry_after, .. } => {
                again(*retry_after, Remedy::AskToContinue(Fix::Retry))
            }
            Self::RangeMismatch { .. } => again(None, Remedy::AskToRestart(Fix::StartOver)),
            Self::InvalidLink
            | Self::UnsupportedScheme { .. }
            | Self::NotFound { .. }
            | Self::Gone { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::UnexpectedStatus { .. }
            | Self::TooManyRedirects { .. }
            | Self::UnsafeRedirect { .. }
            | Self::Encoded { .. } => Remedy::AskToContinue(Fix::NewLink),
            Self::TlsFailed { .. }
            | Self::LocalNetwork { .. }
            | Self::ProxyRefused { .. }
            | Self::FileExists { .. }
            | Self::InUse { .. }
            | Self::DiskFailed { .. } => Remedy::AskToContinue(Fix::Retry),
            Self::Changed { .. } | Self::PartialLost { .. } => {
                if attempts < patience.max_attempts.max(1) {
                    Remedy::RestartAfter(Duration::ZERO)
                } else {
                    Remedy::AskToRestart(Fix::StartOver)
                }
            }
            Self::DiskFull { .. } => Remedy::AskToContinue(Fix::FreeSpace),
            Self::ReadOnly { .. } | Self::FolderMissing { .. } | Self::FileTooLarge { .. } => {
                Remedy::AskToContinue(Fix::OtherFolder)
            }
            Self::ChecksumMismatch { .. } => Remedy::AskToRestart(Fix::StartOver),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::EnumCount;

    use super::*;
    use crate::domain::checksum::Algorithm;
    use crate::domain::problem::TlsFailure;

    fn all_problems() -> Vec<Problem> {
        let host = || "h".to_owned();
        let folder = || "f".to_owned();
        vec![
            Problem::InvalidLink,
            Problem::UnsupportedScheme {
                scheme: "ftp".into(),
            },
            Problem::UnknownHost { host: host() },
            Problem::ConnectionRefused { host: host() },
            Problem::Unreachable { host: host() },
            Problem::Offline { host: host() },
            Problem::LocalNetwork { host: host() },
            Problem::ConnectTimeout { host: host() },
            Problem::NoAnswer { host: host() },
            Problem::Stalled { host: host() },
            Problem::ConnectionLost { host: host() },
            Problem::TlsFailed {
                host: host(),
                reason: Some(TlsFailure::Expired),
            },
            Problem::BadResponse { host: host() },
            Problem::NotFound { host: host() },
            Problem::Gone { host: host() },
            Problem::Unauthorized { host: host() },
            Problem::Forbidden { host: host() },
            Problem::RateLimited {
                host: host(),
                retry_after: Some(60),
            },
            Problem::ServerError {
                host: host(),
                status: 503,
                retry_after: None,
            },
            Problem::UnexpectedStatus {
                host: host(),
                status: 418,
            },
            Problem::TooManyRedirects { host: host() },
            Problem::UnsafeRedirect {
                host: host(),
                scheme: "ftp".into(),
            },
            Problem::RangeMismatch { host: host() },
            Problem::Encoded {
                host: host(),
                encoding: "gzip".into(),
            },
            Problem::NotTheFile { host: host() },
            Problem::ProxyRefused { host: host() },
            Problem::ProxyUnreachable { host: host() },
            Problem::Changed { host: host() },
            Problem::DiskFull {
                folder: folder(),
                needed: None,
            },
            Problem::ReadOnly { folder: folder() },
            Problem::FolderMissing { folder: folder() },
            Problem::FileTooLarge { folder: folder() },
            Problem::PartialLost { path: folder() },
            Problem::FileExists { path: folder() },
            Problem::InUse {
                path: folder(),
                holder: Some("a (1)".into()),
            },
            Problem::DiskSilent { folder: folder() },
            Problem::DiskFailed {
                path: folder(),
                reason: String::new(),
            },
            Problem::ChecksumMismatch {
                algorithm: Algorithm::Sha1,
                expected: String::new(),
                actual: String::new(),
                header: Some("Digest".into()),
                kept: Some(folder()),
            },
        ]
    }

    #[test]
    fn the_policy_names_every_problem_once() {
        let all = all_problems();
        let codes: BTreeSet<&str> = all.iter().map(Problem::code).collect();
        assert_eq!((all.len(), codes.len()), (Problem::COUNT, Problem::COUNT));
    }

    #[test]
    fn these_may_succeed_later_with_the_same_request() {
        let all = all_problems();
        let transient = all.iter().filter(|problem| problem.is_transient());
        let codes: BTreeSet<&str> = transient.map(Problem::code).collect();
        for code in ["connection-lost", "server-error", "rate-limited", "offline"] {
            assert!(codes.contains(code), "{code}");
        }
        for code in ["range-mismatch", "not-found", "changed", "disk-full"] {
            assert!(!codes.contains(code), "{code}");
        }
    }

    #[test]
    fn the_server_says_when_to_come_again_with_429_and_5xx() {
        let host = || "h".to_owned();
        let limited = |retry_after| Problem::RateLimited {
            host: host(),
            retry_after,
        };
        assert_eq!(limited(Some(7)).retry_after(), Some(7));
        assert_eq!(limited(None).retry_after(), None);
        assert_eq!(Problem::Gone { host: host() }.retry_after(), None);
    }

    #[test]
    fn an_outage_and_what_discards_the_partial_file_are_these() {
        let codes = |is: fn(&Problem) -> bool| {
            let all = all_problems();
            let these = all.iter().filter(|problem| is(problem));
            these.map(Problem::code).collect::<Vec<_>>()
        };
        assert_eq!(codes(Problem::is_outage), ["offline", "disk-silent"]);
        assert_eq!(
            codes(Problem::invalidates_partial),
            ["changed", "partial-lost"]
        );
    }

    #[test]
    fn the_whole_policy() {
        let patience = RetryPolicy {
            max_attempts: 3,
            ..RetryPolicy::default()
        };
        let table: Vec<String> = all_problems()
            .iter()
            .map(|problem| {
                let first = problem.remedy(1, &patience, 0.5);
                let last = problem.remedy(3, &patience, 0.5);
                format!("{}: {first:?} .. {last:?}", problem.code())
            })
            .collect();
        let expected = include_str!("remedy.snapshot");
        assert_eq!(table.join("\n"), expected.trim_end());
    }

    #[test]
    fn codes_are_what_is_serialised() {
        for problem in all_problems() {
            let value = serde_json::to_value(&problem).expect("problems serialise");
            assert_eq!(value["code"], problem.code());
            let back: Problem = serde_json::from_value(value).expect("and come back");
            assert_eq!(back, problem);
        }
    }

    #[test]
    fn what_earlier_versions_stored_of_a_failed_handshake_is_read() {
        let stored = r#"{"code":"tls-failed","host":"h"}"#;
        let expected = Problem::TlsFailed {
            host: "h".into(),
            reason: None,
        };
        assert_eq!(serde_json::from_str::<Problem>(stored).ok(), Some(expected));
    }
}
