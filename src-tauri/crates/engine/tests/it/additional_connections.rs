//! Responses to the requests of further connections have no effect on the first one's stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use millrace_engine::Phase;

use crate::raw_server::{Heard, Reply, Wire};
use crate::rig::{Rig, bytes};

/// Whether the server sends validators.
#[derive(Debug, Clone, Copy)]
enum Tags {
    Given,
    None,
}

/// A server's response to a range request. None of it is the requested range.
type Answer = fn(&Heard, &[u8]) -> Reply;

fn status(line: &str) -> Reply {
    Reply::new(line, &[("Content-Length", "0")], b"")
}

/// A 206 that declares the range `from..to`, and sends the bytes from `real` on.
fn part(file: &[u8], (from, to): (usize, usize), real: usize) -> Reply {
    let range = format!("bytes {from}-{}/{}", to - 1, file.len());
    let length = (to - from).to_string();
    let fields = [
        ("Content-Range", range.as_str()),
        ("Content-Length", length.as_str()),
        ("ETag", "\"one\""),
    ];
    Reply::new("HTTP/1.1 206 Part", &fields, &file[real..real + to - from])
}

fn wanted(heard: &Heard, file: &[u8]) -> (usize, usize) {
    heard.range(file.len()).expect("a request for a part")
}

/// The requested range, with another head.
fn headed(heard: &Heard, file: &[u8], fields: &[(&str, &str)]) -> Reply {
    let (from, to) = wanted(heard, file);
    Reply::new("HTTP/1.1 206 Part", fields, &file[from..to])
}

const STANDS_STILL: &str = "a part that stands still";
/// Bytes of such a range.
const HELD: usize = 7000;

const ANSWERS: [(&str, Answer); 21] = [
    ("a 403", |_, _| status("HTTP/1.1 403 No")),
    ("a 404", |_, _| status("HTTP/1.1 404 Not here")),
    ("a 410", |_, _| status("HTTP/1.1 410 Gone")),
    ("a 416", |_, _| status("HTTP/1.1 416 No such part")),
    ("a 401", |_, _| status("HTTP/1.1 401 Who is there")),
    ("a 429", |_, _| status("HTTP/1.1 429 Too many")),
    ("a 500", |_, _| status("HTTP/1.1 500 Broken")),
    ("a 503", |_, _| status("HTTP/1.1 503 Busy")),
    ("a 418", |_, _| status("HTTP/1.1 418 A teapot")),
    ("a reset", |_, _| Reply::closed()),
    ("silence", |_, _| Reply::silent()),
    (STANDS_STILL, |heard, file| {
        let (from, to) = wanted(heard, file);
        part(file, (from, to), from).holding(HELD)
    }),
    ("a redirect to a page", |_, _| {
        Reply::new(
            "HTTP/1.1 302 Found",
            &[("Location", "/page.html"), ("Content-Length", "0")],
            b"",
        )
    }),
    ("a part from byte zero", |heard, file| {
        let (from, to) = wanted(heard, file);
        part(file, (0, to - from), 0)
    }),
    ("the whole as a part", |_, file| {
        part(file, (0, file.len()), 0)
    }),
    ("a shifted part", |heard, file| {
        let (from, to) = wanted(heard, file);
        part(file, (from - 1, to - 1), from - 1)
    }),
    ("a part from elsewhere", |heard, file| {
        let (from, to) = wanted(heard, file);
        let length = (to - from).min(file.len() / 4);
        let elsewhere = if from > file.len() / 2 {
            4096
        } else {
            file.len() - length
        };
        part(file, (elsewhere, elsewhere + length), elsewhere)
    }),
    ("a part that does not say which", |heard, file| {
        headed(heard, file, &[("ETag", "\"one\"")])
    }),
    ("a part that says it badly", |heard, file| {
        headed(
            heard,
            file,
            &[("Content-Range", "bytes=5-/x"), ("ETag", "\"one\"")],
        )
    }),
    ("several parts in one", |heard, file| {
        let kind = "multipart/byteranges; boundary=x";
        headed(heard, file, &[("Content-Type", kind), ("ETag", "\"one\"")])
    }),
    ("a coded part", |heard, file| {
        let (from, to) = wanted(heard, file);
        let range = format!("bytes {from}-{}/{}", to - 1, file.len());
        let fields = [
            ("Content-Range", range.as_str()),
            ("Content-Encoding", "gzip"),
            ("ETag", "\"one\""),
        ];
        headed(heard, file, &fields)
    }),
];

fn page() -> Reply {
    let fields = [("Content-Type", "text/html"), ("Content-Length", "20")];
    Reply::new("HTTP/1.1 200 OK", &fields, b"<html>Sign in</html>")
}

