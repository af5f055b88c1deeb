//! Header fields as servers send them, and the digest that is read from them.

use super::*;

// Digests of `abc`.
const SHA512: &str =
    "3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";
const SHA256: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
const SHA1: &str = "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=";
const MD5: &str = "kAFQmDzST7DWlj99KOF/cg==";
const CRC32C: &str = "Nks/tw==";

fn read(fields: &[(&'static str, String)], whole: bool) -> Option<(String, String)> {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, value.parse().expect("a header value"));
    }
    let found = server_digest(&headers, whole)?;
    let header = found.header.expect("a server always says where");
    Some((header, found.checksum.algorithm().to_string()))
}

fn is(header: &str, algorithm: &str) -> Option<(String, String)> {
    Some((header.to_owned(), algorithm.to_owned()))
}

#[test]
fn each_form_of_each_field_is_read_from_a_whole_answer() {
    for (field, value, expected) in [
        (
            "Repr-Digest",
            format!("sha-256=:{SHA256}:"),
            is("Repr-Digest", "SHA-256"),
        ),
        (
            "Repr-Digest",
            format!("sha-512=:{SHA512}:;x=1"),
            is("Repr-Digest", "SHA-512"),
        ),
        (
            "Content-Digest",
            format!("sha-256=:{SHA256}:"),
            is("Content-Digest", "SHA-256"),
        ),
        (
            "Digest",
            format!("SHA-512={SHA512}"),
            is("Digest", "SHA-512"),
        ),
        (
            "Digest",
            format!("sha-256={SHA256}"),
            is("Digest", "SHA-256"),
        ),
        ("Digest", format!("SHA={SHA1}"), is("Digest", "SHA-1")),
        ("Digest", format!("MD5={MD5}"), is("Digest", "MD5")),
        ("Content-MD5", MD5.into(), is("Content-MD5", "MD5")),
        (
            "x-goog-hash",
            format!("crc32c={CRC32C}"),
            is("x-goog-hash", "CRC-32C"),
        ),
        (
            "x-goog-hash",
            format!("crc32c={CRC32C},md5={MD5}"),
            is("x-goog-hash", "MD5"),
        ),
        (
            "x-amz-checksum-sha256",
            SHA256.into(),
            is("x-amz-checksum-sha256", "SHA-256"),
        ),
        (
            "x-amz-checksum-sha1",
            SHA1.into(),
            is("x-amz-checksum-sha1", "SHA-1"),
        ),
        (
            "x-amz-checksum-crc32c",
            CRC32C.into(),
            is("x-amz-checksum-crc32c", "CRC-32C"),
        ),
        (
            "x-amz-checksum-crc32",
            "y/Q5Jg==".into(),
            is("x-amz-checksum-crc32", "CRC-32"),
        ),
        (
            "x-amz-checksum-crc64nvme",
            "rosUhgp5mIg=".into(),
            is("x-amz-checksum-crc64nvme", "CRC-64/NVME"),
        ),
    ] {
        let name = field.to_ascii_lowercase().leak();
        assert_eq!(read(&[(name, value.clone())], true), expected, "{value}");
    }
}

#[test]
fn the_strongest_of_several_is_used() {
    let md5 = ("content-md5", MD5.to_owned());
    let weak = ("digest", format!("MD5={MD5}, SHA={SHA1}"));
    let repr = ("repr-digest", format!("sha-256=:{SHA256}:"));
    let strong = ("content-digest", format!("sha-512=:{SHA512}:"));
    let fields = [md5, weak, repr, strong];
    assert_eq!(read(&fields, true), is("Content-Digest", "SHA-512"));
    assert_eq!(read(&fields, false), is("Repr-Digest", "SHA-256"));
    assert_eq!(read(&fields[..2], true), is("Digest", "SHA-1"));
}

#[test]
fn lines_of_one_field_are_one_list() {
    let google = |value: String| ("x-goog-hash", value);
    let fields = [
        google(format!("crc32c={CRC32C}")),
        google(format!("md5={MD5}")),
    ];
    assert_eq!(read(&fields, true), is("x-goog-hash", "MD5"));
}

#[test]
fn what_speaks_of_a_part_says_nothing_of_the_file() {
    for (field, value) in [
        ("content-digest", format!("sha-256=:{SHA256}:")),
        ("content-md5", MD5.to_owned()),
        ("x-amz-checksum-sha256", SHA256.to_owned()),
    ] {
        assert_eq!(read(&[(field, value)], false), None, "{field}");
    }
}

#[test]
fn a_digest_of_digests_is_not_one_of_the_file() {
    let composite = ("x-amz-checksum-sha256", format!("{SHA256}-7"));
    assert_eq!(read(&[composite], true), None);
    for field in ["x-amz-checksum-crc32", "x-amz-checksum-crc64nvme"] {
        let composite = (field, "rosUhgp5mIg=-2".to_owned());
        assert_eq!(read(&[composite], true), None, "{field}");
    }
    let fields = [
        ("x-amz-checksum-sha256", SHA256.to_owned()),
        ("x-amz-checksum-type", "COMPOSITE".to_owned()),
    ];
    assert_eq!(read(&fields, true), None);
    let fields = [
        ("x-amz-checksum-sha256", SHA256.to_owned()),
        ("x-amz-checksum-type", "FULL_OBJECT".to_owned()),
    ];
    assert_eq!(read(&fields, true), is("x-amz-checksum-sha256", "SHA-256"));
}

#[test]
fn the_hash_of_a_stored_packed_object_is_not_one_of_the_file() {
    let hash = ("x-goog-hash", format!("md5={MD5}"));
    let packed = ("x-goog-stored-content-encoding", "gzip".to_owned());
    let plain = ("x-goog-stored-content-encoding", "identity".to_owned());
    assert_eq!(read(&[hash.clone(), packed], true), None);
    assert_eq!(read(&[hash, plain], true), is("x-goog-hash", "MD5"));
}

#[test]
fn what_cannot_be_a_digest_is_passed_over() {
    for value in [
        "",
        "sha-256",
        "sha-256=",
        "sha-256=::",
        "sha-256=:not base64:",
        "sha-256=:kAFQmDzST7DWlj99KOF/cg==:",
        "unixsum=30637",
        "crc32=:y/Q5Jg==:",
        "sha-3=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:",
    ] {
        assert_eq!(
            read(&[("repr-digest", value.to_owned())], true),
            None,
            "{value}"
        );
    }
    let mixed = format!("unixsum=30637, ,sha-256=:{SHA256}:");
    assert_eq!(
        read(&[("repr-digest", mixed)], true),
        is("Repr-Digest", "SHA-256")
    );
}
