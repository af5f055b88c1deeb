//! How many downloads run in parallel, and which is next.

use std::time::Duration;

use millrace_engine::{CommandError, DownloadId, NewDownload, Phase, Priority, QueueMove};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

async fn phases(rig: &Rig) -> Vec<Phase> {
    let list = rig.handle().list().await.expect("the engine runs");
    list.iter().map(|one| one.phase).collect()
}

async fn queue(rig: &Rig) -> Vec<DownloadId> {
    rig.handle().queue().await.expect("the engine runs")
}

/// Adds downloads of these names.
async fn add(rig: &Rig, server: &Server, names: &[&str]) -> Vec<DownloadId> {
    let wishes = names
        .iter()
        .map(|name| rig.wish(server.url(&format!("/{name}"))));
    let added = rig.handle().add_many(wishes.collect()).await;
    added.expect("the engine takes them")
}

#[tokio::test]
async fn no_more_run_at_once_than_allowed_and_all_get_their_turn() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body).holding(1000)).await;
    let rig = Rig::with(|config| config.parallel = 1);
    let one = rig.add(server.url("/one.bin")).await;
    let two = rig.add(server.url("/two.bin")).await;
    rig.until(one, |it| it.received == 1000).await;
    assert_eq!(rig.snapshot(two).await.phase, Phase::Queued);
    assert_eq!(server.asked().len(), 1);
    server.release();
    rig.done(one).await;
    rig.done(two).await;
    assert_eq!(server.most_open(), 1);
    rig.close(&["one.bin", "two.bin"]).await;
}

#[tokio::test]
async fn more_in_parallel_start_at_once_and_fewer_let_those_that_run_finish() {
    let body = bytes(100_000);
    let site = Site::of(&body).holding(1000).holding(1000).holding(1000);
    let server = Server::start(site).await;
    let rig = Rig::with(|config| config.parallel = 1);
    let names = ["a.bin", "b.bin", "c.bin", "d.bin"];
    let ids = add(&rig, &server, &names).await;
    rig.until(ids[0], |one| one.received == 1000).await;
    assert_eq!(queue(&rig).await, ids[1..]);
    let more = rig.handle().set_parallel(3, None).await;
    more.expect("the engine runs");
    rig.until(ids[2], |one| one.received == 1000).await;
    assert_eq!(queue(&rig).await, ids[3..]);
    let fewer = rig.handle().set_parallel(1, None).await;
    fewer.expect("the engine runs");
    let running = [
        Phase::Running,
        Phase::Running,
        Phase::Running,
        Phase::Queued,
    ];
    rig.until(ids[1], |one| one.phase == Phase::Running).await;
    assert_eq!(phases(&rig).await, running);
    server.release();
    for id in ids {
        rig.done(id).await;
    }
    assert_eq!(server.most_open(), 3);
    rig.close(&names).await;
}

#[tokio::test]
async fn no_more_run_from_one_host_than_allowed_and_other_hosts_do_not_wait_for_it() {
    let body = bytes(100_000);
    let slow = Server::start(Site::of(&body).holding(1000)).await;
    let other = Server::start(Site::of(&body)).await;
    let rig = Rig::with(|config| config.per_host = Some(1));
    let first = add(&rig, &slow, &["a.bin", "b.bin"]).await;
    rig.until(first[0], |one| one.received == 1000).await;
    let elsewhere = rig.add(other.url("/c.bin")).await;
    rig.done(elsewhere).await;
    assert_eq!(queue(&rig).await, [first[1]]);
    assert_eq!(slow.asked().len(), 1);
    // Changed while it runs.
    let more = rig.handle().set_parallel(4, Some(2)).await;
    more.expect("the engine runs");
    rig.done(first[1]).await;
    slow.release();
    rig.done(first[0]).await;
    rig.close(&["a.bin", "b.bin", "c.bin"]).await;
}

