//! A download that takes the place of another one: the old one is out of sight, comes back on undo, and leaves with its file
//! when the new one is complete.

use millrace_engine::NewDownload;

use super::*;
use crate::app::pending_removals::UNDO_WINDOW;
use crate::commands::subscribe;
use crate::hub::{BoxedSink, ChannelClosed, FrameSink, WatchChannels};
use crate::ipc::DownloadOptions;

/// A page that listens to nothing.
struct Deaf;

impl<T> FrameSink<T> for Deaf {
    fn send(&self, _message: T) -> Result<(), ChannelClosed> {
        Ok(())
    }
}

fn channels() -> WatchChannels {
    let events: BoxedSink<_> = Box::new(Deaf);
    let log: BoxedSink<_> = Box::new(Deaf);
    WatchChannels { events, log }
}

async fn replace(
    stage: &Stage,
    old: u64,
    url: String,
    options: DownloadOptions,
) -> Result<u64, IpcError> {
    let page = "page".to_owned();
    subscribe::replace(&stage.state, page, (old, url), Some(options), channels()).await
}

/// The ids that a page sees.
async fn rows(stage: &Stage) -> Vec<u64> {
    let seen = stage.state.hub.snapshots().await.unwrap();
    seen.iter().map(|one| one.id.0).collect()
}

/// Waits until a page sees these.
async fn until_rows(stage: &Stage, ids: &[u64]) {
    let seen = async {
        while rows(stage).await != ids {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let seen = tokio::time::timeout(Duration::from_secs(20), seen).await;
    seen.expect("within 20 s");
}

async fn add(stage: &Stage, url: String, paused: bool) -> u64 {
    let new = NewDownload {
        url,
        folder: stage.works.home().downloads,
        paused,
        ..NewDownload::default()
    };
    stage.works.handle.add(new).await.unwrap().0
}

async fn until_done(stage: &Stage, id: u64) -> Snapshot {
    let done = async {
        loop {
            let list = stage.works.handle.list().await.unwrap();
            let one = list.into_iter().find(|one| one.id.0 == id);
            if let Some(one) = one.filter(|one| one.phase == Phase::Done) {
                return one;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(20), done).await;
    done.expect("within 20 s")
}

#[tokio::test]
async fn what_is_refused_leaves_the_old_download_in_sight() {
    let stage = Stage::run().await;
    let old = add(&stage, "http://127.0.0.1:9/a".into(), true).await;
    let link = "http://127.0.0.1:9/a".to_owned();
    let with = |change: &dyn Fn(&mut DownloadOptions)| {
        let mut options = DownloadOptions::default();
        change(&mut options);
        options
    };
    let bad_folder = with(&|options| options.folder = Some("nowhere".into()));
    let bad_proxy = with(&|options| options.proxy = Some("ftp://proxy".into()));
    let bad_checksum = with(&|options| options.checksum = Some("abc".into()));
    for (url, options, code) in [
        ("not a link", with(&|_| ()), IpcErrorCode::BadLink),
        (&link, bad_folder, IpcErrorCode::UnknownFolder),
        (&link, bad_proxy, IpcErrorCode::BadSetting),
        (&link, bad_checksum, IpcErrorCode::BadChecksum),
    ] {
        let failure = replace(&stage, old, url.to_owned(), options).await;
        assert_eq!(failure.unwrap_err().code, code);
        assert_eq!(rows(&stage).await, [old]);
    }
    let unknown = replace(&stage, 99, link, DownloadOptions::default()).await;
    assert_eq!(unknown.unwrap_err().code, IpcErrorCode::UnknownDownload);
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn undone_the_old_one_is_back_and_the_unfinished_new_one_gone() {
    let stage = Stage::run().await;
    let old = add(&stage, "http://127.0.0.1:9/a".into(), true).await;
    let paused = DownloadOptions {
        paused: true,
        ..DownloadOptions::default()
    };
    let url = "http://127.0.0.1:9/b".to_owned();
    let new = replace(&stage, old, url, paused).await.unwrap();
    until_rows(&stage, &[new]).await;
    let undo = |reply| Request::Undo(vec![old], reply);
    stage.ask(undo).await.unwrap();
    until_rows(&stage, &[old]).await;
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_old_file_goes_after_the_new_one_is_complete_and_undo_is_over() {
    let server = Server::start(b"whole file".to_vec(), Duration::ZERO);
    let (stage, mut app, _inbox) = Stage::set().await;
    let mut updates = stage.works.handle.subscribe().await.unwrap();
    let old = add(&stage, server.url("a.txt"), false).await;
    until_done(&stage, old).await;
    let options = DownloadOptions::default();
    let new = replace(&stage, old, server.url("a.txt"), options).await;
    let new = new.unwrap();
    assert_eq!(until_done(&stage, new).await.name, "a (1).txt");
    while let Some(update) = updates.try_next() {
        app.on_update(update);
    }
    app.commit_replacements().await;
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 2);
    tokio::time::pause();
    tokio::time::advance(UNDO_WINDOW).await;
    app.commit_replacements().await;
    tokio::time::resume();
    until_rows(&stage, &[new]).await;
    let named = async {
        while until_done(&stage, new).await.name != "a.txt" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let named = tokio::time::timeout(Duration::from_secs(20), named).await;
    named.expect("within 20 s");
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn after_a_restart_what_was_replaced_stays_out_of_sight_until_it_goes() {
    let server = Server::start(b"whole file".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let old = add(&stage, server.url("a.txt"), false).await;
    until_done(&stage, old).await;
    let options = DownloadOptions::default();
    let new = replace(&stage, old, server.url("a.txt"), options).await;
    let new = new.unwrap();
    until_done(&stage, new).await;
    // another loop begins with the list, as that of the next start does
    let (requests, inbox) = mpsc::unbounded_channel();
    let again = App::new(
        Arc::clone(&stage.platform),
        stage.works.state(requests).await,
    );
    let updates = stage.works.handle.subscribe().await.unwrap();
    tokio::spawn(again.run(updates, inbox));
    let gone = async {
        while stage.works.handle.list().await.unwrap().len() > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(20), gone).await;
    gone.expect("within 20 s");
    assert_eq!(rows(&stage).await, [new]);
}
