//! Proxies: the engine's, a download's own, none; with and without credentials.

use std::net::SocketAddr;

use millrace_engine::{Fix, ProxyChoice};

use crate::digest_proxy::{DigestProxy, Manner, Shown};
use crate::proxy_server::{Proxy, Tongue};
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};
use crate::tls_front::Front;

/// A host name that only a proxy resolves.
const AWAY: &str = "http://files.invalid/file.bin";

fn choice(text: &str) -> ProxyChoice {
    text.parse().expect("a proxy")
}

fn address(server: &Server) -> SocketAddr {
    let url = server.url("");
    let address = url.strip_prefix("http://").expect("an http server");
    address.parse().expect("a loopback address")
}

#[tokio::test]
async fn an_http_proxy_of_the_engine_is_used_with_the_credentials_in_its_link() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let key = Some("Basic YWRhOnM6MQ==");
    let proxy = Proxy::start(Tongue::Http, address(&server), key).await;
    let link = format!("http://ada:s%3A1@{}", proxy.address);
    let rig = Rig::with(|config| config.proxy = choice(&link));
    let id = rig.add(AWAY.into()).await;
    rig.done(id).await;
    assert_eq!(proxy.asked(), [AWAY]);
    let seen = &server.asked()[0];
    assert_eq!(seen.header("proxy-authorization"), None);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_socks5_proxy_of_one_download_resolves_the_name_and_signs_in() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let proxy = Proxy::start(Tongue::Socks5, address(&server), Some("ada:secret")).await;
    let rig = Rig::new();
    let mut wish = rig.wish(AWAY.into());
    let link = format!("socks5h://ada:secret@{}", proxy.address);
    wish.proxy = Some(choice(&link));
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    assert_eq!(proxy.asked(), ["files.invalid"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_download_can_go_directly_although_the_engine_has_a_proxy() {
    let body = bytes(1000);
    let server = Server::start(Site::of(&body)).await;
    let proxy = Proxy::start(Tongue::Http, address(&server), None).await;
    let link = format!("http://{}", proxy.address);
    let rig = Rig::with(|config| config.proxy = choice(&link));
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.proxy = Some(ProxyChoice::None);
    let id = rig.add_as(wish).await;
    rig.done(id).await;
    assert!(proxy.asked().is_empty());
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn the_proxy_of_a_download_is_kept_over_a_restart() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body).holding(100_000)).await;
    let proxy = Proxy::start(Tongue::Http, address(&server), None).await;
    let rig = Rig::new();
    let mut wish = rig.wish(AWAY.into());
    wish.proxy = Some(choice(&format!("http://{}", proxy.address)));
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received == 100_000).await;
    let rig = rig.restart().await;
    rig.done(id).await;
    assert_eq!(proxy.asked().len(), 2);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_proxy_that_wants_another_password_says_so_at_once() {
    let server = Server::start(Site::of(&bytes(1000))).await;
    for (tongue, scheme, url) in [
        (Tongue::Http, "http", AWAY),
        (Tongue::Http, "http", "https://files.invalid/file.bin"),
        (Tongue::Socks5, "socks5h", AWAY),
    ] {
        let proxy = Proxy::start(tongue, address(&server), Some("other:key")).await;
        let link = format!("{scheme}://ada:wrong@{}", proxy.address);
        let rig = Rig::with(|config| config.proxy = choice(&link));
        let id = rig.add(url.into()).await;
        let failed = rig.failed(id, "proxy-refused", Fix::Retry).await;
        assert_eq!(failed.attempts, 1, "{link} to {url}");
        rig.close(&[]).await;
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_proxy_that_wants_a_digest_gets_it_for_plain_links_and_a_wrong_one_once() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let key = Some("digest:secret");
    let proxy = Proxy::start(Tongue::Http, address(&server), key).await;
    let link = |password: &str| choice(&format!("http://ada:{password}@{}", proxy.address));
    let rig = Rig::with(|config| config.proxy = link("secret"));
    let id = rig.add(AWAY.into()).await;
    rig.delivers(id, &body).await;
    assert_eq!(proxy.asked().len(), 2, "once without, once with");
    let rig = Rig::with(|config| config.proxy = link("wrong"));
    let id = rig.add(AWAY.into()).await;
    rig.failed(id, "proxy-refused", Fix::Retry).await;
    assert_eq!(proxy.asked().len(), 4);
    rig.close(&[]).await;
}

/// With a host name that only a proxy resolves.
const SECURE: &str = "https://files.invalid/file.bin";

const USUAL: Manner = Manner {
    algorithm: "MD5",
    stale: 0,
    keeps: true,
};

fn through(proxy: &DigestProxy, password: &str, front: &Front) -> Rig {
    let link = format!("http://ada:{password}@{}", proxy.address);
    Rig::with(|config| {
        config.extra_roots = vec![front.root.clone()];
        config.proxy = choice(&link);
    })
}

#[tokio::test]
async fn a_proxy_that_wants_a_digest_for_tunnels_gets_it_with_every_connection_and_after_a_restart()
{
    let body = bytes(12 << 20);
    for (algorithm, keeps) in [("MD5", true), ("SHA-256", false)] {
        let site = (0..4).fold(Site::of(&body), |site, _| site.holding(100_000));
        let server = Server::start(site).await;
        let front = Front::of(address(&server)).await;
        let manner = Manner {
            algorithm,
            keeps,
            ..USUAL
        };
        let proxy = DigestProxy::start(front.address, manner).await;
        let rig = through(&proxy, "secret", &front);
        let id = rig.add_over(4, SECURE.into()).await;
        rig.until(id, |one| one.connections == 4 && one.received == 400_000)
            .await;
        let rig = rig.restart().await;
        server.release();
        rig.done(id).await;
        assert!(rig.read("file.bin") == body, "not the bytes of the server");
        rig.close(&["file.bin"]).await;
        let shown = proxy.shown();
        let count = |what| shown.iter().filter(|one| **one == what).count();
        assert!(count(Shown::Right) >= 5, "{shown:?}");
        assert_eq!(count(Shown::Wrong) + count(Shown::Stale), 0, "{shown:?}");
        assert_eq!(count(Shown::Nothing), count(Shown::Right), "{shown:?}");
        if keeps {
            assert_eq!(
                proxy.accepted(),
                count(Shown::Right) + count(Shown::Basic),
                "answered over the connection that asked"
            );
        }
    }
}

#[tokio::test]
async fn a_proxy_over_tls_gets_a_digest_for_tunnels_and_once_more_when_its_nonce_was_too_old() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let front = Front::of(address(&server)).await;
    for (stale, rights) in [(1, 1), (2, 0)] {
        let manner = Manner { stale, ..USUAL };
        let proxy = DigestProxy::start(front.address, manner).await;
        let gate = Front::of(proxy.address).await;
        let link = format!("https://ada:secret@{}", gate.address);
        let rig = Rig::with(|config| {
            config.extra_roots = vec![front.root.clone(), gate.root.clone()];
            config.proxy = choice(&link);
        });
        let id = rig.add(SECURE.into()).await;
        if rights == 1 {
            rig.delivers(id, &body).await;
        } else {
            rig.failed(id, "proxy-refused", Fix::Retry).await;
            rig.close(&[]).await;
        }
        let mut wanted = vec![Shown::Basic, Shown::Nothing];
        wanted.extend(vec![Shown::Stale; stale]);
        wanted.extend(vec![Shown::Right; rights]);
        assert_eq!(proxy.shown(), wanted);
    }
}

