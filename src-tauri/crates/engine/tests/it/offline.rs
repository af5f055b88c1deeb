//! A machine that loses its network connection, regains it, or changes to another network.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use millrace_engine::{Connectivity, ConnectivitySource, Fix, Phase, Update};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// A network whose state is set by the test.
#[derive(Clone)]
struct Told(Arc<Mutex<Connectivity>>);

impl Told {
    fn new(way: Connectivity) -> Self {
        Self(Arc::new(Mutex::new(way)))
    }

    fn set(&self, way: Connectivity) {
        *self.0.lock().expect("nothing panics with this lock held") = way;
    }
}

impl ConnectivitySource for Told {
    fn connectivity(&self) -> Connectivity {
        self.0
            .lock()
            .expect("nothing panics with this lock held")
            .clone()
    }
}

fn out(own: &str) -> Connectivity {
    Connectivity::Online(vec![own.parse().expect("an address")])
}

/// A URL whose host name fails to resolve without a query: its label is longer than host names permit.
fn nowhere() -> String {
    format!("http://{}.invalid/file.bin", "a".repeat(64))
}

#[tokio::test]
async fn without_a_network_it_waits_without_using_up_tries_and_starts_at_once_when_there_is_one() {
    let network = Told::new(Connectivity::Offline);
    let rig = Rig::with(|config| {
        config.network = Arc::new(network.clone());
        config.retry.max_attempts = 1;
    });
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(nowhere()).await;
    let waiting = rig.until(id, |one| one.phase == Phase::Waiting).await;
    assert_eq!(waiting.problem.map(|it| it.code()), Some("offline"));
    assert_eq!(waiting.attempts, 0);
    // A retry by the user changes nothing.
    rig.retry(id).await;
    let waiting = rig.until(id, |one| one.phase == Phase::Waiting).await;
    assert_eq!(waiting.attempts, 0, "{waiting:?}");
    let begun = Instant::now();
    network.set(out("10.0.0.2"));
    // Now there is a network, and the name still does not resolve: that is a problem of its own.
    let failed = rig.failed(id, "unknown-host", Fix::NewLink).await;
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(failed.attempts, 1);
    let mut said = 0;
    while let Some(update) = news.try_next() {
        if let Update::Log(_, line) = update {
            said += usize::from(line.text.contains("waiting for the network"));
        }
    }
    assert_eq!(said, 1, "said once, however often it was tried");
    rig.close(&[]).await;
}

#[tokio::test]
async fn an_engine_that_does_not_wait_for_a_network_fails_after_its_tries() {
    let rig = Rig::with(|config| {
        config.network = Arc::new(Told::new(Connectivity::Offline));
        config.wait_for_network = false;
        config.retry.max_attempts = 2;
    });
    let id = rig.add(nowhere()).await;
    let failed = rig.failed(id, "unknown-host", Fix::NewLink).await;
    assert_eq!(failed.attempts, 2);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_server_in_a_local_network_that_the_system_keeps_the_app_out_of_asks_for_the_persons_leave()
 {
    let rig = Rig::with(|config| config.retry.max_attempts = 1);
    let link = format!("http://{}.local/file.bin", "a".repeat(64));
    let id = rig.add(link).await;
    rig.failed(id, "unknown-host", Fix::NewLink).await;
    let kept_out = rig.handle().set_local_network(false).await;
    kept_out.expect("the engine runs");
    rig.retry(id).await;
    rig.failed(id, "local-network", Fix::Retry).await;
    let let_in = rig.handle().set_local_network(true).await;
    let_in.expect("the engine runs");
    rig.retry(id).await;
    rig.failed(id, "unknown-host", Fix::NewLink).await;
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_near_server_is_not_judged_by_the_network() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    drop(listener);
    let body = bytes(1000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::with(|config| config.network = Arc::new(Told::new(Connectivity::Offline)));
    let refused = rig.add(format!("http://{address}/refused.bin")).await;
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    rig.failed(refused, "connection-refused", Fix::Retry).await;
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn after_a_change_of_network_silent_connections_are_replaced_within_a_second() {
    let body = bytes(400_000);
    let server = Server::start(Site::of(&body).holding(100_000)).await;
    let network = Told::new(out("10.0.0.2"));
    let rig = Rig::with(|config| config.network = Arc::new(network.clone()));
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == 100_000).await;
    // Two polls, so that a change is detected.
    tokio::time::sleep(Duration::from_millis(600)).await;
    let begun = Instant::now();
    network.set(out("10.9.9.9"));
    rig.done(id).await;
    // The rig's timeout is ten seconds.
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(server.ranges()[1], "bytes=100000-399999");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn when_the_platform_says_that_the_network_changed_what_waits_for_its_server_starts_at_once()
{
    let body = bytes(400_000);
    let server = Server::start(Site::of(&body).cutting(100_000)).await;
    let rig = Rig::with(|config| config.retry.max_delay = Duration::from_secs(9));
    let id = rig.add(server.url("/file.bin")).await;
    let waiting = rig.until(id, |one| one.phase == Phase::Waiting).await;
    assert_eq!(waiting.problem.map(|it| it.code()), Some("connection-lost"));
    let begun = Instant::now();
    let changed = rig.handle().network_changed().await;
    changed.expect("the engine runs");
    rig.done(id).await;
    assert!(
        begun.elapsed() < Duration::from_millis(500),
        "{:?}",
        begun.elapsed()
    );
    rig.close(&["file.bin"]).await;
}
