//! Lists as editors, shells and aria2 write them.

use std::io::Write;
use std::process::Stdio;

use rusqlite::Connection;

use crate::failures::assert_failed;
use crate::run::{Ended, Place, assert_same, bytes, names, run, start};
use crate::server::Server;

/// A run with that list.
fn with_list(place: &Place, list: &[u8], arguments: &[&str]) -> Ended {
    std::fs::write(place.path("list"), list).expect("the folder can be written");
    let list = place.path("list").to_string_lossy().into_owned();
    run(place.get(&[&["--input-file", &list], arguments].concat()))
}

#[test]
fn a_list_is_read_in_whatever_encoding_and_with_whatever_line_ends() {
    let body = bytes(3000);
    let server = Server::start(body.clone());
    let (a, b) = (server.url("/a.bin"), server.url("/b.bin"));
    let lines = format!("{a}\r\n{b}\r\n");
    let utf16 = |to: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}{lines}");
        text.encode_utf16().flat_map(to).collect::<Vec<u8>>()
    };
    let latin1 = [b"# k\xf6ln\n\xff\xfe\xfa\n".as_slice(), lines.as_bytes()].concat();
    let lists = [
        (format!("\u{feff}{lines}").into_bytes(), 0),
        (utf16(u16::to_le_bytes), 0),
        (utf16(u16::to_be_bytes), 0),
        (format!("{a}\r{b}").into_bytes(), 0),
        (format!("\t{a} \t \r\n  \u{a0}{b}\t").into_bytes(), 0),
        // A line that is no link is said, and stops no other.
        (latin1, 1),
    ];
    for (list, code) in lists {
        let place = Place::new();
        let ended = with_list(&place, &list, &[]);
        assert_eq!(ended.code, Some(code), "{list:?}: {ended:?}");
        assert_eq!(names(&place.here()), ["a.bin", "b.bin"]);
        for name in ["a.bin", "b.bin"] {
            assert_same(&place.here().join(name), &body);
        }
    }
}

#[test]
fn a_link_in_another_encoding_keeps_its_bytes() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    let list = [server.url("/").as_bytes(), b"\xba\xda.txt\n"].concat();
    let ended = with_list(&place, &list, &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(server.asked()[0].path, "/%BA%DA.txt");
}

#[test]
fn an_empty_list_is_said_and_is_no_success() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    for list in [&b""[..], b"# x\n", b"\xef\xbb\xbf\r\n"] {
        let ended = with_list(&place, list, &[]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.err.contains("no link"), "{ended:?}");
        // What else was asked for is done.
        let ended = with_list(&place, list, &["-d", "other", &server.url("/f.bin")]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.err.contains("no link"), "{ended:?}");
    }
    assert_eq!(names(&place.here()), ["other"]);
    let mut command = place.get(&["-i", "-"]);
    command.stdin(Stdio::piped());
    let mut running = start(command);
    let mut input = running.input().expect("standard input is a pipe");
    writeln!(input, "# x").expect("the child reads it");
    drop(input);
    let ended = running.ended();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("no link"), "{ended:?}");
}

#[test]
fn indented_lines_are_aria2_s_options_of_the_link_above() {
    let (place, body) = (Place::new(), bytes(3000));
    let server = Server::start(body.clone());
    let url = |path: &str| server.url(path);
    let list = format!(
        "{}\n  out=one.bin\n  header=X-Own: 1\n  user-agent=theirs\n  referer=http://r/\n  gid=1\n\
         {}\n\tdir=sub\n\tout=deeper/two.bin\n\tgid=2\n\tpause=true\n{}\n dir={}\n{}\n",
        url("/1"),
        url("/2"),
        url("/3"),
        place.path("absolute").display(),
        url("/4"),
    );
    let ended = with_list(&place, list.as_bytes(), &["-d", "all", "-A", "mine"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for file in [
        "here/all/one.bin",
        "here/sub/deeper/two.bin",
        "absolute/3",
        "here/all/4",
    ] {
        assert_same(&place.path(file), &body);
    }
    assert_eq!(names(&place.here()), ["all", "sub"]);
    assert_eq!(ended.err.matches("gid=").count(), 1, "{ended:?}");
    assert_eq!(ended.err.matches("pause=").count(), 1, "{ended:?}");
    for one in server.asked() {
        let own = (one.path == "/1").then_some("1");
        assert_eq!(one.header("x-own"), own, "{one:?}");
        let agent = if own.is_some() { "theirs" } else { "mine" };
        assert_eq!(one.header("user-agent"), Some(agent), "{one:?}");
    }
}

#[test]
fn an_option_of_a_list_that_cannot_be_used_costs_its_own_link_only() {
    let (place, body) = (Place::new(), bytes(3000));
    let server = Server::start(body.clone());
    let sum = "0".repeat(64);
    let list = format!(
        "{0}/a\n out=sub/\n{0}/b\n checksum=sha-256=12\n{0}/c\n checksum=sha-256={sum}\n{0}/d\n",
        server.url("")
    );
    let ended = with_list(&place, list.as_bytes(), &[]);
    assert_failed(&ended, "checksum-mismatch");
    for line in ["line 1: out=", "line 3: checksum="] {
        assert!(ended.err.contains(line), "{ended:?}");
    }
    assert_eq!(names(&place.here()), ["c.mismatch", "d"]);
}

#[test]
fn addresses_parted_by_tabs_are_one_file_from_the_first_that_gives_it() {
    let (place, body) = (Place::new(), bytes(3000));
    let server = Server::start(body.clone());
    let list = format!(
        "{}\t{}\t{}\n  out=f.bin\n",
        server.url("/missing"),
        server.url("/good"),
        server.url("/spare")
    );
    let ended = with_list(&place, list.as_bytes(), &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()), ["f.bin"]);
    assert_same(&place.here().join("f.bin"), &body);
    let paths: Vec<String> = server.asked().into_iter().map(|one| one.path).collect();
    assert_eq!(paths.last().map(String::as_str), Some("/good"), "{paths:?}");
    assert!(
        !paths.iter().any(|path| path.contains("spare")),
        "{paths:?}"
    );

    let list = format!(
        "{}\tnothing\t{}\n",
        server.url("/missing1"),
        server.url("/missing2")
    );
    let ended = with_list(&place, list.as_bytes(), &[]);
    assert_failed(&ended, "not-found");
}

#[test]
fn links_of_a_long_list_that_cannot_be_stored_are_said_and_stop_none_of_the_first_ones() {
    let (place, body) = (Place::new(), bytes(3000));
    let server = Server::start(body.clone());
    let links = |numbers: std::ops::Range<u32>| -> String {
        let link = |n| server.url(&format!("/{n:02}.bin\n"));
        numbers.map(link).collect()
    };
    let ended = with_list(&place, links(0..1).as_bytes(), &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    // The list takes no row of the last link.
    let list = Connection::open(place.path("home").join("cli.db")).expect("there is a list");
    let forbid = "create trigger no before insert on downloads when new.url like '%/39.bin' begin select raise(abort, 'no'); end";
    list.execute_batch(forbid).expect("it takes a trigger");
    let ended = with_list(&place, links(1..40).as_bytes(), &[]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("7 links were skipped: "), "{ended:?}");
    let first: Vec<String> = (0..=32).map(|n| format!("{n:02}.bin")).collect();
    assert_eq!(names(&place.here()), first);
    list.execute_batch("drop trigger no")
        .expect("it lets it go");
    let ended = with_list(&place, links(1..40).as_bytes(), &[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(names(&place.here()).len(), 40);
}
