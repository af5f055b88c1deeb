//! A phone on which files are deleted together with the app, unless the user allows writing in the public folder.

use std::sync::mpsc::{Sender, channel};

use super::*;

/// A stage with a window whose user is asked, and the sender of their decision.
async fn private() -> (Stage, Sender<Option<PathBuf>>) {
    let stage = Stage::run_on(TestEngine::private()).await;
    let (decide, decides) = channel();
    *stage.platform.decides.lock().unwrap() = Some(decides);
    stage.platform.window.store(true, Ordering::Relaxed);
    (stage, decide)
}

impl Stage {
    fn shared(&self, link: String) {
        let links = vec![link];
        self.state.requests.send(Request::Links(links)).unwrap();
    }

    fn asked_for_folder(&self) -> usize {
        let seen = self.platform.seen();
        let asked = seen
            .iter()
            .filter(|one| **one == Seen::AskedForPublicFolder);
        asked.count()
    }

    /// Waits until the loop has handled everything sent before.
    async fn settled(&self) {
        let _folder = self.ask(Request::PickFolder).await;
    }

    fn finished(&self) -> Vec<PathBuf> {
        let finished = |seen| {
            let Seen::Finished(path) = seen else {
                return None;
            };
            Some(path)
        };
        self.platform
            .seen()
            .into_iter()
            .filter_map(finished)
            .collect()
    }
}

#[tokio::test]
async fn links_wait_until_the_person_has_decided_and_go_where_files_stay() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let (stage, decide) = private().await;
    let public = stage.works.folder.path().join("public");
    std::fs::create_dir(&public).unwrap();
    stage.shared(server.url("a.txt"));
    stage.shared(server.url("b.txt"));
    stage.settled().await;
    assert_eq!(stage.works.handle.list().await.unwrap(), []);
    decide.send(Some(public.clone())).unwrap();
    stage.notices(2).await;
    let mut finished = stage.finished();
    finished.sort();
    assert_eq!(finished, [public.join("a.txt"), public.join("b.txt")]);
    // shown and used from now on, and the user is not asked again
    let label = stage.state.settings.now().folder.label;
    assert_eq!(label, public.display().to_string());
    stage
        .state
        .requests
        .send(Request::AskForPublicFolder)
        .unwrap();
    stage.settled().await;
    assert_eq!(stage.asked_for_folder(), 1);
}

#[tokio::test]
async fn whoever_says_no_has_their_files_in_the_app_s_folder_and_is_not_asked_again_in_this_run() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    let (stage, decide) = private().await;
    let own = stage.works.home().downloads;
    stage.shared(server.url("a.txt"));
    decide.send(None).unwrap();
    stage.notices(1).await;
    stage.shared(server.url("b.txt"));
    stage.notices(2).await;
    assert_eq!(stage.finished(), [own.join("a.txt"), own.join("b.txt")]);
    assert_eq!(stage.asked_for_folder(), 1);
}

#[tokio::test]
async fn nobody_is_asked_where_files_stay_or_no_window_is_to_ask_in() {
    let server = Server::start(b"x".to_vec(), Duration::ZERO);
    for works in [TestEngine::start(), TestEngine::private()] {
        let stage = Stage::run_on(works).await;
        stage
            .platform
            .window
            .store(!stage.state.folders.are_private(), Ordering::Relaxed);
        stage.shared(server.url("a.txt"));
        stage.notices(1).await;
        assert_eq!(stage.asked_for_folder(), 0);
    }
}
