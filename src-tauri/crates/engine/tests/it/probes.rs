//! Probes before a download, and downloads that continue with their responses.

use std::time::{Duration, Instant};

use millrace_engine::{CommandError, Credentials, NewDownload, Problem};

use crate::rig::{Rig, bytes};
use crate::scripted_server::{Script, answer};
use crate::server::{Server, Site};

/// More than a connection buffers while it is not read.
const LARGE: usize = 12 << 20;

async fn open_bodies(server: &Server, count: usize) {
    let end = Instant::now() + Duration::from_secs(10);
    while server.open() != count {
        assert!(Instant::now() < end, "{} are open", server.open());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_link_that_works_once_is_downloaded_with_the_answer_that_was_looked_at() {
    let body = bytes(LARGE);
    let mut site = Site::of(&body);
    site.headers = vec![(
        "Content-Disposition",
        "attachment; filename=real.bin".into(),
    )];
    let server = Server::start(site).await;
    let rig = Rig::new();
    let wish = rig.wish(server.url("/once"));
    let look = rig.handle().probe(wish.clone()).await.expect("it is there");
    assert_eq!(look.url, wish.url);
    assert_eq!(look.name, "real.bin");
    assert_eq!(look.total, Some(LARGE as u64));
    assert!(look.resumable);
    assert_eq!(look.connections, 1);
    server.change(|site| site.status = Some(404));
    let named = NewDownload {
        name: Some("mine.bin".into()),
        ..wish
    };
    let id = rig.add_as(named).await;
    rig.done(id).await;
    assert_eq!(rig.read("mine.bin"), body);
    assert_eq!(server.asked().len(), 1, "the look was the only request");
    rig.close(&["mine.bin"]).await;
}

#[tokio::test]
async fn a_download_that_is_added_before_the_look_has_its_answer_waits_for_it() {
    let body = bytes(5_000);
    let whole = body.clone();
    let server = Script::start("127.0.0.1:0", move |_| answer(200, &[], &whole)).await;
    let rig = Rig::new();
    let wish = rig.wish(server.url("/file.bin"));
    let (look, added) = tokio::join!(
        rig.handle().probe(wish.clone()),
        rig.handle().add(wish.clone())
    );
    look.expect("it is there");
    rig.done(added.expect("the engine takes it")).await;
    assert_eq!(server.asked().len(), 1);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_download_with_another_question_asks_for_itself() {
    let server = Server::start(Site::of(&bytes(1_000))).await;
    let rig = Rig::new();
    let wish = rig.wish(server.url("/file.bin"));
    let seen = rig.handle().probe(wish.clone()).await;
    seen.expect("it is there");
    let credentials = Credentials {
        user: "ada".into(),
        password: "x".into(),
    };
    let others = [
        NewDownload {
            headers: vec![("Referer".into(), "http://page/".into())],
            ..wish.clone()
        },
        NewDownload {
            credentials: Some(credentials),
            ..wish.clone()
        },
        NewDownload {
            proxy: Some(millrace_engine::ProxyChoice::None),
            ..wish.clone()
        },
        rig.wish(server.url("/other.bin")),
    ];
    for (before, other) in (1..).zip(others) {
        rig.done(rig.add_as(other).await).await;
        assert_eq!(server.asked().len(), before + 1);
    }
    // The response is still open for the matching download, and only once.
    rig.done(rig.add_as(wish.clone()).await).await;
    assert_eq!(server.asked().len(), 5);
    rig.done(rig.add_as(wish).await).await;
    assert_eq!(server.asked().len(), 6);
    let more = (1..=4).map(|number| format!("file ({number}).bin"));
    let mut names: Vec<String> = more.collect();
    names.extend(["file.bin".into(), "other.bin".into()]);
    assert_eq!(rig.names(), names);
}

#[tokio::test]
async fn at_most_four_answers_are_kept_open_and_none_beyond_its_time() {
    let server = Server::start(Site::of(&bytes(LARGE))).await;
    let rig = Rig::with(|config| config.probe_ttl = Duration::from_secs(2));
    for number in 0..6 {
        let wish = rig.wish(server.url(&format!("/{number}")));
        rig.handle().probe(wish).await.expect("it is there");
    }
    open_bodies(&server, 4).await;
    open_bodies(&server, 0).await;
    let late = rig.add(server.url("/5")).await;
    rig.done(late).await;
    assert_eq!(server.asked().len(), 7, "it was asked again");
    rig.close(&["5"]).await;
}

#[tokio::test]
async fn an_engine_that_ends_leaves_no_answer_open() {
    let server = Server::start(Site::of(&bytes(LARGE))).await;
    let rig = Rig::new();
    let wish = rig.wish(server.url("/file.bin"));
    rig.handle().probe(wish).await.expect("it is there");
    rig.close(&[]).await;
    open_bodies(&server, 0).await;
}

#[tokio::test]
async fn what_a_download_would_fail_of_is_said_at_the_look() {
    let mut site = Site::of(b"");
    site.status = Some(404);
    let server = Server::start(site).await;
    let rig = Rig::new();
    let look = |url: String| rig.handle().probe(rig.wish(url));
    let missing = look(server.url("/file.bin")).await;
    assert!(
        matches!(
            missing,
            Err(CommandError::InvalidUrl(Problem::NotFound { .. }))
        ),
        "{missing:?}"
    );
    let wrong = look("ftp://host/file".into()).await;
    assert!(
        matches!(
            wrong,
            Err(CommandError::InvalidUrl(Problem::UnsupportedScheme { .. }))
        ),
        "{wrong:?}"
    );
    assert!(
        rig.handle()
            .list()
            .await
            .expect("the engine runs")
            .is_empty()
    );
}

#[tokio::test]
async fn a_page_that_was_looked_at_is_not_taken_for_a_file_of_another_kind() {
    let page = b"<html>sign in</html>".to_vec();
    let html = ["Content-Type: text/html"];
    let server = Script::start("127.0.0.1:0", move |head| {
        if head.path() == "/portal" {
            return answer(200, &html, &page);
        }
        answer(302, &["Location: /portal"], b"")
    })
    .await;
    let rig = Rig::new();
    let wish = rig.wish(server.url("/file.zip"));
    let seen = rig.handle().probe(wish).await;
    assert!(
        seen.is_ok(),
        "on one host a page may be the answer: {seen:?}"
    );
}
