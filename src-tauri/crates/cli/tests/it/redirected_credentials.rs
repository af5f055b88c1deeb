//! Credentials and cookies for hosts that a link leads to: each host is given its own, and nobody else's.

use crate::raw_server::RawServer;
use crate::run::{Place, run};

const FILE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";
const ADA: &str = "authorization: basic ywrhonm=";

fn redirect(to: &str, more: &str) -> String {
    format!(
        "HTTP/1.1 302 So\r\nLocation: {to}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

fn has(head: &str, field: &str) -> bool {
    head.to_lowercase().contains(field)
}

#[test]
fn netrc_signs_in_at_a_host_that_the_link_leads_to_with_the_entry_of_that_host() {
    let place = Place::new();
    let netrc = "machine localhost login ada password s\ndefault login no password no\n";
    std::fs::write(place.path("netrc"), netrc).expect("the folder can be written");
    // The way back needs the address of the first server, which it says in the link.
    let second = RawServer::start(|head| {
        let back = head
            .split("back=")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        if has(head, ADA) {
            redirect(&format!("http://{}/file.bin", back.unwrap_or_default()), "").into_bytes()
        } else {
            b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()
        }
    });
    let port = second.address.port();
    let first = RawServer::start(move |head| {
        if head.starts_with("GET /file.bin") {
            return FILE.into();
        }
        let (_, host) = head.split_once("ost: ").unwrap_or_default();
        let host = host.lines().next().unwrap_or_default();
        redirect(&format!("http://localhost:{port}/in?back={host}"), "").into_bytes()
    });
    let mut command = place.get(&["-n", "--tries", "1", &first.url("/start.bin")]);
    command.env("NETRC", place.path("netrc"));
    let ended = run(command);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let sent: Vec<bool> = second.heard().iter().map(|head| has(head, ADA)).collect();
    assert_eq!(sent, [false, true]);
    assert!(!first.heard().iter().any(|head| has(head, ADA)));
}

#[test]
fn a_host_that_netrc_does_not_name_is_given_nothing_on_the_way() {
    let place = Place::new();
    let netrc = "machine 127.0.0.1 login ada password s\ndefault login ada password s\n";
    std::fs::write(place.path("netrc"), netrc).expect("the folder can be written");
    let second = RawServer::saying(
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let port = second.address.port();
    let first = RawServer::saying(&redirect(&format!("http://localhost:{port}/file.bin"), ""));
    let mut command = place.get(&["-n", "--tries", "1", &first.url("/file.bin")]);
    command.env("NETRC", place.path("netrc"));
    crate::failures::assert_failed(&run(command), "unauthorized");
    assert!(!second.heard().iter().any(|head| has(head, "authorization")));
}

#[test]
fn cookies_of_the_file_go_to_the_host_that_they_are_for_and_only_there() {
    let place = Place::new();
    let file = "127.0.0.1\tFALSE\t/\tFALSE\t0\tfirst\t1\nlocalhost\tFALSE\t/\tFALSE\t0\tsecond\t2\nother.example\tTRUE\t/\tFALSE\t0\tother\t3\n";
    std::fs::write(place.path("cookies.txt"), file).expect("the folder can be written");
    let cookies = place.path("cookies.txt").to_string_lossy().into_owned();
    let second = RawServer::saying(FILE);
    let port = second.address.port();
    let first = RawServer::saying(&redirect(&format!("http://localhost:{port}/file.bin"), ""));
    let ended = run(place.get(&["--cookies", &cookies, &first.url("/start.bin")]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let cookie = |head: &String| {
        let lower = head.to_lowercase();
        let line = lower.lines().find(|line| line.starts_with("cookie:"));
        line.map(str::to_owned)
    };
    let of = |server: &RawServer| server.heard().iter().map(cookie).collect::<Vec<_>>();
    assert_eq!(of(&first), [Some("cookie: first=1".to_owned())]);
    assert_eq!(of(&second), [Some("cookie: second=2".to_owned())]);
}
