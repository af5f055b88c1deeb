//! A wait is said: how long, and why. Whoever runs a command sees that it does not hang.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc;
use std::time::Duration;

use crate::raw_server::RawServer;
use crate::run::Place;

/// Said at once; a slow machine has some more time.
const BOUND: Duration = Duration::from_secs(20);

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// The first line on standard error that speaks of waiting; the run, which goes on, is ended then.
pub(crate) fn said(mut command: Command) -> String {
    let mut child = Killed(command.spawn().expect("the program can be started"));
    let err = child.0.stderr.take().expect("it is a pipe");
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let lines = BufReader::new(err).lines().map_while(Result::ok);
        for line in lines.filter(|line| line.contains("wait")) {
            // Only the first one is listened to.
            let _unheard = tell.send(line);
        }
    });
    let line = told.recv_timeout(BOUND);
    line.expect("a line says that it waits")
}

fn answer(status: &str, fields: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{fields}Content-Length: 0\r\n\r\n")
}

#[test]
fn a_long_wait_that_the_server_asks_for_is_said_with_its_end_and_its_reason() {
    for (status, number) in [
        ("429 Too Many Requests", "429"),
        ("503 Service Unavailable", "503"),
    ] {
        let server = RawServer::saying(&answer(status, "Retry-After: 5400\r\n"));
        for more in [&[][..], &["--json"], &["-q"]] {
            let place = Place::new();
            let url = server.url("/file.bin");
            let line = said(place.get(&[more, &[&url]].concat()));
            assert!(line.contains(&url), "{line}");
            assert!(line.contains("waiting until "), "{line}");
            assert!(line.contains("1 h 30 min"), "{line}");
            assert!(line.contains("as the server asked"), "{line}");
            assert!(line.contains(number), "{line}");
        }
    }
}

#[test]
fn a_wait_of_its_own_choice_is_said_with_what_went_wrong() {
    let server = RawServer::saying(&answer("500 Oh", ""));
    let place = Place::new();
    let url = server.url("/file.bin");
    // The second of its pauses is over a second in any case.
    let line = said(place.get(&["--tries", "9", &url]));
    assert!(
        line.contains("waiting ") && line.contains(" s to retry: "),
        "{line}"
    );
    assert!(line.contains("500"), "{line}");
}
