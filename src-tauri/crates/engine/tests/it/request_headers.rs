//! Request headers given by the user.

use millrace_engine::{CommandError, NewDownload};

use crate::rig::Rig;
use crate::scripted_server::{Script, answer};

#[tokio::test]
async fn a_header_that_cannot_be_sent_refuses_the_command_and_asks_nobody() {
    let server = Script::start("127.0.0.1:0", |_| answer(200, &[], b"x")).await;
    let rig = Rig::new();
    for (name, value) in [("X Token", "s"), ("X-A", "1\r\nX-B: 2"), ("", "s")] {
        let sound = ("X-Sound".to_owned(), "1".to_owned());
        let new = NewDownload {
            headers: vec![sound, (name.to_owned(), value.to_owned())],
            ..rig.wish(server.url("/file.bin"))
        };
        let refused = Err(CommandError::BadHeader(name.to_owned()));
        let added = rig
            .handle()
            .add_many(vec![rig.wish(server.url("/other.bin")), new.clone()]);
        assert_eq!(added.await.map(|_| ()), refused);
        assert_eq!(rig.handle().probe(new).await.map(|_| ()), refused);
    }
    assert!(
        rig.handle()
            .list()
            .await
            .expect("the engine runs")
            .is_empty()
    );
    assert!(server.asked().is_empty());
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_header_with_letters_of_any_language_is_sent_as_it_was_given() {
    let server = Script::start("127.0.0.1:0", |_| answer(200, &[], b"x")).await;
    let rig = Rig::new();
    let id = rig
        .add_as(NewDownload {
            headers: vec![("X-Name".into(), " J\u{fc}rgen \u{4f60} ".into())],
            ..rig.wish(server.url("/file.bin"))
        })
        .await;
    rig.done(id).await;
    assert_eq!(
        server.asked()[0].header("x-name"),
        Some("J\u{fc}rgen \u{4f60}")
    );
    rig.close(&["file.bin"]).await;
}
