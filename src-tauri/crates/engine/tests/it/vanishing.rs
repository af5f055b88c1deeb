//! Unfinished files that something else touched while the download was paused.

use crate::rig::{Rig, bytes};
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
    // The shortened part was this download's own: nothing of it may stay behind.
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
    // Written beside it and renamed over it, so that it cannot get the old file's number.
    std::fs::write(rig.home().join("other"), &other).expect("a writable folder");
    std::fs::rename(rig.home().join("other"), &part).expect("the part is there");
    rig.resume(id).await;
    let name = rig.done(id).await.name;
    assert!(rig.read(&name) == body);
    assert!(rig.read("file.bin.part") == other);
    rig.close(&["file (1).bin", "file.bin.part"]).await;
}
