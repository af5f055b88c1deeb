//! Digests as users and servers write them, computed independently of the engine.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use millrace_engine::{Algorithm, Checksum, DownloadId, Verdict};
use sha2::Digest;

use crate::rig::Rig;

fn digest(algorithm: Algorithm, body: &[u8]) -> Vec<u8> {
    let castagnoli = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
    let plain = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let nvme = crc::Crc::<u64>::new(&crc::CRC_64_NVME);
    match algorithm {
        Algorithm::Crc32 => plain.checksum(body).to_be_bytes().to_vec(),
        Algorithm::Crc64Nvme => nvme.checksum(body).to_be_bytes().to_vec(),
        Algorithm::Crc32c => castagnoli.checksum(body).to_be_bytes().to_vec(),
        Algorithm::Md5 => md5::Md5::digest(body).to_vec(),
        Algorithm::Sha1 => sha1::Sha1::digest(body).to_vec(),
        Algorithm::Sha256 => sha2::Sha256::digest(body).to_vec(),
        Algorithm::Sha512 => sha2::Sha512::digest(body).to_vec(),
    }
}

pub(crate) fn sum(algorithm: Algorithm, body: &[u8]) -> Checksum {
    Checksum::new(algorithm, digest(algorithm, body)).expect("of the right length")
}

/// In the form that servers send.
fn base64(algorithm: Algorithm, body: &[u8]) -> String {
    BASE64_STANDARD.encode(digest(algorithm, body))
}

/// Each header field with a digest of `body`, its algorithm, and whether it covers the file or the content as sent.
pub(crate) fn stated(body: &[u8]) -> Vec<(&'static str, String, Algorithm)> {
    use Algorithm as A;
    let field = |name, before: &str, algorithm, after: &str| {
        let value = format!("{before}{}{after}", base64(algorithm, body));
        (name, value, algorithm)
    };
    vec![
        field("Repr-Digest", "sha-256=:", A::Sha256, ":"),
        field("Repr-Digest", "sha-512=:", A::Sha512, ":"),
        field("Content-Digest", "sha-256=:", A::Sha256, ":"),
        field("Digest", "SHA-256=", A::Sha256, ""),
        field("Digest", "SHA=", A::Sha1, ""),
        field("Content-MD5", "", A::Md5, ""),
        field("x-goog-hash", "md5=", A::Md5, ""),
        field("x-goog-hash", "crc32c=", A::Crc32c, ""),
        field("x-amz-checksum-sha256", "", A::Sha256, ""),
        field("x-amz-checksum-sha1", "", A::Sha1, ""),
        field("x-amz-checksum-crc64nvme", "", A::Crc64Nvme, ""),
        field("x-amz-checksum-crc32c", "", A::Crc32c, ""),
        field("x-amz-checksum-crc32", "", A::Crc32, ""),
    ]
}

/// The verdict for a `body` that the server stated the digest of.
pub(crate) fn server_digest(algorithm: Algorithm, header: &str, body: &[u8]) -> Option<Verdict> {
    Some(Verdict::ServerDigest {
        algorithm,
        header: header.to_owned(),
        digest: sum(algorithm, body).hex(),
    })
}

/// The verdict for a `body` with the given digest.
pub(crate) fn given_digest(algorithm: Algorithm, body: &[u8]) -> Option<Verdict> {
    Some(Verdict::Checksum {
        algorithm,
        digest: sum(algorithm, body).hex(),
    })
}

impl Rig {
    /// A download with that expected digest.
    pub(crate) async fn add_with(&self, url: String, checksum: Checksum) -> DownloadId {
        let mut wish = self.wish(url);
        wish.checksum = Some(checksum);
        self.add_as(wish).await
    }
}