/// Responds to the first request of each process correctly and slowly, and to every other one with `odd`, once it is
/// `on`.
async fn serving(file: &Arc<Vec<u8>>, odd: Answer, on: &Arc<AtomicBool>, tags: Tags) -> Wire {
    let (file, on) = (Arc::clone(file), Arc::clone(on));
    Wire::start(move |heard, _| {
        if heard.path().ends_with(".html") {
            return page();
        }
        let pace = Duration::from_millis(10);
        let tagged = |reply: Reply| match tags {
            Tags::Given => reply,
            Tags::None => reply.without("ETag"),
        };
        let good = Reply::good(heard, &file, &[("ETag", "\"one\"")]).paced(pace);
        let good = tagged(good);
        if !on.load(Ordering::Relaxed) {
            return good.holding(512 << 10);
        }
        // Only the first request is open-ended.
        if heard
            .header("range")
            .is_none_or(|range| range.ends_with('-'))
        {
            return good;
        }
        tagged(odd(heard, &file))
    })
    .await
}

async fn every_answer_over(connections: u32, tags: Tags) {
    let file = Arc::new(bytes(3 << 20));
    let rig = Rig::with(|config| config.parallel = 99);
    let on = Arc::new(AtomicBool::new(true));
    let mut all = Vec::new();
    for (n, (what, odd)) in ANSWERS.into_iter().enumerate() {
        let server = serving(&file, odd, &on, tags).await;
        let name = format!("{n}.bin");
        let id = rig
            .add_over(connections, server.url(&format!("/{name}")))
            .await;
        all.push((what, server, id, name));
    }
    for (what, server, id, name) in all {
        let end = rig.until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed));
        let end = end.await;
        assert_eq!(end.phase, Phase::Done, "{what}: {end:?}");
        assert_eq!(
            (end.name.as_str(), end.epoch, end.attempts),
            (name.as_str(), 0, 0),
            "{what}"
        );
        assert!(*file == rig.read(&name), "{what}: other bytes");
        let ranges = server.ranges();
        assert!(ranges.len() > 1, "{what}: there was a further request");
        let most = 2 * connections as usize;
        assert!(
            ranges.len() <= most,
            "{what}: asked without end: {ranges:?}"
        );
        let first = ranges.iter().filter(|range| range.ends_with('-')).count();
        assert_eq!(first, 1, "{what}: the first stream brought it all");
    }
}

#[tokio::test]
async fn whatever_a_second_connection_is_told_the_first_ones_stream_brings_the_whole_file() {
    every_answer_over(2, Tags::Given).await;
}

#[tokio::test]
async fn whatever_three_more_connections_are_told_the_first_ones_stream_brings_the_whole_file() {
    every_answer_over(4, Tags::Given).await;
}

#[tokio::test]
async fn whatever_fifteen_more_connections_are_told_the_first_ones_stream_brings_the_whole_file() {
    every_answer_over(16, Tags::Given).await;
}

#[tokio::test]
async fn whatever_three_more_connections_are_told_of_a_file_without_tags_the_first_ones_stream_brings_it()
 {
    every_answer_over(4, Tags::None).await;
}

#[tokio::test]
async fn after_a_restart_the_first_stream_brings_all_that_is_missing_whatever_further_ones_are_told()
 {
    let file = Arc::new(bytes(6 << 20));
    let rig = Rig::with(|config| config.parallel = 99);
    let on = Arc::new(AtomicBool::new(false));
    let mut all = Vec::new();
    for (n, (what, odd)) in ANSWERS.into_iter().enumerate() {
        let server = serving(&file, odd, &on, Tags::Given).await;
        let name = format!("{n}.bin");
        let id = rig.add_over(4, server.url(&format!("/{name}"))).await;
        all.push((what, server, id, name));
    }
    for (_, _, id, _) in &all {
        rig.until(*id, |one| one.received > 1 << 20).await;
    }
    let rig = rig.restart().await;
    on.store(true, Ordering::Relaxed);
    for (what, server, id, name) in all {
        let end = rig.until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed));
        let end = end.await;
        assert_eq!(end.phase, Phase::Done, "{what}: {end:?}");
        assert_eq!(
            (end.name.as_str(), end.epoch, end.attempts),
            (name.as_str(), 0, 0),
            "{what}"
        );
        assert!(*file == rig.read(&name), "{what}: other bytes");
        let ranges = server.ranges();
        let first = ranges.iter().filter(|range| range.ends_with('-')).count();
        assert_eq!(first, 2, "{what}: one stream of each process: {ranges:?}");
        assert!(ranges.len() < 30, "{what}: asked without end: {ranges:?}");
    }
}

