//! Where a redirect may lead, and which headers are sent along.

use std::time::Duration;

use millrace_engine::Fix;

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, bytes};
use crate::scripted_server::{Script, answer};
use crate::server::{Server, Site};

#[tokio::test]
async fn a_redirect_is_followed_and_its_end_gives_the_name() {
    let body = bytes(100_000);
    let site = Site {
        redirects: vec![("/start", "/end/real.bin".into())],
        ..Site::of(&body)
    };
    let server = Server::start(site).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/start")).await;
    rig.done(id).await;
    assert!(rig.read("real.bin") == body);
    rig.close(&["real.bin"]).await;
}

#[tokio::test]
async fn a_redirect_to_anything_but_http_is_refused() {
    for place in ["ftp://127.0.0.1/file.bin", "file:///etc/hostname"] {
        let site = Site {
            redirects: vec![("/start", place.into())],
            ..Site::of(b"")
        };
        let server = Server::start(site).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/start")).await;
        rig.failed(id, "unsafe-redirect", Fix::NewLink).await;
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn a_circle_of_redirects_ends_after_twenty() {
    let redirects = vec![("/a", "/b".into()), ("/b", "/a".into())];
    let server = Server::start(Site {
        redirects,
        ..Site::of(b"")
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/a")).await;
    rig.failed(id, "too-many-redirects", Fix::NewLink).await;
    assert_eq!(server.asked().len(), 21);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_link_that_leads_to_itself_until_the_file_is_ready_is_followed() {
    let server = Wire::start(|heard, before| {
        if before < 20 {
            let place = ["/file.bin", "/wait"][before % 2];
            let fields = [("Location", place), ("Content-Length", "0")];
            let status = ["302 Found", "307 Again", "300 Choose"][before % 3];
            return Reply::new(&format!("HTTP/1.1 {status}"), &fields, b"");
        }
        Reply::good(heard, b"hello", &[])
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    assert_eq!(server.heard().len(), 21);
}

#[tokio::test]
async fn the_bytes_of_a_place_are_asked_for_as_they_came() {
    for (place, path) in [
        (&b"/\xba\xda.txt"[..], "/%BA%DA.txt"),
        ("/\u{e9} x.txt".as_bytes(), "/%C3%A9%20x.txt"),
        (b"\\a\\b.txt", "/a/b.txt"),
        (b"?x=\xff", "/start?x=%FF"),
    ] {
        let place = place.to_vec();
        let server = Script::start("127.0.0.1:0", move |head| {
            if head.path() == "/start" {
                let start = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: \r\nLocation: ";
                return [&start[..], &place, b"\r\nLocation: /other\r\n\r\n"].concat();
            }
            answer(200, &[], b"hello")
        })
        .await;
        let rig = Rig::new();
        let id = rig.add(server.url("/start")).await;
        rig.done(id).await;
        assert_eq!(server.asked().last().expect("two were asked").path(), path);
    }
}

#[tokio::test]
async fn a_redirect_without_a_place_is_an_answer_without_a_file() {
    for fields in [&[][..], &["Location:"]] {
        let server = Script::start("127.0.0.1:0", |_| answer(302, fields, b"nothing")).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        rig.failed(id, "unexpected-status", Fix::NewLink).await;
        assert!(server.asked().len() <= 2);
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn credentials_do_not_go_to_another_origin() {
    let body = bytes(100_000);
    let other = Server::start(Site::of(&body)).await;
    let redirects = vec![("/start", other.url("/file.bin"))];
    let server = Server::start(Site {
        redirects,
        ..Site::of(b"")
    })
    .await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/start"));
    let headers = [
        ("Authorization", "Bearer s"),
        ("Cookie", "a=b"),
        ("X-Key", "k"),
        ("Referer", "http://r/"),
    ];
    wish.headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    let (home, away) = (&server.asked()[0], &other.asked()[0]);
    for (name, value) in headers {
        assert_eq!(home.header(name), Some(value));
    }
    for name in ["Authorization", "Cookie", "X-Key"] {
        assert_eq!(away.header(name), None, "{name} went to another origin");
    }
    assert_eq!(away.header("Referer"), Some("http://r/"));
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_new_link_at_another_origin_takes_no_credentials_along() {
    let body = bytes(100_000);
    let server = Server::start(Site {
        status: Some(404),
        ..Site::of(&body)
    })
    .await;
    let other = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/file.bin"));
    let headers = [("Authorization", "Bearer s"), ("Referer", "http://r/")];
    wish.headers = headers
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    let id = rig.add_as(wish).await;
    rig.failed(id, "not-found", Fix::NewLink).await;
    let changed = rig.handle().change_url(id, other.url("/file.bin")).await;
    changed.expect("a failed download takes another link");
    rig.done(id).await;
    let away = &other.asked()[0];
    assert_eq!(away.header("Authorization"), None);
    assert_eq!(away.header("Referer"), Some("http://r/"));
    rig.close(&["file.bin"]).await;
}

// Further connections request the final URL, with the headers permitted there.
#[tokio::test]
async fn credentials_stay_at_home_on_every_connection() {
    let body = bytes(8 << 20);
    let other = Server::start(Site {
        pace: Duration::from_millis(15),
        ..Site::of(&body)
    })
    .await;
    let redirects = vec![("/start", other.url("/file.bin"))];
    let server = Server::start(Site {
        redirects,
        ..Site::of(b"")
    })
    .await;
    let rig = Rig::new();
    let mut wish = rig.wish(server.url("/start"));
    wish.connections = Some(4);
    wish.headers = vec![("Authorization".into(), "Bearer s".into())];
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    assert!(other.asked().len() >= 4, "several connections were used");
    for away in other.asked() {
        assert_eq!(away.header("Authorization"), None);
    }
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}
