//! Many downloads of one host: their first requests share an HTTP/2 connection where the host supports it, and any
//! failure there is retried over HTTP/1.1.

use millrace_engine::{DownloadId, Phase, StoreMode};

use crate::http2_server::{Asked, Fate, Http2Server};
use crate::rig::{Rig, bytes};

/// More than the maximum number of connections per host.
const MANY: usize = 24;
/// The same, of large files.
const MANY_LARGE: usize = 17;

/// The file of `/12.bin` is longer than that of `/11.bin` by one byte.
fn small(path: &str) -> Vec<u8> {
    bytes(20_000 + number(path))
}

/// Too large to share a connection with others.
fn large(path: &str) -> Vec<u8> {
    bytes((1 << 20) + 1 + number(path))
}

fn number(path: &str) -> usize {
    let name = path
        .strip_prefix('/')
        .and_then(|path| path.strip_suffix(".bin"));
    name.and_then(|name| name.parse().ok()).expect("a number")
}

/// An engine configured as by the command line, with one attempt: anything that uses up an attempt fails.
fn rig(server: &Http2Server, adopt: StoreMode) -> Rig {
    Rig::with(|config| {
        config.store_mode = adopt;
        config.parallel = 100;
        config.retry.max_attempts = 1;
        config.extra_roots = vec![server.root.clone()];
    })
}

/// Adds all in one step, as a list of URLs is.
async fn add(rig: &Rig, server: &Http2Server, count: usize) -> Vec<DownloadId> {
    let wishes = (0..count).map(|n| rig.wish(server.url(&format!("/{n}.bin"))));
    let added = rig.handle().add_many(wishes.collect()).await;
    added.expect("the engine takes them")
}

async fn deliver(rig: Rig, ids: &[DownloadId], file: fn(&str) -> Vec<u8>) {
    for id in ids {
        let done = rig.done(*id).await;
        assert_eq!(done.attempts, 0, "no try was used up");
        assert!(
            rig.read(&done.name) == file(&format!("/{}", done.name)),
            "not the bytes of {}",
            done.name
        );
    }
    assert_eq!(rig.names().len(), ids.len());
    let names = rig.names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    rig.close(&names).await;
}

fn over_http2(asked: &[Asked]) -> usize {
    asked.iter().filter(|one| one.http2).count()
}

#[tokio::test]
async fn many_small_files_of_one_host_come_over_one_connection() {
    for adopt in [StoreMode::Shared, StoreMode::Exclusive] {
        let server = Http2Server::start(true, small, |_, _| Fate::Served).await;
        let rig = rig(&server, adopt);
        let ids = add(&rig, &server, MANY * 3).await;
        deliver(rig, &ids, small).await;
        assert_eq!(server.connections(), (1, 0));
        assert_eq!(server.asked().len(), MANY * 3, "each is asked for once");
    }
}

#[tokio::test]
async fn as_many_downloads_as_a_host_may_have_connections_each_have_their_own() {
    let server = Http2Server::start(true, small, |_, _| Fate::Served).await;
    let rig = rig(&server, StoreMode::Shared);
    let ids = add(&rig, &server, 16).await;
    deliver(rig, &ids, small).await;
    assert_eq!(over_http2(&server.asked()), 0);
}

#[tokio::test]
async fn a_host_without_http2_serves_many_small_files_over_http1() {
    let server = Http2Server::start(false, small, |_, _| Fate::Served).await;
    let rig = rig(&server, StoreMode::Shared);
    let ids = add(&rig, &server, MANY * 3).await;
    deliver(rig, &ids, small).await;
    let (http2, http1) = server.connections();
    assert_eq!(http2, 0);
    assert!(http1 <= MANY * 3, "{http1} connections");
    assert_eq!(server.asked().len(), MANY * 3, "each is asked for once");
}

#[tokio::test]
async fn what_breaks_over_http2_is_asked_for_over_http1_and_uses_up_no_try() {
    for fate in [
        Fate::Reset(0),
        Fate::Reset(7_000),
        Fate::Refused,
        Fate::Misdirected,
        Fate::Cut,
    ] {
        for adopt in [StoreMode::Shared, StoreMode::Exclusive] {
            let broken = move |_: &Asked, before: usize| match before {
                5 | 9 => fate,
                _ => Fate::Served,
            };
            let server = Http2Server::start(true, small, broken).await;
            let rig = rig(&server, adopt);
            let ids = add(&rig, &server, MANY).await;
            deliver(rig, &ids, small).await;
        }
    }
}

