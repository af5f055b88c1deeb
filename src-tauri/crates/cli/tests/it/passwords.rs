//! Passwords that no list of processes shows: from the terminal or from a file.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

use crate::networks::challenge;
use crate::run::{Place, names, run, start, wait_until};

/// The link of a server that wants ada's password, and what it saw in the end.
fn asking() -> (String, JoinHandle<Vec<Option<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    (format!("http://{address}/file.bin"), challenge(listener))
}

fn assert_signed_in(seen: JoinHandle<Vec<Option<String>>>) {
    let seen = seen.join().expect("the server ended well");
    assert_eq!(seen, [None, Some("Basic YWRhOnNlY3JldA==".to_owned())]);
}

/// A terminal: its two ends.
pub(crate) fn terminal() -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
    let outer: OwnedFd = openpt(flags).expect("the system gives terminals");
    grantpt(&outer)
        .and_then(|()| unlockpt(&outer))
        .expect("it is our own");
    let name = ptsname(&outer, Vec::new()).expect("it has a name");
    let name = name.into_string().expect("its name is text");
    let inner = File::options().read(true).write(true).open(name);
    (outer.into(), inner.expect("it can be opened"))
}

/// The command in a session of its own, whose terminal is standard input if `options` say so.
fn in_session(options: &[&str], get: &Command, place: &Place) -> Command {
    let mut command = place.command("setsid");
    command
        .args(options)
        .arg(get.get_program())
        .args(get.get_args());
    command
}

#[test]
fn a_name_without_a_password_asks_on_the_terminal_and_shows_nothing() {
    let place = Place::new();
    let (url, seen) = asking();
    let (mut outer, inner) = terminal();
    let mut command = in_session(&["--ctty"], &place.get(&["-u", "ada", &url]), &place);
    command.stdin(inner);
    let running = start(command);
    let mut shown = Vec::new();
    while !shown.ends_with(b"Password for ada: ") {
        let mut byte = [0];
        outer.read_exact(&mut byte).expect("it asks");
        shown.push(byte[0]);
    }
    let echoes =
        || tcgetattr(&outer).is_ok_and(|modes| modes.local_modes.contains(LocalModes::ECHO));
    wait_until("what is typed is not shown", || !echoes());
    outer.write_all(b"secret\n").expect("it listens");
    let ended = running.ended();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_signed_in(seen);
    // Ends with an error when the last one has closed the other end.
    let _closed = outer.read_to_end(&mut shown);
    let shown = String::from_utf8_lossy(&shown);
    assert!(
        !shown.contains("secret") && !ended.err.contains("secret"),
        "{shown}"
    );
}

#[test]
fn without_a_terminal_a_name_needs_a_password_from_somewhere() {
    let place = Place::new();
    let get = place.get(&["-u", "ada", "http://127.0.0.1:9/f"]);
    let ended = run(in_session(&[], &get, &place));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    for way in ["--password-file", "-n"] {
        assert!(ended.err.contains(way), "{ended:?}");
    }
    let file = place.path("missing").to_string_lossy().into_owned();
    let ended = run(place.get(&[
        "-u",
        "ada",
        "--password-file",
        &file,
        "http://127.0.0.1:9/f",
    ]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains(&file), "{ended:?}");
    assert!(names(&place.here()).is_empty());
}

#[test]
fn a_password_comes_from_the_first_line_of_a_file() {
    for content in [
        &b"secret"[..],
        b"secret\n",
        b"secret\r\nmore\n",
        b"\xef\xbb\xbfsecret\n",
    ] {
        let place = Place::new();
        std::fs::write(place.path("secret-file"), content).expect("the folder can be written");
        let file = place.path("secret-file").to_string_lossy().into_owned();
        let (url, seen) = asking();
        let ended = run(place.get(&["-u", "ada", "--password-file", &file, &url]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_signed_in(seen);
    }
    let place = Place::new();
    let (url, seen) = asking();
    let mut command = place.get(&["-u", "ada", "--password-file", "-", &url]);
    command.stdin(Stdio::piped());
    let mut running = start(command);
    let mut input = running.input().expect("standard input is a pipe");
    input.write_all(b"secret\n").expect("the child reads it");
    drop(input);
    let ended = running.ended();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_signed_in(seen);
}
