//! How a finished file was verified, and against whose digest. Values and their texts only.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::checksum::{Algorithm, Checksum, ParseChecksumError};
use super::problem::Problem;

/// How a finished file was verified: the strongest available check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Verdict {
    /// The file has the user's digest.
    Checksum {
        algorithm: Algorithm,
        /// In lower-case hexadecimal; empty for a file that an earlier version has verified.
        #[serde(default)]
        digest: String,
    },
    /// The file has the digest that the server stated in this header field.
    ServerDigest {
        algorithm: Algorithm,
        header: String,
        /// As for `Checksum`.
        #[serde(default)]
        digest: String,
    },
    /// No digest was known; the file has the length that the server stated.
    Length,
    /// Neither digest nor length was known; the response ended properly.
    Nothing,
}

impl Verdict {
    /// Whether the file was verified by a digest, not only by its length.
    pub fn is_digest(&self) -> bool {
        match self {
            Self::Checksum { .. } | Self::ServerDigest { .. } => true,
            Self::Length | Self::Nothing => false,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum { algorithm, .. } => {
                write!(f, "{algorithm} matches the given checksum")
            }
            Self::ServerDigest {
                algorithm, header, ..
            } => {
                write!(f, "{algorithm} matches the server's {header}")
            }
            Self::Length => f.write_str("size only, no checksum was available"),
            Self::Nothing => {
                f.write_str("end of the response only, neither size nor checksum was available")
            }
        }
    }
}

/// The digest that the whole file must have, and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExpectedDigest {
    pub(crate) checksum: Checksum,
    /// The header field in which the server stated it; `None` when it is the user's.
    pub(crate) header: Option<String>,
}

impl ExpectedDigest {
    /// The user's digest, else the server's.
    pub(crate) fn choose(given: Option<&Checksum>, stated: Option<&Self>) -> Option<Self> {
        let given = given.map(|checksum| Self {
            checksum: checksum.clone(),
            header: None,
        });
        given.or_else(|| stated.cloned())
    }

    /// Continues the sentence "the digest is (not) the one that".
    pub(crate) fn source(&self) -> String {
        match &self.header {
            None => "was given".into(),
            Some(header) => format!("the server states in {header}"),
        }
    }

    /// The verdict for a file with this digest.
    pub(crate) fn into_verdict(self) -> Verdict {
        let algorithm = self.checksum.algorithm();
        let digest = self.checksum.hex();
        match self.header {
            None => Verdict::Checksum { algorithm, digest },
            Some(header) => Verdict::ServerDigest {
                algorithm,
                header,
                digest,
            },
        }
    }

    /// The problem for a file with another digest; `kept` is where the file was moved.
    pub(crate) fn mismatch(&self, actual: &Checksum, kept: Option<String>) -> Problem {
        Problem::ChecksumMismatch {
            algorithm: self.checksum.algorithm(),
            expected: self.checksum.hex(),
            actual: actual.hex(),
            header: self.header.clone(),
            kept,
        }
    }
}

