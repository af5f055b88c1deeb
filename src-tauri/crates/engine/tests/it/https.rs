//! Downloads over TLS: which certificates are trusted, and what differs.

use std::net::SocketAddr;

use millrace_engine::{Credentials, Fix};

use crate::proxy_server::{Proxy, Tongue};
use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, bytes};
use crate::scripted_server::{Script, answer};
use crate::server::{Server, Site};
use crate::tls_front::{Front, HandshakeKind};

fn address(url: &str) -> SocketAddr {
    let address = url.strip_prefix("http://").expect("an http server");
    address.parse().expect("a loopback address")
}

#[tokio::test]
async fn a_certificate_of_an_extra_root_is_trusted_and_one_of_nobody_is_not() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let front = Front::of(address(&server.url(""))).await;
    let rig = Rig::with(|config| config.extra_roots = vec![front.root.clone()]);
    let id = rig.add(front.url("/file.bin")).await;
    rig.delivers(id, &body).await;

    let rig = Rig::new();
    let id = rig.add(front.url("/file.bin")).await;
    let failed = rig.failed(id, "tls-failed", Fix::Retry).await;
    assert_eq!(failed.attempts, 1);
    assert_eq!(server.asked().len(), 1);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_redirect_from_https_down_to_http_is_refused() {
    let plain = Server::start(Site::of(&bytes(1000))).await;
    let place = format!("Location: {}", plain.url("/file.bin"));
    let server = Script::start("127.0.0.1:0", move |_| answer(302, &[&place], b"")).await;
    let front = Front::of(address(&server.url(""))).await;
    let rig = Rig::with(|config| config.extra_roots = vec![front.root.clone()]);
    let id = rig.add(front.url("/start.bin")).await;
    rig.failed(id, "unsafe-redirect", Fix::NewLink).await;
    assert!(plain.asked().is_empty());
    rig.close(&[]).await;
}

#[tokio::test]
async fn credentials_go_with_the_first_request_over_https() {
    let server = Script::start("127.0.0.1:0", |_| answer(200, &[], b"x")).await;
    let front = Front::of(address(&server.url(""))).await;
    let rig = Rig::with(|config| config.extra_roots = vec![front.root.clone()]);
    let mut wish = rig.wish(front.url("/file.bin"));
    wish.credentials = Some(Credentials {
        user: "ada".into(),
        password: "secret".into(),
    });
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].header("authorization"),
        Some("Basic YWRhOnNlY3JldA==")
    );
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn an_https_link_goes_through_http_and_socks5_proxies_to_its_end() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let front = Front::of(address(&server.url(""))).await;
    for (tongue, scheme, seen) in [
        (Tongue::Http, "http", "files.invalid:443"),
        (Tongue::Socks5, "socks5h", "files.invalid"),
    ] {
        let proxy = Proxy::start(tongue, front.address, None).await;
        let link = format!("{scheme}://{}", proxy.address);
        let rig = Rig::with(|config| {
            config.extra_roots = vec![front.root.clone()];
            config.proxy = link.parse().expect("a proxy");
        });
        let id = rig.add("https://files.invalid/file.bin".into()).await;
        rig.done(id).await;
        assert_eq!(proxy.asked(), [seen]);
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_proxy_is_itself_reached_over_tls_where_its_link_says_https() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let key = Some("Basic YWRhOnNlY3JldA==");
    let proxy = Proxy::start(Tongue::Http, address(&server.url("")), key).await;
    let front = Front::of(proxy.address).await;
    let link = format!("https://ada:secret@{}", front.address);
    let rig = Rig::with(|config| {
        config.extra_roots = vec![front.root.clone()];
        config.proxy = link.parse().expect("a proxy");
    });
    let id = rig.add("http://files.invalid/file.bin".into()).await;
    rig.done(id).await;
    assert_eq!(proxy.asked(), ["http://files.invalid/file.bin"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_later_download_uses_the_connection_of_an_earlier_one_or_else_resumes_its_tls_session() {
    let body = bytes(300_000);
    let file = body.clone();
    let keeping = Wire::start(move |heard, _| Reply::good(heard, &file, &[]).keeping()).await;
    let closing = Server::start(Site::of(&body)).await;
    for (server, wanted) in [
        (keeping.url(""), vec![HandshakeKind::Full]),
        (
            closing.url(""),
            vec![HandshakeKind::Full, HandshakeKind::Resumed],
        ),
    ] {
        let front = Front::of(address(&server)).await;
        let rig = Rig::with(|config| config.extra_roots = vec![front.root.clone()]);
        for name in ["one.bin", "two.bin"] {
            let id = rig.add_over(1, front.url(&format!("/{name}"))).await;
            rig.done(id).await;
            assert!(rig.read(name) == body, "not the bytes of the server");
        }
        assert_eq!(front.greetings(), wanted);
        rig.close(&["one.bin", "two.bin"]).await;
    }
}
