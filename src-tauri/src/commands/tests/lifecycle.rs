//! Channels that are lost, closed or ignored: the effect on sessions, and none on downloads.

use tauri::{AppHandle, WindowEvent};

use super::*;
use crate::window;

const SIZE: usize = 200_000;

/// Watches the list and one slow download; returns its id.
fn watching(page: &Page, server: &Server) -> Value {
    let attach = json!({ "session": "a", "onFrame": channel(3) });
    page.call("attach", attach).unwrap();
    page.call("ack", json!({ "session": "a", "seq": 0 }))
        .unwrap();
    let arguments = json!({
        "url": server.url("kept.bin"), "options": null, "onEvent": channel(4), "onLog": channel(5),
    });
    let id = page.call("download", arguments).unwrap();
    page.until(4, |events| {
        events.iter().any(|one| one["event"] == "progress")
    });
    id
}

fn slow() -> Server {
    Server::start(vec![3; SIZE], Duration::from_millis(60))
}

/// Waits for the end according to the engine, which no channel can affect.
fn until_done(page: &Page) {
    let end = Instant::now() + Duration::from_secs(20);
    let done = || {
        let list = block_on(page.works.handle.list()).unwrap();
        list.iter()
            .all(|one| one.phase == millrace_engine::Phase::Done)
    };
    while !done() {
        assert!(Instant::now() < end, "the download never ended");
        std::thread::sleep(Duration::from_millis(10));
    }
    let file = page.works.home().downloads.join("kept.bin");
    assert_eq!(std::fs::read(file).unwrap(), vec![3; SIZE]);
}

fn app(page: &Page) -> &AppHandle<MockRuntime> {
    page.app.handle()
}

#[test]
fn a_download_goes_on_when_the_window_with_its_channels_is_gone() {
    let (page, server) = (Page::open(), slow());
    let id = watching(&page, &server);
    window::on_event(app(&page), "main".into(), &WindowEvent::Destroyed);
    // the reply shows that the hub has handled the event
    let stale = page
        .call("ack", json!({ "session": "a", "seq": 1 }))
        .unwrap_err();
    assert_eq!(stale["code"], "stale-session");
    let (frames, events) = (page.heard(3).len(), page.heard(4).len());
    until_done(&page);
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(
        page.heard(3).len(),
        frames,
        "nothing is sent after the close"
    );
    assert_eq!(page.heard(4).len(), events);

    // the window is opened again, and one attach restores everything
    let attach = json!({ "session": "b", "onFrame": channel(13) });
    let first = page.call("attach", attach).unwrap();
    assert_eq!(first["rows"][0]["id"], id);
    assert_eq!(first["rows"][0]["received"], SIZE);
}

#[test]
fn a_page_that_acknowledges_nothing_gets_one_frame_and_its_download_the_whole_file() {
    let (page, server) = (Page::open(), slow());
    watching(&page, &server);
    until_done(&page);
    std::thread::sleep(Duration::from_millis(250));
    assert_eq!(page.heard(3).len(), 1, "{:?}", page.heard(3));
}

#[test]
fn a_window_that_is_put_away_gets_its_events_but_no_frames() {
    let (page, server) = (Page::open(), slow());
    watching(&page, &server);
    let hidden = json!({ "session": "a", "seen": [], "activity": "hidden" });
    page.call("view", hidden).unwrap();
    let seq = page.heard(3).len();
    page.call("ack", json!({ "session": "a", "seq": seq }))
        .unwrap();
    until_done(&page);
    let events = page.finished(4);
    assert_eq!(
        sum(&events),
        SIZE as u64,
        "the sums are exact, however few the events"
    );
    assert_eq!(page.heard(3).len(), seq);
    // the mock's windows are never minimized: a lost focus alone does not hide them
    window::on_event(app(&page), "main".into(), &WindowEvent::Focused(false));
    let seen = json!({ "session": "a", "seen": [], "activity": "visible" });
    page.call("view", seen).unwrap();
    let frames = page.until(3, |frames| frames.len() > seq);
    assert_eq!(frames[seq]["rows"][0]["phase"], "done");
}

#[test]
fn a_channel_belongs_to_the_window_that_made_it() {
    let page = Page::open();
    let attach = json!({ "session": "a", "onFrame": channel(3) });
    page.call("attach", attach).unwrap();
    let other = WebviewWindowBuilder::new(&page.app, "other", tauri::WebviewUrl::default())
        .build()
        .unwrap();
    let refused = page.call_from(&other, "ack", json!({ "session": "a", "seq": 0 }));
    assert_eq!(refused.unwrap_err()["code"], "stale-session");
    page.call("ack", json!({ "session": "a", "seq": 0 }))
        .unwrap();
}
