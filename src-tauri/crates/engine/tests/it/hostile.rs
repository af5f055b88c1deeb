//! Hostile and unusual heads: cookies on redirects, HTML in place of files, heads that are too large or invalid, IPv6.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use millrace_engine::{Fix, Phase};

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, bytes};
use crate::scripted_server::{Script, answer};
use crate::server::{Server, Site};

#[tokio::test]
async fn a_cookie_set_on_the_way_lets_a_link_be_come_back_to() {
    let body = bytes(5000);
    let file = body.clone();
    let server = Script::start("127.0.0.1:0", move |head| {
        match (head.path(), head.header("cookie")) {
            ("/file.bin", Some("given=1; session=2")) => answer(200, &[], &file),
            ("/file.bin", _) => answer(302, &["Location: /gate"], b""),
            _ => answer(
                302,
                &["Location: /file.bin", "Set-Cookie: session=2; Path=/"],
                b"",
            ),
        }
    })
    .await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.headers = vec![("Cookie".into(), "given=1".into())];
    let id = rig.add_as(wish).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_cookie_set_by_one_host_is_not_sent_to_another() {
    let other = Script::start("127.0.0.1:0", |_| answer(200, &[], b"x")).await;
    let place = format!("Location: {}", other.by_name("/file.bin"));
    let server = Script::start("127.0.0.1:0", move |_| {
        answer(
            302,
            &[&place, "Set-Cookie: s=1; Path=/; Domain=localhost"],
            b"",
        )
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    assert_eq!(other.asked()[0].header("cookie"), None);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn endless_redirects_with_ever_new_cookies_end() {
    let count = std::sync::atomic::AtomicU32::new(0);
    let server = Script::start("127.0.0.1:0", move |_| {
        let n = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        answer(
            302,
            &["Location: /file.bin", &format!("Set-Cookie: n={n}")],
            b"",
        )
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.failed(id, "too-many-redirects", Fix::NewLink).await;
    assert!(server.asked().len() <= 21);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_page_that_another_host_sends_is_not_the_file_unless_a_page_is_wanted() {
    let portal = Script::start("127.0.0.1:0", |_| {
        answer(
            200,
            &["Content-Type: text/html; charset=utf-8"],
            b"<p>sign in",
        )
    })
    .await;
    let place = format!("Location: {}", portal.by_name("/login"));
    let server = Script::start("127.0.0.1:0", move |_| answer(302, &[&place], b"")).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/film.mp4")).await;
    let failed = rig.failed(id, "not-the-file", Fix::Retry).await;
    assert_eq!(
        failed.attempts, 3,
        "it is tried again: the person may sign in meanwhile"
    );
    let mut wish = rig.wish(server.url("/film.mp4"));
    wish.name = Some("page.html".into());
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    rig.close(&["page.html"]).await;
}

#[tokio::test]
async fn a_page_in_place_of_the_rest_keeps_what_is_here() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body).holding(100_000)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 100_000).await;
    server.change(|site| {
        site.body = b"<p>sign in".to_vec();
        site.etag = None;
        site.ranges = crate::server::Ranges::Ignored;
        site.headers.push(("Content-Type", "text/html".into()));
    });
    rig.resume(id).await;
    let failed = rig.failed(id, "not-the-file", Fix::Retry).await;
    assert_eq!(failed.received, 100_000);
    server.change(|site| *site = Site::of(&body));
    rig.retry(id).await;
    rig.until(id, |one| one.phase == Phase::Done).await;
    let ranges = server.ranges();
    assert_eq!(ranges.last().map(String::as_str), Some("bytes=100000-"));
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_network_that_wants_a_sign_in_is_asked_again() {
    let server = Script::start("127.0.0.1:0", |_| answer(511, &[], b"")).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "not-the-file", Fix::Retry).await;
    assert_eq!(failed.attempts, 3);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_head_that_is_huge_or_broken_is_a_bad_response() {
    let long = format!("X: {}", "a".repeat(1 << 20));
    let heads = [
        answer(200, &[&long], b"x"),
        answer(200, &["Content-Length: 5", "Content-Length: 9"], b"x"),
        b"SSH-2.0-OpenSSH\r\n\r\n".to_vec(),
        b"HTTP/1.1 2000 So\r\n\r\n".to_vec(),
    ];
    for head in heads {
        let start = String::from_utf8_lossy(&head[..head.len().min(80)]).into_owned();
        let server = Script::start("127.0.0.1:0", move |_| head.clone()).await;
        let rig = Rig::with(|config| config.retry.max_attempts = 1);
        let id = rig.add(server.url("/file.bin")).await;
        let failed = rig.until(id, |one| one.phase == Phase::Failed).await;
        let code = failed.problem.as_ref().map(millrace_engine::Problem::code);
        assert_eq!(code, Some("bad-response"), "{start}");
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn a_link_with_an_ipv6_number_is_fetched_with_the_headers_given() {
    let body = bytes(5000);
    let file = body.clone();
    let server = Script::start("[::1]:0", move |_| answer(200, &[], &file)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.headers = vec![
        ("User-Agent".into(), "mine".into()),
        ("Referer".into(), "http://r/".into()),
    ];
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    let asked = server.asked();
    assert!(
        asked[0]
            .header("host")
            .is_some_and(|host| host.starts_with("[::1]:"))
    );
    assert_eq!(asked[0].header("user-agent"), Some("mine"));
    assert_eq!(asked[0].header("referer"), Some("http://r/"));
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_page_on_a_second_connection_neither_ends_nor_restarts_the_download() {
    let body = bytes(4 << 20);
    let file = body.clone();
    let pages = std::sync::atomic::AtomicU32::new(2);
    let server = Wire::start(move |heard, _| {
        let (from, _) = heard.range(file.len()).expect("a range is asked for");
        let left = || pages.fetch_update(Relaxed, Relaxed, |left: u32| left.checked_sub(1));
        if from > 0 && left().is_ok() {
            let page = [("Content-Type", "text/html"), ("Content-Length", "10")];
            return Reply::new("HTTP/1.1 200 OK", &page, b"<p>sign in");
        }
        let pace = Duration::from_millis(10);
        Reply::good(heard, &file, &[("ETag", "\"one\"")]).paced(pace)
    })
    .await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    let done = rig.done(id).await;
    assert!(server.heard().len() > 1, "a second connection was tried");
    assert_eq!(done.epoch, 0, "nothing was begun again");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}