#[tokio::test]
async fn who_runs_next_follows_priority_then_place_then_age() {
    let body = bytes(2000);
    let server = Server::start(Site::of(&body).holding(1000)).await;
    let rig = Rig::with(|config| config.parallel = 1);
    let names = ["a.bin", "b.bin", "c.bin", "d.bin", "e.bin", "f.bin"];
    let ids = add(&rig, &server, &names).await;
    let [a, b, c, d, e, f] = ids[..] else {
        panic!("six were added");
    };
    rig.until(a, |one| one.received == 1000).await;
    let handle = rig.handle();
    handle
        .set_priority(e, Priority::High)
        .await
        .expect("it is queued");
    handle
        .set_priority(b, Priority::Low)
        .await
        .expect("it is queued");
    handle
        .move_in_queue(f, QueueMove::Top)
        .await
        .expect("it is queued");
    handle
        .move_in_queue(c, QueueMove::Down)
        .await
        .expect("it is queued");
    assert_eq!(queue(&rig).await, [e, f, d, c, b]);
    handle
        .move_in_queue(d, QueueMove::Up)
        .await
        .expect("it is queued");
    handle
        .move_in_queue(f, QueueMove::Bottom)
        .await
        .expect("it is queued");
    handle
        .move_in_queue(b, QueueMove::Before(e))
        .await
        .expect("it is queued");
    assert_eq!(queue(&rig).await, [b, e, d, c, f]);
    assert_eq!(rig.snapshot(b).await.priority, Priority::High);
    handle.pause(a).await.expect("it runs");
    rig.until(a, |one| one.phase == Phase::Paused).await;
    for id in [b, e, d, c, f] {
        rig.until(id, |one| one.phase == Phase::Done).await;
    }
    let paths: Vec<String> = server.asked().iter().map(|one| one.path.clone()).collect();
    assert_eq!(
        paths,
        ["/a.bin", "/b.bin", "/e.bin", "/d.bin", "/c.bin", "/f.bin"]
    );
    // A finished download has no place in the queue.
    let late = rig.handle().move_in_queue(f, QueueMove::Top).await;
    assert_eq!(late, Err(CommandError::NotNow(f)));
    server.release();
    rig.resume(a).await;
    rig.done(a).await;
    rig.close(&names).await;
}

#[tokio::test]
async fn the_order_is_kept_with_the_list_and_what_ran_goes_on_first() {
    let body = bytes(5000);
    let server = Server::start(Site::of(&body).holding(1000).holding(1000)).await;
    let rig = Rig::with(|config| config.parallel = 1);
    let names = ["a.bin", "b.bin", "c.bin"];
    let ids = add(&rig, &server, &names).await;
    rig.until(ids[0], |one| one.received == 1000).await;
    let moved = rig.handle().move_in_queue(ids[2], QueueMove::Top).await;
    moved.expect("it is queued");
    let rig = rig.restart().await;
    rig.until(ids[0], |one| one.received == 2000).await;
    assert_eq!(queue(&rig).await, [ids[2], ids[1]]);
    server.release();
    for id in ids {
        rig.done(id).await;
    }
    rig.close(&names).await;
}

#[tokio::test]
async fn a_thousand_queued_at_one_busy_host_do_not_slow_down_another_host() {
    let body = bytes(2000);
    let busy = Server::start(Site::of(&body).holding(1000)).await;
    let other = Server::start(Site::of(&body)).await;
    let rig = Rig::with(|config| config.per_host = Some(1));
    let mut wishes: Vec<_> = (0..1000)
        .map(|n| rig.wish(busy.url(&format!("/{n}"))))
        .collect();
    wishes.push(rig.wish(other.url("/other.bin")));
    let ids = rig
        .handle()
        .add_many(wishes)
        .await
        .expect("the engine takes them");
    let begun = std::time::Instant::now();
    rig.until(ids[1000], |one| one.phase == Phase::Done).await;
    assert!(begun.elapsed() < Duration::from_secs(1));
    assert_eq!(queue(&rig).await.len(), 999);
    let paused = rig.handle().pause_all().await;
    paused.expect("the engine runs");
    rig.until(ids[0], |one| one.phase == Phase::Paused).await;
    assert_eq!(busy.asked().len(), 1);
    rig.close(&["0.part", "other.bin"]).await;
}

#[tokio::test]
async fn those_added_as_the_first_come_before_all_others_of_their_priority_in_their_order() {
    let body = bytes(5000);
    let server = Server::start(Site::of(&body).holding(1000)).await;
    let rig = Rig::with(|config| config.parallel = 1);
    let names = ["a.bin", "b.bin", "c.bin"];
    let ids = add(&rig, &server, &names).await;
    rig.until(ids[0], |one| one.received == 1000).await;
    let first = ["d.bin", "e.bin", "f.bin"].map(|name| NewDownload {
        queue_first: true,
        priority: if name == "e.bin" {
            Priority::High
        } else {
            Priority::Normal
        },
        ..rig.wish(server.url(&format!("/{name}")))
    });
    let added = rig.handle().add_many(first.into()).await;
    let [d, e, f]: [DownloadId; 3] = added.expect("the engine takes them").try_into().unwrap();
    assert_eq!(queue(&rig).await, [e, d, f, ids[1], ids[2]]);
    let more = add(&rig, &server, &["g.bin"]).await;
    assert_eq!(queue(&rig).await, [e, d, f, ids[1], ids[2], more[0]]);
    assert_eq!(rig.snapshot(ids[0]).await.phase, Phase::Running);
    server.release();
    for id in ids.into_iter().chain([d, e, f]).chain(more) {
        rig.done(id).await;
    }
    rig.close(&[
        "a.bin", "b.bin", "c.bin", "d.bin", "e.bin", "f.bin", "g.bin",
    ])
    .await;
}