#[tokio::test]
async fn when_the_first_stream_breaks_too_nothing_that_others_were_told_gives_up_what_is_here() {
    let file = Arc::new(bytes(4 << 20));
    let rig = Rig::with(|config| {
        config.parallel = 99;
        config.timeout = Duration::from_secs(2);
    });
    let mut all = Vec::new();
    for (n, (what, odd)) in ANSWERS.into_iter().enumerate() {
        let body = Arc::clone(&file);
        let server = Wire::start(move |heard, before| {
            if heard.path().ends_with(".html") {
                return page();
            }
            let endless = heard
                .header("range")
                .is_none_or(|range| range.ends_with('-'));
            if !endless {
                return odd(heard, &body);
            }
            let good = Reply::good(heard, &body, &[("ETag", "\"one\"")]);
            if before == 0 {
                good.paced(Duration::from_millis(10)).cut_after(2 << 20)
            } else {
                good
            }
        })
        .await;
        let name = format!("{n}.bin");
        let id = rig.add_over(4, server.url(&format!("/{name}"))).await;
        all.push((what, server, id, name));
    }
    for (what, server, id, name) in all {
        let end = rig.until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed));
        let end = end.await;
        assert_eq!(end.phase, Phase::Done, "{what}: {end:?}");
        assert_eq!((end.name.as_str(), end.epoch), (name.as_str(), 0), "{what}");
        assert!(*file == rig.read(&name), "{what}: other bytes");
        let ranges = server.ranges();
        let again = ranges.iter().filter(|range| range.ends_with('-')).nth(1);
        let kept = if what == STANDS_STILL {
            // Each such range begins with bytes of the file, and some are requested again.
            let from = again.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
            from.map(|from| from.parse::<usize>().expect("a position"))
        } else {
            assert_eq!(again.map(String::as_str), Some("bytes=2097152-"), "{what}");
            None
        };
        let most = (2 << 20) + 9 * HELD;
        assert!(
            kept.is_none_or(|from| (2 << 20..=most).contains(&from)),
            "{what}: {kept:?}"
        );
    }
}

#[tokio::test]
async fn where_three_further_answers_stand_still_the_first_stream_brings_what_they_were_to_bring() {
    further_answers_stand_still(4).await;
}

#[tokio::test]
async fn where_fifteen_further_answers_stand_still_the_first_stream_brings_what_they_were_to_bring()
{
    further_answers_stand_still(16).await;
}

#[tokio::test]
async fn a_small_file_whose_further_answers_stand_still_is_not_asked_for_again_and_again() {
    let file = Arc::new(bytes(2 << 20));
    let server = standing_still(&file, Duration::from_millis(15), Silent::None).await;
    let rig = Rig::with(|config| config.timeout = Duration::from_secs(60));
    let id = rig.add_over(16, server.url("/file.bin")).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == *file);
    // One for each quarter of a mebibyte.
    assert!(server.heard().len() <= 9, "{:?}", server.ranges());
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn the_first_stream_waits_for_no_request_that_gets_no_answer() {
    let file = Arc::new(bytes(8 << 20));
    for connections in [3, 16] {
        let server = standing_still(&file, Duration::from_millis(5), Silent::First).await;
        let rig = Rig::with(|config| config.timeout = Duration::from_secs(60));
        let id = rig.add_over(connections, server.url("/file.bin")).await;
        rig.done(id).await;
        assert!(rig.read("file.bin") == *file);
        rig.close(&["file.bin"]).await;
    }
}

/// The further request that gets no response.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Silent {
    None,
    First,
}

/// Lets every response but that to an open-ended request stall.
async fn standing_still(file: &Arc<Vec<u8>>, pace: Duration, silent: Silent) -> Wire {
    let file = Arc::clone(file);
    let further = AtomicBool::new(false);
    Wire::start(move |heard, _| {
        let good = Reply::good(heard, &file, &[("ETag", "\"one\"")]);
        let open = |range: &str| range.ends_with('-');
        if heard.header("range").is_none_or(open) {
            good.paced(pace)
        } else if !further.swap(true, Ordering::Relaxed) && silent == Silent::First {
            Reply::silent()
        } else {
            good.holding(HELD)
        }
    })
    .await
}

async fn further_answers_stand_still(connections: u32) {
    let file = Arc::new(bytes(8 << 20));
    let server = standing_still(&file, Duration::from_millis(5), Silent::None).await;
    // No connection stalls too long within a scenario's time.
    let rig = Rig::with(|config| config.timeout = Duration::from_secs(60));
    let id = rig.add_over(connections, server.url("/file.bin")).await;
    rig.done(id).await;
    assert!(rig.read("file.bin") == *file);
    let asked = server.heard().len();
    assert!(
        (3..=connections as usize).contains(&asked),
        "{:?}",
        server.ranges()
    );
    // And the host's limit is learned.
    let id = rig.add_over(connections, server.url("/again.bin")).await;
    rig.done(id).await;
    assert!(rig.read("again.bin") == *file);
    assert_eq!(server.heard().len(), asked + 1, "over the first one alone");
    rig.close(&["again.bin", "file.bin"]).await;
}
