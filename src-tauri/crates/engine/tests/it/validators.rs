//! Whether a file is still the same version: entity tags and dates that differ, and content that does or does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use millrace_engine::Fix;

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, begun, bytes};
use crate::server::{Ranges, Server, Site};

const HELD: usize = 300_000;
/// The first, a middle and the last 64 KiB of the bytes present.
const PLACES: [&str; 3] = [
    "bytes=0-65535",
    "bytes=117232-182767",
    "bytes=234464-299999",
];

fn changed_at(body: &[u8], at: usize) -> Vec<u8> {
    let mut other = body.to_vec();
    other[at] ^= 1;
    other
}

/// A server without ETag; with a date if one is given.
fn dated(body: &[u8], date: Option<&str>) -> Site {
    let mut site = Site {
        etag: None,
        ..Site::of(body)
    };
    site.headers
        .extend(date.map(|date| ("Last-Modified", date.to_owned())));
    site
}

#[tokio::test]
async fn another_tag_over_the_same_bytes_gives_nothing_up() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| site.etag = Some("\"two\""));
    rig.resume(id).await;
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0, "nothing was begun again");
    let [first, middle, last] = PLACES;
    assert_eq!(
        server.ranges(),
        ["bytes=0-", "bytes=300000-", first, middle, last]
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn another_tag_is_taken_over_once_it_was_shown_to_be_of_the_same_file() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD).cutting(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| {
        site.etag = Some("\"two\"");
        // The fingerprint blocks are responses too.
        for _ in 0..3 {
            site.breaks
                .push_back((usize::MAX, crate::server_model::Break::Cut));
        }
    });
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(
        server.ranges()[5..],
        ["bytes=600000-"],
        "and not compared again"
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_comparison_that_waits_for_the_server_does_not_hold_up_a_pause() {
    let body = bytes(1_000_000);
    let (server, rig, id) = begun(Site::of(&body).holding(HELD)).await;
    for asked in [1, 3] {
        rig.until(id, |one| {
            one.received == HELD as u64 && server.asked().len() == asked
        })
        .await;
        let begun = std::time::Instant::now();
        rig.pause(id).await;
        rig.until(id, |one| one.phase == millrace_engine::Phase::Paused)
            .await;
        assert!(begun.elapsed() < std::time::Duration::from_secs(3));
        server.change(|site| {
            site.etag = Some("\"two\"");
            // The file from there on, and the first of the samples.
            let breaks = [
                (usize::MAX, crate::server_model::Break::Cut),
                (0, crate::server_model::Break::Hold),
            ];
            site.breaks = breaks.into();
        });
        rig.resume(id).await;
    }
    server.release();
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0, "nothing was given up");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_comparison_that_breaks_off_gives_nothing_up_and_is_made_again() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    server.change(|site| {
        site.etag = Some("\"two\"");
        // The file from there on, and the first of the samples.
        let breaks = [
            (usize::MAX, crate::server_model::Break::Cut),
            (5, crate::server_model::Break::Cut),
        ];
        site.breaks = breaks.into();
    });
    rig.resume(id).await;
    let done = rig.done(id).await;
    assert_eq!(done.epoch, 0, "nothing was given up");
    assert_eq!(server.ranges()[3], "bytes=300000-", "asked once more");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn another_tag_over_other_bytes_begins_again_wherever_a_place_differs() {
    for at in [10, 150_000, 299_999] {
        let body = bytes(1_000_000);
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let rig = Rig::new();
        let id = rig.paused_at(&server, HELD as u64).await;
        let other = changed_at(&body, at);
        server.change(|site| {
            site.body.clone_from(&other);
            site.etag = Some("\"two\"");
        });
        rig.resume(id).await;
        assert!(rig.done(id).await.epoch > 0);
        assert!(rig.read("file.bin") == other, "at {at}");
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_whole_answer_with_another_tag_is_used_from_its_first_byte() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    // Not at a position that a comparison reads.
    let other = changed_at(&body, 100_000);
    server.change(|site| {
        site.body.clone_from(&other);
        site.etag = Some("\"two\"");
        site.ranges = Ranges::Ignored;
    });
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.asked().len(), 2, "all of it came anyway");
    assert!(rig.read("file.bin") == other);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_date_alone_tells_one_file_from_another() {
    let body = bytes(1_000_000);
    let date = |day: u32| format!("Sun, {day:02} Nov 2026 08:49:37 GMT");
    for (day, again) in [(1, false), (2, true)] {
        let server = Server::start(dated(&body, Some(&date(1))).holding(HELD)).await;
        let rig = Rig::new();
        let id = rig.paused_at(&server, HELD as u64).await;
        // The same length, and not at a position that a comparison reads.
        let now = if again {
            changed_at(&body, 100_000)
        } else {
            body.clone()
        };
        server.change(|site| {
            site.body.clone_from(&now);
            site.headers[0].1 = date(day);
        });
        rig.resume(id).await;
        assert_eq!(rig.done(id).await.epoch > 0, again);
        assert!(rig.read("file.bin") == now);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_length_alone_is_not_believed_without_a_look_at_the_bytes() {
    let body = bytes(1_000_000);
    for again in [false, true] {
        let server = Server::start(dated(&body, None).holding(HELD)).await;
        let rig = Rig::new();
        let id = rig.paused_at(&server, HELD as u64).await;
        let now = if again {
            changed_at(&body, 5)
        } else {
            body.clone()
        };
        server.change(|site| site.body.clone_from(&now));
        rig.resume(id).await;
        assert_eq!(rig.done(id).await.epoch > 0, again);
        assert_eq!(server.ranges()[2], PLACES[0]);
        assert!(rig.read("file.bin") == now);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn weak_tags_prove_nothing_even_when_they_agree() {
    let body = bytes(1_000_000);
    let site = Site {
        etag: Some("W/\"one\""),
        ..Site::of(&body)
    };
    let server = Server::start(site.holding(HELD)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, HELD as u64).await;
    let other = changed_at(&body, 5);
    server.change(|site| site.body.clone_from(&other));
    rig.resume(id).await;
    assert!(rig.done(id).await.epoch > 0);
    assert!(rig.read("file.bin") == other);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_server_with_a_new_tag_for_every_answer_can_be_resumed() {
    let body = bytes(1_000_000);
    let file = body.clone();
    let server = Wire::start(move |heard, before| {
        let reply = Reply::good(heard, &file, &[("ETag", &format!("\"{before}\""))]);
        if before == 0 {
            reply.holding(HELD)
        } else {
            reply
        }
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    let rig = rig.restart().await;
    server.release();
    assert_eq!(rig.done(id).await.epoch, 0);
    assert_eq!(server.heard().len(), 5);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

/// Serves `files` in turn, each with an entity tag of its own.
async fn in_turn(files: [Vec<u8>; 2]) -> Wire {
    Wire::start(move |heard, before| {
        let one = before % 2;
        let tag = format!("\"{one}\"");
        let pace = Duration::from_millis(10);
        Reply::good(heard, &files[one], &[("ETag", &tag)]).paced(pace)
    })
    .await
}

#[tokio::test]
async fn two_tags_behind_one_name_hinder_none_of_four_connections() {
    let body = bytes(12 << 20);
    let server = in_turn([body.clone(), body.clone()]).await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    rig.until(id, move |one| {
        seen.fetch_max(one.connections as usize, Ordering::Relaxed);
        one.finished_at.is_some()
    })
    .await;
    assert_eq!(rig.done(id).await.epoch, 0);
    assert!(
        most.load(Ordering::Relaxed) > 1,
        "several connections were used"
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn two_files_behind_one_name_are_never_mixed() {
    let one = bytes(4 << 20);
    let two: Vec<u8> = one.iter().map(|byte| byte ^ 0xFF).collect();
    let server = in_turn([one.clone(), two.clone()]).await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    rig.done(id).await;
    let got = rig.read("file.bin");
    assert!(got == one || got == two, "one version, not two halves");
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn two_files_in_turn_with_every_connection_cut_are_given_up_and_not_begun_again_for_ever() {
    let one = bytes(400_000);
    let two: Vec<u8> = one.iter().map(|byte| byte ^ 0xFF).collect();
    let files = [one, two];
    let server = Wire::start(move |heard, before| {
        let which = before % 2;
        let tag = format!("\"{which}\"");
        Reply::good(heard, &files[which], &[("ETag", &tag)]).cut_after(100_000)
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "changed", Fix::StartOver).await;
    assert_eq!(failed.epoch, 3, "as often as there are tries");
    assert_eq!(failed.received, 0, "nothing of the other file");
    rig.close(&[]).await;
}
