//! First requests whose range the server cannot handle: the file is requested without one.

use std::sync::Arc;
use std::time::Duration;

use millrace_engine::{DownloadId, Fix, Phase};

use crate::raw_server::{Heard, Reply, Wire};
use crate::rig::{Rig, bytes};

const OK: &str = "HTTP/1.1 200 OK";
const PART: &str = "HTTP/1.1 206 Part";
const TAG: (&str, &str) = ("ETag", "\"one\"");

fn nothing(status: &str) -> Reply {
    Reply::new(status, &[("Content-Length", "0")], b"")
}

/// Responds to requests with a range by `refusal`, to others with the whole file.
async fn whole_only(file: &[u8], refusal: Reply) -> Wire {
    let file: Arc<[u8]> = file.into();
    Wire::start(move |heard, _| match heard.header("range") {
        Some(_) => refusal.clone(),
        None => Reply::good(heard, &file, &[TAG]),
    })
    .await
}

fn refusals() -> Vec<Reply> {
    let statuses = [
        "400 Bad",
        "403 No",
        "404 No",
        "405 No",
        "406 No",
        "410 No",
        "412 No",
        "416 No",
        "418 Tea",
        "500 Oh",
        "501 No",
        "502 Oh",
        "503 Oh",
        "504 Oh",
        "505 No",
        "204 Empty",
        "304 Old",
        "302 Nowhere",
    ];
    let statuses = statuses.map(|status| nothing(&format!("HTTP/1.1 {status}")));
    let length = ("Content-Length", "5");
    let ranges = [
        "bytes 0-/5",
        "bytes=0-4/5",
        "bytes -0.9-4/5",
        "bytes 1-5/5",
        "items 0-4/5",
        "bytes 0-3/5",
        "",
    ];
    let ranges =
        ranges.map(|range| Reply::new(PART, &[length, ("Content-Range", range)], b"hello"));
    let others = [
        Reply::new(PART, &[length], b"hello"),
        Reply::new(
            PART,
            &[("Content-Type", "multipart/byteranges; boundary=x"), length],
            b"--x--",
        ),
        Reply::new("HTTP/1.1 2000 What", &[], b""),
        Reply::new("SSH-2.0-x", &[], b""),
        Reply::new(OK, &[("Content-Range", "bytes 1-5/9"), length], b"ello!"),
    ];
    statuses.into_iter().chain(ranges).chain(others).collect()
}

