//! `-o` with a pipe or a device, as Unix has them among its files.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::run::{Place, bytes, run, start};
use crate::server::Server;
use crate::streaming::nothing_kept;

#[test]
fn a_pipe_that_breaks_ends_the_run() {
    let place = Place::new();
    let server = Server::start(bytes(8_000_000));
    // Slow enough that the rest would take half an hour.
    server.pace(4_000);
    let mut command = place.get(&["-o", "-", &server.url("/f.bin")]);
    let (mut reader, writer) = std::io::pipe().expect("the system gives pipes");
    command.stdout(writer);
    let running = start(command);
    let mut first = [0; 10];
    reader.read_exact(&mut first).expect("something comes");
    drop(reader);
    server.pace(0);
    let ended = running.ended();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("-o: "), "{ended:?}");
    nothing_kept(&place);
}

#[test]
fn a_device_or_a_pipe_takes_the_bytes_and_stays_what_it_is() {
    let (place, body) = (Place::new(), bytes(200_000));
    let server = Server::start(body.clone());
    let url = server.url("/f.bin");
    let ended = run(place.get(&["-o", "/dev/null", &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let pipe = place.path("pipe");
    let made = Command::new("mkfifo")
        .arg(&pipe)
        .stdin(Stdio::null())
        .status();
    assert!(made.expect("there is a mkfifo").success());
    let named = pipe.to_string_lossy().into_owned();
    let reading = std::thread::spawn(move || std::fs::read(pipe));
    let ended = run(place.get(&["-o", &named, &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let read = reading.join().expect("it does not panic");
    assert!(
        read.expect("the pipe can be read") == body,
        "other bytes came out"
    );
    nothing_kept(&place);
}
