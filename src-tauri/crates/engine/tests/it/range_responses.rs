//! Every kind of response to a range request, and its outcome. See docs/resume.md for the whole table.

use std::sync::Arc;
use std::time::Duration;

use millrace_engine::{DownloadId, Fix, Phase};

use crate::raw_server::{Heard, Reply, Wire};
use crate::rig::{Rig, bytes};

const HELD: usize = 300_000;
const TAG: (&str, &str) = ("ETag", "\"one\"");

/// Serves `file` and stalls after [`HELD`] bytes; every later request gets the response of `then`.
async fn held(
    file: &[u8],
    then: impl Fn(&Heard, &[u8], usize) -> Reply + Send + Sync + 'static,
) -> Wire {
    let file: Arc<[u8]> = file.into();
    Wire::start(move |heard, before| match before {
        0 => Reply::good(heard, &file, &[TAG]).holding(HELD),
        later => then(heard, &file, later),
    })
    .await
}

/// Starts the download, pauses it where the server stalls, and resumes it.
async fn resumed(rig: &Rig, server: &Wire) -> DownloadId {
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    server.release();
    rig.resume(id).await;
    id
}

#[tokio::test]
async fn a_small_file_takes_one_get_and_no_conditions() {
    let body = bytes(1000);
    let file = body.clone();
    let server = Wire::start(move |heard, _| Reply::good(heard, &file, &[TAG])).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    // Copied from a browser, including the conditional headers of its cache.
    let conditions = [
        "If-Range",
        "If-None-Match",
        "If-Modified-Since",
        "If-Match",
        "If-Unmodified-Since",
        "Range",
    ];
    wish.headers = conditions
        .map(|name| (name.to_owned(), "\"x\"".to_owned()))
        .into();
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    let heard = server.heard();
    assert_eq!(heard.len(), 1, "the first answer's bytes are kept");
    assert_eq!(heard[0].method(), "GET");
    assert_eq!(heard[0].header("range"), Some("bytes=0-"));
    assert_eq!(heard[0].header("accept-encoding"), Some("identity"));
    for name in &conditions[..5] {
        assert_eq!(heard[0].header(name), None, "{name}");
    }
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn no_request_is_a_head_and_none_has_an_if_range() {
    let body = bytes(1_000_000);
    let server = held(&body, |heard, file, _| Reply::good(heard, file, &[TAG])).await;
    let rig = Rig::new();
    let id = resumed(&rig, &server).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    for heard in server.heard() {
        assert_eq!((heard.method(), heard.header("if-range")), ("GET", None));
    }
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

/// What is wrong with a response, its status line, and its fields.
type Wrong = (
    &'static str,
    &'static str,
    Vec<(&'static str, &'static str)>,
);

/// Responses to a resume without a usable range. The partial file is kept until the user decides.
#[tokio::test]
async fn a_206_that_does_not_name_its_bytes_rightly_is_refused_before_a_byte_is_written() {
    let part = "HTTP/1.1 206 Part";
    let wrong: [Wrong; 8] = [
        ("no range", part, vec![]),
        (
            "several parts",
            part,
            vec![
                ("Content-Type", "multipart/byteranges; boundary=x"),
                ("Content-Range", "bytes 300000-999999/1000000"),
            ],
        ),
        (
            "too early",
            part,
            vec![("Content-Range", "bytes 299999-999999/1000000")],
        ),
        (
            "too late",
            part,
            vec![("Content-Range", "bytes 300001-999999/1000000")],
        ),
        (
            "beyond the end",
            part,
            vec![("Content-Range", "bytes 300000-1000000/1000000")],
        ),
        (
            "another length",
            part,
            vec![("Content-Range", "bytes 300000-300009/1000000")],
        ),
        (
            "two ranges",
            part,
            vec![
                ("Content-Range", "bytes 300000-999999/1000000"),
                ("Content-Range", "bytes 300000-999998/1000000"),
            ],
        ),
        (
            "a whole that is a part",
            "HTTP/1.1 200 OK",
            vec![("Content-Range", "bytes 300000-999999/1000000")],
        ),
    ];
    for (what, status, fields) in wrong {
        let body = bytes(1_000_000);
        let server = held(&body, move |_, file, _| {
            let mut all = vec![TAG, ("Content-Length", "700000")];
            all.extend(&fields);
            Reply::new(status, &all, &file[HELD..])
        })
        .await;
        let rig = Rig::with(|config| config.retry.max_attempts = 1);
        let id = resumed(&rig, &server).await;
        let failed = rig.failed(id, "range-mismatch", Fix::StartOver).await;
        assert_eq!(failed.received, HELD as u64, "{what}");
        assert!(rig.read("file.bin.part") == body[..HELD], "{what}");
        rig.close(&["file.bin.part"]).await;
    }
}

#[tokio::test]
async fn a_206_of_another_total_length_begins_the_file_again() {
    let body = bytes(1_000_000);
    let longer = bytes(1_000_001);
    let server = held(&body, move |heard, _, _| {
        Reply::good(heard, &longer, &[TAG])
    })
    .await;
    let rig = Rig::new();
    let id = resumed(&rig, &server).await;
    let done = rig.done(id).await;
    assert!(done.epoch > 0, "it was begun again");
    assert!(rig.read("file.bin") == bytes(1_000_001));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_206_with_more_bytes_than_it_names_writes_only_those_it_names() {
    let body = bytes(1_000_000);
    let server = held(&body, |heard, file, later| {
        if later > 1 {
            return Reply::good(heard, file, &[TAG]);
        }
        // It declares a hundred bytes, and sends others after them.
        let mut chunk = file[HELD..HELD + 100].to_vec();
        chunk.extend([0; 400]);
        let mut coded = b"1f4\r\n".to_vec();
        coded.extend(&chunk);
        coded.extend(b"\r\n0\r\n\r\n");
        let fields = [
            TAG,
            ("Content-Range", "bytes 300000-300099/1000000"),
            ("Transfer-Encoding", "chunked"),
        ];
        Reply::new("HTTP/1.1 206 Part", &fields, &coded)
    })
    .await;
    let rig = Rig::new();
    let id = resumed(&rig, &server).await;
    rig.done(id).await;
    assert_eq!(server.ranges()[2], "bytes=300100-999999");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn bytes_behind_the_announced_length_are_nobodys() {
    let body = bytes(1_000_000);
    let file = body.clone();
    let server = Wire::start(move |heard, _| {
        let (from, to) = heard.range(file.len()).unwrap_or((0, file.len()));
        // Ends early, so that more requests follow, and sends more than it declared on a connection that stays open.
        let to = to.min(from + 250_000);
        let mut sent = file[from..to].to_vec();
        sent.extend(b"HTTP/1.1 206 Part\r\nContent-Length: 3\r\n\r\nbad");
        let range = format!("bytes {from}-{}/{}", to - 1, file.len());
        let length = (to - from).to_string();
        let fields = [
            TAG,
            ("Content-Range", range.as_str()),
            ("Content-Length", length.as_str()),
        ];
        Reply::new("HTTP/1.1 206 Part", &fields, &sent).keeping()
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_part_of_an_unknown_whole_is_never_taken_for_the_end_of_the_file() {
    let body = bytes(1_000_000);
    let file = body.clone();
    let server = Wire::start(move |heard, before| {
        match heard.range(file.len()) {
            // At most a hundred thousand bytes of a file of unknown length.
            Some((from, _)) => {
                let to = (from + 100_000).min(file.len());
                let range = format!("bytes {from}-{}/*", to - 1);
                Reply::new(
                    "HTTP/1.1 206 Part",
                    &[TAG, ("Content-Range", &range)],
                    &file[from..to],
                )
            }
            None => {
                let reply = Reply::new("HTTP/1.0 200 OK", &[TAG], &file);
                if before == 1 {
                    reply.holding(HELD)
                } else {
                    reply
                }
            }
        }
    })
    .await;
    let rig = Rig::new();
    let id = resumed(&rig, &server).await;
    rig.done(id).await;
    assert_eq!(
        server.ranges(),
        ["bytes=0-", "none", "bytes=300000-", "bytes=0-", "none"]
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_stalled_answer_of_unknown_length_is_not_ended_by_a_part() {
    let body = bytes(1_000_000);
    let file = body.clone();
    let server = Wire::start(move |heard, before| match heard.range(file.len()) {
        Some((from, _)) => {
            let to = (from + 100_000).min(file.len());
            let range = format!("bytes {from}-{}/*", to - 1);
            let fields = [TAG, ("Content-Range", range.as_str())];
            Reply::new("HTTP/1.1 206 Part", &fields, &file[from..to])
        }
        None => {
            let fields = [TAG, ("Accept-Ranges", "bytes")];
            let reply = Reply::new("HTTP/1.0 200 OK", &fields, &file);
            if before == 1 {
                reply.holding(HELD)
            } else {
                reply
            }
        }
    })
    .await;
    let rig = Rig::with(|config| config.timeout = Duration::from_millis(400));
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_part_of_an_unknown_whole_is_no_answer_to_a_request_for_the_whole() {
    let body = bytes(1_000_000);
    let file = body.clone();
    let server = Wire::start(move |_, _| {
        let fields = [TAG, ("Content-Range", "bytes 0-99999/*")];
        Reply::new("HTTP/1.1 206 Part", &fields, &file[..100_000])
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.failed(id, "range-mismatch", Fix::StartOver).await;
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_416_for_the_same_file_keeps_what_is_here() {
    let body = bytes(1_000_000);
    let server = held(&body, |heard, file, _| match heard.range(file.len()) {
        Some((from, _)) if from > 0 => {
            Reply::new("HTTP/1.1 416 No", &[("Content-Length", "0")], b"")
        }
        Some(_) | None => Reply::good(heard, file, &[TAG]),
    })
    .await;
    let rig = Rig::new();
    let id = resumed(&rig, &server).await;
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0);
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-", "bytes=0-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_compressed_answer_is_never_spliced_to_what_is_here() {
    let body = bytes(1_000_000);
    let server = held(&body, |heard, file, later| {
        let zipped: &[_] = if later == 1 {
            &[TAG, ("Content-Encoding", "gzip")]
        } else {
            &[TAG]
        };
        Reply::good(heard, file, zipped)
    })
    .await;
    let rig = Rig::new();
    let id = resumed(&rig, &server).await;
    rig.failed(id, "encoded", Fix::NewLink).await;
    assert!(rig.read("file.bin.part") == body[..HELD]);
    // The bytes received are good for the next attempt.
    rig.retry(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges()[2], "bytes=300000-");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn an_old_server_that_closes_early_is_asked_for_the_rest() {
    let body = bytes(500_000);
    let file = body.clone();
    let server = Wire::start(move |heard, before| match before {
        0 => Reply::new(
            "HTTP/1.0 200 OK",
            &[
                TAG,
                ("Accept-Ranges", "bytes"),
                ("Content-Length", "500000"),
            ],
            &file[..HELD],
        ),
        _ => Reply::good(heard, &file, &[TAG]),
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}
