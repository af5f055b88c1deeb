//! A phone that fetches by itself while the app sleeps, like iOS.

use std::io::{Read, Write};
use std::net::TcpStream;

use tauri_plugin_transfer::RangeFetched;

use super::*;

impl Stage {
    /// On such a phone, with a server that supports ranges.
    async fn asleep() -> Self {
        let server = Server::with_parts(body(), Duration::from_millis(60));
        let stage = Self::on(TestEngine::patient(), server).await;
        stage.fake.fetches.store(true, Ordering::Relaxed);
        stage
    }

    /// Waits until ranges were offloaded this many times; returns the last ones.
    async fn handed(&self, times: usize) -> Vec<RangeFetch> {
        self.so(|fake| fake.handed().len() >= times).await;
        let handed = self.fake.handed();
        assert_eq!(handed.len(), times);
        handed.last().unwrap().clone()
    }

    /// Fetches a range as the phone does.
    fn fetched(&self, fetch: &RangeFetch) -> RangeFetched {
        let place = self.works.folder.path().join(&fetch.token);
        let (status, headers, content) = get(fetch);
        std::fs::write(&place, content).unwrap();
        RangeFetched {
            token: fetch.token.clone(),
            file: Some(place.to_string_lossy().into_owned()),
            status,
            headers,
        }
    }

    fn fetch_all(&self, fetches: &[RangeFetch]) {
        for fetch in fetches {
            self.hear(PlatformEvent::RangeFetched(self.fetched(fetch)));
        }
    }
}

/// Requests a range, as any client would.
fn get(fetch: &RangeFetch) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let (host, path) = fetch
        .url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let (from, last) = (fetch.from, fetch.to.unwrap() - 1);
    write!(
        stream,
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nRange: bytes={from}-{last}\r\n\r\n"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let content = answer.split_off(end + 4);
    let head = String::from_utf8(answer).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (status, headers.collect(), content)
}

#[tokio::test]
async fn suspended_it_hands_over_what_is_missing_and_what_the_phone_has_fetched_makes_the_file_whole()
 {
    let stage = Stage::asleep().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.hear(PlatformEvent::Away);
    let fetches = stage.handed(1).await;
    assert!(fetches.iter().all(|fetch| !fetch.unmetered_only));
    let asked = stage.server.asked();
    stage.fetch_all(&fetches);
    stage.right(id).await;
    assert_eq!(
        stage.server.asked(),
        asked + fetches.len(),
        "by nobody but the phone"
    );
    let stays = |fetch: &RangeFetch| stage.works.folder.path().join(&fetch.token).exists();
    assert!(!fetches.iter().any(stays));
}

#[tokio::test]
async fn seen_again_it_calls_everything_back_and_goes_on_by_itself() {
    let stage = Stage::asleep().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.hear(PlatformEvent::Away);
    assert!(!stage.handed(1).await.is_empty());
    stage.hear(PlatformEvent::Back { work_ended: true });
    assert_eq!(stage.handed(2).await, []);
    stage.right(id).await;
}

#[tokio::test]
async fn killed_while_the_phone_fetches_nothing_is_lost_and_the_next_process_hears_of_it() {
    let stage = Stage::asleep().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    // progress is stored within a second
    stage.works.handle.pause(id).await.unwrap();
    stage.until(id, |one| one.phase == Phase::Paused).await;
    stage.works.handle.resume(id).await.unwrap();
    stage.until(id, |one| one.phase == Phase::Running).await;
    stage.hear(PlatformEvent::Away);
    let fetches = stage.handed(1).await;
    let came: Vec<RangeFetched> = fetches.iter().map(|one| stage.fetched(one)).collect();
    let stage = stage.killed().await;
    stage.fake.fetches.store(true, Ordering::Relaxed);
    for one in came {
        let place = PathBuf::from(one.file.clone().unwrap());
        stage.hear(PlatformEvent::RangeFetched(one));
        let taken = async {
            while place.exists() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let taken = tokio::time::timeout(Duration::from_secs(20), taken).await;
        taken.expect("it is taken or refused within 20 s");
    }
    stage.hear(PlatformEvent::Back { work_ended: false });
    stage.right(id).await;
}

#[tokio::test]
async fn what_is_still_missing_after_a_round_is_handed_over_in_another_one() {
    let stage = Stage::asleep().await;
    let ids = [stage.add("a.bin").await, stage.add("b.bin").await];
    for id in ids {
        stage.running(id).await;
    }
    stage.hear(PlatformEvent::Away);
    let first = stage.handed(1).await;
    let (of_a, of_b): (Vec<RangeFetch>, Vec<RangeFetch>) = first
        .into_iter()
        .partition(|one| one.url.ends_with("a.bin"));
    assert!(!of_a.is_empty() && !of_b.is_empty());
    let came: Vec<RangeFetched> = of_a.iter().map(|one| stage.fetched(one)).collect();
    for one in &of_b {
        stage.hear(PlatformEvent::RangeFetched(RangeFetched {
            token: one.token.clone(),
            file: None,
            status: 0,
            headers: Vec::new(),
        }));
    }
    for one in came {
        stage.hear(PlatformEvent::RangeFetched(one));
    }
    let second = stage.handed(2).await;
    assert!(second.iter().all(|one| one.url.ends_with("b.bin")));
    stage.fetch_all(&second);
    for id in ids {
        stage.right(id).await;
    }
}

#[tokio::test]
async fn a_phone_that_refuses_to_fetch_leaves_the_app_to_it() {
    let stage = Stage::asleep().await;
    stage.fake.refuses.store(true, Ordering::Relaxed);
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.hear(PlatformEvent::Away);
    assert!(!stage.handed(1).await.is_empty());
    stage.right(id).await;
}

#[tokio::test]
async fn a_phone_that_fetches_nothing_by_itself_is_handed_nothing_and_the_app_goes_on() {
    let stage = Stage::asleep().await;
    stage.fake.fetches.store(false, Ordering::Relaxed);
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.hear(PlatformEvent::Away);
    stage.right(id).await;
    assert!(stage.fake.handed().is_empty());
}

#[tokio::test]
async fn what_wants_no_metered_network_is_handed_over_with_that_word() {
    let stage = Stage::asleep().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage
        .works
        .handle
        .set_unmetered_only(id, true)
        .await
        .unwrap();
    stage.hear(PlatformEvent::Away);
    let fetches = stage.handed(1).await;
    assert!(!fetches.is_empty() && fetches.iter().all(|one| one.unmetered_only));
    stage.fetch_all(&fetches);
    stage.right(id).await;
}
