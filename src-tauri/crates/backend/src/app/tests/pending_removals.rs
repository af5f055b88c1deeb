//! Removals by the user: hidden immediately, restored on undo, and otherwise carried out or reported as kept.

use millrace_engine::NewDownload;

use super::*;

/// The list as a page sees it.
async fn rows(stage: &Stage) -> Vec<u64> {
    let seen = stage.state.hub.snapshots().await.unwrap();
    seen.iter().map(|one| one.id.0).collect()
}

async fn paused(stage: &Stage, count: u64) -> Vec<u64> {
    let one = |number| NewDownload {
        url: format!("http://127.0.0.1:9/{number}"),
        folder: stage.works.home().downloads,
        paused: true,
        ..NewDownload::default()
    };
    let new = (0..count).map(one).collect();
    let ids = stage.works.handle.add_many(new).await.unwrap();
    ids.into_iter().map(|id| id.0).collect()
}

#[tokio::test]
async fn what_is_removed_is_out_of_sight_at_once_and_undone_is_there_again() {
    let stage = Stage::run().await;
    let ids = paused(&stage, 3).await;
    let gone = vec![ids[0], ids[2]];
    let remove = |ids| move |reply| Request::Remove(ids, RemoveMode::Trash, reply);
    stage.ask(remove(gone.clone())).await.unwrap();
    assert_eq!(rows(&stage).await, [ids[1]]);
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 3);
    let back = vec![ids[0], 99];
    stage.ask(|reply| Request::Undo(back, reply)).await.unwrap();
    assert_eq!(rows(&stage).await, [ids[0], ids[1]]);
    let unknown = stage.ask(remove(vec![ids[1], 99])).await.unwrap_err();
    assert_eq!(unknown.code, IpcErrorCode::UnknownDownload);
    assert_eq!(rows(&stage).await.len(), 2, "none was removed");
}

#[tokio::test]
async fn a_removal_is_carried_out_when_its_grace_is_over() {
    let (stage, mut app, _inbox) = Stage::set().await;
    let ids = paused(&stage, 2).await;
    for id in &ids {
        let mut one = snapshot(*id);
        one.phase = Phase::Paused;
        app.track(&one);
    }
    app.remove(ids.clone(), RemoveMode::Keep).await.unwrap();
    app.commit_removals().await;
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 2);
    tokio::time::pause();
    tokio::time::advance(crate::app::pending_removals::UNDO_WINDOW).await;
    app.undo(&ids[1..]).await.unwrap();
    app.commit_removals().await;
    tokio::time::resume();
    let left = stage.works.handle.list().await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id.0, ids[1]);
    // its completion is not reported
    app.remove(vec![ids[1]], RemoveMode::Keep).await.unwrap();
    app.on_update(changed(ids[1], Phase::Done));
    assert_eq!(stage.platform.notices(), []);
}

#[tokio::test]
async fn what_works_stops_while_its_removal_can_be_undone_and_then_goes_on() {
    // accepts connections and never responds
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let stage = Stage::run().await;
    let mut updates = stage.works.handle.subscribe().await.unwrap();
    let new = NewDownload {
        url: format!("http://{}/a.bin", silent.local_addr().unwrap()),
        folder: stage.works.home().downloads,
        ..NewDownload::default()
    };
    let id = stage.works.handle.add(new).await.unwrap();
    let mut until = async |phase: Phase| {
        let reached = async {
            loop {
                match updates.next().await.unwrap() {
                    Update::Changed(one) if one.phase == phase => return,
                    Update::Changed(_)
                    | Update::Removed(_)
                    | Update::Log(..)
                    | Update::Kept(..) => {}
                }
            }
        };
        let reached = tokio::time::timeout(Duration::from_secs(20), reached);
        reached.await.expect("within 20 s");
    };
    until(Phase::Probing).await;
    let remove = |reply| Request::Remove(vec![id.0], RemoveMode::Keep, reply);
    stage.ask(remove).await.unwrap();
    until(Phase::Paused).await;
    assert!(rows(&stage).await.is_empty());
    let undo = |reply| Request::Undo(vec![id.0], reply);
    stage.ask(undo).await.unwrap();
    until(Phase::Probing).await;
    assert_eq!(rows(&stage).await, [id.0]);
}

#[tokio::test]
async fn a_file_that_was_to_go_and_is_kept_is_said_by_its_name() {
    let (stage, mut app, _inbox) = Stage::set().await;
    let folder = Path::new("content://provider/tree/of|a picked folder");
    app.on_update(Update::Kept(DownloadId(1), folder.join("a b.bin")));
    let notices = stage.platform.notices();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title, "a b.bin");
    assert!(notices[0].body.starts_with("File kept:"), "{notices:?}");
}
