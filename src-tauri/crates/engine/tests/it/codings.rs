//! Codings of a body: transfer codings are decoded or refused, content codings are the file's own or decoded, and a
//! length beside them is ignored.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use millrace_engine::{Fix, Phase};

use crate::raw_server::{Heard, Reply, Wire};
use crate::rig::{Rig, bytes};

const TAG: (&str, &str) = ("ETag", "\"one\"");
const OK: &str = "HTTP/1.1 200 OK";
const PART: &str = "HTTP/1.1 206 Part";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn chunked(bytes: &[u8]) -> Vec<u8> {
    let chunk =
        |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    let mut all: Vec<u8> = bytes.chunks(5000).flat_map(chunk).collect();
    all.extend(b"0\r\n\r\n");
    all
}

/// A file with some repeated bytes, so that it compresses.
fn file() -> Vec<u8> {
    bytes(50_000).iter().flat_map(|byte| [*byte; 4]).collect()
}

/// The result of one download of `path` from a server that sends the same response to everything.
async fn delivers(path: &str, reply: Reply, file: &[u8]) -> Wire {
    let server = Wire::start(move |_, _| reply.clone()).await;
    let rig = Rig::with(|config| config.retry.max_attempts = 1);
    let id = rig.add(server.url(path)).await;
    let done = rig.done(id).await;
    assert!(rig.read(&done.name) == file, "{path}");
    assert_eq!(done.attempts, 0, "{path}: at the first attempt");
    rig.close(&[&done.name]).await;
    server
}

