//! The list from one program to another, with real engines.

use millrace_engine::{Handle, Priority};
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::fixtures::TestEngine;

async fn state(engine: &TestEngine) -> AppState {
    let (requests, _inbox) = unbounded_channel();
    engine.state(requests).await
}

/// Without ids, times and folders, which are another engine's own.
async fn comparable(handle: &Handle) -> Vec<(NewDownload, PhaseGroup)> {
    let list = handle.export(true).await.unwrap();
    let new = list.into_iter().map(|stored| {
        let new = NewDownload {
            folder: "".into(),
            ..stored.new
        };
        (new, stored.group)
    });
    new.collect()
}

fn paused(url: &str) -> NewDownload {
    NewDownload {
        url: url.into(),
        paused: true,
        ..NewDownload::default()
    }
}

/// Three downloads that never start.
async fn fill(engine: &TestEngine) {
    let folder = engine.home().downloads;
    let secret = NewDownload {
        name: Some("b.zip".into()),
        headers: vec![
            ("Accept".into(), "*/*".into()),
            ("Cookie".into(), "id=secret".into()),
        ],
        checksum: Some(format!("sha-256:{}", "ab".repeat(32)).parse().unwrap()),
        credentials: Some(Credentials {
            user: "ada".into(),
            password: "secret".into(),
        }),
        proxy: Some("http://ada:secret@proxy:1/".parse().unwrap()),
        connections: Some(3),
        limit: Some(1_000),
        priority: Priority::High,
        ..paused("http://host/b")
    };
    let later = NewDownload {
        start_at: Some(4_000_000_000_000),
        unmetered_only: true,
        ..paused("http://host/c")
    };
    let new = [paused("http://host/a"), secret, later].map(|new| NewDownload {
        folder: folder.clone(),
        ..new
    });
    engine.handle.add_many(new.to_vec()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_is_imported_elsewhere_gives_the_same_list() {
    let (here, elsewhere) = (TestEngine::start(), TestEngine::start());
    fill(&here).await;
    let own = state(&here).await;
    let text = export_list(&own, ExportFormat::Json, true).await.unwrap();
    let there = state(&elsewhere).await;
    let options = ImportOptions::default();
    let planned = read_list(&there, text.clone(), options).await.unwrap();
    assert_eq!(comparable(&elsewhere.handle).await, []);
    let report = import_list(&there, text.clone(), options).await.unwrap();
    assert_eq!(report, planned);
    assert_eq!((report.added, report.known, report.faults.len()), (3, 0, 0));
    // the folder of another engine is none that was chosen here
    assert_eq!(report.other_folder, 3);
    assert_eq!(
        comparable(&elsewhere.handle).await,
        comparable(&here.handle).await
    );
    let again = import_list(&there, text, options).await.unwrap();
    assert_eq!((again.added, again.known), (0, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_secrets_only_if_they_are_asked_for() {
    let engine = TestEngine::start();
    fill(&engine).await;
    let state = state(&engine).await;
    for format in [ExportFormat::Json, ExportFormat::Aria2, ExportFormat::Links] {
        let plain = export_list(&state, format, false).await.unwrap();
        assert!(!plain.contains("secret"), "{plain}");
        assert!(plain.contains("http://host/b"));
        let whole = export_list(&state, format, true).await.unwrap();
        assert_eq!(whole.contains("secret"), format != ExportFormat::Links);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_finished_is_downloaded_again_only_if_that_is_asked_for() {
    let engine = TestEngine::start();
    let state = state(&engine).await;
    let text = r#"{"format":"millrace-list","version":1,"downloads":[
        {"url":"http://host/a","state":"done"},{"url":"http://host/b","state":"failed"}]}"#;
    let options = ImportOptions::default();
    let report = read_list(&state, text.into(), options).await.unwrap();
    assert_eq!((report.added, report.finished), (1, 1));
    let options = ImportOptions {
        finished: true,
        ..options
    };
    let report = import_list(&state, text.into(), options).await.unwrap();
    assert_eq!((report.added, report.finished), (2, 0));
    let groups = comparable(&engine.handle).await;
    assert!(groups.iter().all(|(_, group)| *group == PhaseGroup::Paused));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nothing_can_be_taken_says_where_it_breaks() {
    let engine = TestEngine::start();
    let state = state(&engine).await;
    let failure = import_list(&state, "[{\n\n".into(), ImportOptions::default());
    let failure = failure.await.unwrap_err();
    assert_eq!(failure.code, IpcErrorCode::BadFile);
    assert!(failure.message.starts_with("line 3:"), "{failure}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_list_takes_the_place_of_no_other_file() {
    let engine = TestEngine::start();
    fill(&engine).await;
    let state = state(&engine).await;
    let folder = state.folders.downloads().id;
    let mut names = Vec::new();
    for _ in 0..2 {
        let saved = save_list(&state, folder.clone(), ExportFormat::Json, false);
        let saved = saved.await.unwrap();
        assert_eq!(saved.downloads, 3);
        let path = engine.home().downloads.join(&saved.name);
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(list_file::parse(&text).unwrap().entries.len(), 3);
        names.push(saved.name);
    }
    assert_eq!(names, ["millrace-list.json", "millrace-list (2).json"]);
    let unknown = save_list(&state, "/etc".into(), ExportFormat::Json, false);
    assert_eq!(unknown.await.unwrap_err().code, IpcErrorCode::UnknownFolder);
}
