//! What only Windows refuses: names of devices, ends of names, long paths, and files that another program has open.

use std::fs::File;
use std::os::windows::fs::OpenOptionsExt;

use crate::failures::assert_failed;
use crate::kill::stored;
use crate::run::{Place, assert_same, bytes, names, run};
use crate::server::Server;

/// FILE_SHARE_READ and FILE_SHARE_WRITE, without FILE_SHARE_DELETE (winnt.h): as a guard of the machine opens what it looks
/// into.
const NO_DELETION: u32 = 1 | 2;

#[test]
fn a_name_that_is_no_file_s_is_wrong_usage_and_nothing_is_made() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    for name in [
        "nul",
        "NUL.txt",
        "con",
        "COM1.tar.gz",
        "lpt9.",
        "CONIN$",
        "end.",
        "end ",
        "a:b",
        "what?",
        "a|b",
        "line\tfeed",
    ] {
        let ended = run(place.get(&["-o", name, &server.url("/f.bin")]));
        assert_eq!(ended.code, Some(2), "{name}: {ended:?}");
        assert!(ended.err.contains("this system"), "{name}: {ended:?}");
    }
    assert!(names(&place.here()).is_empty());
    assert!(server.asked().is_empty());
}

#[test]
fn a_server_s_name_that_is_no_file_s_is_made_one() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    // A cut to 240 bytes leaves the ending.
    let long = format!("/{}.bin", "%E8%AA%9E".repeat(100));
    let cut = format!("{}.bin", "語".repeat(78));
    for (path, name) in [
        ("/nul", "_nul"),
        ("/con.txt", "_con.txt"),
        ("/COM1.tar.gz", "_COM1.tar.gz"),
        ("/aux%20.bin", "_aux .bin"),
        ("/end.%20.", "end"),
        ("/a%3Ab.bin", "a_b.bin"),
        ("/%2e%2e%5Cup.bin", "up.bin"),
        (&long, &cut),
    ] {
        let ended = run(place.get(&[&server.url(path)]));
        assert_eq!(ended.code, Some(0), "{path}: {ended:?}");
        assert_eq!(names(&place.here()), [name], "{path}");
        assert_same(&place.here().join(name), &body);
        std::fs::remove_file(place.here().join(name)).expect("it was just made");
    }
}

#[test]
fn a_path_may_be_longer_than_the_260_of_old() {
    let (place, body) = (Place::new(), bytes(400_000));
    let server = Server::start(body.clone());
    let below = format!(
        "{}\\{}\\{}",
        "a".repeat(120),
        "b".repeat(120),
        "c".repeat(40)
    );
    let name = format!("{}.bin", "n".repeat(200));
    let url = server.url("/f.bin");
    let ended = run(place.get(&["-d", &below, "-o", &name, &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let folder = place.here().join(below);
    assert_eq!(names(&folder), [name.as_str()]);
    assert_same(&folder.join(name), &body);
}

#[test]
fn a_file_that_another_program_does_not_let_go_keeps_its_bytes_and_is_finished_later() {
    let (place, body) = (Place::new(), bytes(400_000));
    let server = Server::start(body.clone());
    server.pace(400_000);
    let url = server.url("/f.bin");
    let get = || place.get(&["-x", "1", "-o", "mine.bin", &url]);
    let running = crate::run::start(get());
    let part = place.here().join("mine.bin.part");
    crate::run::wait_until("the unfinished file is there", || part.exists());
    let mut guard = File::options();
    let guard = guard.read(true).share_mode(NO_DELETION);
    let guard = guard.open(&part).expect("it is shared");
    server.pace(0);
    let ended = running.ended();
    assert_failed(&ended, "in-use");
    assert!(ended.err.contains("another process"), "{ended:?}");
    assert!(!ended.err.contains(r"\\?\"), "{ended:?}");
    assert_eq!(names(&place.here()), ["mine.bin.part"]);
    drop(guard);

    let before = server.asked().len();
    let ended = run(get());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["mine.bin"]);
    assert_same(&place.here().join("mine.bin"), &body);
    assert_eq!(server.asked().len(), before, "it was all here");
}

#[test]
fn an_unfinished_file_that_is_shared_with_nobody_is_said_to_be_in_use_and_goes_on_later() {
    let (place, body) = (Place::new(), bytes(2_000_000));
    let server = Server::start(body.clone());
    server.pace(500_000);
    let url = server.url("/f.bin");
    let get = || place.get(&["-x", "1", "-o", "mine.bin", &url]);
    let first = crate::run::start(get());
    let part = place.here().join("mine.bin.part");
    let store = place.path("home").join("cli.db");
    crate::run::wait_until("something is stored", || !stored(&store).is_empty());
    first.kill_after(std::time::Duration::ZERO);
    let guard = File::options().read(true).share_mode(0).open(&part);
    let guard = guard.expect("nobody has it open");
    server.pace(0);
    let ended = run(get());
    assert_failed(&ended, "in-use");
    assert_eq!(names(&place.here()), ["mine.bin.part"]);
    drop(guard);
    let ended = run(get());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["mine.bin"]);
    assert_same(&place.here().join("mine.bin"), &body);
}
