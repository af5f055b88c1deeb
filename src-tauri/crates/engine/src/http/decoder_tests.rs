use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::*;
use crate::http::decode_step::PIECE;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn chunked(bytes: &[u8], size: usize) -> Vec<u8> {
    let chunk = |bytes: &[u8]| {
        [
            format!("{:X};x\r\n", bytes.len()).as_bytes(),
            bytes,
            b"\r\n",
        ]
        .concat()
    };
    let mut all: Vec<u8> = bytes.chunks(size).flat_map(chunk).collect();
    all.extend(b"0\r\nA: b\r\n\r\n");
    all
}

/// The output for `coded`, fed in pieces of `size` bytes; and the error after it.
fn undone(
    chunks: bool,
    codings: &[Coding],
    coded: &[u8],
    size: usize,
) -> (Vec<u8>, Option<DecodeError>) {
    let mut decoder = Decoder::new(chunks, codings).unwrap().unwrap();
    let mut pieces = coded.chunks(size);
    let mut out = Vec::new();
    loop {
        match decoder.step() {
            Ok(Step::Out(bytes)) => {
                assert!(bytes.len() <= PIECE);
                out.extend_from_slice(&bytes);
            }
            Ok(Step::End) => return (out, None),
            Ok(Step::More) => match pieces.next() {
                Some(piece) => decoder.feed(Bytes::copy_from_slice(piece)),
                None => decoder.finish(),
            },
            Err(error) => return (out, Some(error)),
        }
    }
}

fn file() -> Vec<u8> {
    (0..60_000_u32)
        .flat_map(|n| (n / 7).to_le_bytes())
        .collect()
}

#[test]
fn what_went_in_comes_out_whatever_the_pieces() {
    let file = file();
    for size in [1, 7, 1000, 1 << 20] {
        for (chunks, codings, coded) in [
            (false, &[Coding::Gzip][..], gzip(&file)),
            (false, &[Coding::Deflate], zlib(&file)),
            (false, &[Coding::Deflate], bare(&file)),
            (true, &[], chunked(&file, 5000)),
            (true, &[Coding::Gzip], chunked(&gzip(&file), 999)),
            (false, &[Coding::Gzip, Coding::Deflate], gzip(&zlib(&file))),
            (
                false,
                &[Coding::Gzip],
                [gzip(&file[..9]), gzip(&file[9..])].concat(),
            ),
            (
                false,
                &[Coding::Gzip],
                [gzip(&file), b"\0\0nobody's".to_vec()].concat(),
            ),
        ] {
            let (out, error) = undone(chunks, codings, &coded, size);
            assert!(
                out == file && error.is_none(),
                "{codings:?} {size} {error:?}"
            );
        }
        let (out, error) = undone(false, &[Coding::Gzip], &gzip(b""), size);
        assert!(out.is_empty() && error.is_none());
    }
}

#[test]
fn the_fields_of_a_gzip_head_are_passed_over() {
    let plain = gzip(b"hello");
    let mut full = plain[..3].to_vec();
    full.push(2 | 4 | 8 | 16);
    full.extend(&plain[4..10]);
    full.extend(b"\x03\0abcname\0comment\0\xAA\xBB");
    full.extend(&plain[10..]);
    for size in [1, 4, 100] {
        assert_eq!(
            undone(false, &[Coding::Gzip], &full, size),
            (b"hello".to_vec(), None)
        );
    }
}

#[test]
fn an_end_in_the_middle_is_never_the_end() {
    let file = file();
    for (chunks, coding, coded) in [
        (false, &[Coding::Gzip][..], gzip(&file)),
        (false, &[Coding::Deflate], zlib(&file)),
        (false, &[Coding::Deflate], bare(&file)),
        (true, &[], chunked(&file, 50_000)),
    ] {
        for cut in [
            0,
            1,
            2,
            11,
            coded.len() / 2,
            coded.len() - 5,
            coded.len() - 1,
        ] {
            let (out, error) = undone(chunks, coding, &coded[..cut], 1000);
            assert_eq!(error, Some(DecodeError::Truncated), "{coding:?} {cut}");
            assert!(file.starts_with(&out));
        }
    }
}

#[test]
fn bytes_that_are_not_in_the_coding_are_no_file() {
    let mut wrong_sum = gzip(&file());
    let at = wrong_sum.len() - 7;
    wrong_sum[at] ^= 1;
    let long_head = [&b"\x1f\x8b\x08\x08\0\0\0\0\0\0"[..], &[b'x'; 200_000]].concat();
    for (name, chunks, codings, coded) in [
        ("gzip", false, &[Coding::Gzip][..], b"hello".to_vec()),
        (
            "gzip",
            false,
            &[Coding::Gzip],
            b"\x1f\x8b\x07hello".to_vec(),
        ),
        ("gzip", false, &[Coding::Gzip], wrong_sum),
        ("gzip", false, &[Coding::Gzip], long_head),
        (
            "deflate",
            false,
            &[Coding::Deflate],
            b"\xFF\xFFhello".to_vec(),
        ),
        ("chunked", true, &[], b"hello\r\n".to_vec()),
        ("chunked", true, &[], b"2\r\nhello\r\n".to_vec()),
        ("chunked", true, &[], b"-1\r\nhello\r\n".to_vec()),
        ("chunked", true, &[], vec![b'1'; 100_000]),
    ] {
        let (out, error) = undone(chunks, codings, &coded, 1000);
        assert_eq!(error, Some(DecodeError::Malformed(name)));
        assert!(
            out.len() < file().len(),
            "the last piece waits for the check sum"
        );
    }
}

#[test]
fn a_few_bytes_that_would_fill_the_disk_are_refused() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..16 {
        encoder.write_all(&zeros).unwrap();
    }
    let coded = encoder.finish().unwrap();
    let mut decoder = Decoder::new(false, &[Coding::Gzip]).unwrap().unwrap();
    let free = 8 << 20;
    decoder.free = free;
    decoder.feed(coded.into());
    let mut came = 0;
    let error = loop {
        match decoder.step() {
            Ok(Step::Out(bytes)) => came += bytes.len() as u64,
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert_eq!(error, DecodeError::TooLarge("gzip"));
    assert!(came <= free);
}

#[test]
fn codings_that_cannot_be_undone_are_named() {
    for coding in [
        Coding::Brotli,
        Coding::Zstd,
        Coding::Compress,
        Coding::Other("exi"),
    ] {
        let made = Decoder::new(false, &[Coding::Gzip, coding]);
        assert_eq!(made.map(|_| ()), Err(coding.name()));
    }
    assert!(Decoder::new(false, &[]).unwrap().is_none());
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_hang_or_panic(bytes: Vec<u8>, size in 1usize..50, flip in 0usize..200) {
        for (chunks, codings) in [(true, &[][..]), (false, &[Coding::Gzip]), (false, &[Coding::Deflate])] {
            undone(chunks, codings, &bytes, size);
        }
        let mut coded = gzip(&bytes);
        let at = flip % coded.len();
        coded[at] ^= 1 << (flip % 8);
        let (out, error) = undone(false, &[Coding::Gzip], &coded, size);
        prop_assert!(error.is_some() || out == bytes || at < 10);
    }
}
