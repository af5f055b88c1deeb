//! When the user is asked for permission to show notifications.

use super::*;

#[tokio::test]
async fn who_has_decided_about_notices_is_never_asked_again() {
    let stage = Stage::run().await;
    let asked = || {
        let seen = stage.platform.seen().into_iter();
        seen.filter(|seen| *seen == Seen::AskedToNotify).count()
    };
    assert_eq!(
        stage.ask(Request::NotificationPermission).await,
        Ok(NotificationPermission::NotAsked)
    );
    assert_eq!(asked(), 0, "a question alone asks nobody");
    let refused = Ok(NotificationPermission::Refused);
    assert_eq!(stage.ask(Request::AskNotificationPermission).await, refused);
    assert_eq!(stage.ask(Request::AskNotificationPermission).await, refused);
    assert_eq!(asked(), 1);
    *stage.platform.consent.lock().unwrap() = Some(NotificationPermission::Given);
    let given = Ok(NotificationPermission::Given);
    assert_eq!(stage.ask(Request::AskNotificationPermission).await, given);
    assert_eq!(asked(), 1, "some systems never answer a second time");
}

#[tokio::test]
async fn a_refusal_changes_nothing_for_downloads() {
    let server = Server::start(b"whole file".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    let refused = Ok(NotificationPermission::Refused);
    assert_eq!(stage.ask(Request::AskNotificationPermission).await, refused);
    let links = vec![server.url("a.txt")];
    stage.state.requests.send(Request::Links(links)).unwrap();
    stage.notices(1).await;
    let file = stage.works.home().downloads.join("a.txt");
    assert_eq!(std::fs::read(file).unwrap(), b"whole file");
}
