//! Each finished file reports how it was verified.

use std::time::Duration;

use millrace_engine::{Algorithm, Update, Verdict};

use crate::digests::{given_digest, server_digest, stated, sum};
use crate::rig::{Rig, bytes};
use crate::server::{Framing, Ranges, Server, Site};

#[tokio::test]
async fn a_file_with_the_given_digest_passes_whatever_the_algorithm() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body)).await;
    for algorithm in Algorithm::ALL {
        let rig = Rig::new();
        let url = server.url("/file.bin");
        let id = rig.add_with(url, sum(algorithm, &body)).await;
        let done = rig.done(id).await;
        assert_eq!(done.verdict, given_digest(algorithm, &body));
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
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
        assert_eq!(verdict, server_digest(algorithm, header, &body));
        rig.close(&["file.bin"]).await;
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
    assert_eq!(verdict, given_digest(algorithm, &body));
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
    assert_eq!(verdict, given_digest(algorithm, &body));
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
    let proven = "verified: SHA-256 matches the given checksum";
    assert!(lines.iter().any(|line| line == proven), "{lines:?}");
    let again = lines.iter().any(|line| line.contains("again"));
    assert!(!again, "{lines:?}");
    rig.close(&["file.bin"]).await;
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
        given_digest(Algorithm::Sha1, &body),
        server_digest(algorithm, header, &body),
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
