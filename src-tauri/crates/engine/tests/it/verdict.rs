//! Each finished file says what proved it; one that is not the right one is kept aside and can be fetched again.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use millrace_engine::{Algorithm, Checksum, DownloadId, Fix, Problem, Snapshot, Update, Verdict};
use sha2::Digest;

use crate::rig::{Rig, bytes};
use crate::server::{Framing, Ranges, Server, Site};

fn digest(algorithm: Algorithm, body: &[u8]) -> Vec<u8> {
    let castagnoli = crc::Crc::<u32>::new(&crc::CRC_32_ISCSI);
    match algorithm {
        Algorithm::Crc32c => castagnoli.checksum(body).to_be_bytes().to_vec(),
        Algorithm::Md5 => md5::Md5::digest(body).to_vec(),
        Algorithm::Sha1 => sha1::Sha1::digest(body).to_vec(),
        Algorithm::Sha256 => sha2::Sha256::digest(body).to_vec(),
        Algorithm::Sha512 => sha2::Sha512::digest(body).to_vec(),
    }
}

fn sum(algorithm: Algorithm, body: &[u8]) -> Checksum {
    Checksum::new(algorithm, digest(algorithm, body)).expect("of the right length")
}

/// As servers write it.
fn base64(algorithm: Algorithm, body: &[u8]) -> String {
    BASE64_STANDARD.encode(digest(algorithm, body))
}

/// Each header field with a digest of `body`, how it is made, and whether it speaks of the file or of what is sent.
fn stated(body: &[u8]) -> Vec<(&'static str, String, Algorithm)> {
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
    ]
}

fn server_digest(algorithm: Algorithm, header: &str) -> Option<Verdict> {
    let header = header.to_owned();
    Some(Verdict::ServerDigest { algorithm, header })
}

impl Rig {
    async fn add_with(&self, url: String, checksum: Checksum) -> DownloadId {
        let mut wish = self.wish(url);
        wish.checksum = Some(checksum);
        self.add_as(wish).await
    }

    /// Waits for the mismatch, and returns who stated the digest and the name under which the file was kept.
    async fn mismatched(&self, id: DownloadId) -> (Option<String>, String) {
        let last = self.failed(id, "checksum-mismatch", Fix::StartOver).await;
        told(&last, &self.folder().display().to_string())
    }
}

fn told(last: &Snapshot, folder: &str) -> (Option<String>, String) {
    let Some(Problem::ChecksumMismatch {
        header,
        kept: Some(kept),
        expected,
        actual,
        ..
    }) = &last.problem
    else {
        panic!("no file was kept: {:?}", last.problem);
    };
    assert_ne!(expected, actual);
    let name = kept.strip_prefix(folder).expect("it is in its folder");
    (header.clone(), name.trim_start_matches(['/', '\\']).into())
}

#[tokio::test]
async fn a_file_with_the_given_digest_passes_whatever_the_algorithm() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body)).await;
    for algorithm in Algorithm::ALL {
        let rig = Rig::new();
        let url = server.url("/file.bin");
        let id = rig.add_with(url, sum(algorithm, &body)).await;
        let done = rig.done(id).await;
        assert_eq!(done.verdict, Some(Verdict::Checksum { algorithm }));
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_file_without_the_given_digest_never_gets_its_name_whatever_the_algorithm() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body)).await;
    for algorithm in Algorithm::ALL {
        let rig = Rig::new();
        let url = server.url("/file.bin");
        let id = rig.add_with(url, sum(algorithm, b"something else")).await;
        let (header, kept) = rig.mismatched(id).await;
        assert_eq!((header, kept.as_str()), (None, "file.bin.mismatch"));
        assert!(rig.read("file.bin.mismatch") == body);
        rig.close(&["file.bin.mismatch"]).await;
    }
}

