//! Rate limits.

use std::time::{Duration, Instant};

use millrace_engine::{DownloadId, Phase, RemoveMode, Update};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Bytes per second of each over that time, as the slope of the received bytes: they are counted when written, and a
/// busy disk may delay the last ones at any single moment.
async fn rates(rig: &Rig, ids: &[DownloadId], over: Duration) -> Vec<f64> {
    let begun = Instant::now();
    let mut samples: Vec<(f64, Vec<f64>)> = Vec::new();
    while begun.elapsed() < over {
        let list = rig.handle().list().await.expect("the engine runs");
        let of = |id: &DownloadId| list.iter().find(|one| one.id == *id);
        let all: Option<Vec<f64>> = ids.iter().map(|id| Some(of(id)?.received as f64)).collect();
        samples.push((begun.elapsed().as_secs_f64(), all.expect("all are there")));
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let count = samples.len() as f64;
    let mid = samples.iter().map(|(at, _)| at).sum::<f64>() / count;
    let spread: f64 = samples.iter().map(|(at, _)| (at - mid).powi(2)).sum();
    let slope = |n: usize| {
        let product = |(at, all): &(f64, Vec<f64>)| (at - mid) * all[n];
        samples.iter().map(product).sum::<f64>() / spread
    };
    (0..ids.len()).map(slope).collect()
}

fn within_five_percent(rate: f64, limit: u64) -> bool {
    (0.95..=1.05).contains(&(rate / limit as f64))
}

async fn drop_all(rig: &Rig, ids: &[DownloadId]) {
    for id in ids {
        rig.remove(*id, RemoveMode::Keep).await;
    }
}

#[tokio::test]
async fn the_set_rate_is_kept_within_five_percent_over_five_seconds_with_one_and_with_eight_connections()
 {
    // Each from a server of its own: a host has sixteen connections for all downloads together.
    // Where several connections are wished for, each alone is slower than the limit.
    let serve = async |megabytes, pace| {
        let mut site = Site::of(&bytes(1 << 20).repeat(megabytes));
        site.pace = Duration::from_millis(pace);
        Server::start(site).await
    };
    let rig = Rig::with(|config| config.parallel = 9);
    let kinds = [
        (1, 1_000_000),
        (8, 1_000_000),
        (1, 300_000),
        (8, 300_000),
        (8, 10_000_000),
    ];
    let (mut servers, mut own) = (Vec::new(), Vec::new());
    for (connections, limit) in kinds {
        // 64 KiB in that time on each: seven of the eight would not do.
        let pace = (65_536 * 7_500 / limit) * u64::from(connections > 1);
        let server = serve(if limit > 1_000_000 { 160 } else { 16 }, pace).await;
        let mut wish = rig.wish(server.url("/file.bin"));
        wish.connections = Some(connections);
        wish.limit = Some(limit);
        own.push(rig.add_as(wish).await);
        servers.push(server);
    }
    let shared = Rig::with(|config| config.limit = Some(2_000_000));
    let mut together = Vec::new();
    for connections in [1, 1, 8] {
        let server = serve(16, 0).await;
        let mut wish = shared.wish(server.url("/file.bin"));
        wish.connections = Some(connections);
        together.push(shared.add_as(wish).await);
        servers.push(server);
    }
    // The slowest server has sent a piece on each connection by then.
    tokio::time::sleep(Duration::from_millis(3500)).await;
    let five = Duration::from_secs(5);
    // A machine that did not schedule this process for a while is not the limiter's fault; a faulty limiter errs twice.
    let mut tries = 0;
    let parts = loop {
        tries += 1;
        let (alone, parts) = tokio::join!(rates(&rig, &own, five), rates(&shared, &together, five));
        let limits = kinds.iter().map(|(_, limit)| *limit);
        let mut all: Vec<(f64, u64)> = alone.into_iter().zip(limits).collect();
        all.push((parts.iter().sum(), 2_000_000));
        let off = all
            .into_iter()
            .find(|(rate, limit)| !within_five_percent(*rate, *limit));
        match off {
            None => break parts,
            Some((rate, limit)) => {
                assert!(tries < 2, "{rate:.0} instead of {limit} bytes per second");
            }
        }
    };
    assert!(
        parts.iter().all(|rate| *rate > 100_000.0),
        "all get on: {parts:?}"
    );
    for (id, (connections, _)) in own.iter().zip(kinds) {
        let one = rig.snapshot(*id).await;
        let still = (one.phase, one.connections);
        assert_eq!(still, (Phase::Running, connections), "it still ran");
    }
    drop_all(&rig, &own).await;
    drop_all(&shared, &together).await;
    rig.close(&[]).await;
    shared.close(&[]).await;
}

#[tokio::test]
async fn a_limit_changed_or_lifted_while_it_runs_takes_effect_at_once() {
    let body = bytes(4_000_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.limit = Some(20_000);
    wish.connections = Some(4);
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received > 0).await;
    let change = async |rate| {
        let changed = rig.handle().set_limit_of(id, rate).await;
        changed.expect("a running download takes a limit");
    };
    change(Some(2_000_000)).await;
    let faster = rates(&rig, &[id], Duration::from_millis(600)).await[0];
    assert!((1_700_000.0..2_300_000.0).contains(&faster), "{faster:.0}");
    change(Some(20_000)).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let slower = rates(&rig, &[id], Duration::from_millis(400)).await[0];
    assert!(slower < 60_000.0, "{slower:.0}");
    let begun = Instant::now();
    change(None).await;
    rig.done(id).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "lifted at once");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_limit_below_what_one_read_brings_is_no_stall() {
    let body = bytes(60_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::with(|config| {
        config.timeout = Duration::from_millis(150);
        config.limit = Some(60_000);
    });
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    while let Some(update) = news.try_next() {
        if let Update::Changed(one) = update {
            assert_eq!(one.problem, None);
        }
    }
    assert_eq!(server.asked().len(), 1, "and no connection was replaced");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_low_limit_opens_no_crowd_that_only_trickles_and_one_set_later_ends_it() {
    let body = bytes(30_000_000);
    let mut site = Site::of(&body);
    site.pace = Duration::from_millis(20);
    let server = Server::start(site).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.connections = Some(16);
    wish.limit = Some(200_000);
    let id = rig.add_as(wish).await;
    let one = rates(&rig, &[id], Duration::from_millis(1500)).await[0];
    assert!(one > 100_000.0 && server.most_open() == 1, "{one:.0}");
    let change = async |rate| {
        let changed = rig.handle().set_limit_of(id, rate).await;
        changed.expect("a running download takes a limit");
    };
    change(None).await;
    rig.until(id, |one| one.connections > 4).await;
    change(Some(200_000)).await;
    rig.until(id, |one| one.connections == 1).await;
    change(None).await;
    rig.delivers(id, &body).await;
}
