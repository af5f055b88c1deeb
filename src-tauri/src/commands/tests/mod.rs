//! The commands as the page calls them: through Tauri's IPC, on a real engine, without a webview.

mod lifecycle;
mod probe_and_options;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use millrace_backend::app::{
    Agreed, App, DesktopStatus, FileCallback, FolderCallback, Notification, PlatformError,
    PlatformServices, Question,
};
use millrace_backend::fixtures::{Server, TestEngine};
use millrace_backend::i18n::Messages;
use millrace_backend::notification_permission::NotificationPermission;
use serde_json::{Value, json};
use tauri::async_runtime::block_on;
use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{
    INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder, mock_context, noop_assets,
};
use tauri::{Manager, WebviewWindow, WebviewWindowBuilder, webview::InvokeRequest};

use crate::bindings;

/// Messages received on each channel, in order.
type Heard = Arc<Mutex<BTreeMap<u32, Vec<Value>>>>;

/// A desktop that shows nothing.
struct NoDesktop;

impl PlatformServices for NoDesktop {
    fn notify(&self, _: &Notification) {}

    fn open(&self, _: &Path) -> Result<(), PlatformError> {
        Err(PlatformError::Missing)
    }

    fn open_with(&self, _: &Path) -> Result<(), PlatformError> {
        Err(PlatformError::Missing)
    }

    fn open_link(&self, _: &str) -> Result<(), PlatformError> {
        Err(PlatformError::Missing)
    }

    fn reveal(&self, _: &Path) -> Result<(), PlatformError> {
        Err(PlatformError::Missing)
    }

    fn drag_out(&self, _: Vec<PathBuf>) -> Result<(), PlatformError> {
        Err(PlatformError::Refused("no desktop".into()))
    }

    fn pick_folder(&self, done: FolderCallback) {
        done(None);
    }

    fn pick_file(&self, done: FileCallback) {
        done(None);
    }

    fn confirm(&self, _: Question, done: Agreed) {
        done(false);
    }

    fn notification_permission(&self) -> NotificationPermission {
        NotificationPermission::NotAsked
    }

    fn request_notification_permission(&self) -> NotificationPermission {
        NotificationPermission::Refused
    }

    fn reach_local_network(&self) -> Option<bool> {
        None
    }

    fn ask_for_public_folder(&self) -> Option<PathBuf> {
        None
    }

    fn finished(&self, _path: &Path) {}

    fn battery_settings(&self) -> Result<(), PlatformError> {
        Err(PlatformError::Refused("none here".into()))
    }

    fn clipboard(&self) -> String {
        "http://copied/".into()
    }

    fn show_window(&self) {}

    fn has_window(&self) -> bool {
        true
    }

    fn set_outlives_window(&self, _: bool) {}

    fn quit(&self) {}

    fn show_status(&self, _: DesktopStatus) {}

    fn keep_awake(&self, _: Option<String>) {}

    fn start_with_system(&self, _: bool) {}

    fn languages(&self) -> Vec<String> {
        Vec::new()
    }

    fn set_messages(&self, _: &Messages) {}
}

/// A page that can call commands and receive messages.
struct Page {
    works: TestEngine,
    window: WebviewWindow<MockRuntime>,
    heard: Heard,
    app: tauri::App<MockRuntime>,
}

impl Page {
    fn open() -> Self {
        let heard = Heard::default();
        let channels = Arc::clone(&heard);
        let app = mock_builder()
            .invoke_handler(bindings::all().invoke_handler())
            .channel_interceptor(move |_, callback, index, body| {
                let InvokeResponseBody::Json(json) = body else {
                    panic!("bytes on a channel of values");
                };
                let mut heard = channels.lock().unwrap();
                let channel = heard.entry(callback.0).or_default();
                assert_eq!(index, channel.len(), "messages come in order");
                channel.push(serde_json::from_str(json).unwrap());
                true
            })
            .build(mock_context(noop_assets()))
            .unwrap();
        let works = block_on(async { TestEngine::start() });
        let (requests, inbox) = tokio::sync::mpsc::unbounded_channel();
        let state = block_on(works.state(requests));
        let updates = block_on(works.handle.subscribe()).unwrap();
        // the platform's calls are not recorded here
        let runs = App::new(Arc::new(NoDesktop), state.clone()).run(updates, inbox);
        tauri::async_runtime::spawn(runs);
        app.manage(state);
        let window = WebviewWindowBuilder::new(&app, "main", tauri::WebviewUrl::default())
            .build()
            .unwrap();
        Self {
            works,
            window,
            heard,
            app,
        }
    }

    fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        self.call_from(&self.window, command, arguments)
    }

    fn call_from(
        &self,
        window: &WebviewWindow<MockRuntime>,
        command: &str,
        arguments: Value,
    ) -> Result<Value, Value> {
        let local = if cfg!(windows) {
            "http://tauri.localhost"
        } else {
            "tauri://localhost"
        };
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: local.parse().unwrap(),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.into(),
        };
        let answer = get_ipc_response(window, request)?;
        Ok(answer.deserialize().unwrap())
    }

    fn heard(&self, channel: u32) -> Vec<Value> {
        let heard = self.heard.lock().unwrap();
        heard.get(&channel).cloned().unwrap_or_default()
    }

    /// Waits until the messages of a channel are enough.
    fn until(&self, channel: u32, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let heard = self.heard(channel);
            if enough(&heard) {
                return heard;
            }
            assert!(Instant::now() < end, "only heard {heard:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn finished(&self, channel: u32) -> Vec<Value> {
        self.until(channel, |events| {
            events.iter().any(|event| event["event"] == "finished")
        })
    }
}

fn channel(id: u32) -> String {
    format!("__CHANNEL__:{id}")
}

/// `received` of the last `started`, plus every chunk after it.
fn sum(events: &[Value]) -> u64 {
    events
        .iter()
        .fold(0, |sum, event| match event["event"].as_str() {
            Some("started" | "restarted") => event["data"]["received"].as_u64().unwrap(),
            Some("progress") => sum + event["data"]["chunkLength"].as_u64().unwrap(),
            Some(_) | None => sum,
        })
}

