//! Behavior of the app beside its window.

use super::*;
use crate::settings::Language;

/// A single app with these settings, as if they had just been changed.
async fn set_so(change: impl FnOnce(&mut Settings)) -> (Stage, App<FakeShell>) {
    let (stage, mut app, _) = Stage::set().await;
    let settings = stage.state.settings.change(None, change).unwrap();
    app.update_behavior(&settings);
    app.refresh();
    (stage, app)
}

fn last_panel(stage: &Stage) -> DesktopStatus {
    let status = |seen| {
        let Seen::Shown(status) = seen else {
            return None;
        };
        Some(status)
    };
    let mut panels = stage.platform.seen().into_iter().filter_map(status);
    panels.next_back().unwrap()
}

#[tokio::test]
async fn the_app_outlives_its_window_only_where_a_tray_shows_it_and_the_person_wants_it() {
    let (stage, mut app) = set_so(|settings| settings.close_to_tray = true).await;
    let outlives = |stage: &Stage| {
        let seen = stage.platform.seen();
        let mut told = seen.iter().rev();
        told.find_map(|seen| {
            let Seen::Outlives(outlives) = seen else {
                return None;
            };
            Some(*outlives)
        })
    };
    assert_eq!(outlives(&stage), None);
    app.set_tray_available(true);
    app.refresh();
    assert_eq!(outlives(&stage), Some(true));
    app.set_tray_available(false);
    app.refresh();
    assert_eq!(outlives(&stage), Some(false));
    app.set_tray_available(true);
    let change = |settings: &mut Settings| settings.close_to_tray = false;
    app.update_behavior(&stage.state.settings.change(None, change).unwrap());
    app.refresh();
    assert_eq!(outlives(&stage), Some(false));
}

#[tokio::test]
async fn an_app_that_nothing_shows_opens_its_window_after_a_while() {
    let (stage, app, _) = Stage::set().await;
    tokio::time::pause();
    let mut app = app.start_hidden();
    app.set_tray_available(true);
    tokio::time::advance(Duration::from_secs(60)).await;
    app.refresh();
    assert!(
        !stage.platform.seen().contains(&Seen::Front),
        "the tray shows it"
    );
    app.set_tray_available(false);
    app.refresh();
    assert!(
        !stage.platform.seen().contains(&Seen::Front),
        "it may come back"
    );
    tokio::time::advance(Duration::from_secs(10)).await;
    app.refresh();
    assert_eq!(stage.platform.seen().last(), Some(&Seen::Front));
    app.set_tray_available(false);
    assert_eq!(app.behavior.show_window_at(), None, "the window shows it");
}

#[tokio::test]
async fn the_machine_stays_awake_while_something_runs_if_the_person_wants_it() {
    for wanted in [true, false] {
        let (stage, mut app) = set_so(|settings| settings.keep_awake = wanted).await;
        tokio::time::pause();
        app.on_update(changed(1, Phase::Running));
        app.refresh();
        assert_eq!(stage.platform.seen().contains(&Seen::Awake(true)), wanted);
        app.on_update(changed(1, Phase::Paused));
        tokio::time::advance(Duration::from_secs(30)).await;
        app.refresh();
        assert_eq!(stage.platform.seen().contains(&Seen::Awake(false)), wanted);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn tray_and_taskbar_show_what_runs_in_the_chosen_language() {
    let (stage, mut app) = set_so(|_| ()).await;
    tokio::time::pause();
    app.on_update(changed(1, Phase::Running));
    tokio::time::advance(Duration::from_secs(1)).await;
    app.refresh();
    let status = last_panel(&stage);
    assert_eq!(status.status, "1 active, 10 B/s");
    assert_eq!(
        (status.progress, status.badge),
        (TaskbarProgress::Thousandths(100), 1)
    );
    let german = |settings: &mut Settings| settings.language = Some(Language::De);
    app.update_behavior(&stage.state.settings.change(None, german).unwrap());
    app.refresh();
    assert_eq!(last_panel(&stage).status, "1 aktiv, 10 B/s");
    app.on_update(Update::Removed(DownloadId(1)));
    tokio::time::advance(Duration::from_secs(1)).await;
    app.refresh();
    let status = last_panel(&stage);
    assert_eq!((status.progress, status.badge), (TaskbarProgress::None, 0));
}

#[tokio::test]
async fn starting_with_the_system_is_told_when_it_is_changed_and_not_at_every_start() {
    let (stage, mut app) = set_so(|_| ()).await;
    let starts = Seen::StartsWithSystem(true);
    assert!(!stage.platform.seen().contains(&starts));
    let change = |settings: &mut Settings| settings.start_with_system = true;
    let settings = stage.state.settings.change(None, change).unwrap();
    app.update_behavior(&settings);
    app.update_behavior(&settings);
    let seen = stage.platform.seen();
    assert_eq!(seen.iter().filter(|seen| **seen == starts).count(), 1);
}

#[tokio::test]
async fn the_tray_pauses_resumes_slows_and_ends() {
    let server = Server::start(vec![0; 1 << 20], Duration::from_millis(500));
    let stage = Stage::run().await;
    let ask = |ask| stage.state.requests.send(Request::TrayAction(ask)).unwrap();
    let links = vec![server.url("a.bin")];
    stage.state.requests.send(Request::Links(links)).unwrap();
    let paused = async |wanted: bool| {
        let there = async {
            loop {
                let list = stage.works.handle.list().await.unwrap();
                if list
                    .first()
                    .is_some_and(|one| (one.phase == Phase::Paused) == wanted)
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let there = tokio::time::timeout(Duration::from_secs(20), there).await;
        there.expect("it to be so within 20 s");
    };
    paused(false).await;
    ask(TrayAction::PauseAll);
    paused(true).await;
    ask(TrayAction::ResumeAll);
    paused(false).await;
    let mut settings = stage.state.settings.subscribe();
    ask(TrayAction::Slow);
    settings.changed().await.unwrap();
    assert!(stage.state.settings.now().slow);
    ask(TrayAction::Quit);
    let folder = stage.ask(Request::PickFolder).await.unwrap();
    assert_eq!(folder, None);
    assert!(stage.platform.seen().contains(&Seen::Quit));
}

#[tokio::test]
async fn a_link_of_ours_adds_nothing_by_itself_and_a_bad_one_is_refused_in_words() {
    let stage = Stage::run().await;
    let links = vec![
        "millrace://add?url=http%3A%2F%2F127.0.0.1%2Fa.bin".to_owned(),
        "millrace://add?url=file%3A%2F%2F%2Fetc%2Fpasswd".to_owned(),
    ];
    stage.state.requests.send(Request::Links(links)).unwrap();
    let notices = stage.notices(1).await;
    assert_eq!(
        notices[0].body,
        "Not added: only http and https links are supported"
    );
    stage.ask(Request::PickFolder).await.unwrap();
    assert!(stage.platform.seen().contains(&Seen::Front));
    assert_eq!(stage.works.handle.list().await.unwrap(), []);
}
