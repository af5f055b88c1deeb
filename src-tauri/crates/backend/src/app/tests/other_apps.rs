//! Links from other apps and executable files from servers start nothing without confirmation.

use super::*;
use crate::view::Offered;

#[tokio::test]
async fn links_that_another_app_opens_are_shown_and_start_nothing() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let plain = server.url("a.txt");
    let ours = format!("millrace://add?url={}", server.url("b.txt"));
    let opened = vec![plain, ours, "file:///etc/passwd".into()];
    let opened = opened.into_iter().map(Offered::from).collect();
    stage.state.requests.send(Request::Offered(opened)).unwrap();
    let many = (0..10_000).map(|n| Offered::from(server.url(&n.to_string())));
    let many = Request::Offered(many.collect());
    stage.state.requests.send(many).unwrap();
    // everything before this request has been handled by then
    stage.ask(Request::PickFolder).await.unwrap();
    assert_eq!(stage.works.handle.list().await.unwrap().len(), 0);
    let notices = stage.platform.notices();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].body.contains("only http and https"));
    assert!(notices[1].body.contains("too long"));
}

#[tokio::test]
async fn what_the_person_shares_starts_but_for_what_is_inside_a_link_of_ours() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let ours = format!("millrace://add?url={}", server.url("b.txt"));
    let shared = vec![ours, server.url("a.txt")];
    stage.state.requests.send(Request::Links(shared)).unwrap();
    // everything before this request has been handled by then
    stage.ask(Request::PickFolder).await.unwrap();
    let one = stage.only().await;
    assert_eq!(one.url, server.url("a.txt"));
}

#[tokio::test]
async fn a_program_is_opened_only_after_the_person_agreed_outside_the_page() {
    let server = Server::start(b"MZ".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let links = vec![server.url("report.pdf.scr")];
    stage.state.requests.send(Request::Links(links)).unwrap();
    stage.notices(1).await;
    let one = stage.only().await;
    let opened = Seen::Opened(one.path());
    let question = |seen: &Seen| matches!(seen, Seen::Question(_));
    let answer = |agreed: bool| {
        let asked = stage.platform.asks.lock().unwrap().take();
        asked.expect("a question")(agreed);
    };
    for agreed in [false, true] {
        let (reply, done) = oneshot::channel();
        let open = Request::Open(one.id, reply);
        stage.state.requests.send(open).unwrap();
        // the loop continues while the question is open
        stage.ask(Request::PickFolder).await.unwrap();
        assert!(!stage.platform.seen().contains(&opened));
        answer(agreed);
        done.await.unwrap().unwrap();
        assert_eq!(stage.platform.seen().contains(&opened), agreed);
    }
    // the button of a notification does not count as confirmation
    let clicked = Request::NotificationAction(NotificationAction::Open(one.id));
    stage.state.requests.send(clicked).unwrap();
    stage.ask(Request::PickFolder).await.unwrap();
    let seen = stage.platform.seen();
    assert_eq!(seen.iter().filter(|one| question(one)).count(), 3);
    assert_eq!(seen.iter().filter(|one| **one == opened).count(), 1);
    let Some(Seen::Question(asked)) = seen.into_iter().find(question) else {
        panic!("a question");
    };
    assert!(asked.body.contains("report.pdf.scr") && asked.body.contains(&one.host));
}
