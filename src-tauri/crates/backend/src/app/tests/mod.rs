//! The app with a platform that only records what the user would see.

mod desktop_behavior;
mod local_network;
mod notification_permission;
mod other_apps;
mod pending_removals;
mod pending_replacements;
mod recording_platform;
mod storage_permission;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use millrace_engine::{DownloadId, RemoveMode};
use tokio::sync::oneshot;

use self::recording_platform::{FakeShell, Seen};
use super::*;
use crate::category::Category;
use crate::fixtures::{Server, TestEngine, snapshot};
use crate::ipc::{IpcError, IpcErrorCode};
use crate::notification_permission::NotificationPermission;
use crate::request::{NotificationAction, Reply, TrayAction};
use crate::settings::CategoryFolder;

/// An app on a real engine, with all its inputs.
struct Stage {
    works: TestEngine,
    platform: Arc<FakeShell>,
    state: AppState,
}

impl Stage {
    /// The app before it runs, and its stage.
    async fn set() -> (Self, App<FakeShell>, mpsc::UnboundedReceiver<Request>) {
        Self::set_on(TestEngine::start()).await
    }

    async fn set_on(works: TestEngine) -> (Self, App<FakeShell>, mpsc::UnboundedReceiver<Request>) {
        let platform = Arc::new(FakeShell::default());
        let (requests, inbox) = mpsc::unbounded_channel();
        let state = works.state(requests).await;
        let app = App::new(Arc::clone(&platform), state.clone());
        let stage = Self {
            works,
            platform,
            state,
        };
        (stage, app, inbox)
    }

    async fn run() -> Self {
        Self::run_on(TestEngine::start()).await
    }

    async fn run_on(works: TestEngine) -> Self {
        let (stage, app, inbox) = Self::set_on(works).await;
        let updates = stage.works.handle.subscribe().await.unwrap();
        tokio::spawn(app.run(updates, inbox));
        stage
    }

    async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> Result<T, IpcError> {
        let (reply, answer) = oneshot::channel();
        self.state.requests.send(request(reply)).unwrap();
        answer.await.unwrap().map_err(IpcError::from)
    }

    /// Waits until this many notifications were shown.
    async fn notices(&self, count: usize) -> Vec<Notification> {
        let shown = async {
            while self.platform.notices().len() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), shown)
            .await
            .expect("a notice within 20 s");
        self.platform.notices()
    }

    /// The only download.
    async fn only(&self) -> Snapshot {
        let list = self.works.handle.list().await.unwrap();
        assert_eq!(list.len(), 1);
        list[0].clone()
    }
}

fn changed(id: u64, phase: Phase) -> Update {
    let mut one = snapshot(id);
    one.phase = phase;
    Update::Changed(one)
}

#[tokio::test]
async fn the_end_of_a_download_is_told_once_and_only_when_it_is_new() {
    let (stage, mut app, _inbox) = Stage::set().await;
    let mut old = snapshot(1);
    old.phase = Phase::Done;
    app.track(&old);
    app.on_update(changed(1, Phase::Done));
    app.on_update(changed(2, Phase::Running));
    assert_eq!(stage.platform.seen(), []);
    app.on_update(changed(2, Phase::Done));
    app.on_update(changed(2, Phase::Done));
    let notices = stage.platform.notices();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title, "2.bin");
    assert_eq!(notices[0].about, NotificationSubject::Finished(2));
}

#[tokio::test]
async fn a_burst_of_ends_shows_three_notices_and_waits_with_the_rest() {
    let (stage, mut app, _inbox) = Stage::set().await;
    for id in 1..=9 {
        app.on_update(changed(id, Phase::Done));
    }
    assert_eq!(stage.platform.notices().len(), 3);
    assert!(app.notices.deadline().is_some());
}

#[tokio::test]
async fn links_from_a_command_line_arrive_in_the_default_folder_and_are_told() {
    let server = Server::start(b"whole file".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let links = vec![server.url("a.txt"), "ftp://host/b".into()];
    stage.state.requests.send(Request::Links(links)).unwrap();
    let notices = stage.notices(2).await;
    assert!(stage.platform.seen().contains(&Seen::Front));
    let refused = notices
        .iter()
        .find(|one| one.about == NotificationSubject::Window);
    assert!(refused.unwrap().body.starts_with("Not added: "));
    let finished = notices.iter().find(|one| one.title == "a.txt").unwrap();
    assert_eq!(finished.body, "Download complete");
    let file = stage.works.home().downloads.join("a.txt");
    assert_eq!(std::fs::read(file).unwrap(), b"whole file");
}

#[tokio::test]
async fn a_download_that_stops_says_why() {
    let server = Server::start(Vec::new(), Duration::ZERO);
    let stage = Stage::run().await;
    let links = vec![server.url("missing")];
    stage.state.requests.send(Request::Links(links)).unwrap();
    let notice = stage.notices(1).await.remove(0);
    assert!(notice.body.starts_with("Download failed: "));
    assert!(matches!(notice.about, NotificationSubject::Failed(_)));
    let failure = stage
        .ask(|reply| Request::Open(DownloadId(1), reply))
        .await
        .unwrap_err();
    assert_eq!(failure.code, IpcErrorCode::NotNow);
    // its link can still be opened
    let opened = stage.ask(|reply| Request::OpenLink(DownloadId(1), reply));
    opened.await.unwrap();
    let seen = stage.platform.seen();
    assert!(seen.contains(&Seen::OpenedLink(server.url("missing"))));
    let other = stage.ask(|reply| Request::OpenLink(DownloadId(2), reply));
    assert_eq!(other.await.unwrap_err().code, IpcErrorCode::UnknownDownload);
}

#[tokio::test]
async fn a_finished_file_opens_until_somebody_moves_it_away() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let links = vec![server.url("a.txt")];
    stage.state.requests.send(Request::Links(links)).unwrap();
    stage.notices(1).await;
    let one = stage.only().await;
    let open = |reply| Request::Open(one.id, reply);
    stage.ask(open).await.unwrap();
    assert!(stage.platform.seen().contains(&Seen::Opened(one.path())));
    stage
        .ask(|reply| Request::Reveal(one.id, reply))
        .await
        .unwrap();
    assert!(stage.platform.seen().contains(&Seen::Revealed(one.path())));
    std::fs::remove_file(one.path()).unwrap();
    let failure = stage.ask(open).await.unwrap_err();
    assert_eq!(failure.code, IpcErrorCode::NoSuchFile);
    // a click on the notification shows at least the window
    let clicked = Request::NotificationAction(NotificationAction::Open(one.id));
    stage.state.requests.send(clicked).unwrap();
    let folder = stage.ask(Request::PickFolder).await.unwrap();
    assert_eq!(folder, None);
    let seen = stage.platform.seen();
    assert_eq!(seen[seen.len() - 2..], [Seen::Front, Seen::Dialog]);
}

