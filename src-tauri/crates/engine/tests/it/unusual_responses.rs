//! Unusual but valid responses, and invalid ones: each has one outcome, and none of them hangs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use millrace_engine::{DownloadId, Fix, NewDownload, Phase};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

/// A server that sends one reply to every request.
async fn always(reply: Reply) -> Wire {
    Wire::start(move |_, _| reply.clone()).await
}

#[tokio::test]
async fn trailers_and_extensions_of_chunks_are_no_bytes_of_the_file() {
    let body = b"first, second";
    let chunks =
        b"7;name=\"x\"\r\nfirst, \r\n6\r\nsecond\r\n0\r\nDigest: none\r\nX-More: yes\r\n\r\n";
    let fields = [("Transfer-Encoding", "chunked"), ("Trailer", "Digest")];
    let server = always(Reply::new("HTTP/1.1 200 OK", &fields, chunks)).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, body).await;
}

#[tokio::test]
async fn what_a_server_says_before_its_answer_is_no_answer() {
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK";
    let server = always(Reply::new(early, &[("Content-Length", "4")], b"file")).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, b"file").await;
}

#[tokio::test]
async fn two_lengths_that_differ_are_a_bad_response() {
    let fields = [("Content-Length", "4"), ("Content-Length", "5")];
    let server = always(Reply::new("HTTP/1.1 200 OK", &fields, b"file!")).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.failed(id, "bad-response", Fix::Retry).await;
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_head_that_comes_letter_by_letter_without_end_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let dripping = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let head = b"HTTP/1.1 200 OK\r\nX: "
                    .iter()
                    .chain(std::iter::repeat(&b'x'));
                for letter in head {
                    if stream.write_all(&[*letter]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            });
        }
    });
    let rig = Rig::with(|config| config.timeout = Duration::from_millis(150));
    let begun = Instant::now();
    let id = rig.add(format!("http://{address}/file.bin")).await;
    rig.failed(id, "no-answer", Fix::Retry).await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    dripping.abort();
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_server_that_gives_parts_to_the_first_connection_only_is_asked_by_one() {
    let body = bytes(6 << 20);
    let file = body.clone();
    let server = Wire::start(move |heard, before| {
        let pace = Duration::from_millis(3);
        let whole = [("Content-Length", "6291456"), ("ETag", "\"one\"")];
        let good = Reply::good(heard, &file, &[("ETag", "\"one\"")]);
        let other = Reply::new("HTTP/1.1 200 OK", &whole, &file);
        if before == 0 { good } else { other }.paced(pace)
    })
    .await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_total_that_another_connection_names_is_of_another_file_and_the_first_one_brings_its_own_whole()
 {
    let (old, new) = (bytes(6 << 20), bytes((6 << 20) + 1));
    let first = old.clone();
    let server = Wire::start(move |heard, before| {
        let body = if before == 0 { &first } else { &new };
        Reply::good(heard, body, &[("ETag", "\"one\"")]).paced(Duration::from_millis(3))
    })
    .await;
    let rig = Rig::new();
    let id = rig.add_over(4, server.url("/file.bin")).await;
    rig.delivers(id, &old).await;
}

#[tokio::test]
async fn a_wait_of_years_is_one_of_a_day_and_the_person_need_not_wait_at_all() {
    let (server, rig, id) = begun(Site {
        status: Some(503),
        headers: vec![("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT".into())],
        ..Site::of(b"file")
    })
    .await;
    let waits = rig.until(id, |one| one.phase == Phase::Waiting).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = u64::try_from(now.expect("it is after 1970").as_millis()).expect("small");
    let wait = waits.wait_until.expect("it says until when") - now;
    assert!((86_000_000..=86_400_000).contains(&wait), "{wait} ms");
    server.change(|site| site.status = None);
    rig.retry(id).await;
    rig.delivers(id, b"file").await;
}

#[tokio::test]
async fn a_wait_that_is_over_already_is_none() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Wire::start(move |heard, before| {
        count.fetch_add(1, Ordering::Relaxed);
        let past = [
            ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("Content-Length", "0"),
        ];
        if before == 0 {
            Reply::new("HTTP/1.1 503 Busy", &past, b"")
        } else {
            Reply::good(heard, b"file", &[])
        }
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.delivers(id, b"file").await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn the_same_link_twice_at_once_gives_two_whole_files() {
    let body = bytes(3 << 20);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::with(|config| config.parallel = 2);
    let wish = rig.wish(server.url("/file.bin"));
    let both = rig.handle().add_many(vec![wish.clone(), wish]).await;
    for id in both.expect("the engine takes both") {
        rig.done(id).await;
    }
    assert!(rig.read("file.bin") == body && rig.read("file (1).bin") == body);
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn thirty_files_of_one_name_racing_for_it_all_keep_their_own_bytes() {
    // Each has a server and a length of its own, so that no file can be mistaken for another.
    let mut servers = Vec::new();
    for n in 0..30 {
        servers.push(Server::start(Site::of(&bytes(1000 + n))).await);
    }
    let rig = Rig::with(|config| config.parallel = 30);
    let wishes: Vec<NewDownload> = servers
        .iter()
        .map(|server| rig.wish(server.url("/file.bin")))
        .collect();
    let ids: Vec<DownloadId> = rig.handle().add_many(wishes).await.expect("all are taken");
    let mut names = Vec::new();
    for (n, id) in ids.into_iter().enumerate() {
        let done = rig.done(id).await;
        assert!(rig.read(&done.name) == bytes(1000 + n), "{}", done.name);
        names.push(done.name);
    }
    names.sort();
    assert_eq!(names, rig.names());
    names.dedup();
    assert_eq!(names.len(), 30);
}

#[tokio::test]
async fn user_and_password_in_the_place_that_a_redirect_names_are_sent_nowhere() {
    let site = Site::of(b"file");
    let target = Server::start(site.clone()).await;
    let place = target.url("/file.bin").replace("://", "://ada:secret@");
    let (_server, rig, id) = begun(Site {
        redirects: vec![("/file.bin", place)],
        ..site
    })
    .await;
    rig.delivers(id, b"file").await;
    let asked = target.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("authorization"), None);
}
