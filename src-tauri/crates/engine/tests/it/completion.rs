//! Complete files, however the server marks their end.

use millrace_engine::{Phase, Update};

use crate::rig::{Rig, begun, bytes};
use crate::server::{Framing, Ranges, Server, Site};

#[tokio::test]
async fn a_whole_file_arrives_with_its_bytes_and_final_name() {
    let body = bytes(1_000_003);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/folder/file.bin?x=1")).await;
    let done = rig.done(id).await;
    assert_eq!(done.path(), rig.folder().join("file.bin"));
    assert_eq!(done.total, Some(1_000_003));
    assert!(done.finished_at.is_some() && done.allows.open);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn nothing_stands_under_the_final_name_before_the_file_is_complete() {
    let body = bytes(600_000);
    let (server, rig, id) = begun(Site::of(&body).holding(599_999)).await;
    rig.until(id, |one| one.received == 599_999).await;
    assert_eq!(rig.names(), ["file.bin.part"]);
    server.release();
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_chunked_answer_without_length_arrives() {
    let body = bytes(700_000);
    let site = Site {
        framing: Framing::Chunked,
        ranges: Ranges::Ignored,
        ..Site::of(&body)
    };
    let (_server, rig, id) = begun(site).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn the_length_that_only_the_end_has_told_is_known_before_the_file_gets_its_name() {
    let site = Site {
        framing: Framing::Chunked,
        ..Site::of(&bytes(70_000))
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let mut finishing = Vec::new();
    while let Some(update) = news.try_next() {
        if let Update::Changed(one) = update
            && one.phase == Phase::Finishing
        {
            finishing.push(one.total);
        }
    }
    finishing.dedup();
    assert_eq!(finishing, [Some(70_000)]);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_chunked_answer_that_breaks_off_is_never_taken_for_the_whole_file() {
    let body = bytes(700_000);
    let site = Site {
        framing: Framing::Chunked,
        ranges: Ranges::Ignored,
        ..Site::of(&body)
    };
    let (server, rig, id) = begun(site.cutting(300_000)).await;
    rig.done(id).await;
    assert_eq!(server.asked().len(), 2);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn an_answer_that_ends_with_its_connection_arrives() {
    let body = bytes(700_000);
    let site = Site {
        framing: Framing::Close,
        ranges: Ranges::Ignored,
        ..Site::of(&body)
    };
    let (_server, rig, id) = begun(site).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn an_empty_file_arrives_although_it_has_no_first_byte_to_ask_for() {
    let server = Server::start(Site::of(b"")).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/empty.txt")).await;
    let done = rig.done(id).await;
    assert_eq!(done.total, Some(0));
    assert_eq!(server.ranges(), ["bytes=0-", "none"]);
    rig.close(&["empty.txt"]).await;
}

#[tokio::test]
async fn an_answer_that_ends_early_is_asked_for_the_rest() {
    let body = bytes(900_000);
    let (server, rig, id) = begun(Site::of(&body).cutting(300_000).cutting(200_000)).await;
    rig.done(id).await;
    let starts: Vec<u64> = server
        .ranges()
        .iter()
        .map(|range| {
            range[6..]
                .split('-')
                .next()
                .expect("a start")
                .parse()
                .expect("digits")
        })
        .collect();
    assert_eq!(starts, [0, 300_000, 500_000]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}
