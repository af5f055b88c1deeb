//! What a failure says: the status, the coding, what is wrong with a certificate, and what to do; and what it never says.

use rcgen::{BasicConstraints, IsCa, date_time_ymd};

use crate::failures::assert_failed;
use crate::raw_server::RawServer;
use crate::run::{Ended, Place, names, run};
use crate::tls_server::{Authority, TlsServer};

fn failed(place: &Place, url: &str, code: &str) -> Ended {
    let ended = run(place.get(&["--tries", "1", url]));
    assert_failed(&ended, code);
    ended
}

#[test]
fn a_failure_names_the_status_that_was_answered() {
    for (status, code) in [
        (401, "unauthorized"),
        (402, "unexpected-status"),
        (403, "forbidden"),
        (404, "not-found"),
        (410, "gone"),
        (418, "unexpected-status"),
        (429, "rate-limited"),
        (451, "unexpected-status"),
        (500, "server-error"),
        (503, "server-error"),
        (599, "unexpected-status"),
    ] {
        let place = Place::new();
        let answer = format!("HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n");
        let server = RawServer::saying(&answer);
        let ended = failed(&place, &server.url("/file.bin"), code);
        assert!(ended.err.contains(&format!(" ({status});")), "{ended:?}");
    }
}

#[test]
fn a_failure_names_the_coding_that_cannot_be_undone() {
    let place = Place::new();
    let answer = "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello";
    let server = RawServer::saying(answer);
    let ended = failed(&place, &server.url("/page"), "encoded");
    assert!(ended.err.contains(" br"), "{ended:?}");
}

#[test]
fn a_failure_says_what_is_wrong_with_the_certificate_and_what_would_help() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let place = Place::new();
    std::fs::write(place.path("root.pem"), &authority.pem).expect("the folder can be written");
    let root = place.path("root.pem").to_string_lossy().into_owned();
    let (known, here) = (Some(&authority), "127.0.0.1");
    let over = TlsServer::start(known, here, |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    let early = TlsServer::start(known, here, |params| {
        params.not_before = date_time_ymd(2990, 1, 1);
        params.not_after = date_time_ymd(2991, 1, 1);
    });
    let unknown = TlsServer::start(Some(&stranger), here, |_| {});
    let own = TlsServer::start(None, here, |_| {});
    // What most tools make when they sign for themselves.
    let own_authority = TlsServer::start(None, here, |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    let other = TlsServer::start(known, "other.example", |_| {});
    for (server, said, next) in [
        (&over, "has expired", "clock"),
        (&early, "is not valid yet", "clock"),
        (&unknown, "unknown issuer", "--ca-cert"),
        (&own, "unknown issuer", "--ca-cert"),
        (&own_authority, "unknown issuer", "--ca-cert"),
        (&other, "another name", "the host in the link"),
    ] {
        let ended = run(place.get(&["--ca-cert", &root, &server.url()]));
        assert_failed(&ended, "tls-failed");
        assert!(ended.err.contains(said), "{said}: {ended:?}");
        assert!(ended.err.contains(next), "{next}: {ended:?}");
        assert!(!ended.err.contains("same command again"), "{ended:?}");
    }
    let plain = RawServer::saying("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n");
    let ended = failed(
        &place,
        &format!("https://{}/f", plain.address),
        "tls-failed",
    );
    assert!(ended.err.contains("does not speak TLS"), "{ended:?}");
}

#[test]
fn a_password_of_a_rejected_link_is_said_nowhere() {
    let place = Place::new();
    let list = "sftp://ada:s3cret@h/f\nhttp://ada:s3/cret@h/f\n";
    std::fs::write(place.path("list"), list).expect("the folder can be written");
    let list = place.path("list").to_string_lossy().into_owned();
    for (arguments, code) in [
        (&["ftp://ada:s3cret@h/f"][..], 1),
        (&["http://ada:s3cret@h:99999/f"], 1),
        (&["http://ada:s3/cret@h/f"], 1),
        (&["http://ada:s3cret@[::1/f"], 1),
        (&["ada:s3cret@h/f"], 1),
        (&["--json", "ftp://ada:s3cret@h/f"], 1),
        (&["-i", &list], 1),
        (&["--proxy", "http://ada:s3cret@h:99999", "http://h/f"], 2),
        (&["--proxy", "ftp://ada:s3cret@h", "http://h/f"], 2),
        (&["-H", "Authorization s3cret", "http://h/f"], 2),
        (&["-H", "Authorization: s3cret\r\n", "http://h/f"], 2),
    ] {
        let ended = run(place.get(arguments));
        assert_eq!(ended.code, Some(code), "{arguments:?}: {ended:?}");
        assert!(!ended.err.is_empty(), "{arguments:?} was not explained");
        for secret in ["s3", "cret"] {
            let said = format!("{}{}", ended.out, ended.err).contains(secret);
            assert!(!said, "{arguments:?}: {ended:?}");
        }
    }
}

#[test]
fn a_header_that_cannot_be_sent_is_wrong_usage_and_asks_nobody() {
    let place = Place::new();
    let server = RawServer::saying("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    let url = server.url("/file.bin");
    for arguments in [
        ["-H", "X Token: s"],
        ["-H", "X-A: 1\r\nX-B: 2"],
        ["-H", "X-A: 1\nX-B: 2"],
        ["-H", "X-A: \u{1}"],
        ["-H", ": s"],
        ["-H", "X-\u{e4}: s"],
        ["-H", "(X): s"],
        ["-H", "Transfer-Encoding: chunked"],
        ["-A", "a\r\nX-B: 2"],
        ["-e", "a\nX-B: 2"],
    ] {
        let ended = run(place.get(&[&arguments[..], &[&url]].concat()));
        assert_eq!(ended.code, Some(2), "{arguments:?}: {ended:?}");
        assert!(!ended.err.is_empty(), "{arguments:?} was not explained");
    }
    assert!(server.heard().is_empty());
    assert!(names(&place.here()).is_empty());
}

#[test]
fn a_header_that_is_sent_arrives_as_it_was_given_and_one_that_is_not_is_said() {
    let place = Place::new();
    let server = RawServer::saying("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    let (name, range) = ("X-Name:  J\u{fc}rgen \u{4f60}", "Range: bytes=5-");
    let ended = run(place.get(&["-H", name, "-H", range, &server.url("/file.bin")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let heard = server.heard().concat().to_lowercase();
    assert!(
        heard.contains("x-name: j\u{fc}rgen \u{4f60}\r\n"),
        "{heard}"
    );
    assert!(!heard.contains("bytes=5-"), "{heard}");
    assert!(ended.err.contains("Range is not sent"), "{ended:?}");
}
