//! The table against the functions: a command without a body, or a body that no table names, is a failure. And the bodies
//! as a page without a window calls them; `commands/tests` of the app crate calls them through Tauri.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use millrace_engine::VerifyOutcome;
use millrace_protocol::DownloadEvent;
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::app_log;
use crate::fixtures::{Server, TestEngine};
use crate::hub::{BoxedSink, ChannelClosed, FrameSink, WatchChannels};
use crate::ipc::{AddItem, DownloadOptions, IpcErrorCode};
use crate::view::Row;

/// Passes messages on to the test.
struct Sink<T>(Sender<T>);

impl<T: Send> FrameSink<T> for Sink<T> {
    fn send(&self, message: T) -> Result<(), ChannelClosed> {
        self.0.send(message).map_err(|_| ChannelClosed)
    }
}

fn sink<T: Send + 'static>() -> (BoxedSink<T>, Receiver<T>) {
    let (sender, receiver) = channel();
    (Box::new(Sink(sender)), receiver)
}

/// Downloads as a page that is attached does, until it hears of the end; returns the download's id.
async fn downloaded(state: &AppState, url: &str) -> u64 {
    let ((events, heard), (log, _log)) = (sink(), sink());
    let channels = WatchChannels { events, log };
    let added = subscribe::download(state, "page".into(), url.to_owned(), None, channels);
    let id = added.await.unwrap();
    let end = tokio::task::spawn_blocking(move || {
        let wait = Duration::from_secs(20);
        std::iter::from_fn(|| heard.recv_timeout(wait).ok())
            .find(|event| matches!(event, DownloadEvent::Finished { .. }))
    });
    assert!(end.await.unwrap().is_some());
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_window_adds_a_download_and_hears_of_its_end() {
    let server = Server::start(b"whole file".to_vec(), Duration::ZERO);
    let works = TestEngine::start();
    let (requests, _inbox) = unbounded_channel();
    let state = works.state(requests).await;
    let _logs = tracing::subscriber::set_default(app_log::subscriber(&state.log));
    let (frames, _frames) = sink();
    let page = list::attach(&state, "page".into(), "a".into(), frames);
    assert_eq!(page.await.unwrap().length, 0);
    let url = server.url("a.txt");
    let id = downloaded(&state, &url).await;
    assert_eq!(list::links(&state, vec![id]).await.unwrap(), [url]);
    let failure = control::pause(&state, id).await.unwrap_err();
    assert_eq!(failure.code, IpcErrorCode::NotNow);
    // A test on another thread may have been the first to report a failure. `tracing` remembers for the line of code that
    // nobody listened there, until it is told to look again.
    tracing::callsite::rebuild_interest_cache();
    control::pause(&state, id).await.unwrap_err();
    assert!(state.log.tail(1_000).contains("pause failed: download"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_file_is_verified_without_a_window_and_the_row_has_the_result() {
    let server = Server::start(b"whole file".to_vec(), Duration::ZERO);
    let works = TestEngine::start();
    let (requests, _inbox) = unbounded_channel();
    let state = works.state(requests).await;
    let (frames, _frames) = sink();
    let page = list::attach(&state, "page".into(), "a".into(), frames);
    page.await.unwrap();
    let id = downloaded(&state, &server.url("a.txt")).await;
    let unreadable = files::verify_file(&state, id, Some("abc".into())).await;
    assert_eq!(unreadable.unwrap_err().code, IpcErrorCode::BadChecksum);
    let computed = files::verify_file(&state, id, None).await.unwrap();
    let VerifyOutcome::Verified { verification } = computed else {
        panic!("{computed:?}");
    };
    assert_eq!(verification.compared, None);
    let line = format!("{}  any name.txt\n", verification.digest.to_uppercase());
    let compared = files::verify_file(&state, id, Some(line)).await.unwrap();
    let compared = serde_json::to_value(compared).unwrap();
    assert_eq!(compared["outcome"], "verified");
    assert_eq!(compared["verification"]["compared"]["matches"], true);
    let list = works.handle.list().await.unwrap();
    let row = serde_json::to_value(Row::from(&list[0])).unwrap();
    assert_eq!(row["verification"], compared["verification"]);
    assert_eq!(row["allows"]["verify"], true);
    // The server has that one file under every name, and it is no checksum.
    let found = files::find_checksum(&state, id).await.unwrap();
    assert_eq!(found, VerifyOutcome::NothingFound);
    files::cancel_verification(&state, id).await.unwrap();
}

#[tokio::test]
async fn each_of_several_links_has_its_own_checksum_and_a_wrong_one_adds_none() {
    let works = TestEngine::start();
    let (requests, _inbox) = unbounded_channel();
    let state = works.state(requests).await;
    let sum = format!("sha-256:{}", "a".repeat(64));
    let item = |checksum: Option<&str>| AddItem {
        url: "http://127.0.0.1:1/x".into(),
        name: None,
        checksum: checksum.map(str::to_owned),
    };
    let options = || DownloadOptions {
        paused: true,
        ..DownloadOptions::default()
    };
    let wrong = vec![item(None), item(Some("sha-256:abc"))];
    let refused = add::download_many(&state, wrong, Some(options())).await;
    assert_eq!(refused.unwrap_err().code, IpcErrorCode::BadChecksum);
    assert!(works.handle.list().await.unwrap().is_empty());
    let right = vec![item(Some(&sum)), item(None)];
    let added = add::download_many(&state, right, Some(options())).await;
    let stored = works.handle.export(false).await.unwrap();
    let sums = stored.iter().map(|one| one.new.checksum.as_ref());
    let sums: Vec<_> = sums.map(|one| one.map(ToString::to_string)).collect();
    assert_eq!((added.unwrap().len(), sums), (2, vec![Some(sum), None]));
}

#[tokio::test]
async fn the_free_space_is_that_of_the_download_folder_and_asked_of_its_disk_once_at_a_time() {
    let works = TestEngine::start();
    let (requests, _inbox) = unbounded_channel();
    let state = works.state(requests).await;
    let free = settings::free_space(&state).await.unwrap();
    assert!(free.is_some_and(|free| free > 0), "{free:?}");
    let busy = Arc::clone(&state.measures_free_space).lock_owned().await;
    assert_eq!(settings::free_space(&state).await.unwrap(), None);
    drop(busy);
    let downloads = state
        .folders
        .resolve(&state.folders.downloads().id)
        .unwrap();
    std::fs::remove_dir(&downloads).unwrap();
    assert_eq!(settings::free_space(&state).await.unwrap(), None);
}

#[test]
fn the_table_is_in_order_and_names_each_command_once() {
    assert!(COMMANDS.windows(2).all(|two| two[0].name < two[1].name));
}

#[test]
fn every_body_is_here_that_the_table_says_is_here_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands");
    let mut bodies = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        // helpers are there, no commands
        if file.ends_with("mod.rs") {
            continue;
        }
        let text = std::fs::read_to_string(file).unwrap();
        for line in text.lines() {
            let line = line.strip_prefix("pub ").unwrap_or_default();
            let line = line.strip_prefix("async ").unwrap_or(line);
            if let Some((name, _)) = line
                .strip_prefix("fn ")
                .and_then(|rest| rest.split_once('('))
            {
                bodies.insert(name.to_owned());
            }
        }
    }
    let here = COMMANDS.iter().filter(|one| one.body == Body::Backend);
    let here: BTreeSet<String> = here.map(|one| one.name.to_owned()).collect();
    assert_eq!(bodies, here);
}