#[tokio::test]
async fn a_digest_that_the_server_states_proves_the_file_whatever_the_header() {
    let body = bytes(100_000);
    for (header, value, algorithm) in stated(&body) {
        let mut site = Site::of(&body);
        site.headers.push((header, value));
        let server = Server::start(site).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        let verdict = rig.done(id).await.verdict;
        assert_eq!(verdict, server_digest(algorithm, header));
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_file_without_the_stated_digest_is_kept_aside_and_not_fetched_again_unasked() {
    let body = bytes(100_000);
    for (header, value, _) in stated(b"something else") {
        let mut site = Site::of(&body);
        site.headers.push((header, value));
        let server = Server::start(site).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        let (said_by, kept) = rig.mismatched(id).await;
        assert_eq!(said_by.as_deref(), Some(header));
        assert!(rig.read(&kept) == body);
        assert_eq!(server.asked().len(), 1);
        rig.close(&["file.bin.mismatch"]).await;
    }
}

#[tokio::test]
async fn the_given_digest_counts_more_than_what_the_server_states() {
    let body = bytes(1000);
    let mut site = Site::of(&body);
    let wrong = stated(b"something else").swap_remove(0);
    site.headers.push((wrong.0, wrong.1));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let given = sum(Algorithm::Md5, &body);
    let id = rig.add_with(server.url("/file.bin"), given).await;
    let algorithm = Algorithm::Md5;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, Some(Verdict::Checksum { algorithm }));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_digest_of_a_part_is_not_taken_for_one_of_the_file() {
    let body = bytes(400_000);
    for header in ["Content-Digest", "Content-MD5", "x-amz-checksum-sha256"] {
        let server = Server::start(Site::of(&body).holding(100_000)).await;
        let rig = Rig::new();
        let id = rig.paused_at(&server, 100_000).await;
        // What the next answer sends is the rest, and that is its digest.
        let found = stated(&body[100_000..]);
        let mut found = found.into_iter().filter(|(name, ..)| *name == header);
        let (_, value, _) = found.next().expect("each of them is a field");
        server.change(|site| site.headers.push((header, value)));
        rig.resume(id).await;
        assert_eq!(rig.done(id).await.verdict, Some(Verdict::Length));
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn what_was_stated_of_the_whole_file_counts_although_the_rest_comes_without_it() {
    let body = bytes(400_000);
    let (header, value, algorithm) = stated(&body).swap_remove(2);
    assert_eq!(header, "Content-Digest");
    let mut site = Site::of(&body).holding(100_000);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 100_000).await;
    server.change(|site| site.headers.clear());
    let rig = rig.restart().await;
    rig.resume(id).await;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, server_digest(algorithm, header));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_that_changed_is_not_held_to_what_was_stated_of_the_old_one() {
    let body = bytes(400_000);
    let mut site = Site::of(&body).holding(100_000);
    let (header, value, _) = stated(&body).swap_remove(0);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 100_000).await;
    let other = bytes(300_000);
    server.change(|site| {
        site.headers.clear();
        site.etag = Some("\"two\"");
        site.body.clone_from(&other);
    });
    rig.resume(id).await;
    assert_eq!(rig.done(id).await.verdict, Some(Verdict::Length));
    assert!(rig.read("file.bin") == other);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_resumed_file_is_proven_whole_also_after_a_restart_of_the_program() {
    let body = bytes(400_000);
    let mut site = Site::of(&body).holding(100_000);
    let (header, value, algorithm) = stated(&body).swap_remove(0);
    site.headers.push((header, value));
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 100_000).await;
    let rig = rig.restart().await;
    rig.resume(id).await;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, server_digest(algorithm, header));
    assert_eq!(server.ranges().len(), 2);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn what_several_connections_bring_is_proven_whole() {
    let body = bytes(6 << 20);
    let site = Site {
        pace: Duration::from_millis(10),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.connections = Some(4);
    wish.checksum = Some(sum(Algorithm::Crc32c, &body));
    let id = rig.add_as(wish).await;
    let algorithm = Algorithm::Crc32c;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, Some(Verdict::Checksum { algorithm }));
    assert!(server.most_open() > 1, "the bytes came out of order");
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn what_one_connection_brings_is_proven_without_reading_it_again() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let given = sum(Algorithm::Sha256, &body);
    let id = rig.add_with(server.url("/file.bin"), given).await;
    rig.done(id).await;
    let mut lines = Vec::new();
    while let Some(update) = news.try_next() {
        if let Update::Log(_, line) = update {
            lines.push(line.text);
        }
    }
    let proven = "verified: the SHA-256 is the one that was given";
    assert!(lines.iter().any(|line| line == proven), "{lines:?}");
    let again = lines.iter().any(|line| line.contains("again"));
    assert!(!again, "{lines:?}");
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn starting_over_after_a_mismatch_fetches_the_file_again_and_leaves_the_wrong_one() {
    let (wrong, right) = (bytes(100_000), bytes(100_008));
    let server = Server::start(Site::of(&wrong)).await;
    let rig = Rig::new();
    let given = sum(Algorithm::Sha256, &right);
    let id = rig.add_with(server.url("/file.bin"), given).await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin.mismatch");
    let retried = rig.handle().retry(id).await;
    retried.expect("a failed download can be tried again");
    rig.until(id, |one| one.epoch == 1).await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin (1).mismatch");
    assert_eq!(server.asked().len(), 2);
    server.change(|site| site.body.clone_from(&right));
    let rig = rig.restart().await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin (1).mismatch");
    let retried = rig.handle().retry(id).await;
    retried.expect("a failed download can be tried again");
    rig.until(id, |one| one.epoch == 2).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == right);
    assert!(rig.read("file.bin.mismatch") == wrong);
    let left = ["file.bin", "file.bin (1).mismatch", "file.bin.mismatch"];
    rig.close(&left).await;
}

#[tokio::test]
async fn each_finished_download_says_what_proved_it_also_after_a_restart() {
    let body = bytes(50_000);
    let server = Server::start(Site::of(&body)).await;
    let mut proven = Site::of(&body);
    let (header, value, algorithm) = stated(&body).swap_remove(1);
    proven.headers.push((header, value));
    let proven = Server::start(proven).await;
    let endless = Site {
        framing: Framing::Close,
        ranges: Ranges::Ignored,
        ..Site::of(&body)
    };
    let endless = Server::start(endless).await;
    let mut rig = Rig::new();
    let given = sum(Algorithm::Sha1, &body);
    let ids = [
        rig.add_with(server.url("/given"), given).await,
        rig.add(proven.url("/stated")).await,
        rig.add(server.url("/sized")).await,
        rig.add(endless.url("/endless")).await,
    ];
    let expected = [
        Some(Verdict::Checksum {
            algorithm: Algorithm::Sha1,
        }),
        server_digest(algorithm, header),
        Some(Verdict::Length),
        Some(Verdict::Nothing),
    ];
    for again in [false, true] {
        if again {
            rig = rig.restart().await;
        }
        for (id, expected) in ids.iter().zip(&expected) {
            assert_eq!(rig.done(*id).await.verdict, *expected);
        }
    }
    rig.close(&["endless", "given", "sized", "stated"]).await;
}

/// A process died after it gave the file its name and before it could note that: here, a hand does what it did.
async fn named_but_not_noted(given: Checksum, rest: &[u8]) -> (Rig, DownloadId, Server) {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body).holding(100_000)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.checksum = Some(given);
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received == 100_000).await;
    let paused = rig.handle().pause(id).await;
    paused.expect("a running download can be paused");
    rig.until(id, |one| one.allows.resume).await;
    let part = rig.folder().join("file.bin.part");
    let mut file = std::fs::File::options().append(true).open(&part);
    let file = file.as_mut().expect("the part is there");
    std::io::Write::write_all(file, rest).expect("a writable part");
    std::fs::rename(part, rig.folder().join("file.bin")).expect("a writable folder");
    rig.resume(id).await;
    (rig, id, server)
}

#[tokio::test]
async fn a_file_that_was_named_but_not_noted_is_measured_once_more() {
    let body = bytes(200_000);
    let given = sum(Algorithm::Sha512, &body);
    let (rig, id, server) = named_but_not_noted(given, &body[100_000..]).await;
    let algorithm = Algorithm::Sha512;
    let verdict = rig.done(id).await.verdict;
    assert_eq!(verdict, Some(Verdict::Checksum { algorithm }));
    assert_eq!(server.asked().len(), 1);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_wrong_file_that_was_named_but_not_noted_loses_its_name() {
    let given = sum(Algorithm::Sha512, &bytes(200_000));
    let (rig, id, _server) = named_but_not_noted(given, &[0; 100_000]).await;
    assert_eq!(rig.mismatched(id).await.1, "file.bin.mismatch");
    rig.close(&["file.bin.mismatch"]).await;
}
