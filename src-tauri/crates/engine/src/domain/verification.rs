//! Verification of a finished file on request: what its digest is compared with, and the result. Values.

use serde::{Deserialize, Serialize};

use super::checksum::{Algorithm, Checksum};

/// Where a digest comes from that a file is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum DigestSource {
    /// The user.
    Given,
    /// This header field of the server's response.
    Server { header: String },
    /// The checksum file of that name, beside the link.
    File { host: String, name: String },
}

/// A digest that was compared with that of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Comparison {
    /// In lower-case hexadecimal.
    pub expected: String,
    pub source: DigestSource,
    /// The file had this digest before: if it has another one now, the file has changed.
    pub proven: bool,
    pub matches: bool,
}

/// Result of one verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Verification {
    /// In milliseconds since 1970.
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub at: u64,
    pub algorithm: Algorithm,
    /// Of the file, in lower-case hexadecimal.
    pub digest: String,
    /// `None` where nothing was known to compare with.
    pub compared: Option<Comparison>,
}

impl Verification {
    /// Whether the file had the digest that it was compared with.
    pub(crate) fn matches(&self) -> bool {
        self.compared.as_ref().is_some_and(|one| one.matches)
    }

    /// Whether the file did not have a digest that the user has given now.
    fn is_given_mismatch(&self) -> bool {
        let given = |one: &Comparison| one.source == DigestSource::Given && !one.proven;
        let compared = self.compared.as_ref();
        compared.is_some_and(|one| given(one) && !one.matches)
    }
}

/// How far the reading of the file is, in bytes. `total` is 0 until it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct VerificationProgress {
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub read: u64,
    #[cfg_attr(feature = "specta", specta(type = f64))]
    pub total: u64,
}

/// How a verification has ended, unless it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum VerifyOutcome {
    /// The file was read.
    Verified { verification: Verification },
    /// No checksum of the file is beside its link; the file was not read.
    NothingFound,
    /// Cancelled before its end.
    Cancelled,
}

/// A digest of the file from somewhere else than the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownDigest {
    pub(crate) checksum: Checksum,
    pub(crate) source: DigestSource,
    /// See [`Comparison::proven`].
    pub(crate) proven: bool,
}

impl KnownDigest {
    pub(crate) fn given(checksum: Checksum) -> Self {
        Self {
            checksum,
            source: DigestSource::Given,
            proven: false,
        }
    }

    /// Compares it with the digest of the file.
    pub(crate) fn compare(self, actual: &Checksum) -> Comparison {
        Comparison {
            expected: self.checksum.hex(),
            source: self.source,
            proven: self.proven,
            matches: self.checksum == *actual,
        }
    }
}

/// A digest that the file had when it was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proof {
    algorithm: Algorithm,
    digest: String,
    source: DigestSource,
}

impl Proof {
    pub(crate) fn checksum(&self) -> Option<(Checksum, DigestSource)> {
        let checksum = Checksum::from_hex(self.algorithm, &self.digest)?;
        Some((checksum, self.source.clone()))
    }
}

/// What is stored of the verifications of a finished file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verifications {
    /// The last one that compared and counts, see [`Verifications::with`]; `None` if its result is no longer about the
    /// file.
    pub(crate) last: Option<Verification>,
    /// The last digest that matched.
    pub(crate) proof: Option<Proof>,
}

impl Verifications {
    /// What is to be stored after another verification; as before if that one compared nothing.
    ///
    /// `known` are the digests that the file has had. With one of them, a value from the user that does not match says
    /// nothing against the file, for it may be mistyped: stored is then the comparison with the known digest of the
    /// same algorithm, if there is one.
    pub(crate) fn with(
        before: Option<Self>,
        verification: &Verification,
        known: Vec<KnownDigest>,
    ) -> Option<Self> {
        let mut last = verification.clone();
        if last.is_given_mismatch() && !known.is_empty() {
            let same = |known: &KnownDigest| known.checksum.algorithm() == last.algorithm;
            let actual = Checksum::from_hex(last.algorithm, &last.digest);
            let known = known.into_iter().find(same);
            last.compared = known.zip(actual).map(|(one, actual)| one.compare(&actual));
        }
        let Some(compared) = &last.compared else {
            return before;
        };
        let proof = compared.matches.then(|| Proof {
            algorithm: last.algorithm,
            digest: compared.expected.clone(),
            source: compared.source.clone(),
        });
        Some(Self {
            proof: proof.or(before.and_then(|before| before.proof)),
            last: Some(last),
        })
    }

    /// The file is at another place: a mismatch was of what is at the old one.
    pub(crate) fn forget_mismatch(&mut self) {
        let matched = |last: &Verification| last.compared.as_ref().is_some_and(|one| one.matches);
        self.last.take_if(|last| !matched(last));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back() {
        let sum: Checksum = "1".repeat(40).parse().expect("a SHA-1");
        let matched = Verification {
            at: 7,
            algorithm: sum.algorithm(),
            digest: sum.hex(),
            compared: Some(KnownDigest::given(sum.clone()).compare(&sum)),
        };
        let stored = Verifications::with(None, &matched, Vec::new()).expect("it compared");
        let text = serde_json::to_string(&stored).expect("it serialises");
        let begins = r#"{"last":{"at":7,"algorithm":"sha-1","digest":"1111"#;
        assert!(text.starts_with(begins), "{text}");
        assert!(text.contains(r#""source":{"from":"given"},"proven":false,"matches":true"#));
        let back: Verifications = serde_json::from_str(&text).expect("and comes back");
        assert_eq!(back, stored);
    }
}
