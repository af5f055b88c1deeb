//! A download takes the place of another one: both are kept until the new one is complete, whatever happens.

use millrace_engine::{CommandError, DownloadId, Phase, RemoveMode};

use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

async fn ids(rig: &Rig) -> Vec<DownloadId> {
    let list = rig.handle().list().await.expect("the engine runs");
    list.iter().map(|one| one.id).collect()
}

async fn replace(rig: &Rig, old: DownloadId, server: &Server) -> DownloadId {
    let new = rig.wish(server.url("/file.bin"));
    let replaced = rig.handle().replace(old, new).await;
    replaced.expect("the old one is there")
}

/// A finished download of `old`, and a server of the new file.
async fn finished(old: &[u8], new: Site) -> (Server, Rig, DownloadId) {
    let (_server, rig, id) = begun(Site::of(old)).await;
    rig.done(id).await;
    (Server::start(new).await, rig, id)
}

#[tokio::test]
async fn what_cannot_be_added_leaves_the_old_one_as_it_was() {
    let body = bytes(200_000);
    let (_server, rig, old) = begun(Site::of(&body).holding(1000)).await;
    let before = rig.until(old, |one| one.received == 1000).await;
    let mut bad = rig.wish("not a link".into());
    let refused = rig.handle().replace(old, bad.clone()).await;
    assert!(matches!(refused, Err(CommandError::InvalidUrl(_))));
    bad.url = "http://127.0.0.1:9/a".into();
    bad.headers = vec![("a b".into(), "c".into())];
    let refused = rig.handle().replace(old, bad.clone()).await;
    assert!(matches!(refused, Err(CommandError::BadHeader(_))));
    bad.headers.clear();
    let refused = rig.handle().replace(DownloadId(99), bad).await;
    assert_eq!(refused, Err(CommandError::UnknownDownload(DownloadId(99))));
    let after = rig.snapshot(old).await;
    assert_eq!(ids(&rig).await, [old]);
    assert_eq!((after.phase, after.replaced_by), (before.phase, None));
    rig.remove(old, RemoveMode::Keep).await;
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_finished_file_stays_until_the_new_one_is_complete_and_then_gives_it_its_name() {
    let (first, second) = (bytes(1000), bytes(300_000));
    let (server, rig, old) = finished(&first, Site::of(&second).holding(1000)).await;
    let new = replace(&rig, old, &server).await;
    rig.until(new, |one| one.received == 1000).await;
    assert_eq!(rig.snapshot(old).await.replaced_by, Some(new));
    assert!(rig.read("file.bin") == first);
    server.release();
    rig.done(new).await;
    assert!(rig.read("file.bin") == first && rig.read("file (1).bin") == second);
    rig.remove(old, RemoveMode::Trash).await;
    rig.until(new, |one| one.name == "file.bin").await;
    assert!(rig.read("file.bin") == second);
    let rig = rig.restart().await;
    assert_eq!(ids(&rig).await, [new]);
    assert_eq!(rig.snapshot(new).await.name, "file.bin");
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_kill_after_any_step_leaves_one_of_the_two_and_its_file() {
    let (first, second) = (bytes(1000), bytes(300_000));
    let (server, rig, old) = finished(&first, Site::of(&second).holding(1000)).await;
    let new = replace(&rig, old, &server).await;
    rig.until(new, |one| one.received == 1000).await;
    // the new one is not complete: both are there, and the old one still waits for it
    let rig = rig.restart().await;
    assert_eq!(ids(&rig).await, [old, new]);
    assert_eq!(rig.snapshot(old).await.replaced_by, Some(new));
    assert!(rig.read("file.bin") == first);
    server.release();
    rig.done(new).await;
    // the file of the old one is gone, its row is not: the removal is continued, and the name taken
    let (home, folder) = (rig.home(), rig.folder());
    let rig = rig
        .restart_after(|| {
            let list = rusqlite::Connection::open(home.join("list.db")).expect("the list is there");
            let removing = r#"{"is":"stopping","then":"remove-trash"}"#;
            let old = i64::try_from(old.0).expect("a small number");
            list.execute(
                "update downloads set state = ?1 where id = ?2",
                rusqlite::params![removing, old],
            )
            .expect("the list can be changed");
            std::fs::remove_file(folder.join("file.bin")).expect("it is there");
        })
        .await;
    rig.until(new, |one| one.name == "file.bin").await;
    assert_eq!(ids(&rig).await, [new]);
    assert!(rig.read("file.bin") == second);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_row_that_was_deleted_before_its_name_was_taken_is_made_up_for_at_the_next_start() {
    let (first, second) = (bytes(1000), bytes(2000));
    let (server, rig, old) = finished(&first, Site::of(&second)).await;
    let new = replace(&rig, old, &server).await;
    rig.done(new).await;
    let (home, folder) = (rig.home(), rig.folder());
    let rig = rig
        .restart_after(|| {
            let list = rusqlite::Connection::open(home.join("list.db")).expect("the list is there");
            let old = i64::try_from(old.0).expect("a small number");
            list.execute("delete from downloads where id = ?1", [old])
                .expect("the list can be changed");
            std::fs::remove_file(folder.join("file.bin")).expect("it is there");
        })
        .await;
    rig.until(new, |one| one.name == "file.bin").await;
    assert!(rig.read("file.bin") == second);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn undone_before_the_new_one_is_complete_the_old_one_goes_on_and_the_new_one_is_gone() {
    let body = bytes(300_000);
    let (server, rig, old) = begun(Site::of(&body).holding(1000).holding(1000)).await;
    rig.until(old, |one| one.received == 1000).await;
    let new = replace(&rig, old, &server).await;
    let held = rig.until(old, |one| one.phase == Phase::Paused).await;
    assert_eq!((held.received, held.replaced_by), (1000, Some(new)));
    // what resumes all leaves it alone
    rig.handle().resume_all().await.expect("the engine runs");
    assert_eq!(rig.snapshot(old).await.phase, Phase::Paused);
    let again = rig
        .handle()
        .replace(old, rig.wish(server.url("/file.bin")))
        .await;
    assert_eq!(again, Err(CommandError::NotNow(old)));
    rig.until(new, |one| one.received == 1000).await;
    let undone = rig.handle().undo_replace(old).await;
    undone.expect("it is being replaced");
    server.release();
    rig.done(old).await;
    assert_eq!(ids(&rig).await, [old]);
    rig.delivers(old, &body).await;
}

#[tokio::test]
async fn undone_when_the_new_one_is_complete_both_are_there_with_their_files() {
    let (first, second) = (bytes(1000), bytes(2000));
    let (server, rig, old) = finished(&first, Site::of(&second)).await;
    let new = replace(&rig, old, &server).await;
    rig.done(new).await;
    let undone = rig.handle().undo_replace(old).await;
    undone.expect("it is being replaced");
    assert_eq!(rig.snapshot(old).await.replaced_by, None);
    let rig = rig.restart().await;
    assert_eq!(ids(&rig).await, [old, new]);
    assert_eq!(rig.snapshot(old).await.replaced_by, None);
    let undone = rig.handle().undo_replace(old).await;
    assert_eq!(undone, Err(CommandError::NotNow(old)));
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn a_replacement_that_is_removed_or_replaced_itself_frees_or_hands_on_what_it_replaced() {
    let (first, second) = (bytes(1000), bytes(300_000));
    let site = Site::of(&second).holding(1000).holding(1000);
    let (server, rig, old) = finished(&first, site).await;
    let new = replace(&rig, old, &server).await;
    rig.until(new, |one| one.received == 1000).await;
    let newer = replace(&rig, new, &server).await;
    for replaced in [old, new] {
        assert_eq!(rig.snapshot(replaced).await.replaced_by, Some(newer));
    }
    rig.until(newer, |one| one.received == 1000).await;
    rig.remove(newer, RemoveMode::Keep).await;
    rig.until(new, |one| one.replaced_by.is_none()).await;
    assert_eq!(rig.snapshot(old).await.replaced_by, Some(new));
    server.release();
    let newer = replace(&rig, new, &server).await;
    rig.done(newer).await;
    for replaced in [new, old] {
        rig.remove(replaced, RemoveMode::Trash).await;
    }
    rig.until(newer, |one| one.name == "file.bin").await;
    assert!(rig.read("file.bin") == second);
    assert_eq!(ids(&rig).await, [newer]);
    rig.close(&["file.bin"]).await;
}