#[tokio::test]
async fn a_host_that_breaks_every_shared_answer_is_left_in_peace_with_http2() {
    let server = Http2Server::start(true, small, |_, _| Fate::Reset(100)).await;
    let rig = rig(&server, StoreMode::Shared);
    let few = rig.handle().set_parallel(17, None).await;
    few.expect("the engine runs");
    let ids = add(&rig, &server, MANY * 4).await;
    deliver(rig, &ids, small).await;
    assert!(over_http2(&server.asked()) < MANY * 2);
}

#[tokio::test]
async fn a_connection_that_is_lost_with_all_its_answers_is_made_again_over_http2() {
    // Everything sent until then is held, so that all of it is lost together.
    let lost = |_: &Asked, before: usize| match before {
        0..20 => Fate::Held(100),
        20 => Fate::Cut,
        _ => Fate::Served,
    };
    let server = Http2Server::start(true, small, lost).await;
    let rig = rig(&server, StoreMode::Shared);
    let few = rig.handle().set_parallel(21, None).await;
    few.expect("the engine runs");
    let ids = add(&rig, &server, MANY * 5).await;
    deliver(rig, &ids, small).await;
    let (http2, _) = server.connections();
    assert_eq!(http2, 2);
    assert!(over_http2(&server.asked()) > MANY * 3);
}

#[tokio::test]
async fn a_connection_that_is_closed_in_good_order_is_made_again_once() {
    let closing = |_: &Asked, before: usize| match before % 20 {
        19 => Fate::Goaway,
        _ => Fate::Served,
    };
    let server = Http2Server::start(true, small, closing).await;
    let rig = rig(&server, StoreMode::Shared);
    let ids = add(&rig, &server, MANY * 5).await;
    deliver(rig, &ids, small).await;
    let (http2, http1) = server.connections();
    assert!(http2 > 1, "it was closed");
    assert!(http2 + http1 <= 20, "{http2} and {http1} connections");
}

#[tokio::test]
async fn parts_of_large_files_come_over_connections_of_their_own() {
    let server = Http2Server::start(true, large, |_, _| Fate::Served).await;
    let rig = rig(&server, StoreMode::Shared);
    let ids = add(&rig, &server, MANY_LARGE).await;
    deliver(rig, &ids, large).await;
    let asked = server.asked();
    let parts = asked.iter().filter(|one| one.range != "bytes=0-");
    assert!(parts.filter(|one| one.http2).count() == 0, "{asked:?}");
}

#[tokio::test]
async fn a_large_file_that_breaks_over_http2_goes_on_from_there_over_http1() {
    let broken = |_: &Asked, before: usize| match before {
        0 => Fate::Reset(500_000),
        _ => Fate::Served,
    };
    let server = Http2Server::start(true, large, broken).await;
    let rig = rig(&server, StoreMode::Shared);
    let ids = add(&rig, &server, MANY_LARGE).await;
    deliver(rig, &ids, large).await;
    let asked = server.asked();
    let path = &asked[0].path;
    let again: Vec<_> = asked[1..].iter().filter(|one| one.path == *path).collect();
    assert_eq!(again.len(), 1, "{again:?}");
    assert!(!again[0].http2);
    // Bytes already received are not requested again.
    let from = again[0].range.strip_prefix("bytes=");
    let from = from.and_then(|range| range.split_once('-'));
    let from: u64 = from
        .and_then(|(from, _)| from.parse().ok())
        .expect("a range");
    assert!(from > 0, "{again:?}");
}

#[tokio::test]
async fn unfinished_small_files_go_on_over_http2_from_where_they_were() {
    let held = |asked: &Asked, _: usize| match asked.range.as_str() {
        "bytes=0-" => Fate::Held(9_000),
        _ => Fate::Served,
    };
    let server = Http2Server::start(true, small, held).await;
    let rig = rig(&server, StoreMode::Exclusive);
    let ids = add(&rig, &server, MANY).await;
    for id in &ids {
        rig.until(*id, |one| one.received == 9_000).await;
    }
    rig.handle().pause_all().await.expect("all can be paused");
    for id in &ids {
        rig.until(*id, |one| one.phase == Phase::Paused).await;
    }
    server.release();
    rig.handle().resume_all().await.expect("all can go on");
    deliver(rig, &ids, small).await;
    let asked = server.asked();
    let resumed: Vec<_> = asked.iter().filter(|one| one.range != "bytes=0-").collect();
    assert_eq!(resumed.len(), MANY, "{asked:?}");
    for one in resumed {
        assert!(one.range.starts_with("bytes=9000-"), "{one:?}");
    }
}
