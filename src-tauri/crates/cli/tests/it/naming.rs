//! Where `-o` writes: exactly there, or nowhere with the reason.

use crate::failures::assert_failed;
use crate::run::{Place, assert_same, bytes, names, run};
use crate::server::Server;

#[test]
fn a_file_is_written_exactly_where_o_says() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    let url = server.url("/served.bin");
    let absolute = place.path("elsewhere/below/g.bin");
    let given = [
        "g.bin",
        "sub/g.bin",
        "sub/deeper/g.bin",
        "./../beside.bin",
        ".env",
        "name.part",
        "movie.mkv.part",
        // Windows takes no such ends.
        if cfg!(windows) { ".end" } else { "end." },
        if cfg!(windows) { " blank" } else { " blanks " },
        "grüße 日本.txt",
    ];
    for name in given {
        let ended = run(place.get(&["-o", name, &url]));
        assert_eq!(ended.code, Some(0), "{name}: {ended:?}");
        assert_same(&place.here().join(name), &body);
    }
    let ended = run(place.get(&["-o", &absolute.to_string_lossy(), "-d", "not-used", &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_same(&absolute, &body);
    let mut expected: Vec<&str> = given
        .into_iter()
        .filter(|name| !name.contains('/'))
        .collect();
    expected.push("sub");
    expected.sort_unstable();
    assert_eq!(names(&place.here()), expected);
    assert_eq!(names(&place.here().join("sub")), ["deeper", "g.bin"]);
}

#[cfg(unix)]
#[test]
fn names_that_only_other_systems_refuse_are_written_as_given() {
    let (place, body) = (Place::new(), bytes(200_000));
    let server = Server::start(body.clone());
    for name in [
        "a:b.txt",
        "what?.txt",
        "con.txt",
        "a\\b.txt",
        "<|>*\"",
        "line\nbreak",
        "-dash",
    ] {
        // 200 kB and a digest go different ways to their name.
        for more in [&["-q"][..], &["--sha256", &"0".repeat(64)]] {
            let file = format!("./{name}");
            let url = server.url("/f.bin");
            let arguments = [&["-o", &file][..], more, &[&url]].concat();
            let ended = run(place.get(&arguments));
            if more.len() == 1 {
                assert_eq!(ended.code, Some(0), "{name:?}: {ended:?}");
                assert_same(&place.here().join(name), &body);
                std::fs::remove_file(place.here().join(name)).expect("it was just made");
            } else {
                assert_failed(&ended, "checksum-mismatch");
                let kept = format!("{name}.mismatch");
                assert_eq!(names(&place.here()), [kept.as_str()]);
                std::fs::remove_file(place.here().join(kept)).expect("it was just made");
            }
        }
    }
}

#[test]
fn o_is_relative_to_the_folder_of_d() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    let url = server.url("/served.bin");
    for (name, file) in [("a.bin", "new/a.bin"), ("sub/a.bin", "new/sub/a.bin")] {
        let ended = run(place.get(&["-d", "new", "-o", name, &url]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_same(&place.here().join(file), &body);
    }
    assert_eq!(names(&place.here()), ["new"]);
}

#[test]
fn a_folder_or_an_impossible_name_is_wrong_usage() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    std::fs::create_dir(place.here().join("folder")).expect("it is new");
    let long = "n".repeat(250);
    for name in [
        "",
        ".",
        "..",
        "sub/",
        "folder",
        "folder/",
        "folder/.",
        "folder/..",
        "/",
        "x/..",
        &long,
    ] {
        let ended = run(place.get(&["-o", name, &server.url("/f.bin")]));
        assert_eq!(ended.code, Some(2), "{name}: {ended:?}");
        assert!(
            ended.err.contains("folder")
                || ended.err.contains("names no file")
                || ended.err.contains("longer"),
            "{name}: {ended:?}"
        );
    }
    assert_eq!(names(&place.here()), ["folder"]);
    assert!(names(&place.here().join("folder")).is_empty());
    assert!(server.asked().is_empty());
}

#[test]
fn a_file_that_is_there_is_neither_replaced_nor_avoided() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body);
    std::fs::write(place.here().join("mine.bin"), b"mine").expect("the folder can be written");
    let ended = run(place.get(&["-o", "mine.bin", &server.url("/f.bin")]));
    assert_failed(&ended, "file-exists");
    assert!(
        ended.err.contains("-o"),
        "it does not say what to do: {ended:?}"
    );
    assert_eq!(names(&place.here()), ["mine.bin"]);
    assert_same(&place.here().join("mine.bin"), b"mine");
    assert!(server.asked().is_empty(), "it was fetched for nothing");
}

#[test]
fn a_file_that_appears_meanwhile_keeps_its_name_and_the_bytes_are_kept() {
    let (place, body) = (Place::new(), bytes(400_000));
    let server = Server::start(body.clone());
    server.pace(400_000);
    let url = server.url("/f.bin");
    let running = crate::run::start(place.get(&["-x", "1", "-o", "mine.bin", &url]));
    let part = place.here().join("mine.bin.part");
    crate::run::wait_until("the unfinished file is there", || part.exists());
    std::fs::write(place.here().join("mine.bin"), b"mine").expect("the folder can be written");
    server.pace(0);
    let ended = running.ended();
    assert_failed(&ended, "file-exists");
    assert_eq!(names(&place.here()), ["mine.bin", "mine.bin.part"]);
    assert_same(&place.here().join("mine.bin"), b"mine");

    std::fs::rename(place.here().join("mine.bin"), place.path("away")).expect("it is there");
    let before = server.asked().len();
    let ended = run(place.get(&["-o", "mine.bin", &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["mine.bin"]);
    assert_same(&place.here().join("mine.bin"), &body);
    assert_eq!(
        server.asked().len(),
        before,
        "bytes that were here were asked for again"
    );
}

#[test]
fn a_stranger_s_unfinished_file_does_not_change_the_name() {
    for length in [5000, 400_000] {
        let (place, body) = (Place::new(), bytes(length));
        let server = Server::start(body.clone());
        std::fs::write(place.here().join("f.bin.part"), b"not ours").expect("it is new");
        let ended = run(place.get(&["-o", "f.bin", &server.url("/f.bin")]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(names(&place.here()), ["f.bin", "f.bin.part"]);
        assert_same(&place.here().join("f.bin"), &body);
        assert_same(&place.here().join("f.bin.part"), b"not ours");
    }
}

#[test]
fn the_server_s_time_is_the_file_s_when_asked_for() {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};
    let stated = UNIX_EPOCH + Duration::from_secs(1_445_412_480);
    // A small file and a large one get their names in different ways.
    for length in [5000, 400_000] {
        let place = Place::new();
        let server = Server::start(bytes(length));
        let time = |name: &str| {
            let file = place.here().join(name).metadata().expect("it arrived");
            file.modified().expect("the system keeps times")
        };
        for (option, name) in [("-R", "short"), ("--remote-time", "long")] {
            let ended = run(place.get(&[option, "-o", name, &server.url("/dated.bin")]));
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert_eq!(time(name), stated, "{option}");
        }
        let begun = SystemTime::now() - Duration::from_secs(60);
        for (arguments, name) in [
            (&["-o", "unasked", &server.url("/dated.bin")][..], "unasked"),
            (&["-R", "-o", "unstated", &server.url("/f.bin")], "unstated"),
            (
                &["-R", "-o", "absurd", &server.url("/absurd.bin")],
                "absurd",
            ),
        ] {
            let ended = run(place.get(arguments));
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert!(time(name) > begun, "{name}");
        }
    }
}
