//! Hosts that allow only so many connections: noticed once, remembered for all downloads.

use std::time::Duration;

use millrace_engine::{Phase, Update};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

#[tokio::test]
async fn a_host_that_refuses_the_third_connection_gets_two_and_is_never_asked_for_a_third_again() {
    let body = bytes(3 << 20);
    let site = Site {
        room: Some(2),
        pace: Duration::from_millis(20),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::with(|config| config.connections = 4);
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let first = rig.add(server.url("/one.bin")).await;
    rig.done(first).await;
    assert!(rig.read("one.bin") == body);
    let refused = server.refused();
    assert!(
        (1..=3).contains(&refused),
        "one try to have more, not many: {refused}"
    );
    let mut log = String::new();
    while let Some(update) = news.try_next() {
        if let Update::Log(_, line) = update {
            log += &format!("{}\n", line.text);
        }
    }
    assert!(log.contains("allows 2 connections at once"), "{log}");
    // Two more at once: they share the two connections, one after the other.
    let second = rig.add(server.url("/two.bin")).await;
    let third = rig.add(server.url("/three.bin")).await;
    rig.done(second).await;
    rig.done(third).await;
    assert_eq!(server.refused(), refused, "nothing more was tried");
    assert_eq!(server.most_open(), 2);
    assert!(rig.read("two.bin") == body && rig.read("three.bin") == body);
    rig.close(&["one.bin", "three.bin", "two.bin"]).await;
}

#[tokio::test]
async fn downloads_that_a_host_refuses_beside_others_wait_for_their_turn_and_all_complete() {
    let body = bytes(500_000);
    let site = Site {
        room: Some(2),
        pace: Duration::from_millis(20),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::with(|config| config.parallel = 8);
    let mut ids = Vec::new();
    let names = ["a.bin", "b.bin", "c.bin", "d.bin", "e.bin", "f.bin"];
    for name in names {
        ids.push(rig.add(server.url(&format!("/{name}"))).await);
    }
    for id in ids {
        rig.done(id).await;
    }
    assert!(server.refused() <= 8, "{}", server.refused());
    assert_eq!(server.most_open(), 2);
    rig.close(&names).await;
}

#[tokio::test]
async fn sixteen_connections_at_most_go_to_one_host_over_all_downloads() {
    let body = bytes(16 << 20);
    let site = Site {
        pace: Duration::from_millis(30),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::with(|config| config.connections = 16);
    let one = rig.add(server.url("/one.bin")).await;
    rig.until(one, |it| it.connections == 16).await;
    let two = rig.add(server.url("/two.bin")).await;
    let mut most = 0;
    rig.until(two, |it| it.phase == Phase::Running).await;
    while rig.snapshot(one).await.phase != Phase::Done {
        let list = rig.handle().list().await.expect("the engine runs");
        most = most.max(list.iter().map(|it| it.connections).sum());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // The second has its first one whatever the first has.
    assert!((16..=17).contains(&most), "{most}");
    rig.done(two).await;
    assert!(rig.read("one.bin") == body && rig.read("two.bin") == body);
    rig.close(&["one.bin", "two.bin"]).await;
}
