//! Proxies, credentials and cookies of the command line.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::thread::JoinHandle;

use crate::run::{Place, assert_same, bytes, run};
use crate::server::Server;

/// A name that only a proxy knows. The server is its own proxy: it gives its file whatever it is asked for.
const AWAY: &str = "http://files.invalid/file.bin";

/// It looks for `AWAY` itself and finds nobody.
fn finds_nobody(command: Command) {
    crate::failures::assert_failed(&run(command), "unknown-host");
}

fn base(server: &Server) -> String {
    server.url("")
}

#[test]
fn the_proxy_of_the_environment_is_used_except_for_no_proxy() {
    let (place, body) = (Place::new(), bytes(5000));
    let (server, proxy) = (Server::start(body.clone()), Server::start(body.clone()));
    let mut command = place.get(&[AWAY]);
    command.env("http_proxy", base(&proxy));
    assert_eq!(run(command).code, Some(0));
    assert_same(&place.here().join("file.bin"), &body);
    assert_eq!(proxy.asked()[0].path, AWAY);

    // For servers on this machine, too.
    for exceptions in ["", "127.0.0.1"] {
        let mut command = place.get(&["-o", "here.bin", &server.url("/here.bin")]);
        command.env("http_proxy", base(&proxy));
        command.env("no_proxy", exceptions);
        assert_eq!(run(command).code, Some(0));
        std::fs::remove_file(place.here().join("here.bin")).expect("it has arrived");
    }
    assert_eq!((server.asked().len(), proxy.asked().len()), (1, 2));

    std::fs::remove_file(place.here().join("file.bin")).expect("it is there");
    let mut command = place.get(&["--tries", "1", AWAY]);
    command.env("http_proxy", base(&proxy));
    command.env("no_proxy", "other.example,.invalid");
    finds_nobody(command);
    assert_eq!(proxy.asked().len(), 2);
}

#[test]
fn a_dead_proxy_is_an_error_and_never_bypassed_whoever_named_it() {
    let place = Place::new();
    let server = Server::start(bytes(100));
    let url = server.url("/file.bin");
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let closed = listener.local_addr().expect("it is bound");
    drop(listener);
    let dead = format!("http://{closed}");
    for (name, value) in [
        ("http_proxy", &*dead),
        ("HTTP_PROXY", &*dead),
        ("all_proxy", &*dead),
        // What is no proxy at all is none to be passed by.
        ("http_proxy", "http://ada:s3cret@127.0.0.1:99999"),
    ] {
        let mut command = place.get(&["--tries", "1", &url]);
        command.env(name, value);
        let ended = run(command);
        crate::failures::assert_failed(&ended, "proxy-unreachable");
        assert!(!ended.err.contains("s3cret"), "{ended:?}");
    }
    let ended = run(place.get(&["--tries", "1", "--proxy", &dead, &url]));
    crate::failures::assert_failed(&ended, "proxy-unreachable");
    assert!(server.asked().is_empty());
}

#[test]
fn a_named_proxy_goes_before_the_environment_and_none_is_none() {
    let (place, body) = (Place::new(), bytes(5000));
    let (named, other) = (Server::start(body.clone()), Server::start(body.clone()));
    let mut command = place.get(&["--proxy", &base(&named), AWAY]);
    command.env("http_proxy", base(&other));
    assert_eq!(run(command).code, Some(0));
    assert_same(&place.here().join("file.bin"), &body);
    std::fs::remove_file(place.here().join("file.bin")).expect("it is there");
    let mut command = place.get(&["--proxy", "none", "--tries", "1", AWAY]);
    command.env("http_proxy", base(&other));
    finds_nobody(command);
    assert_eq!((named.asked().len(), other.asked().len()), (1, 0));
    let wrong = run(place.get(&["--proxy", "ftp://p", AWAY]));
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
}

#[test]
fn user_agent_referer_and_the_cookies_of_the_link_are_sent() {
    let (place, body) = (Place::new(), bytes(5000));
    let server = Server::start(body);
    let file = "127.0.0.1\tFALSE\t/\tFALSE\t0\ts\t1\n127.0.0.2\tFALSE\t/\tFALSE\t0\tother\t2\n";
    std::fs::write(place.path("cookies.txt"), file).expect("the folder can be written");
    let cookies = place.path("cookies.txt").to_string_lossy().into_owned();
    let url = server.url("/file.bin");
    let ended = run(place.get(&["-A", "mine", "-e", "http://r/", "--cookies", &cookies, &url]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let asked = &server.asked()[0];
    assert_eq!(asked.header("user-agent"), Some("mine"));
    assert_eq!(asked.header("referer"), Some("http://r/"));
    assert_eq!(asked.header("cookie"), Some("s=1"));
}

/// Answers a first request with a challenge and a second one with the file; returns what authorized the second.
pub(crate) fn challenge(listener: TcpListener) -> JoinHandle<Vec<Option<String>>> {
    std::thread::spawn(move || {
        let mut seen = Vec::new();
        for answer in [
            "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        ] {
            let (mut stream, _) = listener.accept().expect("a client comes");
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let field = lines
                .take_while(|line| !line.is_empty())
                .filter_map(|line| {
                    let (name, value) = line.split_once(": ")?;
                    let fits = name.eq_ignore_ascii_case("authorization");
                    fits.then(|| value.to_owned())
                })
                .last();
            seen.push(field);
            stream.write_all(answer.as_bytes()).expect("it listens");
        }
        seen
    })
}

#[test]
fn netrc_and_user_answer_a_challenge() {
    let place = Place::new();
    let netrc = "machine 127.0.0.1 login ada password secret\ndefault login no password no\n";
    let marked = format!("\u{feff}{netrc}");
    let none = String::new();
    let several =
        "machine 127.0.0.1 login bob password no\nmachine 127.0.0.1 login ada password secret\n";
    for (arguments, file) in [
        (&["-n"][..], netrc),
        (&["-n"], &marked),
        (&["-u", "ada:secret"], &none),
        (&["-n", "-u", "ada"], several),
        (
            &["-n", "-u", "ada:secret"],
            "machine 127.0.0.1 login ada password no",
        ),
    ] {
        std::fs::write(place.path("netrc"), file).expect("the folder can be written");
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        let address = listener.local_addr().expect("it is bound");
        let seen = challenge(listener);
        let url = format!("http://{address}/file.bin");
        signs_in(&place, &[arguments, &[&url]].concat(), seen);
    }
    // A link that names somebody, and one that is only tried when the first one fails.
    std::fs::write(place.path("netrc"), several).expect("the folder can be written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener.local_addr().expect("it is bound");
    let seen = challenge(listener);
    signs_in(
        &place,
        &["-n", &format!("http://ada@{address}/named.bin")],
        seen,
    );
    let netrc = "machine localhost login ada password secret\n";
    std::fs::write(place.path("netrc"), netrc).expect("the folder can be written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port();
    let seen = challenge(listener);
    let list = format!("http://127.0.0.1:1/f.bin\thttp://localhost:{port}/f.bin\n");
    std::fs::write(place.path("list"), list).expect("the folder can be written");
    let list = place.path("list").to_string_lossy().into_owned();
    signs_in(&place, &["-n", "--tries", "1", "-i", &list], seen);
}

/// With ada's password, from wherever it comes.
fn signs_in(place: &Place, arguments: &[&str], seen: JoinHandle<Vec<Option<String>>>) {
    let mut command = place.get(arguments);
    command.env("NETRC", place.path("netrc"));
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let seen = seen.join().expect("the server ended well");
    assert_eq!(seen, [None, Some("Basic YWRhOnNlY3JldA==".to_owned())]);
}
