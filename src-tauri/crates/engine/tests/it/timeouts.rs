//! Timeouts: servers that delay, and when requests are retried.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use millrace_engine::{Fix, Phase, Problem, Subscription, Update};
#[cfg(target_os = "linux")]
use tokio::net::TcpSocket;

use crate::rig::{Rig, bytes};
use crate::server::{Ranges, Server, Site};

fn quick(rig: &mut millrace_engine::Config) {
    rig.timeout = Duration::from_millis(150);
    rig.retry.max_attempts = 2;
}

/// The log, and the problems reported on the way.
fn told(news: &mut Subscription) -> (String, Vec<Problem>) {
    let (mut log, mut problems) = (String::new(), Vec::new());
    while let Some(update) = news.try_next() {
        match update {
            Update::Log(_, line) => log += &format!("{}\n", line.text),
            Update::Changed(one) => problems.extend(one.problem),
            Update::Removed(_) | Update::Kept(..) => {}
        }
    }
    (log, problems)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_given_up_after_its_tries() {
    // A listener with a full backlog accepts no further connection.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("an address"))
        .expect("loopback has free ports");
    let listener = socket.listen(1).expect("it listens");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let mut full = Vec::new();
    while let Ok(Ok(stream)) = tokio::time::timeout(
        Duration::from_millis(100),
        tokio::net::TcpStream::connect(address),
    )
    .await
    {
        full.push(stream);
    }
    let rig = Rig::with(quick);
    let id = rig.add(format!("http://{address}/file.bin")).await;
    let failed = rig.failed(id, "connect-timeout", Fix::Retry).await;
    assert_eq!(failed.attempts, 2);
    drop(full);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_server_that_accepts_and_never_answers_is_given_up_after_its_tries() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    let rig = Rig::with(quick);
    let id = rig.add(format!("http://{address}/file.bin")).await;
    let failed = rig.failed(id, "no-answer", Fix::Retry).await;
    assert_eq!(failed.attempts, 2);
    rig.close(&[]).await;
}

#[tokio::test]
async fn headers_without_a_body_are_answered_by_a_new_request_at_once() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body).holding(0)).await;
    let rig = Rig::with(quick);
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=0-99999"]);
    assert_eq!(told(&mut news).1, []);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_stalled_connection_is_replaced_from_where_it_stopped_and_counts_as_no_attempt() {
    let body = bytes(400_000);
    let site = Site::of(&body).holding(100_000).holding(50_000);
    let server = Server::start(site).await;
    let rig = Rig::with(|config| {
        config.timeout = Duration::from_millis(200);
        config.retry.max_attempts = 1;
        config.retry.max_delay = Duration::from_secs(9);
    });
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    let begun = Instant::now();
    rig.done(id).await;
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "no pause in between"
    );
    assert_eq!(
        server.ranges(),
        ["bytes=0-", "bytes=100000-399999", "bytes=150000-399999"]
    );
    let (log, problems) = told(&mut news);
    assert_eq!(problems, [], "it was going on all the time");
    assert!(
        log.contains("stood still; another one takes its place at byte 100000"),
        "{log}"
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_replacement_that_brings_nothing_either_is_a_failed_attempt() {
    let body = bytes(400_000);
    let site = Site::of(&body)
        .holding(100_000)
        .holding(0)
        .holding(0)
        .holding(0);
    let server = Server::start(site).await;
    let rig = Rig::with(quick);
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "stalled", Fix::Retry).await;
    assert_eq!(failed.received, 100_000, "what came is kept");
    assert_eq!(failed.attempts, 2);
    assert_eq!(server.asked().len(), 4, "each attempt had its replacement");
    rig.retry(id).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn one_stalled_connection_of_several_is_replaced_and_the_others_go_on() {
    let body = bytes(4 << 20);
    let site = Site {
        pace: Duration::from_millis(10),
        ..Site::of(&body)
    };
    let server = Server::start(site.holding(1 << 20).holding(1000)).await;
    let rig = Rig::with(|config| {
        config.timeout = Duration::from_millis(200);
        config.connections = 3;
    });
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    assert_eq!(told(&mut news).1, []);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_stalled_answer_that_cannot_be_gone_on_with_begins_again_as_a_new_attempt() {
    let body = bytes(300_000);
    let site = Site {
        ranges: Ranges::Ignored,
        ..Site::of(&body)
    };
    let server = Server::start(site.holding(100_000)).await;
    let rig = Rig::with(quick);
    let mut news = rig.handle().subscribe().await.expect("the engine runs");
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let stalled = told(&mut news).1.iter().any(|one| one.code() == "stalled");
    assert!(stalled, "it was said why");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

fn millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.expect("after 1970").as_millis()).expect("before the end of time")
}

/// Sends 503 with this field, and returns how long the engine waits, in milliseconds.
async fn asked_to_wait(value: String) {
    let body = bytes(1000);
    let mut site = Site::of(&body);
    site.headers.push(("Retry-After", value));
    site.status = Some(503);
    let server = Server::start(site).await;
    let rig = Rig::new();
    let begun = millis();
    let id = rig.add(server.url("/file.bin")).await;
    let waiting = rig.until(id, |one| one.phase == Phase::Waiting).await;
    let until = waiting.wait_until.expect("it says until when");
    // The rig's own maximum delay is a twentieth of a second.
    assert!((900..=3000).contains(&(until - begun)), "{}", until - begun);
    server.change(|site| site.status = None);
    rig.done(id).await;
    assert!(millis() >= until, "and keeps to it");
    assert_eq!(server.asked().len(), 2);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn retry_after_in_seconds_is_waited_for() {
    asked_to_wait("1".into()).await;
}

#[tokio::test]
async fn retry_after_as_a_date_is_waited_for() {
    let at = SystemTime::now() + Duration::from_secs(2);
    asked_to_wait(httpdate::fmt_http_date(at)).await;
}

#[tokio::test]
async fn these_statuses_are_tried_again_and_all_other_4xx_are_not() {
    let rig = Rig::with(|config| {
        config.parallel = 99;
        config.retry.max_attempts = 2;
    });
    let again = [408, 425, 429, 500, 502, 503, 504];
    let never = [
        400, 401, 402, 403, 404, 405, 406, 409, 410, 414, 418, 422, 431, 451,
    ];
    let mut asked = Vec::new();
    for status in again.into_iter().chain(never) {
        let mut site = Site::of(b"");
        site.status = Some(status);
        let server = Server::start(site).await;
        let id = rig.add(server.url("/file.bin")).await;
        asked.push((status, server, id));
    }
    for (status, server, id) in asked {
        let failed = rig.until(id, |one| one.phase == Phase::Failed).await;
        let attempts = if again.contains(&status) { 2 } else { 1 };
        assert_eq!(failed.attempts, attempts, "{status}: {failed:?}");
        // What may be about the range is asked once more without one in each attempt, and a 406 in any coding before.
        let requests = match status {
            401 | 408 | 425 | 429 => 1,
            406 => 3,
            _ => 2,
        };
        let asked = server.asked().len();
        assert_eq!(asked, requests * attempts as usize, "{status}");
    }
    rig.close(&[]).await;
}
