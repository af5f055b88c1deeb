//! Speed limits and the number of downloads at once.

use std::time::Instant;

use millrace_engine::Phase;

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

#[tokio::test]
async fn a_speed_limit_holds_within_a_tenth() {
    let body = bytes(3_000_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.limit = Some(1_000_000);
    let id = rig.add_as(wish).await;
    let from = rig.until(id, |one| one.received >= 300_000).await.received;
    let begun = Instant::now();
    let to = rig
        .until(id, |one| one.received >= 2_300_000)
        .await
        .received;
    let rate = (to - from) as f64 / begun.elapsed().as_secs_f64();
    assert!(
        (900_000.0..1_100_000.0).contains(&rate),
        "{rate:.0} bytes per second"
    );
    // Lifting it takes effect at once.
    rig.handle()
        .limit_one(id, None)
        .await
        .expect("a running download takes a limit");
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn the_limit_of_all_is_shared() {
    let body = bytes(1_200_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::with(|config| config.limit = Some(1_000_000));
    let begun = Instant::now();
    let one = rig.add(server.url("/one.bin")).await;
    let two = rig.add(server.url("/two.bin")).await;
    rig.done(one).await;
    rig.done(two).await;
    let took = begun.elapsed().as_secs_f64();
    assert!(took > 2.4 * 0.9, "2.4 million bytes took {took:.2} s");
    rig.close(&["one.bin", "two.bin"]).await;
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
