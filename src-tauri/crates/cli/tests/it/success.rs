//! Files arrive, where they should, and what is told about them is exact.

use std::time::Duration;

use serde_json::Value;

use crate::run::{Place, assert_same, bytes, names, run};
use crate::server::Server;

/// The events of `--json`, one from each line.
pub(crate) fn events(out: &str) -> Vec<Value> {
    out.lines()
        .map(|line| serde_json::from_str(line).expect("each line is one JSON value"))
        .collect()
}

/// A number among an event's facts.
pub(crate) fn fact(event: &Value, name: &str) -> u64 {
    let found = event["data"][name].as_u64();
    found.unwrap_or_else(|| panic!("no number {name} in {event}"))
}

/// Asserts started, progress, finished, exact in sum; returns how much was here before `started`.
pub(crate) fn assert_whole_story(out: &str, total: u64) -> u64 {
    let events = events(out);
    let kinds: Vec<&str> = events.iter().filter_map(|e| e["event"].as_str()).collect();
    assert!(kinds.len() >= 2, "{kinds:?}");
    let middle = &kinds[1..kinds.len() - 1];
    assert_eq!(kinds[0], "started", "{kinds:?}");
    assert!(middle.iter().all(|kind| *kind == "progress"), "{kinds:?}");
    assert_eq!(kinds[kinds.len() - 1], "finished", "{kinds:?}");
    assert_eq!(fact(&events[0], "contentLength"), total);
    let received = fact(&events[0], "received");
    let brought: u64 = events[1..events.len() - 1]
        .iter()
        .map(|event| fact(event, "chunkLength"))
        .sum();
    assert_eq!(brought, total - received, "the sum of chunkLength");
    let id = fact(&events[0], "downloadId");
    assert!(events.iter().all(|event| fact(event, "downloadId") == id));
    received
}

#[test]
fn a_file_arrives_whole_in_the_current_folder() {
    let (place, body) = (Place::new(), bytes(3_000_001));
    let server = Server::start(body.clone());
    let ended = run(place.get(&[&server.url("/file.bin")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["file.bin"]);
    assert_same(&place.here().join("file.bin"), &body);
}

#[test]
fn several_connections_bring_the_same_file() {
    let (place, body) = (Place::new(), bytes(6_000_001));
    let server = Server::start(body.clone());
    server.pace(4_000_000);
    let ended = run(place.get(&["-x", "4", "-d", "new/below", &server.url("/file.bin")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_same(&place.here().join("new/below/file.bin"), &body);
    assert!(server.asked().len() > 1, "one connection fetched it all");
}

#[test]
fn json_tells_started_progress_and_finished_with_exact_sums() {
    let (place, body) = (Place::new(), bytes(3_000_001));
    let server = Server::start(body.clone());
    server.pace(4_000_000);
    let url = server.url("/file.bin");
    let ended = run(place.get(&["--json", "-o", "mine.bin", &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let total = body.len() as u64;
    let received = assert_whole_story(&ended.out, total);
    assert!(received < total, "there was no progress to tell");
    let started = &events(&ended.out)[0]["data"];
    assert_eq!(started["url"], url.as_str());
    assert_eq!(started["name"], "mine.bin");
    assert_eq!(names(&place.here()), ["mine.bin"]);
}

#[test]
fn the_downloads_variable_names_the_default_folder() {
    let (place, body) = (Place::new(), bytes(1000));
    let server = Server::start(body.clone());
    let url = server.url("/file.bin");
    let mut command = place.get(&[&url]);
    command.env("MILLRACE_DOWNLOADS", place.path("default"));
    assert_eq!(run(command).code, Some(0));
    assert_same(&place.path("default").join("file.bin"), &body);
    assert!(names(&place.here()).is_empty());

    let mut command = place.get(&["-d", "asked", &url]);
    command.env("MILLRACE_DOWNLOADS", place.path("default"));
    assert_eq!(run(command).code, Some(0));
    assert_same(&place.here().join("asked/file.bin"), &body);
    assert_eq!(names(&place.path("default")), ["file.bin"]);
}

#[test]
fn a_limit_slows_the_download() {
    let (place, body) = (Place::new(), bytes(2_000_000));
    let server = Server::start(body.clone());
    // What this machine takes without a limit comes on top.
    let free = run(place.get(&["-o", "free", &server.url("/file.bin")])).took;
    for (name, limit) in [
        ("a", "1000000"),
        ("b", "1M"),
        ("c", "976.5k"),
        ("d", "1000kB"),
    ] {
        let ended = run(place.get(&["-o", name, "--limit", limit, &server.url("/file.bin")]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_same(&place.here().join(name), &body);
        let sane = Duration::from_millis(1400)..Duration::from_secs(7) + free * 4;
        assert!(sane.contains(&ended.took), "it took {:?}", ended.took);
    }
}
