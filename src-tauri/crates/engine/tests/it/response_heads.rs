//! Request and response heads, compared with those of browsers.

use millrace_engine::Phase;

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, bytes};
use crate::scripted_server::{Script, answer};

/// The result of a download from a server that sends these bytes for everything.
async fn delivered(head: &[&str], name: &str) {
    let (sent, head_count) = (answer(200, head, b"hello"), head.len());
    let server = Script::start("127.0.0.1:0", move |_| sent.clone()).await;
    let rig = Rig::with(|config| config.retry.max_attempts = 1);
    let id = rig.add(server.url("/file.bin")).await;
    let done = rig
        .until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed))
        .await;
    let head = head.first().map(|line| &line[..line.len().min(60)]);
    assert_eq!(done.problem, None, "{head:?}");
    assert_eq!(done.name, name, "{head:?}");
    assert_eq!(rig.read(name), b"hello", "{head:?}");
    // Space for that many fields is allocated only when a server sends them.
    let most = if head_count > 2048 { 2 } else { 1 };
    assert!(server.asked().len() <= most);
    rig.close(&[name]).await;
}

#[tokio::test]
async fn heads_that_browsers_read_are_read() {
    delivered(&["X: a\r\n b"], "file.bin").await;
    delivered(&["X: a\r\n\tb\r\n  c"], "file.bin").await;
    delivered(&["X:\r\n a"], "file.bin").await;
    delivered(
        &["Content-Disposition: attachment;\r\n filename=\"x.zip\""],
        "x.zip",
    )
    .await;
    delivered(
        &["Content-Disposition : attachment; filename=x.zip"],
        "x.zip",
    )
    .await;
    delivered(&["X Powered By: x"], "file.bin").await;
    delivered(&["no colon here"], "file.bin").await;
    delivered(&["X\u{1}Y: z"], "file.bin").await;
    delivered(&[": nothing"], "file.bin").await;
    delivered(&["X-Name: caf\u{e9}"], "file.bin").await;
}

#[tokio::test]
async fn a_head_may_have_as_many_fields_as_a_browser_takes() {
    for count in [101, 150, 500, 5000] {
        let link = "Link: </s/1.css>; rel=preload";
        delivered(&vec![link; count], "file.bin").await;
    }
    delivered(&vec!["X: y"; 16_000], "file.bin").await;
    let long = format!("X: {}", "y".repeat(200 << 10));
    delivered(&[&long], "file.bin").await;
}

#[tokio::test]
async fn cookies_that_are_too_large_or_too_many_hinder_no_file_and_are_not_sent_back() {
    let huge = format!("Set-Cookie: huge={}", "x".repeat(100_000));
    let mut fields: Vec<String> = (0..2000)
        .map(|n| format!("Set-Cookie: n{n}={}", "x".repeat(50)))
        .collect();
    fields.push(huge);
    fields.push("Location: /file.bin".to_owned());
    let server = Script::start("127.0.0.1:0", move |head| {
        let lines: Vec<&str> = fields.iter().map(String::as_str).collect();
        match head.path() {
            "/start" => answer(302, &lines, b""),
            _ => answer(200, &[], b"hello"),
        }
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/start")).await;
    rig.delivers(id, b"hello").await;
    let asked = server.asked();
    let sent = asked[1].header("cookie").unwrap_or_default().len();
    assert!((1..8_000).contains(&sent), "{sent} bytes of cookies");
}

#[tokio::test]
async fn cookies_that_fill_a_servers_room_for_fields_hinder_no_file() {
    let large = |n| format!("Set-Cookie: n{n}={}; Path=/", "x".repeat(4000));
    let far = |n| format!("Set-Cookie: p{n}=1; Path=/{}", "p".repeat(60_000));
    let server = Script::start("127.0.0.1:0", move |head| {
        let leading = |to: &str, cookies: Vec<String>| {
            let place = format!("Location: {to}");
            let mut lines: Vec<&str> = cookies.iter().map(String::as_str).collect();
            lines.push(&place);
            answer(302, &lines, b"")
        };
        match (head.path(), head.header("cookie").unwrap_or_default().len()) {
            // As nginx and Apache do by default.
            (_, 8191..) => answer(400, &[], b""),
            ("/start", 0) => leading("/next", (0..60).map(large).collect()),
            ("/next", 4000..) => leading("/file.bin", (0..4).map(far).collect()),
            ("/file.bin", 4000..) => answer(200, &[], b"hello"),
            _ => answer(404, &[], b""),
        }
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/start")).await;
    rig.delivers(id, b"hello").await;
}

#[tokio::test]
async fn the_names_of_fields_are_sent_as_browsers_spell_them() {
    let body = bytes(1000);
    let file = body.clone();
    let server = Wire::start(move |heard, _| {
        let line = |name: &str| heard.lines().iter().any(|line| line.starts_with(name));
        let all = [
            "Host: ",
            "Range: ",
            "User-Agent: ",
            "Accept: ",
            "Accept-Encoding: ",
            "X-Token: ",
        ];
        if all.into_iter().all(line) {
            Reply::good(heard, &file, &[])
        } else {
            Reply::new("HTTP/1.1 400 Bad", &[("Content-Length", "0")], b"")
        }
    })
    .await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.headers = vec![("x-token".into(), "s".into())];
    let id = rig.add_as(wish).await;
    rig.delivers(id, &body).await;
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_meanwhile_uses_up_no_try() {
    let server = Wire::start(|heard, _| {
        let good = Reply::good(heard, b"hello", &[]).keeping();
        good.closing_unannounced(std::time::Duration::from_millis(2))
    })
    .await;
    let rig = Rig::with(|config| {
        config.retry.max_attempts = 1;
        config.parallel = 2;
    });
    let wishes = (0..40).map(|n| rig.wish(server.url(&format!("/{n}.bin"))));
    let ids = rig.handle().add_many(wishes.collect()).await;
    for id in ids.expect("all are taken") {
        let done = rig.done(id).await;
        assert_eq!(rig.read(&done.name), b"hello");
        assert_eq!(done.attempts, 0);
    }
}

#[tokio::test]
async fn a_request_on_a_kept_connection_that_ends_without_a_word_is_repeated_once_it_was_sent() {
    // Every connection serves one request; on the next one it closes without a byte.
    let server = Wire::start(|heard, _| Reply::good(heard, b"hello", &[]).once()).await;
    let rig = Rig::with(|config| {
        config.retry.max_attempts = 1;
        config.parallel = 1;
    });
    for n in 0..5 {
        let id = rig.add(server.url(&format!("/{n}.bin"))).await;
        let done = rig
            .until(id, |one| matches!(one.phase, Phase::Done | Phase::Failed))
            .await;
        assert_eq!(done.problem, None, "{n}");
        assert_eq!(rig.read(&format!("{n}.bin")), b"hello");
    }
}
