//! Several connections for one file.

use std::time::{Duration, Instant};

use millrace_engine::{Phase, Update};

use crate::raw_server::{Reply, Wire};
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
    let id = rig.add_over(4, server.url("/file.bin")).await;
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
    // While a worker runs, bytes are counted as they are written: a byte written twice would count twice.
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
    let id = rig.add_over(16, server.url("/file.bin")).await;
    for _ in 0..2 {
        rig.until(id, |one| one.phase == Phase::Running).await;
        let begun = Instant::now();
        rig.until(id, |one| one.connections == 16).await;
        assert!(begun.elapsed() < Duration::from_secs(1));
        rig.pause(id).await;
        rig.until(id, |one| one.phase == Phase::Paused).await;
        rig.resume(id).await;
    }
    server.change(|site| site.pace = Duration::ZERO);
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn nothing_is_connected_before_the_size_is_known_and_all_connections_at_once_when_it_is() {
    let body = bytes(8 << 20);
    let site = Site {
        late: Duration::from_millis(300),
        pace: Duration::from_millis(30),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    loop {
        let accepted = server.accepted();
        if server.most_open() > 0 {
            break;
        }
        assert!(accepted <= 1, "one until its answer");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    rig.until(id, |one| one.connections == 4).await;
    assert_eq!(server.accepted(), 4);
    server.change(|site| site.late = Duration::ZERO);
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn forty_small_files_take_no_more_connections_than_run_at_once() {
    let body = bytes(4 << 10);
    let file = body.clone();
    let server = Wire::start(move |heard, _| {
        let reply = Reply::good(heard, &file, &[]);
        reply.after(Duration::from_millis(60)).keeping()
    })
    .await;
    let rig = Rig::with(|config| {
        config.parallel = 4;
        config.connections = 16;
    });
    let mut ids = Vec::new();
    for n in 0..40 {
        ids.push(rig.add(server.url(&format!("/{n}.bin"))).await);
    }
    for id in ids {
        rig.done(id).await;
    }
    for n in 0..40 {
        assert!(rig.read(&format!("{n}.bin")) == body);
    }
    assert_eq!(server.heard().len(), 40, "one request for each");
    assert!(
        (1..=4).contains(&server.accepted()),
        "{}",
        server.accepted()
    );
}

#[tokio::test]
async fn a_file_of_less_than_a_mebibyte_gets_one_connection_however_slow_it_comes() {
    let body = bytes(1_000_000);
    let site = Site {
        late: Duration::from_millis(60),
        pace: Duration::from_millis(40),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add_over(16, server.url("/file.bin")).await;
    rig.done(id).await;
    assert_eq!(server.accepted(), 1);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_large_file_that_is_gone_on_with_is_connected_ahead_within_its_hosts_limit() {
    let body = bytes(24 << 20);
    let server = Server::start(Site::of(&body).holding(100_000)).await;
    // One until it is paused, so that exactly this much has arrived.
    let rig = Rig::with(|config| config.connections = 1);
    let id = rig.paused_at(&server, 100_000).await;
    let four = rig.handle().set_connections(4).await;
    four.expect("the engine runs");
    server.change(|site| {
        site.late = Duration::from_millis(400);
        site.pace = Duration::from_millis(30);
    });
    let before = (server.accepted(), server.asked().len());
    rig.resume(id).await;
    while server.accepted() < before.0 + 4 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let asked = server.asked().len() - before.1;
    assert_eq!(asked, 1, "nothing is asked on the others");
    rig.until(id, |one| one.connections == 4).await;
    assert_eq!(server.accepted(), before.0 + 4, "those are used");
    server.change(|site| {
        site.late = Duration::ZERO;
        site.pace = Duration::ZERO;
    });
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
    let id = rig.add_over(4, server.url("/file.bin")).await;
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
    let id = rig.add_over(4, server.url("/file.bin")).await;
    rig.until(id, |one| one.received > 3 << 20).await;
    let rig = rig.restart().await;
    let first = rig.snapshot(id).await;
    assert!(
        first.received > 3 << 20,
        "what was there is kept: {first:?}"
    );
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn more_or_fewer_connections_of_a_running_download_come_and_go_at_once() {
    let body = bytes(32 << 20);
    let mut site = Site::of(&body);
    site.pace = Duration::from_millis(60);
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.connections == 1 && one.received > 0)
        .await;
    let handle = rig.handle();
    let four = handle.set_connections_of(id, Some(4)).await;
    four.expect("it runs");
    let wide = rig.until(id, |one| one.connections == 4).await;
    assert_eq!(wide.max_connections, Some(4));
    let segments = handle.segments(id).await.expect("it is on the list");
    assert_eq!(segments.total, Some(body.len() as u64));
    assert_eq!(segments.active.len(), 4);
    for one in &segments.active {
        assert!(one.from <= one.at && one.at < one.to, "{one:?}");
    }
    assert!(segments.done.is_sorted() && !segments.done.is_empty());
    // Its own limit does not affect other downloads.
    handle.set_connections(9).await.expect("the engine runs");
    let two = handle.set_connections_of(id, Some(2)).await;
    two.expect("it runs");
    rig.until(id, |one| one.connections == 2).await;
    assert_eq!(server.refused(), 0);
    let default = handle.set_connections_of(id, None).await;
    default.expect("it runs");
    rig.until(id, |one| one.connections == 9).await;
    handle.set_connections(3).await.expect("the engine runs");
    rig.until(id, |one| one.connections == 3).await;
    server.change(|site| site.pace = Duration::ZERO);
    handle.pause(id).await.expect("it runs");
    rig.until(id, |one| one.phase == Phase::Paused).await;
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(rig.read("file.bin"), body);
    let segments = handle.segments(id).await.expect("it is on the list");
    assert_eq!(segments.done, [(0, body.len() as u64)]);
    assert!(segments.active.is_empty());
    rig.close(&["file.bin"]).await;
}
