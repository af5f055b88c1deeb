//! What goes wrong is said in one line, with the right exit status, and leaves nothing that looks like the file.

use std::net::TcpListener;
use std::time::Duration;

use crate::run::{Ended, Place, bytes, names, run};
use crate::server::Server;

/// Asserts exit status 1 and a line for that problem.
pub(crate) fn assert_failed(ended: &Ended, code: &str) {
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let line = format!("millrace: {code}: ");
    let told = ended.err.lines().any(|found| found.starts_with(&line));
    assert!(told, "no line {line:?} in {ended:?}");
}

#[test]
fn a_file_that_is_not_there_leaves_nothing() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    let ended = run(place.get(&[&server.url("/missing.bin")]));
    assert_failed(&ended, "not-found");
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    assert!(names(&place.here()).is_empty());
}

#[test]
fn wrong_usage_exits_with_two_and_asks_nobody() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    let url = server.url("/file.bin");
    let sum = "0".repeat(64);
    let wrong: [&[&str]; 20] = [
        &[],
        &["-o", "name", &url, &url],
        &["-x", "0", &url],
        &["--sha256", "abc", &url],
        &["--checksum", "sha-256:abc", &url],
        &["--checksum", "sha-3:00", &url],
        &["--checksum", &sum, "--sha256", &sum, &url],
        &["--checksum", &sum, &url, &url],
        &["-H", "no colon", &url],
        &["--tries", "0", &url],
        &["--limit", "0", &url],
        &["--limit", "fast", &url],
        &["--limit", "1.5X", &url],
        &["-o", "-", "--json", &url],
        &["-o", "-", &url, &url],
        &["-o", "name", "-i", "list"],
        &["--password-file", "file", &url],
        &["-u", "ada:x", "--password-file", "file", &url],
        &["-u", "ada", "--password-file", "-", "-i", "-"],
        &["--no-such-option", &url],
    ];
    for arguments in wrong {
        let ended = run(place.get(arguments));
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert!(!ended.err.is_empty(), "{arguments:?} was not explained");
        assert_eq!(ended.out, "", "{arguments:?}");
    }
    assert!(server.asked().is_empty());
    assert!(names(&place.here()).is_empty());
}

#[test]
fn a_link_that_is_not_http_is_an_unsupported_scheme() {
    let place = Place::new();
    let ended = run(place.get(&["ftp://127.0.0.1/file.bin"]));
    assert_failed(&ended, "unsupported-scheme");
    assert!(names(&place.here()).is_empty());
}

#[test]
fn a_refused_connection_is_given_up_after_the_tries() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let closed = listener
        .local_addr()
        .expect("a bound socket has an address");
    drop(listener);
    let url = format!("http://{closed}/file.bin");
    // What this machine takes to start and end comes on top.
    let least = run(place.get(&["--tries", "1", "--json", &url])).took;
    let ended = run(place.get(&["--tries", "2", "--retry-wait", "0.1", "--json", &url]));
    assert_failed(&ended, "connection-refused");
    assert!(
        ended.took < Duration::from_secs(4) + least * 4,
        "it took {:?}, once {least:?}",
        ended.took
    );
    let told = crate::success::events(&ended.out);
    let kinds: Vec<&str> = told.iter().filter_map(|e| e["event"].as_str()).collect();
    let pauses = told.iter().filter(|e| e["event"] == "retrying");
    let pauses: Vec<u64> = pauses.filter_map(|e| e["data"]["wait"].as_u64()).collect();
    // in milliseconds, and what is told may be some way into it
    let [pause] = pauses[..] else {
        panic!("two tries have one pause between them: {told:?}");
    };
    assert!(pause <= 200, "it was to wait for {pause} ms");
    assert_eq!(kinds.last(), Some(&"failed"), "{kinds:?}");
    assert!(names(&place.here()).is_empty());
}
