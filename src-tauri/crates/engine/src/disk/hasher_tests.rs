//! Each algorithm against its published test vectors, and every order of writes against the digest of the whole.

use std::cell::Cell;
use std::io::Write;

use proptest::prelude::*;

use super::*;

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("a writable file");
    file
}

fn whole(algorithm: Algorithm, bytes: &[u8]) -> Checksum {
    let sum = Hasher::new(algorithm).finish(&file(bytes), bytes.len() as u64, || false);
    sum.expect("a readable file").expect("not stopped")
}

#[test]
fn each_algorithm_gives_its_published_digest() {
    // FIPS 180-4 examples, RFC 1321 (A.5), RFC 3720 (B.4, 32 bytes of zeros).
    for (algorithm, bytes, digest) in [
        // And the check values of the catalogue of parametrised CRC algorithms.
        (Algorithm::Crc32, &b"123456789"[..], "cbf43926"),
        (Algorithm::Crc32c, &[0; 32], "8a9136aa"),
        (Algorithm::Crc64Nvme, b"123456789", "ae8b14860a799888"),
        (Algorithm::Md5, b"abc", "900150983cd24fb0d6963f7d28e17f72"),
        (
            Algorithm::Sha1,
            b"abc",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (
            Algorithm::Sha256,
            b"abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            Algorithm::Sha512,
            b"abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ] {
        assert_eq!(whole(algorithm, bytes).hex(), digest, "{algorithm}");
    }
}

#[test]
fn what_is_written_in_order_is_not_read_again() {
    let bytes = vec![7; 1000];
    let hasher = Hasher::new(Algorithm::Sha256);
    hasher.on_write(0, &bytes[..400]);
    hasher.on_write(400, &bytes[400..]);
    assert_eq!(hasher.remaining(1000), 0);
    // An empty file: reading a byte from it would be an error.
    let sum = hasher.finish(&file(b""), 1000, || false);
    let sum = sum.expect("nothing is read").expect("not stopped");
    assert_eq!(sum, whole(Algorithm::Sha256, &bytes));
}

#[test]
fn what_came_out_of_order_is_read_from_the_file() {
    let bytes: Vec<u8> = (0..=255).cycle().take(PIECE * 2 + 5).collect();
    let hasher = Hasher::new(Algorithm::Sha1);
    hasher.on_write(600, &bytes[600..]);
    hasher.on_write(0, &bytes[..600]);
    assert_eq!(
        hasher.remaining(bytes.len() as u64),
        bytes.len() as u64 - 600
    );
    let sum = hasher.finish(&file(&bytes), bytes.len() as u64, || false);
    let sum = sum.expect("a readable file").expect("not stopped");
    assert_eq!(sum, whole(Algorithm::Sha1, &bytes));
}

#[test]
fn a_shorter_file_has_no_digest() {
    let sum = Hasher::new(Algorithm::Md5).finish(&file(b"abc"), 4, || false);
    assert_eq!(
        sum.expect_err("it ends early").kind(),
        ErrorKind::UnexpectedEof
    );
}

#[test]
fn reading_stops_when_it_should() {
    let looks = Cell::new(0);
    let stop = || looks.replace(looks.get() + 1) == 1;
    let length = PIECE * 3;
    let sum = Hasher::new(Algorithm::Md5).finish(&file(&vec![1; length]), length as u64, stop);
    assert_eq!(sum.expect("a readable file"), None);
    assert_eq!(looks.get(), 2);
}

proptest! {
    #[test]
    fn any_order_of_writes_gives_the_digest_of_the_whole(
        which in 0usize..5,
        bytes in prop::collection::vec(any::<u8>(), 1..600),
        writes in prop::collection::vec((0usize..600, 1usize..200), 0..30),
    ) {
        let algorithm = Algorithm::ALL[which];
        let hasher = Hasher::new(algorithm);
        for (at, length) in writes {
            let at = at.min(bytes.len());
            hasher.on_write(at as u64, &bytes[at..bytes.len().min(at + length)]);
        }
        let sum = hasher.finish(&file(&bytes), bytes.len() as u64, || false);
        prop_assert_eq!(sum.expect("a readable file"), Some(whole(algorithm, &bytes)));
    }
}
