//! What a proxy reports is told apart by the texts of the HTTP libraries: one case for each text, so that an update
//! that changes one of them is noticed.

use std::net::SocketAddr;

use millrace_engine::{Phase, Problem};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::proxy_server::{Proxy, Tongue};
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};
use crate::tls_front::Front;

const PLAIN: &str = "http://files.invalid/file.bin";
const SECURE: &str = "https://files.invalid/file.bin";

/// What a proxy says.
#[derive(Debug, Clone, Copy)]
enum Says {
    /// To CONNECT, with the status line and fields.
    Http(&'static str),
    /// To a SOCKS5 request, by a code of RFC 1928, section 6.
    Reply(u8),
    /// None of the offered methods is accepted (section 3).
    NoMethod,
    /// The password is wrong (RFC 1929).
    WrongPassword,
}

/// Runs until dropped.
struct Refusing {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Drop for Refusing {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Refusing {
    async fn start(says: Says) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let accepting = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                open.spawn(async move {
                    // A client that disconnects is expected.
                    let _gone = refuse(stream, says).await;
                });
            }
        });
        Self { address, accepting }
    }
}

async fn refuse(mut stream: TcpStream, says: Says) -> std::io::Result<()> {
    if let Says::Http(answer) = says {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        return stream.write_all(answer.as_bytes()).await;
    }
    let [_version, methods] = read(&mut stream).await?;
    skip(&mut stream, methods).await?;
    match says {
        Says::NoMethod => stream.write_all(&[5, 0xff]).await?,
        Says::WrongPassword => {
            stream.write_all(&[5, 2]).await?;
            let [_version, user] = read(&mut stream).await?;
            skip(&mut stream, user).await?;
            let [password] = read(&mut stream).await?;
            skip(&mut stream, password).await?;
            stream.write_all(&[1, 1]).await?;
        }
        Says::Reply(code) => {
            stream.write_all(&[5, 0]).await?;
            let [_version, _command, _reserved, _kind, name] = read(&mut stream).await?;
            skip(&mut stream, name).await?;
            let [_port, _low] = read(&mut stream).await?;
            let answer = [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
            stream.write_all(&answer).await?;
        }
        Says::Http(_) => {}
    }
    Ok(())
}

async fn read<const N: usize>(stream: &mut TcpStream) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

async fn skip(stream: &mut TcpStream, length: u8) -> std::io::Result<()> {
    stream.read_exact(&mut vec![0; length.into()]).await?;
    Ok(())
}

/// Why a download of `url` fails through that proxy.
async fn problem(link: &str, url: &str, roots: &[&Front]) -> Problem {
    let rig = Rig::with(|config| {
        config.extra_roots = roots.iter().map(|front| front.root.clone()).collect();
        config.proxy = link.parse().expect("a proxy");
        config.retry.max_attempts = 1;
    });
    let id = rig.add(url.into()).await;
    let failed = rig.until(id, |one| one.phase == Phase::Failed).await;
    rig.close(&[]).await;
    failed.problem.expect("it says why")
}

#[tokio::test]
async fn every_reply_of_a_socks_proxy_names_who_refused() {
    let server = || "files.invalid".to_owned();
    for (code, expected) in [
        (1, Some(Problem::Unreachable { host: server() })),
        // Not allowed by its rules: the proxy's own decision.
        (2, None),
        (3, Some(Problem::Unreachable { host: server() })),
        (4, Some(Problem::Unreachable { host: server() })),
        (5, Some(Problem::ConnectionRefused { host: server() })),
    ] {
        let proxy = Refusing::start(Says::Reply(code)).await;
        let host = proxy.address.to_string();
        let expected = expected.unwrap_or(Problem::ProxyRefused { host });
        let link = format!("socks5h://{}", proxy.address);
        assert_eq!(problem(&link, PLAIN, &[]).await, expected, "reply {code}");
    }
}

#[tokio::test]
async fn a_socks_proxy_that_takes_no_password_or_not_this_one_has_refused() {
    for says in [Says::NoMethod, Says::WrongPassword] {
        let proxy = Refusing::start(says).await;
        let host = proxy.address.to_string();
        let link = format!("socks5h://ada:secret@{}", proxy.address);
        let expected = Problem::ProxyRefused { host };
        assert_eq!(problem(&link, PLAIN, &[]).await, expected, "{says:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_resolved_here_for_a_socks_proxy_can_be_unknown() {
    let proxy = Refusing::start(Says::Reply(0)).await;
    // A label longer than host names permit: the resolver fails without a query.
    let host = format!("{}.invalid", "a".repeat(64));
    let link = format!("socks5://{}", proxy.address);
    let found = problem(&link, &format!("http://{host}/file.bin"), &[]).await;
    assert_eq!(found, Problem::UnknownHost { host });
}

#[tokio::test]
async fn a_tunnel_that_a_proxy_does_not_open_is_the_servers_unless_it_wants_a_password() {
    let no = "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n";
    let proxy = Refusing::start(Says::Http(no)).await;
    let link = format!("http://{}", proxy.address);
    let host = "files.invalid".to_owned();
    let expected = Problem::Unreachable { host };
    assert_eq!(problem(&link, SECURE, &[]).await, expected);
    let no =
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n";
    let proxy = Refusing::start(Says::Http(no)).await;
    let link = format!("http://{}", proxy.address);
    let host = proxy.address.to_string();
    let expected = Problem::ProxyRefused { host };
    assert_eq!(problem(&link, SECURE, &[]).await, expected);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_the_proxys_or_the_servers() {
    let server = Server::start(Site::of(&bytes(1000))).await;
    let target = server.url("");
    let target = target.strip_prefix("http://").expect("an http server");
    let front = Front::of(target.parse().expect("a loopback address")).await;
    let proxy = Proxy::start(Tongue::Http, front.address, None).await;
    let gate = Front::of(proxy.address).await;
    let link = format!("https://{}", gate.address);
    for (roots, host) in [
        (vec![&front], gate.address.to_string()),
        (vec![&gate], "files.invalid".to_owned()),
    ] {
        let found = problem(&link, SECURE, &roots).await;
        let named = matches!(&found, Problem::TlsFailed { host: named, .. } if *named == host);
        assert!(named, "{host}: {found:?}");
    }
}
