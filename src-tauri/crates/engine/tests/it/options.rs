//! Options of existing downloads: which are changed, when they apply, and what restores them.

use millrace_engine::{
    CommandError, Credentials, DownloadId, OptionChange, OptionsPatch, Phase, Priority,
    StoredOptions,
};

use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

const LATER: u64 = 4_000_000_000_000;

fn patch(id: DownloadId, changes: &[OptionChange]) -> OptionsPatch {
    let changes = changes.to_vec();
    OptionsPatch { id, changes }
}

async fn stored(rig: &Rig, id: DownloadId) -> StoredOptions {
    let all = rig.handle().options(vec![id]).await;
    all.expect("it is on the list").remove(0)
}

#[tokio::test]
async fn all_changes_are_made_or_none_and_what_is_returned_restores_them() {
    let body = bytes(5_000);
    let server = Server::start(Site::of(&body).holding(1_000)).await;
    let rig = Rig::new();
    let done = rig.add(server.url("/file.bin")).await;
    rig.until(done, |one| one.received == 1_000).await;
    server.release();
    rig.done(done).await;
    let mut wish = rig.wish(server.url("/other.bin"));
    wish.paused = true;
    wish.headers = vec![("X-One".into(), "1".into())];
    let id = rig.add_as(wish).await;
    let before = stored(&rig, id).await;
    let changes = [
        OptionChange::Limit(Some(5_000)),
        OptionChange::Connections(Some(3)),
        OptionChange::Priority(Priority::High),
        OptionChange::Headers(vec![("X-Two".into(), "2".into())]),
        OptionChange::Name(Some("mine.bin".into())),
        OptionChange::StartAt(Some(LATER)),
        OptionChange::UnmeteredOnly(true),
    ];
    let both = vec![patch(id, &changes), patch(done, &changes[..1])];
    let refused = rig.handle().set_options(both).await;
    assert_eq!(refused, Err(CommandError::NotNow(done)));
    assert_eq!(stored(&rig, id).await, before);
    let bad = OptionChange::Headers(vec![("a b".into(), "1".into())]);
    let bad = vec![patch(id, &[changes[0].clone(), bad])];
    let refused = rig.handle().set_options(bad).await;
    assert!(matches!(refused, Err(CommandError::BadHeader(_))));
    assert_eq!(stored(&rig, id).await, before);

    let undo = rig.handle().set_options(vec![patch(id, &changes)]).await;
    let now = rig.snapshot(id).await;
    assert_eq!((now.limit, now.max_connections), (Some(5_000), Some(3)));
    assert_eq!(
        (now.priority, now.name.as_str()),
        (Priority::High, "mine.bin")
    );
    assert_eq!((now.phase, now.start_at), (Phase::Paused, Some(LATER)));
    let rig = rig.restart().await;
    assert_ne!(stored(&rig, id).await, before);
    let undo = undo.expect("a paused download takes all of them");
    rig.handle().set_options(undo).await.expect("and back");
    assert_eq!(stored(&rig, id).await, before);
    let late = rig.handle().set_limit_of(done, Some(1)).await;
    assert_eq!(late, Err(CommandError::NotNow(done)));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_running_download_goes_on_with_another_sign_in_from_the_bytes_on_disk() {
    let body = bytes(400_000);
    let (server, rig, id) = begun(Site::of(&body).holding(100_000)).await;
    let running = rig.until(id, |one| one.received == 100_000).await;
    assert!(running.allows.set_request && !running.allows.set_name);
    let credentials = Some(Credentials {
        user: "ada".into(),
        password: "secret".into(),
    });
    let header = OptionChange::Headers(vec![("X-Proof".into(), "new".into())]);
    let changes = [OptionChange::Credentials(credentials.clone()), header];
    let changed = rig.handle().set_options(vec![patch(id, &changes)]).await;
    changed.expect("its server resumes");
    server.release();
    assert_eq!(stored(&rig, id).await.credentials, credentials);
    rig.done(id).await;
    let asked = server.asked();
    let last = asked.last().expect("it was asked");
    assert_eq!(last.header("x-proof"), Some("new"));
    assert_ne!(last.header("range"), Some("bytes=0-"), "not from zero");
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_running_download_is_paused_until_its_new_start_time_and_undoing_that_starts_it() {
    let body = bytes(5_000);
    let (server, rig, id) = begun(Site::of(&body).holding(1_000)).await;
    rig.until(id, |one| one.received == 1_000).await;
    let later = patch(id, &[OptionChange::StartAt(Some(LATER))]);
    let undo = rig.handle().set_options(vec![later]).await;
    let paused = rig.until(id, |one| one.phase == Phase::Paused).await;
    assert_eq!(paused.start_at, Some(LATER));
    server.release();
    let undo = undo.expect("a running download can be paused");
    rig.handle().set_options(undo).await.expect("it is paused");
    let done = rig.done(id).await;
    assert_eq!(done.start_at, None);
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn the_free_space_of_a_folder_is_known_and_of_a_missing_one_it_is_not() {
    let rig = Rig::new();
    let free = rig.handle().free_space(rig.folder()).await;
    assert!(free.expect("the engine runs") > Some(0));
    let missing = rig.handle().free_space(rig.folder().join("none")).await;
    assert_eq!(missing, Ok(None));
    rig.close(&[]).await;
}
