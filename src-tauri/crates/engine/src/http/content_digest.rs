//! The digest that a server states for its file: the strongest one that can be relied on. Pure.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderMap;

use crate::domain::checksum::{Algorithm, Checksum};
use crate::domain::verdict::ExpectedDigest;

/// The digest of the whole file, if the fields state one. `whole` is whether the response contains the whole file: some
/// fields describe the content that is sent, not the file.
pub(super) fn server_digest(headers: &HeaderMap, whole: bool) -> Option<ExpectedDigest> {
    let mut all = Vec::new();
    // RFC 9530, section 3: of the selected representation, whatever part of it is sent.
    all.extend(parse_dictionary(headers, "repr-digest", "Repr-Digest"));
    // RFC 3230, section 4.3.2: of the instance, whatever part of it is sent.
    all.extend(parse_dictionary(headers, "digest", "Digest"));
    all.extend(parse_goog_hash(headers));
    if whole {
        // RFC 9530, section 2, and RFC 2616, section 14.15: of what is sent.
        all.extend(parse_dictionary(
            headers,
            "content-digest",
            "Content-Digest",
        ));
        let md5 = headers.get("content-md5").and_then(|v| v.to_str().ok());
        let md5 = md5.and_then(|text| checksum(Algorithm::Md5, text));
        all.extend(md5.map(|sum| expected(sum, "Content-MD5")));
        all.extend(parse_amz_checksum(headers));
    }
    // The first of equals: `max_by_key` would take the last.
    all.into_iter().reduce(|best, next| {
        if next.checksum.algorithm() > best.checksum.algorithm() {
            next
        } else {
            best
        }
    })
}

fn expected(checksum: Checksum, header: &str) -> ExpectedDigest {
    ExpectedDigest {
        checksum,
        header: Some(header.to_owned()),
    }
}

fn checksum(algorithm: Algorithm, base64: &str) -> Option<Checksum> {
    let digest = BASE64_STANDARD.decode(base64.trim()).ok()?;
    Checksum::new(algorithm, digest)
}

/// `key=value, key=value` over all fields of that name.
fn members<'a>(
    headers: &'a HeaderMap,
    field: &'static str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let values = headers.get_all(field).into_iter();
    let lines = values.filter_map(|value| value.to_str().ok());
    // Base64 contains no comma.
    let members = lines.flat_map(|line| line.split(','));
    members.filter_map(|member| member.trim().split_once('='))
}

/// `sha-256=:base64:` (RFC 8941, section 3.2) and `SHA-256=base64` (RFC 3230, section 4.1.1).
fn parse_dictionary(headers: &HeaderMap, field: &'static str, shown: &str) -> Vec<ExpectedDigest> {
    let read = |(name, value): (&str, &str)| {
        let value = value.split(';').next().unwrap_or_default().trim();
        let bare = value
            .strip_prefix(':')
            .and_then(|value| value.strip_suffix(':'));
        let algorithm = Algorithm::from_name(name)?;
        // No standard defines how these are computed in this field.
        let vague = matches!(algorithm, Algorithm::Crc32 | Algorithm::Crc64Nvme);
        checksum(algorithm, bare.unwrap_or(value)).filter(|_| !vague)
    };
    let sums = members(headers, field).filter_map(read);
    sums.map(|sum| expected(sum, shown)).collect()
}

/// `x-goog-hash: crc32c=base64, md5=base64`: of the stored object, which is not the file if the server decompresses it.
fn parse_goog_hash(headers: &HeaderMap) -> Vec<ExpectedDigest> {
    let packed = headers.get("x-goog-stored-content-encoding");
    if packed.is_some_and(|encoding| encoding != "identity") {
        return Vec::new();
    }
    parse_dictionary(headers, "x-goog-hash", "x-goog-hash")
}

/// `x-amz-checksum-sha256: base64` and the like: of the file, unless it is a digest of the digests of its parts, which
/// the type or a number of parts after a hyphen shows.
fn parse_amz_checksum(headers: &HeaderMap) -> Vec<ExpectedDigest> {
    let kind = headers.get("x-amz-checksum-type");
    if kind.is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(b"COMPOSITE")) {
        return Vec::new();
    }
    let fields = [
        ("x-amz-checksum-sha256", Algorithm::Sha256),
        ("x-amz-checksum-sha1", Algorithm::Sha1),
        ("x-amz-checksum-crc64nvme", Algorithm::Crc64Nvme),
        ("x-amz-checksum-crc32c", Algorithm::Crc32c),
        ("x-amz-checksum-crc32", Algorithm::Crc32),
    ];
    let read = |(field, algorithm): (&str, Algorithm)| {
        let text = headers.get(field)?.to_str().ok()?;
        Some(expected(checksum(algorithm, text)?, field))
    };
    fields.into_iter().filter_map(read).collect()
}

#[cfg(test)]
#[path = "content_digest_tests.rs"]
mod tests;
