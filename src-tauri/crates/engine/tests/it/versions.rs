//! Two versions of a file, of the same length and without a strong validator: never bytes of both in one file.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use millrace_engine::{DownloadId, Phase};

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, bytes};

const LENGTH: usize = 2 << 20;
const ROUNDS: u64 = 30;
const SAID: &str = "Sun, 01 Nov 2026 08:49:37 GMT";

/// Header fields of two versions that do not distinguish them.
fn validators(round: u64, version: usize) -> Vec<(&'static str, &'static str)> {
    match round % 5 {
        0 => vec![],
        1 => vec![("ETag", "W/\"one\"")],
        2 => vec![("ETag", ["W/\"one\"", "W/\"two\""][version])],
        // Without `Date` the age of the last change is unknown; or it was a second ago.
        3 => vec![("Last-Modified", SAID)],
        _ => vec![
            ("Last-Modified", SAID),
            ("Date", "Sun, 01 Nov 2026 08:49:38 GMT"),
        ],
    }
}

/// Versions that differ everywhere, from the middle on, in the first half, or at both ends.
fn versions(round: u64) -> [Vec<u8>; 2] {
    let one = bytes(LENGTH);
    let mut two = one.clone();
    let (middle, edge) = (LENGTH / 2, 100_000);
    let (from, to) = match round / 5 % 4 {
        0 => (0, LENGTH),
        1 => (middle, LENGTH),
        2 => (0, middle),
        _ => (LENGTH - edge, LENGTH),
    };
    let both_ends = round / 5 % 4 == 3;
    let places = [from..to, 0..if both_ends { edge } else { 0 }];
    for place in places {
        two[place].iter_mut().for_each(|byte| *byte ^= 0xFF);
    }
    [one, two]
}

fn connections(round: u64) -> u32 {
    [2, 4, 16][(round % 3) as usize]
}

/// One of two, pseudo-randomly.
fn toss(seed: u64, n: usize) -> usize {
    let mixed = (seed << 32 | n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 61) as usize & 1
}

/// Serves for each request the version that `which` returns.
async fn serving(
    round: u64,
    versions: [Vec<u8>; 2],
    which: impl Fn(usize) -> usize + Send + Sync + 'static,
) -> Wire {
    Wire::start(move |heard, before| {
        let version = which(before);
        let fields = validators(round, version);
        Reply::good(heard, &versions[version], &fields).paced(Duration::from_millis(4))
    })
    .await
}

/// The download ends with one version complete, or fails without a file.
async fn one_version(rig: Rig, id: DownloadId, versions: &[Vec<u8>; 2], round: u64) -> bool {
    let ended = |one: &millrace_engine::Snapshot| matches!(one.phase, Phase::Done | Phase::Failed);
    let last = rig.until(id, ended).await;
    let done = last.phase == Phase::Done;
    if done {
        let got = rig.read("file.bin");
        let whole = versions.contains(&got);
        assert!(whole, "round {round}: a mixture of two versions");
        rig.close(&["file.bin"]).await;
    } else {
        assert!(!rig.names().contains(&"file.bin".to_owned()));
    }
    done
}

#[tokio::test]
async fn two_versions_in_turn_are_never_mixed_without_a_strong_validator() {
    let mut finished = 0;
    for round in 0..ROUNDS {
        let files = versions(round);
        let server = serving(round, files.clone(), move |n| {
            if round % 2 == 0 {
                n % 2
            } else {
                toss(round, n)
            }
        })
        .await;
        let rig = Rig::new();
        let id = rig
            .add_over(connections(round), server.url("/file.bin"))
            .await;
        finished += u64::from(one_version(rig, id, &files, round).await);
    }
    assert!(finished > ROUNDS / 2, "{finished} of {ROUNDS}");
}

#[tokio::test]
async fn a_file_that_is_replaced_while_it_comes_is_never_mixed_with_the_new_one() {
    for round in 0..ROUNDS {
        let files = versions(round);
        let replaced = Arc::new(AtomicBool::new(false));
        let now = Arc::clone(&replaced);
        let server = serving(round, files.clone(), move |_| {
            usize::from(now.load(Ordering::Relaxed))
        })
        .await;
        let rig = Rig::new();
        let id = rig
            .add_over(connections(round), server.url("/file.bin"))
            .await;
        let at = LENGTH as u64 * (round % 10) / 10;
        rig.until(id, |one| one.received >= at || one.epoch > 0)
            .await;
        replaced.store(true, Ordering::Relaxed);
        assert!(one_version(rig, id, &files, round).await, "round {round}");
    }
}

#[tokio::test]
async fn two_versions_are_never_mixed_when_the_process_ends_between_them_either() {
    for round in 0..ROUNDS {
        let files = versions(round);
        let replaced = Arc::new(AtomicBool::new(false));
        let now = Arc::clone(&replaced);
        let server = serving(round, files.clone(), move |n| {
            if round % 3 == 0 {
                toss(round, n)
            } else {
                usize::from(now.load(Ordering::Relaxed))
            }
        })
        .await;
        let mut rig = Rig::new();
        let id = rig
            .add_over(connections(round), server.url("/file.bin"))
            .await;
        for part in 1..=2 {
            let at = LENGTH as u64 * (part * 3 + round % 3) / 10;
            rig.until(id, |one| {
                one.received >= at || one.epoch > 0 || one.finished_at.is_some()
            })
            .await;
            rig = rig.restart().await;
            replaced.store(part + round % 2 > 1, Ordering::Relaxed);
        }
        one_version(rig, id, &files, round).await;
    }
}

#[tokio::test]
async fn what_has_no_strong_validator_still_comes_over_several_connections() {
    let body = bytes(12 << 20);
    let file = body.clone();
    let server = Wire::start(move |heard, _| {
        Reply::good(heard, &file, &[]).paced(Duration::from_millis(10))
    })
    .await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    rig.until(id, |one| one.connections > 1).await;
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0);
    assert!(rig.read("file.bin") == body);
    let looks = server.ranges();
    let last = format!("bytes={}-{}", body.len() - 16384, body.len() - 1);
    assert_eq!(looks.last(), Some(&last), "and is looked at once more");
    rig.close(&["file.bin"]).await;
}
