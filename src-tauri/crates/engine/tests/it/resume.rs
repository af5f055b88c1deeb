//! Resuming from the bytes already present, only while they are still part of the same file.

use millrace_engine::Phase;

use crate::rig::{Rig, begun, bytes};
use crate::server::{Framing, Ranges, Server, Site};

const HELD: usize = 300_000;

#[tokio::test]
async fn pause_and_resume_asks_only_for_what_is_missing() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    assert_eq!(rig.names(), ["file.bin.part"]);
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_download_goes_on_after_the_engine_was_dropped_and_started_again() {
    let body = bytes(1_000_000);
    let (server, rig, id) = begun(Site::of(&body).holding(HELD)).await;
    let before = rig.until(id, |one| one.received == HELD as u64).await;
    let rig = rig.restart().await;
    let after = rig.done(id).await;
    assert!(after.rev > before.rev, "revisions grow across restarts");
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_paused_download_stays_paused_when_the_engine_starts_again() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let rig = rig.restart().await;
    let kept = rig.snapshot(id).await;
    assert_eq!((kept.phase, kept.received), (Phase::Paused, HELD as u64));
    assert_eq!(server.asked().len(), 1);
    rig.close(&["file.bin.part"]).await;
}

#[tokio::test]
async fn a_200_to_a_range_request_is_never_written_at_an_offset() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| site.ranges = Ranges::Ignored);
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges()[1], "bytes=300000-");
    assert_eq!(rig.snapshot(id).await.epoch, 0, "what is here is kept");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_206_with_the_wrong_range_is_refused_and_the_whole_read_instead() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::with(|config| config.retry.max_attempts = 1);
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| site.ranges = Ranges::Shifted(7));
    rig.resume(id).await;
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0, "what is here is kept");
    assert_eq!(server.ranges()[2..], ["none"]);
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_changed_file_is_fetched_from_its_beginning() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let new: Vec<u8> = body.iter().map(|byte| byte ^ 0xFF).collect();
    server.change(|site| {
        site.body.clone_from(&new);
        site.etag = Some("\"two\"");
    });
    rig.resume(id).await;
    let done = rig.done(id).await;
    assert!(done.epoch > 0, "it was begun again");
    assert!(rig.read("file.bin") == new);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_that_shrank_below_what_is_here_is_fetched_from_its_beginning() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| {
        site.body = vec![7; 1000];
        site.etag = Some("\"two\"");
    });
    rig.resume(id).await;
    let done = rig.done(id).await;
    assert_eq!(done.total, Some(1000));
    assert_eq!(rig.read("file.bin"), vec![7; 1000]);
    rig.close(&["file.bin"]).await;
}

// A page generated for each request has neither length nor validators: its two halves may not belong together.
#[tokio::test]
async fn bytes_that_cannot_be_compared_with_anything_are_fetched_again() {
    let first = bytes(1_000_000);
    let mut second = first.clone();
    second.reverse();
    let site = Site {
        etag: None,
        ranges: Ranges::Ignored,
        framing: Framing::Chunked,
        ..Site::of(&first)
    };
    let server = Server::start(site.holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| site.body.clone_from(&second));
    rig.resume(id).await;
    rig.done(id).await;
    assert!(
        rig.read("file.bin") == second,
        "one version, not two halves"
    );
    rig.close(&["file.bin"]).await;
}

/// Pauses at [`HELD`] bytes, and changes the list so that only `done` of them are stored.
async fn with_holes(server: &Server, done: &'static str, then: Ranges) -> Rig {
    let rig = Rig::new();
    let id = rig.paused_at(server, HELD as u64).await;
    server.change(|site| site.ranges = then);
    let list = rig.home().join("list.db");
    let holes = || {
        let list = rusqlite::Connection::open(list).expect("the engine has ended");
        let changed = list.execute("update downloads set done = ?1", [done]);
        assert_eq!(changed.expect("the list is as documented"), 1);
    };
    // As after a power cut: only the list is trusted.
    let rig = rig
        .restart_with(|config| config.boot_id = None, holes)
        .await;
    rig.resume(id).await;
    rig.done(id).await;
    rig
}

#[tokio::test]
async fn a_hole_at_the_very_beginning_is_filled_without_giving_up_the_rest() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = with_holes(&server, "100000-300000", Ranges::Given).await;
    assert_eq!(
        server.ranges(),
        ["bytes=0-", "bytes=0-", "bytes=300000-999999"]
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_200_over_several_holes_keeps_what_is_before_the_first_and_streams_the_rest() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = with_holes(&server, "0-100000 200000-300000", Ranges::Ignored).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=100000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}
