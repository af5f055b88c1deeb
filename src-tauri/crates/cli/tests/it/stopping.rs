//! Signals that ask the run to end.

use std::process::{Command, Stdio};
use std::time::Duration;

use rusqlite::Connection;

use crate::run::{Place, Running, assert_same, bytes, names, run, start, wait_until};
use crate::server::Server;

fn send(signal: &str, running: &Running) {
    let sent = Command::new("kill")
        .args([signal, &running.id().to_string()])
        .stderr(Stdio::null())
        .status();
    assert!(sent.expect("there is a kill").success());
}

#[test]
fn a_signal_ends_a_stream_at_once_and_its_own_status_says_so() {
    let place = Place::new();
    let server = Server::start(bytes(8_000_000));
    server.pace(16_000);
    let running = start(place.get(&["-o", "-", &server.url("/f.bin")]));
    wait_until("it is asked for", || !server.asked().is_empty());
    send("-TERM", &running);
    let ended = running.ended();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("millrace: stopped; "), "{ended:?}");
}

/// The same command fetches what is missing of `f.bin`, from byte `kept` on.
fn assert_goes_on(place: &Place, server: &Server, body: &[u8], kept: u64) {
    server.pace(0);
    let before = server.asked().len();
    let ended = run(place.get(&["-x", "1", "-o", "f.bin", &server.url("/f.bin")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_same(&place.here().join("f.bin"), body);
    let again = &server.asked()[before];
    let from = again.range(body.len() as u64).map(|(from, _)| from);
    assert_eq!(from, Some(kept), "bytes that were here were fetched again");
}

#[test]
fn sigterm_ends_like_ctrl_c_and_keeps_all_that_has_arrived() {
    for signal in ["-TERM", "-INT"] {
        let (place, body) = (Place::new(), bytes(2_000_000));
        let server = Server::start(body.clone());
        server.pace(1_000_000);
        let url = server.url("/f.bin");
        let running = start(place.get(&["-x", "1", "-o", "f.bin", &url]));
        let part = place.here().join("f.bin.part");
        let written = || part.metadata().map_or(0, |found| found.len());
        wait_until("something has arrived", || written() > 100_000);
        send(signal, &running);
        let ended = running.ended();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let line = "millrace: stopped; progress is saved, run the same command to resume";
        assert!(ended.err.lines().any(|found| found == line), "{ended:?}");
        assert_eq!(names(&place.here()), ["f.bin.part"]);
        assert_goes_on(&place, &server, &body, written());
    }
}

/// Nothing can be stored while it lives.
fn busy_list(place: &Place) -> Connection {
    let list = Connection::open(place.path("home").join("cli.db")).expect("there is a list");
    let wait = list.busy_timeout(Duration::from_secs(5));
    wait.expect("a wait can be set");
    list.execute_batch("begin immediate")
        .expect("it can be locked");
    list
}

#[test]
fn a_second_signal_ends_a_run_that_cannot_store_what_it_has_and_loses_nothing_of_it() {
    for signals in [["-INT", "-INT"], ["-TERM", "-TERM"], ["-INT", "-TERM"]] {
        let (place, body) = (Place::new(), bytes(2_000_000));
        let server = Server::start(body.clone());
        server.pace(1_000_000);
        let url = server.url("/f.bin");
        let running = start(place.get(&["-x", "1", "-o", "f.bin", &url]));
        let part = place.here().join("f.bin.part");
        let written = || part.metadata().map_or(0, |found| found.len());
        wait_until("something has arrived", || written() > 200_000);
        let list = busy_list(&place);
        send(signals[0], &running);
        wait_until("the first one is heard", || running.err_has("stopped; "));
        send(signals[1], &running);
        let ended = running.ended();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let line = "millrace: stopped at once; progress saved before is kept";
        assert!(ended.err.lines().any(|found| found == line), "{ended:?}");
        drop(list);
        assert_eq!(names(&place.here()), ["f.bin.part"]);
        assert_goes_on(&place, &server, &body, written());
    }
}
