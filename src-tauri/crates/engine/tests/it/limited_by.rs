//! What limits the speed of a running download, of real servers and disks; and the speed that is kept of it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use millrace_engine::{
    ConnectionState, DownloadId, FileInfo, FileSystem, HttpVersion, LimitedBy, NativeFileSystem,
    OpenMode, Phase, SpeedEvent, SpeedHistory,
};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// 64 KiB in that time on each connection.
fn paced(megabytes: usize, milliseconds: u64) -> Site {
    Site {
        pace: Duration::from_millis(milliseconds),
        ..Site::of(&bytes(1 << 20).repeat(megabytes))
    }
}

async fn until_limited(rig: &Rig, id: DownloadId, by: LimitedBy) {
    rig.until(id, |one| one.limited_by == Some(by)).await;
}

#[tokio::test]
async fn a_limit_of_its_own_is_named_and_no_longer_when_it_is_lifted() {
    let server = Server::start(paced(64, 100)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.limit = Some(100_000);
    let id = rig.add_as(wish).await;
    until_limited(&rig, id, LimitedBy::OwnLimit).await;
    let lifted = rig.handle().set_limit_of(id, None).await;
    lifted.expect("it runs");
    rig.until(id, |one| one.limited_by.is_none()).await;
    rig.pause(id).await;
    let paused = rig.until(id, |one| one.phase == Phase::Paused).await;
    assert_eq!(paused.limited_by, None);
}

#[tokio::test]
async fn the_limit_of_all_is_named_and_whether_it_is_that_of_slow_mode() {
    let server = Server::start(paced(64, 10)).await;
    let rig = Rig::with(|config| config.limit = Some(100_000));
    let id = rig.add(server.url("/file.bin")).await;
    until_limited(&rig, id, LimitedBy::TotalLimit).await;
    rig.handle().set_slow_mode(true).await.expect("it runs");
    until_limited(&rig, id, LimitedBy::SlowMode).await;
}

/// Each write takes long.
struct SlowDisk;

impl FileSystem for SlowDisk {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        std::thread::sleep(Duration::from_millis(100));
        NativeFileSystem.write_at(file, bytes, offset)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

#[tokio::test]
async fn a_disk_that_takes_less_than_arrives_is_named() {
    let server = Server::start(paced(64, 0)).await;
    let rig = Rig::with(|config| config.file_system = Arc::new(SlowDisk));
    let id = rig.add(server.url("/file.bin")).await;
    until_limited(&rig, id, LimitedBy::Disk).await;
}

#[tokio::test]
async fn a_server_that_refuses_the_third_connection_is_named_with_its_number() {
    let site = Site {
        room: Some(2),
        ..paced(32, 100)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    until_limited(&rig, id, LimitedBy::ServerConnections { allows: 2 }).await;
    let now = millrace_engine::unix_now();
    let segments = rig.handle().segments(id).await.expect("it is known");
    assert_eq!(segments.host_allows, Some(2));
    let until = segments.host_allows_until.expect("a learned limit ends");
    assert!((now..=now + 3_600_000).contains(&until), "{until}");
}

#[tokio::test]
async fn a_server_is_named_when_another_gives_more_at_the_same_moment() {
    let (slow, fast) = (
        Server::start(paced(16, 400)).await,
        Server::start(paced(64, 40)).await,
    );
    let rig = Rig::new();
    let id = rig.add(slow.url("/slow.bin")).await;
    let other = rig.add(fast.url("/fast.bin")).await;
    until_limited(&rig, id, LimitedBy::Server).await;
    assert_eq!(rig.snapshot(other).await.limited_by, None);
}

#[tokio::test]
async fn silence_of_one_server_is_waiting_and_of_all_the_network() {
    let held = || Site::of(&bytes(4 << 20)).holding(1 << 20);
    let (one, other) = (Server::start(held()).await, Server::start(held()).await);
    let rig = Rig::new();
    let id = rig.add(one.url("/one.bin")).await;
    until_limited(&rig, id, LimitedBy::Waiting).await;
    let second = rig.add(other.url("/other.bin")).await;
    until_limited(&rig, id, LimitedBy::Network).await;
    until_limited(&rig, second, LimitedBy::Network).await;
}

/// Waits until the history meets the condition.
async fn history(rig: &Rig, id: DownloadId, is: impl Fn(&SpeedHistory) -> bool) -> SpeedHistory {
    let begun = Instant::now();
    loop {
        let history = rig.handle().speed_history(id).await.expect("it is known");
        if is(&history) {
            return history;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{history:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_speed_is_kept_over_a_pause_and_a_restart_of_the_program() {
    let server = Server::start(paced(64, 50)).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    let points = |one: &SpeedHistory| one.runs.iter().map(|run| run.speeds.len()).sum::<usize>();
    history(&rig, id, |one| points(one) >= 2).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    let before = history(&rig, id, |one| !one.marks.is_empty()).await;
    assert_eq!(before.marks[0].what, SpeedEvent::Paused);
    assert!(before.runs[0].speeds.iter().any(|speed| *speed > 0));
    let rig = rig.restart().await;
    assert_eq!(history(&rig, id, |_| true).await, before);
    rig.resume(id).await;
    let more = |one: &SpeedHistory| points(one) > points(&before);
    let after = history(&rig, id, more).await;
    assert_eq!(after.marks[1].what, SpeedEvent::Resumed);
}

#[tokio::test]
async fn a_connection_shows_its_server_its_protocol_and_its_speed() {
    let server = Server::start(paced(64, 20)).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    let begun = Instant::now();
    let active = loop {
        let segments = rig.handle().segments(id).await.expect("it is known");
        if let Some(one) = segments.active.first().filter(|one| one.speed > 0) {
            break *one;
        }
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let address = active.remote.expect("the response came from somewhere");
    let url = server.url("");
    assert!(url.contains(&address.to_string()), "{address} is not {url}");
    assert_eq!(active.http, Some(HttpVersion::Http11));
    assert_ne!(active.state, ConnectionState::Idle);
}
