//! The digests that the file of a download is known to have had, and what a verification adds to them. Pure.

use super::checksum::Checksum;
use super::record::Record;
use super::verdict::{ExpectedDigest, Verdict};
use super::verification::{DigestSource, KnownDigest, Proof, Verification, Verifications};

impl Record {
    /// The digest that its file is known to have had; the strongest one.
    pub(crate) fn known_digest(&self) -> Option<KnownDigest> {
        let known = self.known_digests().into_iter();
        known.max_by_key(|known| known.checksum.algorithm())
    }

    /// The digests that its file is known to have had.
    fn known_digests(&self) -> Vec<KnownDigest> {
        let checks = self.verification.as_ref();
        let checked = checks.and_then(|checks| checks.proof.as_ref());
        let known = checked.and_then(Proof::checksum).into_iter();
        let known = known.chain(self.downloaded_digest());
        let proven = |(checksum, source)| KnownDigest {
            checksum,
            source,
            proven: true,
        };
        known.map(proven).collect()
    }

    /// The digest that its file must have.
    pub(crate) fn expected_digest(&self) -> Option<KnownDigest> {
        let given = self.checksum.as_ref();
        let expected = ExpectedDigest::choose(given, self.server_digest.as_ref())?;
        let source = match expected.header {
            None => DigestSource::Given,
            Some(header) => DigestSource::Server { header },
        };
        Some(KnownDigest {
            checksum: expected.checksum,
            source,
            proven: false,
        })
    }

    /// Stores that a digest has proven the file, which had not the one that was expected.
    pub(crate) fn note_proof(&mut self, verification: &Verification) {
        self.note_verification(verification);
        let (algorithm, digest) = (verification.algorithm, verification.digest.clone());
        let source = verification.compared.as_ref().map(|one| &one.source);
        self.verdict = Some(match source {
            Some(DigestSource::Server { header }) => Verdict::ServerDigest {
                algorithm,
                header: header.clone(),
                digest,
            },
            Some(DigestSource::Given | DigestSource::File { .. }) | None => {
                // The earlier one was wrong; a later start would be compared with it.
                self.checksum = Checksum::from_hex(algorithm, &digest);
                Verdict::Checksum { algorithm, digest }
            }
        });
    }

    /// Stores the result of a verification of its file.
    pub(crate) fn note_verification(&mut self, verification: &Verification) {
        let known = self.known_digests();
        self.verification = Verifications::with(self.verification.take(), verification, known);
    }

