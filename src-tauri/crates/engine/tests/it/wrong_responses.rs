//! Responses that are not a new version of a file already started: sign-in pages and error texts, from any URL.

use millrace_engine::{DownloadId, Fix, Phase};

use crate::rig::{Rig, bytes};
use crate::server::{Ranges, Server, Site};

const HELD: usize = 300_000;

/// Starts a download of that URL, and ends the process after [`HELD`] bytes.
async fn cut_off(server: &Server, link: &str, name: Option<&str>) -> (Rig, DownloadId) {
    let rig = Rig::new();
    let mut wish = rig.wish(server.url(link));
    wish.name = name.map(str::to_owned);
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    server.release();
    (rig.restart().await, id)
}

#[tokio::test]
async fn a_page_or_an_error_at_another_address_is_never_a_new_version_of_what_was_begun() {
    let body = bytes(1_000_000);
    let long = "<html>sign in".repeat(50_000).into_bytes();
    let link = "/file.bin";
    for (kind, said, etag, ranges) in [
        ("text/html", &b"<html>sign in"[..], None, Ranges::Ignored),
        ("text/html", b"<html>sign in", Some("\"p\""), Ranges::Given),
        ("text/html", &long, Some("\"p\""), Ranges::Given),
        ("application/json", b"{}", Some("\"p\""), Ranges::Given),
        ("text/plain", b"sign in", None, Ranges::Ignored),
        ("image/png", b"\x89PNG", None, Ranges::Given),
    ] {
        for (link, name) in [
            (link, None),
            ("/get?id=5", Some("file.bin")),
            ("/get?id=5", None),
        ] {
            let server = Server::start(Site::of(&body).holding(HELD)).await;
            let (rig, id) = cut_off(&server, link, name).await;
            let place = server.url("/page");
            server.change(|site| {
                site.body = said.to_vec();
                site.etag = etag;
                site.ranges = ranges;
                site.headers.push(("Content-Type", kind.into()));
                site.redirects = vec![("/file.bin", place.clone()), ("/get?id=5", place)];
            });
            rig.resume(id).await;
            let failed = rig.failed(id, "not-the-file", Fix::Retry).await;
            assert_eq!((failed.epoch, failed.received), (0, HELD as u64), "{kind}");
            let part = format!("{}.part", failed.name);
            assert_eq!(rig.names(), [part.as_str()], "{kind}");
            assert!(rig.read(&part) == body[..HELD], "{kind}");
            server.change(|site| *site = Site::of(&body));
            rig.retry(id).await;
            let done = rig.done(id).await;
            assert!(rig.read(&done.name) == body, "{kind}");
            assert_eq!(
                server.ranges().last().map(String::as_str),
                Some("bytes=300000-")
            );
            rig.close(&[&done.name]).await;
        }
    }
}

#[tokio::test]
async fn an_error_in_words_at_the_same_address_is_never_a_new_version_of_what_was_begun() {
    let body = bytes(1_000_000);
    for (kind, said) in [
        ("text/html", "<html>"),
        ("application/json", "{\"error\":1}"),
    ] {
        for ranges in [Ranges::Given, Ranges::Ignored] {
            let server = Server::start(Site::of(&body).holding(HELD)).await;
            let (rig, id) = cut_off(&server, "/get?id=5", None).await;
            server.change(|site| {
                site.body = said.into();
                site.etag = None;
                site.ranges = ranges;
                site.headers.push(("Content-Type", kind.into()));
            });
            rig.resume(id).await;
            let failed = rig.failed(id, "not-the-file", Fix::Retry).await;
            assert_eq!((failed.epoch, failed.received), (0, HELD as u64), "{kind}");
            rig.close(&["get.part"]).await;
        }
    }
}

#[tokio::test]
async fn a_new_version_at_another_address_is_still_one() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let (rig, id) = cut_off(&server, "/file.bin", None).await;
    let (new, place) = (bytes(700_001), server.url("/mirror/file-2.bin"));
    server.change(|site| {
        site.body.clone_from(&new);
        site.etag = Some("\"two\"");
        site.redirects = vec![("/file.bin", place)];
    });
    rig.resume(id).await;
    assert!(rig.done(id).await.epoch > 0);
    let name = rig.snapshot(id).await.name;
    assert!(rig.read(&name) == new);
    rig.close(&[&name]).await;
}