/// The stored form of the user's and the server's digest: `sha-256:hex`, `md5:hex Content-MD5`, or both, separated by
/// `; `.
pub(crate) fn to_text(given: Option<&Checksum>, stated: Option<&ExpectedDigest>) -> Option<String> {
    let stated = stated.map(|stated| {
        let header = stated.header.as_deref().unwrap_or_default();
        format!("{} {header}", stated.checksum)
    });
    let all: Vec<String> = given
        .map(ToString::to_string)
        .into_iter()
        .chain(stated)
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Parses the form of [`to_text`]: the user's digest, and the server's.
pub(crate) fn from_text(
    text: &str,
) -> Result<(Option<Checksum>, Option<ExpectedDigest>), ParseChecksumError> {
    let (mut given, mut stated) = (None, None);
    for one in text.split("; ") {
        match one.split_once(' ') {
            None => given = Some(one.parse()?),
            Some((checksum, header)) => {
                stated = Some(ExpectedDigest {
                    checksum: checksum.parse()?,
                    header: Some(header.to_owned()),
                });
            }
        }
    }
    Ok((given, stated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_of_a_verdict_comes_back() {
        for (verdict, stored) in [
            (
                Verdict::Checksum {
                    algorithm: Algorithm::Sha1,
                    digest: "aa".into(),
                },
                r#"{"by":"checksum","algorithm":"sha-1","digest":"aa"}"#,
            ),
            (
                Verdict::ServerDigest {
                    algorithm: Algorithm::Md5,
                    header: "x-goog-hash".into(),
                    digest: "bb".into(),
                },
                r#"{"by":"server-digest","algorithm":"md5","header":"x-goog-hash","digest":"bb"}"#,
            ),
            (Verdict::Length, r#"{"by":"length"}"#),
            (Verdict::Nothing, r#"{"by":"nothing"}"#),
        ] {
            let text = serde_json::to_string(&verdict).expect("verdicts serialise");
            assert_eq!(text, stored);
            let back: Verdict = serde_json::from_str(stored).expect("and come back");
            assert_eq!(back, verdict);
        }
    }

    #[test]
    fn a_verdict_says_what_matched_what() {
        let digest = String::new();
        for (verdict, text) in [
            (
                Verdict::Checksum {
                    algorithm: Algorithm::Sha256,
                    digest: digest.clone(),
                },
                "SHA-256 matches the given checksum",
            ),
            (
                Verdict::ServerDigest {
                    algorithm: Algorithm::Md5,
                    header: "Content-MD5".into(),
                    digest,
                },
                "MD5 matches the server's Content-MD5",
            ),
            (Verdict::Length, "size only, no checksum was available"),
            (
                Verdict::Nothing,
                "end of the response only, neither size nor checksum was available",
            ),
        ] {
            assert_eq!(verdict.to_string(), text);
        }
    }

    #[test]
    fn a_verdict_stored_by_an_earlier_version_has_no_digest() {
        let stored = r#"{"by":"checksum","algorithm":"sha-1"}"#;
        let back: Verdict = serde_json::from_str(stored).expect("an old row is readable");
        let digest = String::new();
        let algorithm = Algorithm::Sha1;
        assert_eq!(back, Verdict::Checksum { algorithm, digest });
    }

    #[test]
    fn a_mismatch_stored_by_an_earlier_version_is_still_read() {
        let stored = r#"{"code":"checksum-mismatch","expected":"aa","actual":"bb"}"#;
        let back: Problem = serde_json::from_str(stored).expect("an old row is readable");
        let then = Problem::ChecksumMismatch {
            algorithm: Algorithm::Sha256,
            expected: "aa".into(),
            actual: "bb".into(),
            header: None,
            kept: None,
        };
        assert_eq!(back, then);
    }

    #[test]
    fn what_is_stored_of_expectations_comes_back() {
        let given: Checksum = "1".repeat(40).parse().expect("a SHA-1");
        let stated = ExpectedDigest {
            checksum: "2".repeat(32).parse().expect("an MD5"),
            header: Some("x-goog-hash".into()),
        };
        for (given, stated) in [
            (Some(given.clone()), None),
            (None, Some(stated.clone())),
            (Some(given), Some(stated)),
        ] {
            let text = to_text(given.as_ref(), stated.as_ref()).expect("something to store");
            assert_eq!(from_text(&text), Ok((given, stated)), "{text}");
        }
        assert_eq!(to_text(None, None), None);
        assert_eq!(from_text("sha-256:00"), Err(ParseChecksumError));
        assert_eq!(from_text("00 Digest"), Err(ParseChecksumError));
    }

    #[test]
    fn what_the_person_gave_goes_before_what_the_server_states() {
        let sum = |digit: &str| digit.repeat(32).parse().expect("an MD5");
        let stated = ExpectedDigest {
            checksum: sum("1"),
            header: Some("Content-MD5".into()),
        };
        let given = ExpectedDigest::choose(Some(&sum("2")), Some(&stated)).expect("one of them");
        assert_eq!((given.checksum, given.header), (sum("2"), None));
        assert_eq!(ExpectedDigest::choose(None, Some(&stated)), Some(stated));
        assert_eq!(ExpectedDigest::choose(None, None), None);
    }
}