#[test]
fn download_streams_the_events_of_the_first_document_and_the_file_is_whole() {
    let body: Vec<u8> = (0..300_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
    let server = Server::start(body.clone(), Duration::from_millis(60));
    let page = Page::open();
    let url = server.url("data.bin");
    let arguments =
        json!({ "url": url, "options": null, "onEvent": channel(7), "onLog": channel(8) });
    let id = page.call("download", arguments).unwrap();
    let events = page.finished(7);
    assert_eq!(events[0]["event"], "started");
    assert_eq!(events[0]["data"]["url"], url);
    assert_eq!(events[0]["data"]["downloadId"], id);
    assert_eq!(events[0]["data"]["contentLength"], 300_000);
    assert!(
        events
            .iter()
            .filter(|event| event["event"] == "progress")
            .count()
            > 1
    );
    assert_eq!(sum(&events), 300_000);
    let file = page.works.home().downloads.join("data.bin");
    assert_eq!(std::fs::read(file).unwrap(), body);
    page.until(8, |batches| !batches.is_empty());
    assert_eq!(page.heard(8)[0]["dropped"], 0);

    // a page that attaches later receives the current state
    let arguments = json!({ "id": id, "onEvent": channel(17), "onLog": channel(18) });
    page.call("watch", arguments).unwrap();
    let events = page.finished(17);
    assert_eq!(events[0]["data"]["received"], 300_000);
    assert_eq!(events.len(), 2);
    assert!(!page.until(18, |batches| !batches.is_empty()).is_empty());
    page.call("unwatch", json!({ "id": id })).unwrap();
}

#[test]
fn the_list_comes_as_a_snapshot_and_then_as_acknowledged_frames() {
    let server = Server::start(vec![1; 50_000], Duration::from_millis(30));
    let page = Page::open();
    let attach = json!({ "session": "a", "onFrame": channel(3) });
    let first = page.call("attach", attach).unwrap();
    assert_eq!(first["length"], 0);
    page.call("ack", json!({ "session": "a", "seq": 0 }))
        .unwrap();
    let seen = json!({ "session": "a", "seen": [], "activity": "focused" });
    page.call("view", seen).unwrap();
    let options = json!({
        "folder": "downloads", "name": "named.bin", "headers": [["X-A", "b"]], "checksum": null,
        "connections": 1, "limit": null, "paused": false,
        "proxy": null, "credentials": null, "priority": "normal", "startAt": null,
        "unmeteredOnly": false,
    });
    let arguments = json!({
        "url": server.url("x"), "options": options, "onEvent": channel(4), "onLog": channel(5),
    });
    page.call("download", arguments).unwrap();

    let mut seq = 0;
    let mut row = Value::Null;
    let mut counted = Value::Null;
    while row["phase"] != "done" {
        seq += 1;
        let frames = page.until(3, |frames| frames.len() as u64 >= seq);
        let frame = frames.last().unwrap();
        assert_eq!(frame["seq"], seq);
        if let Some(numbers) = frame["numbers"].as_array().and_then(|all| all.last()) {
            assert_eq!(numbers[0], row["id"]);
            assert!(counted.is_null() || numbers[1].as_u64() > counted.as_u64());
            counted = numbers[1].clone();
        }
        if let Some(newer) = frame["rows"].as_array().and_then(|rows| rows.last()) {
            assert!(row.is_null() || newer["rev"].as_u64() > row["rev"].as_u64());
            row = newer.clone();
        }
        page.call("ack", json!({ "session": "a", "seq": seq }))
            .unwrap();
    }
    assert_eq!(row["name"], "named.bin");
    assert_eq!(row["received"], 50_000);
    assert_eq!(row["verdict"], json!({ "by": "length" }));
    let rows = page
        .call("page", json!({ "session": "a", "first": 0, "count": 10 }))
        .unwrap();
    assert_eq!(rows["rows"][0]["rev"], row["rev"]);
    assert_eq!(rows["totals"]["done"], 1);

    let attach = json!({ "session": "b", "onFrame": channel(6) });
    page.call("attach", attach).unwrap();
    let stale = page
        .call("ack", json!({ "session": "a", "seq": 1 }))
        .unwrap_err();
    assert_eq!(stale["code"], "stale-session");
    page.call("detach", json!({ "session": "b" })).unwrap();
}

#[test]
fn a_refused_command_says_why_and_changes_nothing() {
    let page = Page::open();
    let listen_for = |url: &str, folder: Value, checksum: Value| {
        let options = json!({
            "folder": folder, "name": null, "headers": [], "checksum": checksum,
            "connections": null, "limit": null, "paused": false,
            "proxy": null, "credentials": null, "priority": "normal", "startAt": null,
        "unmeteredOnly": false,
        });
        json!({ "url": url, "options": options, "onEvent": channel(1), "onLog": channel(2) })
    };
    let listen = |url: &str, folder: Value| listen_for(url, folder, Value::Null);
    let failure = page
        .call("download", listen("ftp://host/x", Value::Null))
        .unwrap_err();
    assert_eq!(failure["code"], "bad-link");
    assert_eq!(failure["problem"]["code"], "unsupported-scheme");
    let failure = page
        .call("download", listen("http://127.0.0.1/x", json!("/etc")))
        .unwrap_err();
    assert_eq!(failure["code"], "unknown-folder");
    let short = listen_for("http://127.0.0.1/x", Value::Null, json!("sha-256:abc"));
    let failure = page.call("download", short).unwrap_err();
    assert_eq!(failure["code"], "bad-checksum");
    for command in ["pause", "resume", "retry"] {
        let failure = page.call(command, json!({ "id": 99 })).unwrap_err();
        assert_eq!(failure["code"], "unknown-download", "{command}");
    }
    let folder = page.call("default_folder", json!({})).unwrap();
    assert_eq!(folder["id"], "downloads");
    assert_eq!(page.call("recent_folders", json!({})).unwrap(), json!([]));
    assert!(block_on(page.works.handle.list()).unwrap().is_empty());
    assert!(page.heard(1).is_empty());
}

#[test]
fn a_paused_download_waits_goes_on_and_leaves_with_its_file() {
    let server = Server::start(vec![7; 20_000], Duration::ZERO);
    let page = Page::open();
    let options = json!({
        "folder": null, "name": null, "headers": [], "checksum": null,
        "connections": null, "limit": null, "paused": true,
        "proxy": null, "credentials": null, "priority": "normal", "startAt": null,
        "unmeteredOnly": false,
    });
    let arguments = json!({
        "url": server.url("p.bin"), "options": options, "onEvent": channel(1), "onLog": channel(2),
    });
    let id = page.call("download", arguments).unwrap();
    let file = page.works.home().downloads.join("p.bin");
    page.until(1, |events| {
        events.iter().any(|event| event["event"] == "paused")
    });
    assert!(!file.exists());
    page.call("resume", json!({ "id": id })).unwrap();
    let events = page.finished(1);
    assert_eq!(sum(&events), 20_000);
    assert!(file.exists());
    page.call("remove", json!({ "id": id, "leftover": "trash" }))
        .unwrap();
    page.until(1, |events| {
        events
            .last()
            .is_some_and(|event| event["event"] == "removed")
    });
    // the row is removed immediately, the file when the worker has stopped
    let end = Instant::now() + Duration::from_secs(20);
    while file.exists() {
        assert!(Instant::now() < end, "the file is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}