#[tokio::test]
async fn chunks_decide_over_a_length_beside_them() {
    let file = file();
    for length in ["3", "999999999", "200000"] {
        for fields in [
            [("Content-Length", length), ("Transfer-Encoding", "chunked")],
            [("Transfer-Encoding", "chunked"), ("Content-Length", length)],
            [
                ("Transfer-Encoding", "identity, Chunked"),
                ("Content-Length", length),
            ],
        ] {
            let server =
                delivers("/file.bin", Reply::new(OK, &fields, &chunked(&file)), &file).await;
            assert_eq!(server.heard().len(), 1);
        }
        let range = [
            ("Content-Range", "bytes 0-199999/200000"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Length", length),
        ];
        delivers(
            "/file.bin",
            Reply::new(PART, &range, &chunked(&file)),
            &file,
        )
        .await;
    }
}

#[tokio::test]
async fn twenty_files_with_a_wrong_length_beside_their_chunks_over_kept_connections_are_whole() {
    let fields = [("Content-Length", "3"), ("Transfer-Encoding", "chunked")];
    let reply = Reply::new(OK, &fields, &chunked(b"hello")).keeping();
    let server = Wire::start(move |_, _| reply.clone()).await;
    let rig = Rig::with(|config| config.parallel = 2);
    let mut names = Vec::new();
    for n in 0..20 {
        names.push(format!("{n}.bin"));
    }
    let wishes = names
        .iter()
        .map(|name| rig.wish(server.url(&format!("/{name}"))));
    let ids = rig.handle().add_many(wishes.collect()).await;
    for id in ids.expect("all are taken") {
        rig.done(id).await;
    }
    for name in &names {
        assert_eq!(rig.read(name), b"hello", "{name}");
    }
    assert_eq!(server.heard().len(), 20);
}

#[tokio::test]
async fn a_transfer_coding_is_undone_and_never_part_of_the_file() {
    let file = file();
    for (coding, sent) in [
        ("gzip, chunked", chunked(&gzip(&file))),
        ("X-GZIP , chunked", chunked(&gzip(&file))),
        ("deflate, chunked", chunked(&zlib(&file))),
        ("deflate, gzip, chunked", chunked(&gzip(&zlib(&file)))),
        ("gzip", gzip(&file)),
        ("gzip,, identity", gzip(&file)),
        ("chunked, identity", chunked(&file)),
        ("chunked,", chunked(&file)),
    ] {
        // An entity tag, a digest of other bytes and a length: only what concerns the file counts.
        let fields = [TAG, ("Transfer-Encoding", coding), ("Content-Length", "7")];
        delivers("/file.bin", Reply::new(OK, &fields, &sent), &file).await;
    }
    let lines = [
        ("Transfer-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
    ];
    delivers(
        "/file.tgz",
        Reply::new(OK, &lines, &chunked(&gzip(&file))),
        &file,
    )
    .await;
    // The declared range is that before the transfer coding.
    let part = [
        ("Transfer-Encoding", "gzip, chunked"),
        ("Content-Range", "bytes 0-199999/200000"),
    ];
    delivers(
        "/file.bin",
        Reply::new(PART, &part, &chunked(&gzip(&file))),
        &file,
    )
    .await;
}

#[tokio::test]
async fn an_identity_that_calls_itself_a_transfer_coding_ends_at_its_length() {
    let fields = [("Transfer-Encoding", "identity"), ("Content-Length", "5")];
    // The connection stays open: only the length marks the end.
    let reply = Reply::new(OK, &fields, b"hello").keeping();
    delivers("/file.bin", reply, b"hello").await;
}

#[tokio::test]
async fn a_transfer_coding_that_cannot_be_undone_is_refused_by_its_name() {
    for (coding, named) in [
        ("br, chunked", "br"),
        ("zstd, chunked", "zstd"),
        ("compress", "compress"),
        ("chunked, gzip", "gzip"),
        ("snappy, chunked", "snappy"),
        ("<a href=\"x\">, chunked", "unreadable"),
    ] {
        let fields = [("Transfer-Encoding", coding)];
        let reply = Reply::new(OK, &fields, &chunked(b"hello"));
        let server = Wire::start(move |_, _| reply.clone()).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        let failed = rig.failed(id, "encoded", Fix::NewLink).await;
        let encoding = match failed.problem {
            Some(millrace_engine::Problem::Encoded { encoding, .. }) => encoding,
            other => panic!("{other:?}"),
        };
        assert_eq!(encoding, named, "{coding}");
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn a_coding_that_ends_in_the_middle_is_a_break_and_no_success() {
    let file = file();
    let coded = gzip(&file);
    let cut = chunked(&coded[..coded.len() - 9]);
    let server = Wire::start(move |_, before| {
        let fields = [TAG, ("Transfer-Encoding", "gzip, chunked")];
        let whole = chunked(&coded);
        Reply::new(OK, &fields, if before == 0 { &cut } else { &whole })
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, &file).await;
    assert!(server.heard().len() >= 2);
}

#[tokio::test]
async fn a_content_coding_that_is_the_files_own_format_or_none_at_all_is_left_alone() {
    for (path, fields) in [
        ("/a.tgz", [("Content-Encoding", "x-gzip"), ("X", "x")]),
        (
            "/a.tar.gz",
            [
                ("Content-Encoding", "gzip"),
                ("Content-Type", "application/x-gzip"),
            ],
        ),
        (
            "/get",
            [
                ("Content-Encoding", "gzip"),
                ("Content-Disposition", "attachment; filename=a.tgz"),
            ],
        ),
        ("/a.Z", [("Content-Encoding", "compress"), ("X", "x")]),
        ("/a.zst", [("Content-Encoding", "zstd"), ("X", "x")]),
        ("/a.bz2", [("Content-Encoding", "x-bzip2"), ("X", "x")]),
        ("/a.bin", [("Content-Encoding", "none"), ("X", "x")]),
        ("/a.bin", [("Content-Encoding", "aws-chunked"), ("X", "x")]),
        ("/a.bin", [("Content-Encoding", "UTF-8"), ("X", "x")]),
        (
            "/a.tgz",
            [
                ("Content-Encoding", "aws-chunked"),
                ("Content-Encoding", "gzip"),
            ],
        ),
    ] {
        let all = [&fields[..], &[("Content-Length", "5"), TAG]].concat();
        let server = delivers(path, Reply::new(OK, &all, b"hello"), b"hello").await;
        assert_eq!(server.heard().len(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_file_in_its_own_coding_comes_in_parts_and_is_resumed() {
    let body = bytes(1_000_000);
    let file = body.clone();
    let fields = [TAG, ("Content-Encoding", "x-gzip")];
    let server = Wire::start(move |heard, before| {
        let good = Reply::good(heard, &file, &fields);
        if before == 0 {
            good.holding(300_000)
        } else {
            good
        }
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/a.tgz")).await;
    rig.until(id, |one| one.received == 300_000).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    server.release();
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("a.tgz") == body);
    rig.close(&["a.tgz"]).await;
}

#[tokio::test]
async fn a_file_that_comes_in_another_coding_is_decoded_in_one_stream() {
    let file = file();
    let (coded, packed) = (gzip(&file), zlib(&file));
    let (length, range) = (
        coded.len().to_string(),
        format!("bytes 0-{}/{}", coded.len() - 1, coded.len()),
    );
    let digest = ("Repr-Digest", "md5=:XUFAKrxLKna5cZ2REBfFkg==:");
    let gz = ("Content-Encoding", "gzip");
    for (status, fields, sent) in [
        (
            OK,
            vec![TAG, gz, digest, ("Content-Length", &*length)],
            &coded,
        ),
        (OK, vec![gz, ("Accept-Ranges", "bytes")], &coded),
        (PART, vec![gz, digest, ("Content-Range", &*range)], &coded),
        (OK, vec![("Content-Encoding", "deflate")], &packed),
        (OK, vec![("Content-Encoding", "aws-chunked, gzip")], &coded),
    ] {
        let reply = Reply::new(status, &fields, sent);
        let server = delivers("/page.txt", reply, &file).await;
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn a_file_that_was_decoded_is_gone_on_with_in_one_stream_again() {
    let file = file();
    let coded = gzip(&file);
    let half = coded.len() / 2;
    let server = Wire::start(move |heard: &Heard, before| {
        let good = Reply::good(heard, &coded, &[TAG, ("Content-Encoding", "gzip")]);
        if before == 0 {
            good.cut_after(half)
        } else {
            good
        }
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/page.txt")).await;
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0, "what was here is kept");
    assert!(rig.read("page.txt") == file);
    rig.close(&["page.txt"]).await;
}

#[tokio::test]
async fn bytes_that_are_not_in_the_coding_they_name_are_refused_by_its_name() {
    let mut broken = gzip(b"hello");
    broken[14] ^= 0xFF;
    for (coding, sent) in [
        ("gzip", b"hello".to_vec()),
        ("gzip", broken),
        ("br", b"hello".to_vec()),
        ("zstd", b"hello".to_vec()),
        ("compress", b"hello".to_vec()),
    ] {
        let fields = [("Content-Encoding", coding)];
        let reply = Reply::new(OK, &fields, &sent);
        let server = Wire::start(move |_, _| reply.clone()).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/page.txt")).await;
        let failed = rig.failed(id, "encoded", Fix::NewLink).await;
        let said = format!("{:?}", failed.problem);
        assert!(said.contains(&format!("{coding:?}")), "{said}");
        rig.close(&[]).await;
    }
}
