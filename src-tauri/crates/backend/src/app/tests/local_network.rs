//! A phone that denies access to the local network until the user allows it.

use millrace_engine::{NewDownload, Problem};

use super::*;

impl Stage {
    /// A server in the local network that needs no resolver: its name is longer than valid names.
    async fn add_local(&self) {
        let new = NewDownload {
            url: format!("http://{}.local/a.bin", "a".repeat(64)),
            folder: self.works.home().downloads,
            ..NewDownload::default()
        };
        self.works.handle.add(new).await.unwrap();
    }

    /// Waits for a failure with this code; retries after other failures, as a user would.
    async fn failed(&self, code: &str) {
        let wait = async {
            loop {
                let one = self.only().await;
                if one.problem.as_ref().map(Problem::code) == Some(code) {
                    return;
                }
                if one.phase == Phase::Failed {
                    // the app may have retried meanwhile
                    let _ = self.works.handle.retry(one.id).await;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let bounded = tokio::time::timeout(Duration::from_secs(20), wait).await;
        bounded.expect("it fails so within 20 s");
    }

    fn asked(&self) -> usize {
        let seen = self.platform.seen();
        let asked = seen.iter().filter(|one| **one == Seen::AskedForLocal);
        asked.count()
    }
}

#[tokio::test]
async fn the_person_is_asked_once_they_want_something_of_the_local_network_and_a_refusal_is_named()
{
    let stage = Stage::run().await;
    stage.platform.window.store(true, Ordering::Relaxed);
    *stage.platform.leave.lock().unwrap() = Some(false);
    stage.add_local().await;
    stage.failed("local-network").await;
    let asked = stage.asked();
    // after a retry the user is asked again, and their permission is applied
    *stage.platform.leave.lock().unwrap() = Some(true);
    stage.failed("unknown-host").await;
    assert!(asked > 0 && stage.asked() > asked);
}

#[tokio::test]
async fn nobody_is_asked_about_other_servers_or_where_no_window_is_to_ask_in() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let stage = Stage::run().await;
    stage.add_local().await;
    stage.failed("unknown-host").await;
    stage.platform.window.store(true, Ordering::Relaxed);
    let links = vec![server.url("a.txt")];
    stage.state.requests.send(Request::Links(links)).unwrap();
    stage.notices(1).await;
    assert_eq!(stage.asked(), 0);
}