#[tokio::test]
async fn whatever_a_server_says_to_a_range_it_is_asked_once_more_without_one() {
    for refusal in refusals() {
        let body = bytes(300_000);
        let said = format!("{refusal:?}");
        let said = said.get(..120).unwrap_or(&said);
        let server = whole_only(&body, refusal).await;
        let rig = Rig::with(|config| config.retry.max_attempts = 1);
        let id = rig.add_over(4, server.url("/file.bin")).await;
        let done = rig
            .until(id, |one| {
                one.phase == Phase::Done || one.phase == Phase::Failed
            })
            .await;
        assert_eq!(done.problem, None, "{said}");
        assert_eq!(done.attempts, 0, "within the same try: {said}");
        assert!(rig.read("file.bin") == body, "{said}");
        let ranges = server.ranges();
        assert_eq!(ranges.last().map(String::as_str), Some("none"), "{said}");
        assert!(ranges.len() <= 3, "{said}: {ranges:?}");
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_server_that_cannot_answer_ranges_is_remembered_and_costs_one_request_from_then_on() {
    let body = bytes(100_000);
    for status in ["400 Bad", "403 No", "500 Oh"] {
        let server = whole_only(&body, nothing(&format!("HTTP/1.1 {status}"))).await;
        let rig = Rig::new();
        for name in ["a.bin", "b.bin", "c.bin"] {
            let id = rig.add(server.url(&format!("/{name}"))).await;
            rig.done(id).await;
            assert!(rig.read(name) == body);
        }
        assert_eq!(
            server.ranges(),
            ["bytes=0-", "none", "none", "none"],
            "{status}"
        );
        rig.close(&["a.bin", "b.bin", "c.bin"]).await;
    }
}

#[tokio::test]
async fn a_206_without_a_range_is_the_whole_where_none_was_asked_for() {
    let body = bytes(100_000);
    let chunk = format!("{:x}\r\n", body.len());
    let chunks = [chunk.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let sized = Reply::new(PART, &[("Content-Length", "100000")], &body);
    let chunked = Reply::new(PART, &[("Transfer-Encoding", "chunked")], &chunks);
    let closing = Reply::new(PART, &[("Connection", "close")], &body);
    for reply in [sized, chunked, closing] {
        let server = Wire::start(move |_, _| reply.clone()).await;
        let rig = Rig::with(|config| config.retry.max_attempts = 1);
        let id = rig.add_over(4, server.url("/file.bin")).await;
        rig.delivers(id, &body).await;
        assert_eq!(server.ranges(), ["bytes=0-", "none"]);
    }
}

#[tokio::test]
async fn a_206_that_contradicts_itself_is_no_whole_although_no_range_was_asked_for() {
    let length = ("Content-Length", "5");
    let multipart = ("Content-Type", "multipart/byteranges; boundary=x");
    for fields in [
        &[length, ("Content-Range", "bytes 1-5/6")][..],
        &[length, ("Content-Range", "nonsense")],
        &[length, multipart],
    ] {
        let reply = Reply::new(PART, fields, b"hello");
        let server = Wire::start(move |_, _| reply.clone()).await;
        let rig = Rig::with(|config| config.retry.max_attempts = 1);
        let id = rig.add(server.url("/file.bin")).await;
        rig.failed(id, "range-mismatch", Fix::StartOver).await;
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_a_range_is_asked_without_one_at_the_next_try() {
    let body = bytes(100_000);
    let file: Arc<[u8]> = body.clone().into();
    let server = Wire::start(move |heard, _| match heard.header("range") {
        Some(_) => Reply::silent(),
        None => Reply::good(heard, &file, &[TAG]),
    })
    .await;
    let rig = Rig::with(|config| {
        config.timeout = Duration::from_millis(300);
        config.retry.max_attempts = 2;
        config.retry.max_delay = Duration::from_millis(10);
    });
    let id = rig.add_over(1, server.url("/file.bin")).await;
    rig.delivers(id, &body).await;
    assert_eq!(server.ranges(), ["bytes=0-", "none"]);
}

#[tokio::test]
async fn what_is_not_about_the_range_is_asked_once() {
    for (status, fields, code) in [
        ("401 Who", vec![], "unauthorized"),
        ("429 Slow", vec![("Retry-After", "0")], "rate-limited"),
        ("503 Busy", vec![("Retry-After", "0")], "server-error"),
        ("511 Sign in", vec![], "not-the-file"),
    ] {
        let all = [&fields[..], &[("Content-Length", "0")]].concat();
        let reply = Reply::new(&format!("HTTP/1.1 {status}"), &all, b"");
        let server = Wire::start(move |_, _| reply.clone()).await;
        let rig = Rig::with(|config| config.retry.max_attempts = 1);
        let id = rig.add(server.url("/file.bin")).await;
        let failed = rig.until(id, |one| one.phase == Phase::Failed).await;
        let found = failed.problem.as_ref().map(millrace_engine::Problem::code);
        assert_eq!(found, Some(code));
        assert_eq!(server.ranges(), ["bytes=0-"], "{status}");
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn when_both_are_refused_the_last_word_is_that_of_the_request_for_the_whole() {
    let server = Wire::start(|heard, _| match heard.header("range") {
        Some(_) => nothing("HTTP/1.1 400 Bad"),
        None => nothing("HTTP/1.1 404 No"),
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.failed(id, "not-found", Fix::NewLink).await;
    assert_eq!(server.ranges(), ["bytes=0-", "none"]);
    rig.close(&[]).await;
}

/// Serves ranges until the download is interrupted, then responds to them by `refusal`.
async fn resumed(refusal: Reply) -> (Wire, Rig, DownloadId, Vec<u8>) {
    let body = bytes(1_000_000);
    let file = body.clone();
    let server = Wire::start(move |heard: &Heard, before| match heard.header("range") {
        _ if before == 0 => Reply::good(heard, &file, &[TAG]).holding(300_000),
        Some(_) => refusal.clone(),
        None => Reply::good(heard, &file, &[TAG]),
    })
    .await;
    let rig = Rig::with(|config| config.retry.max_attempts = 1);
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == 300_000).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    server.release();
    rig.resume(id).await;
    (server, rig, id, body)
}

#[tokio::test]
async fn a_resume_whose_range_is_refused_keeps_what_is_here_and_reads_on_in_the_whole() {
    for refusal in refusals() {
        let said = format!("{refusal:?}");
        let (server, rig, id, body) = resumed(refusal).await;
        let done = rig
            .until(id, |one| {
                one.phase == Phase::Done || one.phase == Phase::Failed
            })
            .await;
        assert_eq!(
            (done.phase, done.epoch),
            (Phase::Done, 0),
            "{:?}",
            said.get(..120)
        );
        assert!(rig.read("file.bin") == body);
        let ranges = server.ranges();
        assert_eq!(ranges[..2], ["bytes=0-", "bytes=300000-"]);
        assert_eq!(ranges.last().map(String::as_str), Some("none"));
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_link_that_works_once_needs_no_length() {
    let body = bytes(200_000);
    let chunks = [
        format!("{:x}\r\n", body.len()).as_bytes(),
        &body,
        b"\r\n0\r\n\r\n",
    ]
    .concat();
    let chunked = [("Accept-Ranges", "bytes"), ("Transfer-Encoding", "chunked")];
    let whole = Reply::new(OK, &chunked, &chunks);
    let closing = Reply::new(OK, &[("Accept-Ranges", "bytes")], &body);
    let no_ranges = Reply::new(OK, &chunked[1..], &chunks);
    let other = Reply::new("HTTP/1.1 203 Changed", &chunked, &chunks);
    for reply in [whole, closing, no_ranges, other] {
        let server = Wire::start(move |_, before| match before {
            0 => reply.clone(),
            _ => nothing("HTTP/1.1 410 Gone"),
        })
        .await;
        let rig = Rig::new();
        let id = rig.add_over(4, server.url("/file.bin")).await;
        rig.delivers(id, &body).await;
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn a_range_that_means_nothing_where_it_stands_is_no_reason_to_refuse() {
    for (status, range) in [
        (OK, "bytes 0-5/5"),
        (OK, "bytes 0-4/5"),
        (OK, "bytes */5"),
        (OK, "nonsense"),
        (OK, "bytes 0-4/9999"),
        (PART, "Bytes 0-4/5"),
        (PART, "BYTES 0-4/5"),
    ] {
        let length = if range.ends_with("9999") { "9" } else { "5" };
        let fields = [("Content-Range", range), ("Content-Length", length)];
        let body = if length == "9" {
            &b"hello all"[..]
        } else {
            b"hello"
        };
        let reply = Reply::new(status, &fields, body);
        let server = Wire::start(move |_, _| reply.clone()).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        rig.delivers(id, body).await;
        assert_eq!(server.heard().len(), 1, "{range}");
    }
}

#[tokio::test]
async fn a_server_that_knows_no_plain_bytes_is_asked_for_any() {
    let server = Wire::start(|heard, _| match heard.header("accept-encoding") {
        Some(_) => nothing("HTTP/1.1 406 Not Acceptable"),
        None => Reply::good(heard, b"hello", &[TAG]),
    })
    .await;
    let rig = Rig::with(|config| config.retry.max_attempts = 1);
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, b"hello").await;
    assert_eq!(server.heard().len(), 2);
}
