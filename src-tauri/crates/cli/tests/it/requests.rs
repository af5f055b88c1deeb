//! What is asked of the server: the links of a list, and the person's own headers.

use std::io::Write;
use std::process::Stdio;

use crate::run::{Place, assert_same, bytes, names, run, start};
use crate::server::Server;
use crate::success::events;

#[test]
fn a_list_may_have_blank_lines_and_comments() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    let (one, two) = (server.url("/one.bin"), server.url("/two.bin"));
    let text = format!("# both of them\n\n  {one}  \n\t\n# {one}-not\r\n{two}\r\n\n");
    std::fs::write(place.path("list"), text).expect("the folder can be written");
    let list = place.path("list").to_string_lossy().into_owned();
    let ended = run(place.get(&["-j", "1", "-i", &list, &server.url("/three.bin")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let expected = ["one.bin", "three.bin", "two.bin"];
    assert_eq!(names(&place.here()), expected);
    for name in expected {
        assert_same(&place.here().join(name), &body);
    }
    assert_eq!(server.asked().len(), 3);
}

#[test]
fn one_per_host_takes_the_links_of_a_host_one_after_the_other() {
    let (place, body) = (Place::new(), bytes(300_000));
    let server = Server::start(body.clone());
    server.pace(2_000_000);
    let urls = ["/a.bin", "/b.bin", "/c.bin"].map(|path| server.url(path));
    let [a, b, c] = urls.each_ref().map(String::as_str);
    let ended = run(place.get(&["--json", "-x", "1", "-j", "3", "--per-host", "1", a, b, c]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let told = events(&ended.out);
    let edges = told.iter().filter(|event| event["event"] != "progress");
    let edges: Vec<&str> = edges.filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(edges, ["started", "finished"].repeat(3));
    assert_eq!(names(&place.here()), ["a.bin", "b.bin", "c.bin"]);
}

#[test]
fn a_list_may_come_from_standard_input() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    let mut command = place.get(&["-i", "-"]);
    command.stdin(Stdio::piped());
    let mut running = start(command);
    let mut input = running.input().expect("standard input is a pipe");
    writeln!(input, "\n{}", server.url("/one.bin")).expect("the child reads it");
    drop(input);
    let ended = running.ended();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_same(&place.here().join("one.bin"), &body);
}

#[test]
fn one_bad_link_of_a_list_does_not_stop_the_others() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body.clone());
    let (good, gone) = (server.url("/good.bin"), server.url("/missing.bin"));
    let ended = run(place.get(&["gopher://127.0.0.1/x", &gone, &good]));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(names(&place.here()), ["good.bin"]);
    assert_same(&place.here().join("good.bin"), &body);
    for line in ["millrace: unsupported-scheme: ", "millrace: not-found: "] {
        assert!(ended.err.contains(line), "{ended:?}");
    }
}

#[test]
fn headers_reach_the_server() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    let url = server.url("/file.bin");
    let ended = run(place.get(&["-H", "X-Mill: race: on", "-H", "Cookie:a=b", &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let asked = server.asked();
    assert_eq!(asked[0].path, "/file.bin");
    assert_eq!(asked[0].header("x-mill"), Some("race: on"));
    assert_eq!(asked[0].header("cookie"), Some("a=b"));
}
