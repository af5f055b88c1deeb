//! Several connections for one file.

use std::time::{Duration, Instant};

use millrace_engine::{Phase, Update};

use crate::rig::{Rig, bytes};
use crate::server::{Ranges, Server, Site};

#[tokio::test]
async fn four_connections_fetch_each_byte_exactly_once() {
    let body = bytes(12 << 20);
    let total = body.len() as u64;
    let site = Site {
        pace: Duration::from_millis(15),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.connections = Some(4);
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    let mut finishing = None;
    while let Some(update) = news.try_next() {
        if let Update::Changed(one) = update {
            assert!(one.received <= total && one.connections <= 4, "{one:?}");
            if one.phase == Phase::Finishing {
                finishing = Some(one.received);
            }
        }
    }
    // While a worker is there, bytes are counted as they are written: a byte written twice would count twice.
    assert_eq!(finishing, Some(total));
    assert!(server.most_open() >= 4, "all four were used");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn all_connections_are_open_within_a_second_also_after_a_pause() {
    let body = bytes(48 << 20);
    let site = Site {
        pace: Duration::from_millis(60),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.connections = Some(16);
    let id = rig.add_as(wish).await;
    for _ in 0..2 {
        rig.until(id, |one| one.phase == Phase::Running).await;
        let begun = Instant::now();
        rig.until(id, |one| one.connections == 16).await;
        assert!(begun.elapsed() < Duration::from_secs(1));
        rig.handle().pause(id).await.expect("it runs");
        rig.until(id, |one| one.phase == Phase::Paused).await;
        rig.resume(id).await;
    }
    server.change(|site| site.pace = Duration::ZERO);
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_server_without_ranges_is_asked_once_whatever_was_wished() {
    let body = bytes(4 << 20);
    let site = Site {
        ranges: Ranges::Ignored,
        pace: Duration::from_millis(10),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.connections = Some(4);
    let id = rig.add_as(wish).await;
    assert_eq!(rig.done(id).await.resumable, Some(false));
    assert_eq!(server.asked().len(), 1);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn the_holes_between_four_connections_are_filled_after_a_restart() {
    let body = bytes(8 << 20);
    let site = Site {
        pace: Duration::from_millis(20),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.connections = Some(4);
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received > 3 << 20).await;
    let rig = rig.restart().await;
    let first = rig.snapshot(id).await;
    assert!(
        first.received > 3 << 20,
        "what was there is kept: {first:?}"
    );
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}
