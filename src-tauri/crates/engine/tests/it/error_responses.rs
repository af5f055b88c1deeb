//! Servers that refuse, respond incorrectly, or do not respond.

use std::time::Duration;

use millrace_engine::{CommandError, Fix, Phase, Problem, RetryPolicy};

use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

#[tokio::test]
async fn a_404_to_both_kinds_of_request_fails_at_once_and_asks_for_another_link() {
    let server = Server::start(Site {
        status: Some(404),
        ..Site::of(b"")
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "not-found", Fix::NewLink).await;
    assert_eq!(failed.attempts, 1);
    assert_eq!(server.ranges(), ["bytes=0-", "none"]);
    // Changing the URL is enough.
    let body = bytes(1000);
    let other = Server::start(Site::of(&body)).await;
    let changed = rig.handle().change_url(id, other.url("/file.bin")).await;
    changed.expect("a failed download takes another link");
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let body = bytes(1000);
    let server = Server::start(Site {
        status: Some(503),
        ..Site::of(&body)
    })
    .await;
    let rig = Rig::with(|config| config.retry.max_delay = Duration::from_millis(500));
    let id = rig.add(server.url("/file.bin")).await;
    let waiting = rig.until(id, |one| one.phase == Phase::Waiting).await;
    assert!(matches!(
        waiting.problem,
        Some(Problem::ServerError { status: 503, .. })
    ));
    server.change(|site| site.status = None);
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_command_that_does_not_apply_leaves_the_count_of_attempts() {
    let mut site = Site::of(b"");
    site.status = Some(503);
    site.headers.push(("Retry-After", "3600".into()));
    let (server, rig, id) = begun(site).await;
    rig.until(id, |one| one.phase == Phase::Waiting).await;
    let resumed = rig.handle().resume(id).await;
    assert_eq!(resumed, Err(CommandError::NotNow(id)));
    assert_eq!(rig.snapshot(id).await.attempts, 1);
    assert_eq!(server.asked().len(), 1);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_then_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    drop(listener);
    let rig = Rig::with(|config| {
        config.retry = RetryPolicy {
            max_attempts: 2,
            max_delay: Duration::from_millis(400),
        };
    });
    let id = rig.add(format!("http://{address}/file.bin")).await;
    let waiting = rig.until(id, |one| one.phase == Phase::Waiting).await;
    assert!(matches!(
        waiting.problem,
        Some(Problem::ConnectionRefused { .. })
    ));
    assert!(waiting.wait_until.is_some());
    let failed = rig.failed(id, "connection-refused", Fix::Retry).await;
    assert_eq!(failed.attempts, 2);
    rig.close(&[]).await;
}

#[tokio::test]
async fn an_unknown_host_is_given_up_with_a_request_for_another_link() {
    let rig = Rig::new();
    // A label longer than host names permit: the resolver fails without a query.
    let host = format!("{}.invalid", "a".repeat(64));
    let id = rig.add(format!("http://{host}/file.bin")).await;
    rig.failed(id, "unknown-host", Fix::NewLink).await;
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_compressed_answer_is_refused() {
    let mut site = Site::of(&bytes(1000));
    site.headers.push(("Content-Encoding", "gzip".into()));
    let (server, rig, id) = begun(site).await;
    rig.failed(id, "encoded", Fix::NewLink).await;
    assert_eq!(
        server.asked()[0].header("accept-encoding"),
        Some("identity")
    );
    rig.close(&[]).await;
}
