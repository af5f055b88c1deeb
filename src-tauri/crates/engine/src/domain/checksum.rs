//! The expected digest of a file: parses the forms that users and servers write. Computes nothing; see `disk::hasher`
//! for that.

use std::fmt;
use std::str::FromStr;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Serialize};

/// Digest algorithm, ordered by strength: of several digests the greatest counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Algorithm {
    #[serde(rename = "crc32")]
    Crc32,
    #[serde(rename = "crc32c")]
    Crc32c,
    #[serde(rename = "crc64nvme")]
    Crc64Nvme,
    #[serde(rename = "md5")]
    Md5,
    #[serde(rename = "sha-1")]
    Sha1,
    #[default]
    #[serde(rename = "sha-256")]
    Sha256,
    #[serde(rename = "sha-512")]
    Sha512,
}

impl Algorithm {
    /// All algorithms, the weakest first.
    pub const ALL: [Self; 7] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
    ];

    /// The stored form, also the prefix of a written digest.
    pub fn code(self) -> &'static str {
        match self {
            Self::Crc32 => "crc32",
            Self::Crc32c => "crc32c",
            Self::Crc64Nvme => "crc64nvme",
            Self::Md5 => "md5",
            Self::Sha1 => "sha-1",
            Self::Sha256 => "sha-256",
            Self::Sha512 => "sha-512",
        }
    }

    /// Length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// Accepts any usual spelling: `sha-256`, `SHA256`, `sha_256`; `sha` is SHA-1 (RFC 3230, section 4.1.1).
    pub fn from_name(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        if plain == "sha" {
            return Some(Self::Sha1);
        }
        let same = |one: &Self| one.code().replace('-', "") == plain;
        Self::ALL.into_iter().find(same)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Crc32 => "CRC-32",
            Self::Crc32c => "CRC-32C",
            Self::Crc64Nvme => "CRC-64/NVME",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// The digest of a whole file, with its algorithm.
///
/// Parsed from `sha-256:HEX`, `sha256=HEX`, or HEX alone, whose length identifies MD5, SHA-1, SHA-256 and SHA-512;
/// displayed and stored as `sha-256:hex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    digest: Vec<u8>,
}

impl Checksum {
    /// `None` when the digest does not have the algorithm's length.
    pub fn new(algorithm: Algorithm, digest: Vec<u8>) -> Option<Self> {
        (digest.len() == algorithm.length()).then_some(Self { algorithm, digest })
    }

    /// `None` when these are not the hexadecimal digits of such a digest.
    pub(crate) fn from_hex(algorithm: Algorithm, hex: &str) -> Option<Self> {
        let digest = HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
        Self::new(algorithm, digest.ok()?)
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The digest in lower-case hexadecimal.
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.digest)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.code(), self.hex())
    }
}

/// The text is not a checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a checksum is written ALGORITHM:HEX with md5, sha-1, sha-256 or sha-512, or as the hexadecimal digits alone (32, 40, 64 or 128)"
)]
pub struct ParseChecksumError;

impl FromStr for Checksum {
    type Err = ParseChecksumError;

    fn from_str(text: &str) -> Result<Self, ParseChecksumError> {
        let text = text.trim();
        let (algorithm, hex) = match text.split_once([':', '=']) {
            Some((name, hex)) => (Algorithm::from_name(name), hex.trim()),
            // Eight digits fit several algorithms, so those need a name.
            None => (
                [
                    Algorithm::Md5,
                    Algorithm::Sha1,
                    Algorithm::Sha256,
                    Algorithm::Sha512,
                ]
                .into_iter()
                .find(|one| one.length() * 2 == text.len()),
                text,
            ),
        };
        let digest = HEXLOWER_PERMISSIVE.decode(hex.as_bytes());
        let digest = digest.map_err(|_| ParseChecksumError)?;
        Self::new(algorithm.ok_or(ParseChecksumError)?, digest).ok_or(ParseChecksumError)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_usual_way_of_writing_is_read() {
        let hex = "Ab".repeat(32);
        for text in [
            format!("sha-256:{hex}"),
            format!("sha256={hex}"),
            format!(" SHA-256: {hex} "),
            format!("SHA_256:{hex}"),
            hex.clone(),
        ] {
            let read: Checksum = text.parse().expect(&text);
            assert_eq!(read.to_string(), format!("sha-256:{}", "ab".repeat(32)));
        }
    }

    #[test]
    fn the_length_of_plain_digits_tells_the_algorithm() {
        for (pairs, algorithm) in [
            (16, Algorithm::Md5),
            (20, Algorithm::Sha1),
            (32, Algorithm::Sha256),
            (64, Algorithm::Sha512),
        ] {
            let read: Checksum = "0f"
                .repeat(pairs)
                .parse()
                .expect("digits of a known length");
            assert_eq!(read.algorithm(), algorithm);
        }
    }

    #[test]
    fn what_is_no_checksum_is_refused() {
        let hex = |pairs| "ab".repeat(pairs);
        for text in [
            String::new(),
            hex(4),
            hex(31),
            format!("sha-256:{}", hex(20)),
            format!("sha-3:{}", hex(32)),
            format!("md5:{}g", &hex(16)[1..]),
            format!("+{}", &hex(16)[1..]),
            format!("sha-256:{}", "é".repeat(32)),
        ] {
            assert_eq!(text.parse::<Checksum>(), Err(ParseChecksumError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_comes_back(which in 0usize..7, seed in any::<[u8; 64]>()) {
            let algorithm = Algorithm::ALL[which];
            let made = Checksum::new(algorithm, seed[..algorithm.length()].to_vec()).expect("of the right length");
            prop_assert_eq!(made.to_string().parse::<Checksum>(), Ok(made));
        }

        #[test]
        fn no_text_is_too_strange_to_be_refused(text in "\\PC{0,140}") {
            if let Ok(read) = text.parse::<Checksum>() {
                prop_assert_eq!(read.hex().len(), read.algorithm().length() * 2);
            }
        }
    }
}