    /// The digest that its file was verified by when it was downloaded.
    fn downloaded_digest(&self) -> Option<(Checksum, DigestSource)> {
        let (algorithm, digest, source) = match self.verdict.as_ref()? {
            Verdict::Checksum { algorithm, digest } => (algorithm, digest, DigestSource::Given),
            Verdict::ServerDigest {
                algorithm,
                digest,
                header,
            } => {
                let header = header.clone();
                (algorithm, digest, DigestSource::Server { header })
            }
            Verdict::Length | Verdict::Nothing => return None,
        };
        let checksum = Checksum::from_hex(*algorithm, digest).or_else(|| {
            // An earlier version has stored no digest with the verdict.
            let stated = self.server_digest.as_ref();
            let expected = ExpectedDigest::choose(self.checksum.as_ref(), stated);
            expected.map(|expected| expected.checksum)
        });
        Some((checksum?, source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checksum::Algorithm;
    use crate::domain::download::NewDownload;

    fn downloaded() -> Record {
        let new = NewDownload {
            url: "https://host/a.zip".into(),
            ..NewDownload::default()
        };
        Record::new(new, 1000).expect("the URL is valid")
    }

    fn sha1(digit: &str) -> Checksum {
        digit.repeat(40).parse().expect("a SHA-1")
    }

    fn sha256(digit: &str) -> Checksum {
        digit.repeat(64).parse().expect("a SHA-256")
    }

    fn verified(known: KnownDigest, actual: &Checksum) -> Verification {
        Verification {
            at: 7,
            algorithm: actual.algorithm(),
            digest: actual.hex(),
            compared: Some(known.compare(actual)),
        }
    }

    #[test]
    fn nothing_is_known_of_a_file_that_no_digest_has_proven() {
        let mut record = downloaded();
        // Given, but the file was not compared with it.
        record.checksum = Some(sha1("1"));
        for verdict in [None, Some(Verdict::Length), Some(Verdict::Nothing)] {
            record.verdict = verdict;
            assert_eq!(record.known_digest(), None);
        }
    }

    #[test]
    fn the_digest_of_the_verdict_is_known_also_where_an_earlier_version_stored_it_elsewhere() {
        let mut record = downloaded();
        let header = "Digest".to_owned();
        let verdict = |digest: &Checksum| Verdict::ServerDigest {
            algorithm: digest.algorithm(),
            header: header.clone(),
            digest: digest.hex(),
        };
        record.verdict = Some(verdict(&sha1("1")));
        let known = record.known_digest().expect("it was verified");
        assert_eq!((known.checksum, known.proven), (sha1("1"), true));
        let header = header.clone();
        assert_eq!(known.source, DigestSource::Server { header });
        record.verdict = Some(Verdict::Checksum {
            algorithm: Algorithm::Sha1,
            digest: String::new(),
        });
        record.checksum = Some(sha1("2"));
        let known = record.known_digest().expect("it was verified");
        assert_eq!(
            (known.checksum, known.source),
            (sha1("2"), DigestSource::Given)
        );
    }

    /// A record whose file has matched `SHA256SUMS` since the download.
    fn matched_a_file() -> (Record, Verification) {
        let mut record = downloaded();
        record.verdict = Some(Verdict::Checksum {
            algorithm: Algorithm::Sha1,
            digest: sha1("1").hex(),
        });
        let matched = verified(in_file(sha256("2")), &sha256("2"));
        record.note_verification(&matched);
        (record, matched)
    }

    fn in_file(checksum: Checksum) -> KnownDigest {
        let (host, name) = ("host".to_owned(), "SHA256SUMS".to_owned());
        KnownDigest {
            checksum,
            source: DigestSource::File { host, name },
            proven: false,
        }
    }

    fn last(record: &Record) -> Option<&Verification> {
        record.verification.as_ref()?.last.as_ref()
    }

    #[test]
    fn what_has_matched_stays_known_after_a_mismatch_and_the_strongest_counts() {
        let (mut record, matched) = matched_a_file();
        let other = verified(in_file(sha256("3")), &sha256("2"));
        assert_eq!(other.compared.as_ref().map(|one| one.matches), Some(false));
        record.note_verification(&other);
        assert_eq!(last(&record), Some(&other));
        let known = record.known_digest().expect("it has matched");
        let in_file = in_file(sha256("2"));
        assert_eq!(
            (known.checksum, known.source),
            (in_file.checksum, in_file.source)
        );
        // One that compares nothing leaves what is stored.
        let stored = record.verification.clone();
        record.note_verification(&Verification {
            compared: None,
            ..matched
        });
        assert_eq!(record.verification, stored);
        let mut moved = stored.expect("it compared");
        moved.forget_mismatch();
        assert!(moved.last.is_none() && moved.proof.is_some());
    }

    #[test]
    fn a_given_value_that_does_not_match_says_nothing_against_a_proof_but_the_file_may() {
        let (mut record, matched) = matched_a_file();
        // Of an algorithm by which nothing is known.
        let sha512 = |digit: &str| -> Checksum { digit.repeat(128).parse().expect("a SHA-512") };
        record.note_verification(&verified(KnownDigest::given(sha512("9")), &sha512("8")));
        assert_eq!(last(&record), Some(&matched));
        // The file still has a digest that it has had, and then has not.
        for (actual, matches) in [(sha1("1"), true), (sha1("4"), false), (sha1("1"), true)] {
            record.note_verification(&verified(KnownDigest::given(sha1("9")), &actual));
            let stored = last(&record).and_then(|last| last.compared.clone());
            let stored = stored.expect("compared with the known one");
            assert_eq!((stored.expected, stored.proven), (sha1("1").hex(), true));
            assert_eq!(stored.matches, matches);
        }
        // Where nothing is known, it is all there is.
        let mut record = downloaded();
        record.verdict = Some(Verdict::Length);
        let other = verified(KnownDigest::given(sha1("9")), &sha1("1"));
        record.note_verification(&other);
        assert_eq!(last(&record), Some(&other));
    }
}
