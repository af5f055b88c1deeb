//! What is left on disk when a download leaves the list.

use std::time::{Duration, Instant};

use millrace_engine::RemoveMode;

use crate::rig::{begun, bytes};
use crate::server::Site;

#[tokio::test]
async fn removing_an_unfinished_download_deletes_its_part() {
    let body = bytes(200_000);
    let (_server, rig, id) = begun(Site::of(&body).holding(1000)).await;
    rig.until(id, |one| one.received == 1000).await;
    rig.remove(id, RemoveMode::Keep).await;
    let begun = Instant::now();
    while !rig.names().is_empty()
        || !rig
            .handle()
            .list()
            .await
            .expect("the engine runs")
            .is_empty()
    {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "still there: {:?}",
            rig.names()
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let rig = rig.restart().await;
    assert_eq!(rig.handle().list().await.expect("the engine runs"), []);
    rig.close(&[]).await;
}

#[tokio::test]
async fn removing_a_finished_download_can_leave_its_file() {
    let body = bytes(1000);
    let (_server, rig, id) = begun(Site::of(&body)).await;
    rig.done(id).await;
    rig.remove(id, RemoveMode::Keep).await;
    let rig = rig.restart().await;
    assert_eq!(rig.handle().list().await.expect("the engine runs"), []);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn removing_a_finished_download_can_discard_its_file() {
    let (_server, rig, id) = begun(Site::of(&bytes(1000))).await;
    rig.done(id).await;
    rig.remove(id, RemoveMode::Trash).await;
    let rig = rig.restart().await;
    assert_eq!(rig.handle().list().await.expect("the engine runs"), []);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_file_that_took_the_place_of_the_finished_one_is_not_discarded() {
    let (_server, rig, id) = begun(Site::of(&bytes(1000))).await;
    rig.done(id).await;
    std::fs::write(rig.home().join("other"), "mine").expect("a writable folder");
    std::fs::rename(rig.home().join("other"), rig.folder().join("file.bin"))
        .expect("the file is there");
    rig.remove(id, RemoveMode::Trash).await;
    let rig = rig.restart().await;
    assert_eq!(rig.read("file.bin"), b"mine");
    rig.close(&["file.bin"]).await;
}