#[tokio::test]
async fn a_wrong_password_for_tunnels_is_shown_once_and_nothing_goes_around_the_proxy() {
    let server = Server::start(Site::of(&bytes(1000))).await;
    let front = Front::of(address(&server)).await;
    let proxy = DigestProxy::start(front.address, USUAL).await;
    let rig = through(&proxy, "wrong", &front);
    // Its own address works without a proxy, too.
    let id = rig.add(front.url("/file.bin")).await;
    let failed = rig.failed(id, "proxy-refused", Fix::Retry).await;
    assert_eq!(failed.attempts, 1);
    let wanted = [Shown::Basic, Shown::Nothing, Shown::Wrong];
    assert_eq!(proxy.shown(), wanted);
    rig.retry(id).await;
    rig.failed(id, "proxy-refused", Fix::Retry).await;
    assert_eq!(
        proxy.shown()[3..],
        wanted[1..],
        "what it wants is known now"
    );
    assert!(server.asked().is_empty());
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_not_called_the_server() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let closed = listener
        .local_addr()
        .expect("a bound socket has an address");
    drop(listener);
    for (scheme, url) in [
        ("http", AWAY),
        ("http", "https://files.invalid/file.bin"),
        ("socks5h", AWAY),
    ] {
        let link = format!("{scheme}://{closed}");
        let rig = Rig::with(|config| config.proxy = choice(&link));
        let id = rig.add(url.into()).await;
        let failed = rig.failed(id, "proxy-unreachable", Fix::Retry).await;
        assert_eq!(failed.attempts, 3, "{link} to {url}");
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn another_proxy_of_the_engine_is_used_from_the_next_connection_on() {
    let body = bytes(1000);
    let server = Server::start(Site::of(&body)).await;
    let proxy = Proxy::start(Tongue::Http, address(&server), None).await;
    let rig = Rig::with(|config| config.proxy = ProxyChoice::None);
    let link = format!("http://{}", proxy.address);
    let set = rig.handle().set_proxy(choice(&link)).await;
    set.expect("the engine runs");
    rig.done(rig.add(AWAY.into()).await).await;
    assert_eq!(proxy.asked(), [AWAY]);
    let set = rig.handle().set_proxy(ProxyChoice::None).await;
    set.expect("the engine runs");
    rig.done(rig.add(server.url("/direct.bin")).await).await;
    assert_eq!(proxy.asked().len(), 1);
    rig.close(&["direct.bin", "file.bin"]).await;
}
