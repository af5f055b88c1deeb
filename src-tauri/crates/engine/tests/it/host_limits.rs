//! Hosts that allow a limited number of connections: learned once, applied to all downloads.

use std::time::Duration;

use millrace_engine::{Fix, Phase, Update};

use crate::raw_server::{Reply, Wire};
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
    // Two more in parallel: they share the two connections, one after the other.
    let second = rig.add(server.url("/two.bin")).await;
    let third = rig.add(server.url("/three.bin")).await;
    rig.done(second).await;
    rig.done(third).await;
    assert_eq!(server.refused(), refused, "nothing more was tried");
    assert_eq!(server.most_open(), 2);
    assert!(rig.read("two.bin") == body && rig.read("three.bin") == body);
    rig.close(&["one.bin", "three.bin", "two.bin"]).await;
}

/// Six parallel downloads from a host that permits two connections and refuses others with that status.
async fn all_get_their_turn(refusal: u16) {
    let body = bytes(500_000);
    let site = Site {
        room: Some(2),
        refusal,
        pace: Duration::from_millis(20),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::with(|config| {
        config.parallel = 8;
        // A refusal that counted as a failed attempt would be one too many.
        config.retry.max_attempts = 1;
    });
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let mut ids = Vec::new();
    let names = ["a.bin", "b.bin", "c.bin", "d.bin", "e.bin", "f.bin"];
    for name in names {
        ids.push(rig.add(server.url(&format!("/{name}"))).await);
    }
    for id in ids {
        rig.done(id).await;
    }
    while let Some(update) = news.try_next() {
        if let Update::Changed(one) = update {
            assert_eq!(one.attempts, 0, "a turn that is waited for is no try");
        }
    }
    assert!(server.refused() <= 8, "{}", server.refused());
    assert_eq!(server.most_open(), 2);
    rig.close(&names).await;
}

#[tokio::test]
async fn downloads_that_a_host_refuses_beside_others_wait_for_their_turn_and_all_complete() {
    all_get_their_turn(503).await;
}

#[tokio::test]
async fn downloads_that_a_host_forbids_beside_others_wait_for_their_turn_and_all_complete() {
    all_get_their_turn(403).await;
}

#[tokio::test]
async fn downloads_that_are_too_many_for_a_host_wait_for_their_turn_and_all_complete() {
    all_get_their_turn(429).await;
}

#[tokio::test]
async fn a_host_that_forbids_the_third_connection_gets_two_also_for_other_downloads() {
    let body = bytes(3 << 20);
    let site = Site {
        room: Some(2),
        refusal: 403,
        pace: Duration::from_millis(20),
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::with(|config| {
        config.connections = 4;
        config.retry.max_attempts = 1;
    });
    let first = rig.add(server.url("/one.bin")).await;
    rig.done(first).await;
    let refused = server.refused();
    assert!((1..=3).contains(&refused), "{refused}");
    let second = rig.add(server.url("/two.bin")).await;
    let third = rig.add(server.url("/three.bin")).await;
    rig.done(second).await;
    rig.done(third).await;
    assert_eq!(server.refused(), refused, "nothing more was tried");
    assert!(rig.read("one.bin") == body && rig.read("two.bin") == body);
    rig.close(&["one.bin", "three.bin", "two.bin"]).await;
}

#[tokio::test]
async fn a_file_that_is_forbidden_by_itself_fails_once_its_host_has_nothing_else_of_ours() {
    let body = bytes(3 << 20);
    let file = body.clone();
    let server = Wire::start(move |heard, _| {
        if heard.path() == "/no.bin" {
            return Reply::new("HTTP/1.1 403 No", &[("Content-Length", "0")], b"");
        }
        Reply::good(heard, &file, &[]).paced(Duration::from_millis(20))
    })
    .await;
    let rig = Rig::with(|config| config.parallel = 8);
    let good = rig.add(server.url("/good.bin")).await;
    rig.until(good, |one| one.received > 0).await;
    let no = rig.add(server.url("/no.bin")).await;
    rig.until(no, |one| one.problem.is_some()).await;
    assert_eq!(rig.snapshot(no).await.attempts, 0);
    rig.done(good).await;
    let failed = rig.failed(no, "forbidden", Fix::NewLink).await;
    assert_eq!(failed.attempts, 1);
    assert!(rig.read("good.bin") == body);
    rig.close(&["good.bin"]).await;
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
    // The second gets its first connection, however many the first has.
    assert!((16..=17).contains(&most), "{most}");
    rig.done(two).await;
    assert!(rig.read("one.bin") == body && rig.read("two.bin") == body);
    rig.close(&["one.bin", "two.bin"]).await;
}