#[tokio::test]
async fn finished_files_are_dragged_out_together_or_not_at_all() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let links = ["a.txt", "b.txt", "missing"].map(|path| server.url(path));
    let links = Request::Links(links.into());
    stage.state.requests.send(links).unwrap();
    stage.notices(3).await;
    let list = stage.works.handle.list().await.unwrap();
    let ids: Vec<_> = list.iter().map(|one| one.id).collect();
    let paths: Vec<_> = list.iter().map(Snapshot::path).collect();
    let drag = |ids: &[DownloadId]| {
        let ids = ids.to_vec();
        stage.ask(|reply| Request::DragOut(ids, reply))
    };
    drag(&ids[..2]).await.unwrap();
    let dragged = Seen::DraggedOut(paths[..2].to_vec());
    assert!(stage.platform.seen().contains(&dragged));
    let unfinished = drag(&ids).await.unwrap_err();
    assert_eq!(unfinished.code, IpcErrorCode::NotNow);
    let unknown = drag(&[DownloadId(99)]).await.unwrap_err();
    assert_eq!(unknown.code, IpcErrorCode::UnknownDownload);
    // another file of that name is not what was downloaded
    std::fs::remove_file(&paths[1]).unwrap();
    std::fs::write(&paths[1], "other").unwrap();
    let replaced = drag(&ids[..2]).await.unwrap_err();
    assert_eq!(replaced.code, IpcErrorCode::NoSuchFile);
    let seen = stage.platform.seen();
    let drags = seen.iter().filter(|one| matches!(one, Seen::DraggedOut(_)));
    assert_eq!(drags.count(), 1);
}

#[tokio::test]
async fn a_folder_from_the_dialog_is_known_and_the_default_stays() {
    let stage = Stage::run().await;
    let music = stage.works.folder.path().join("music");
    *stage.platform.picks.lock().unwrap() = Some(music.clone());
    let folder = stage.ask(Request::PickFolder).await.unwrap().unwrap();
    assert_eq!(stage.state.folders.resolve(&folder.id).unwrap(), music);
    assert_eq!(stage.state.settings.now().folder.id, "downloads");
    let unknown = stage
        .ask(|reply| Request::Open(DownloadId(99), reply))
        .await
        .unwrap_err();
    assert_eq!(unknown.code, IpcErrorCode::UnknownDownload);
    let copied = stage.ask(Request::Clipboard).await.unwrap();
    assert_eq!(copied, "http://copied/");
}

#[tokio::test]
async fn a_link_without_a_dialog_goes_to_the_folder_of_its_kind() {
    let server = Server::start(b"sound".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let music = stage.works.folder.path().join("music");
    std::fs::create_dir(&music).unwrap();
    let own = CategoryFolder {
        category: Category::Audio,
        folder: stage.state.folders.grant(music.clone()).0,
    };
    let settings = &stage.state.settings;
    settings
        .change(None, |now| {
            now.categories.push(own);
            now.notify_failed = false;
        })
        .unwrap();
    let links = ["missing", "a.txt", "b.flac?x=1"].map(|path| server.url(path));
    stage
        .state
        .requests
        .send(Request::Links(links.into()))
        .unwrap();
    let notices = stage.notices(2).await;
    assert_eq!(notices.len(), 2, "failures are not told");
    let files = stage.works.home().downloads;
    assert!(files.join("a.txt").exists());
    assert!(music.join("b.flac").exists());
}

#[tokio::test]
async fn what_is_set_holds_for_downloads_that_run() {
    let server = Server::start(vec![0; 60_000], Duration::from_millis(1));
    let stage = Stage::run().await;
    let settings = &stage.state.settings;
    settings
        .change(None, |now| {
            now.slow = true;
            now.slow_limit = 1_000;
            now.parallel = 1;
        })
        .unwrap();
    // the app's loop has applied the update before it handles this request
    stage.ask(Request::Clipboard).await.unwrap();
    let links = [server.url("a"), server.url("b")];
    stage
        .state
        .requests
        .send(Request::Links(links.into()))
        .unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let list = stage.works.handle.list().await.unwrap();
    let done = list.iter().filter(|one| one.phase == Phase::Done).count();
    assert_eq!((list.len(), done), (2, 0), "a thousand bytes a second");
    let running = list
        .iter()
        .filter(|one| one.phase == Phase::Running)
        .count();
    assert_eq!(running, 1);
    settings.change(None, |now| now.slow = false).unwrap();
    stage.notices(2).await;
}
