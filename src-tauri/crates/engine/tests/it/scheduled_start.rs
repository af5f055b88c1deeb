//! Downloads with a scheduled start.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use millrace_engine::{NewDownload, Phase, UnixMillis};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

fn in_time(wait: Duration) -> UnixMillis {
    let at = SystemTime::now() + wait;
    let since = at.duration_since(UNIX_EPOCH).expect("it is after 1970");
    UnixMillis::try_from(since.as_millis()).expect("not so far ahead")
}

fn at(rig: &Rig, server: &Server, wait: Duration) -> NewDownload {
    NewDownload {
        start_at: Some(in_time(wait)),
        ..rig.wish(server.url("/file.bin"))
    }
}

const SOON: Duration = Duration::from_millis(600);
const LATER: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_download_with_a_time_is_paused_until_then() {
    let body = bytes(5_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let wish = at(&rig, &server, SOON);
    let time = wish.start_at;
    let id = rig.add_as(wish).await;
    let waits = rig.snapshot(id).await;
    assert_eq!((waits.phase, waits.start_at), (Phase::Paused, time));
    assert!(server.asked().is_empty());
    let done = rig.done(id).await;
    assert_eq!(done.start_at, None);
    assert!(in_time(Duration::ZERO) >= time.expect("it has one"));
    assert_eq!(rig.read("file.bin"), body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_time_outlives_the_program_and_one_that_passed_meanwhile_counts_at_the_start() {
    let server = Server::start(Site::of(&bytes(5_000))).await;
    let rig = Rig::new();
    let later = rig.add_as(at(&rig, &server, LATER)).await;
    let soon = rig.add_as(at(&rig, &server, SOON)).await;
    let rig = rig.restart_after(|| std::thread::sleep(SOON + SOON)).await;
    rig.done(soon).await;
    let waits = rig.snapshot(later).await;
    assert_eq!(waits.phase, Phase::Paused);
    assert!(waits.start_at > Some(in_time(LATER / 2)));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn who_starts_it_earlier_takes_its_time_away_and_resuming_all_does_not() {
    let server = Server::start(Site::of(&bytes(5_000)).holding(1_000)).await;
    let rig = Rig::new();
    let id = rig.add_as(at(&rig, &server, SOON)).await;
    rig.handle().resume_all().await.expect("the engine runs");
    assert_eq!(rig.snapshot(id).await.phase, Phase::Paused);
    rig.resume(id).await;
    rig.until(id, |one| one.received == 1_000).await;
    rig.handle().pause(id).await.expect("it runs");
    let paused = rig.until(id, |one| one.phase == Phase::Paused).await;
    assert_eq!(paused.start_at, None);
    tokio::time::sleep(SOON + SOON).await;
    assert_eq!(
        rig.snapshot(id).await.phase,
        Phase::Paused,
        "the time is gone"
    );
    server.release();
    rig.close(&["file.bin.part"]).await;
}

#[tokio::test]
async fn a_time_that_has_passed_is_no_reason_to_wait() {
    let server = Server::start(Site::of(&bytes(5_000))).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.start_at = Some(1);
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    rig.close(&["file.bin"]).await;
}
