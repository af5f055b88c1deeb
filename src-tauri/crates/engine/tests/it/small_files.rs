//! Small files of the command line: downloaded completely and published in one step, unless something is not as
//! declared.

use millrace_engine::{Phase, StoreMode, Update, Verdict};

use crate::rig::{Rig, bytes};
use crate::server::{Framing, Server, Site};

const NAMES: [&str; 1] = ["file.bin"];

/// An engine configured as by the command line.
fn rig() -> Rig {
    Rig::with(|config| config.store_mode = StoreMode::Shared)
}

#[tokio::test]
async fn a_small_file_is_put_into_its_place_whole_and_tells_the_whole_story() {
    let body = bytes(65_536);
    let server = Server::start(Site::of(&body)).await;
    let rig = rig();
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    let done = rig.done(id).await;
    assert_eq!(done.verdict, Some(Verdict::Length));
    assert_eq!(done.total, Some(65_536));
    let mut phases = Vec::new();
    while let Some(update) = news.try_next() {
        if let Update::Changed(one) = update {
            phases.push(one.phase);
        }
    }
    phases.dedup();
    let story = [
        Phase::Queued,
        Phase::Probing,
        Phase::Running,
        Phase::Finishing,
        Phase::Done,
    ];
    assert_eq!(phases, story);
    assert!(rig.read("file.bin") == body);
    assert_eq!(server.ranges(), ["bytes=0-"]);
    rig.close(&NAMES).await;
}

#[tokio::test]
async fn a_small_file_that_comes_late_is_written_as_it_comes() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body).holding(60_000)).await;
    let rig = rig();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == 60_000).await;
    assert_eq!(rig.names(), ["file.bin.part"]);
    server.release();
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    assert_eq!(server.asked().len(), 1);
    rig.close(&NAMES).await;
}

#[tokio::test]
async fn of_a_small_file_that_is_cut_off_only_the_rest_is_asked_for() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body).cutting(70_000)).await;
    let rig = rig();
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    let ranges = server.ranges();
    assert_eq!(ranges[0], "bytes=0-");
    assert!(ranges[1].starts_with("bytes=70000-"), "{ranges:?}");
    rig.close(&NAMES).await;
}

#[tokio::test]
async fn a_small_file_never_stands_in_for_another_one() {
    let body = bytes(5_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = rig();
    std::fs::write(rig.folder().join("file.bin"), b"theirs").expect("a new file");
    let id = rig.add(server.url("/file.bin")).await;
    let done = rig.done(id).await;
    assert_eq!(done.path(), rig.folder().join("file (1).bin"));
    assert!(rig.read("file (1).bin") == body);
    assert_eq!(rig.read("file.bin"), b"theirs");
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn a_small_file_without_a_length_or_with_a_digest_goes_the_usual_way() {
    let body = bytes(30_000);
    let chunked = Site {
        framing: Framing::Chunked,
        ..Site::of(&body)
    };
    let server = Server::start(chunked).await;
    let rig = rig();
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let mut wish = rig.wish(server.url("/wrong.bin"));
    let zeros = "0".repeat(64);
    wish.checksum = Some(zeros.parse().expect("64 digits are a SHA-256"));
    server.change(|site| site.framing = Framing::Length);
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.phase == Phase::Failed).await;
    assert_eq!(rig.names(), ["file.bin", "wrong.bin.mismatch"]);
    rig.close(&["file.bin", "wrong.bin.mismatch"]).await;
}

#[tokio::test]
async fn a_small_file_that_was_let_go_leaves_nothing_and_comes_whole_the_next_time() {
    let body = bytes(80_000);
    let server = Server::start(Site::of(&body).holding(10)).await;
    let rig = rig();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.phase == Phase::Probing).await;
    let asked = || server.asked().len();
    while asked() == 0 {
        tokio::task::yield_now().await;
    }
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    server.release();
    rig.resume(id).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&NAMES).await;
}
