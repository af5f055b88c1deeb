//! Partial files that another program changed while the download was paused.

use millrace_engine::{Fix, Problem, Update};

use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

const HELD: usize = 300_000;

#[tokio::test]
async fn a_partial_that_vanished_is_fetched_again() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    std::fs::remove_file(rig.folder().join("file.bin.part")).expect("the part is there");
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=0-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_partial_that_was_shortened_is_not_gone_on_with() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let part = std::fs::File::options()
        .write(true)
        .open(rig.folder().join("file.bin.part"));
    part.and_then(|part| part.set_len(1000))
        .expect("the part is there");
    rig.resume(id).await;
    let name = rig.done(id).await.name;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=0-"]);
    assert!(rig.read(&name) == body);
    // The truncated file was this download's own: none of it may remain.
    rig.close(&[&name]).await;
}

#[tokio::test]
async fn a_partial_that_was_replaced_by_another_file_is_left_alone() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let part = rig.folder().join("file.bin.part");
    let other = vec![1; 500_000];
    // Written beside it and renamed over it, so that it cannot get the old file's inode number.
    std::fs::write(rig.home().join("other"), &other).expect("a writable folder");
    std::fs::rename(rig.home().join("other"), &part).expect("the part is there");
    rig.resume(id).await;
    let name = rig.done(id).await.name;
    assert!(rig.read(&name) == body);
    assert!(rig.read("file.bin.part") == other);
    rig.close(&["file (1).bin", "file.bin.part"]).await;
}

/// Opens the partial file as another program would.
fn part(rig: &Rig) -> std::fs::File {
    let part = std::fs::File::options()
        .read(true)
        .write(true)
        .open(rig.folder().join("file.bin.part"));
    part.expect("the part is there")
}

#[tokio::test]
async fn a_partial_that_was_edited_in_place_is_not_gone_on_with() {
    use std::io::{Seek, SeekFrom, Write};
    // Its first bytes, some in the middle, and its last ones.
    for at in [0, 131_072, HELD as u64 - 1] {
        let body = bytes(1_000_000);
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let rig = Rig::new();
        let mut news = rig.handle().subscribe().await.expect("the engine runs");
        let id = rig.paused_at(&server, HELD as u64).await;
        let mut part = part(&rig);
        part.seek(SeekFrom::Start(at)).expect("a plain file");
        part.write_all(&[!body[usize::try_from(at).expect("small")]])
            .expect("a writable file");
        rig.resume(id).await;
        let done = rig.done(id).await;
        assert!(done.epoch > 0, "it was begun again");
        assert_eq!(server.ranges(), ["bytes=0-", "bytes=0-"]);
        let mut said = false;
        while let Some(update) = news.try_next() {
            said |= matches!(&update, Update::Log(_, line) if line.text.contains("changed"));
        }
        assert!(said, "it was said why");
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

// What a file system may do with lost bytes: the length is right, the bytes are holes.
#[tokio::test]
async fn a_partial_whose_bytes_became_a_hole_is_not_gone_on_with() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let part = part(&rig);
    part.set_len(1000)
        .and_then(|()| part.set_len(HELD as u64))
        .expect("a writable file");
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=0-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_partial_that_a_stranger_holds_is_said_with_its_holder_and_no_copy_is_made() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let held = part(&rig);
    held.lock().expect("nobody else has it");
    rig.resume(id).await;
    let failed = rig.failed(id, "in-use", Fix::Retry).await;
    assert_eq!(failed.received, HELD as u64, "what is here is kept");
    let Some(Problem::InUse { path, holder }) = failed.problem else {
        panic!("another problem");
    };
    assert!(path.ends_with("file.bin.part"), "{path}");
    if cfg!(target_os = "linux") {
        let own = format!("({})", std::process::id());
        assert!(
            holder.as_ref().is_some_and(|who| who.ends_with(&own)),
            "{holder:?}"
        );
    }
    assert_eq!(rig.names(), ["file.bin.part"]);
    assert_eq!(server.asked().len(), 1, "the server is not asked");
    drop(held);
    rig.retry(id).await;
    assert_eq!(rig.done(id).await.epoch, 0);
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn an_untouched_partial_is_gone_on_with_after_the_program_ended() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let rig = rig.restart().await;
    rig.resume(id).await;
    assert_eq!(rig.done(id).await.epoch, 0);
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_that_took_the_place_of_the_part_while_bytes_came_is_never_published() {
    let body = bytes(1_000_000);
    let (server, rig, id) = begun(Site::of(&body).holding(HELD)).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    let other = vec![1; 1_000_000];
    std::fs::write(rig.home().join("other"), &other).expect("a writable folder");
    std::fs::rename(rig.home().join("other"), rig.folder().join("file.bin.part"))
        .expect("the part is there");
    server.release();
    let name = rig.done(id).await.name;
    assert!(rig.read(&name) == body);
    assert!(rig.read("file.bin.part") == other);
    rig.close(&["file (1).bin", "file.bin.part"]).await;
}
