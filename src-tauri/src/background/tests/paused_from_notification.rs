//! Pause on the notification leaves a paused one, whose Resume continues what that Pause has stopped.

use super::*;

impl Fake {
    fn rests(&self) -> Option<Rest> {
        self.rests.lock().unwrap().last().cloned().flatten()
    }
}

#[tokio::test]
async fn after_a_pause_the_notice_says_so_until_what_it_paused_is_resumed() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.so(Fake::holds).await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Pause));
    stage.until(id, |one| one.phase == Phase::Paused).await;
    stage.so(|fake| !fake.holds()).await;
    stage.so(|fake| fake.rests().is_some()).await;
    let rest = stage.fake.rests().unwrap();
    assert_eq!(
        (
            rest.title.as_str(),
            rest.text.as_str(),
            rest.resume.as_str()
        ),
        ("Pausiert", "a.bin", "Fortsetzen")
    );
    stage.hear(PlatformEvent::WorkAction(WorkAction::Resume));
    stage.so(|fake| fake.rests().is_none()).await;
    stage.right(id).await;
}

#[tokio::test]
async fn resume_leaves_what_the_person_had_paused_before() {
    let stage = Stage::start().await;
    let before = stage.add("a.bin").await;
    stage.running(before).await;
    stage.works.handle.pause(before).await.unwrap();
    stage.until(before, |one| one.phase == Phase::Paused).await;
    let going = stage.add("b.bin").await;
    stage.running(going).await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Pause));
    stage.until(going, |one| one.phase == Phase::Paused).await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Resume));
    stage.right(going).await;
    let left = stage.until(before, |_| true).await;
    assert_eq!(left.phase, Phase::Paused);
}

#[tokio::test]
async fn what_is_resumed_or_removed_in_the_app_is_off_the_notice() {
    let stage = Stage::start().await;
    let (first, second) = (stage.add("a.bin").await, stage.add("b.bin").await);
    for id in [first, second] {
        stage.running(id).await;
    }
    stage.hear(PlatformEvent::WorkAction(WorkAction::Pause));
    for id in [first, second] {
        stage.until(id, |one| one.phase == Phase::Paused).await;
    }
    let says =
        |text: &'static str| move |fake: &Fake| fake.rests().is_some_and(|rest| rest.text == text);
    stage.so(says("2 Downloads")).await;
    stage.works.handle.resume(first).await.unwrap();
    stage.so(says("b.bin")).await;
    let removed = stage.works.handle.remove(second, RemoveMode::Keep).await;
    removed.unwrap();
    stage.so(|fake| fake.rests().is_none()).await;
    stage.right(first).await;
}

#[tokio::test]
async fn resume_finds_what_was_paused_before_the_process_died() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Pause));
    stage.so(|fake| fake.rests().is_some()).await;
    stage.until(id, |one| one.phase == Phase::Paused).await;
    let stage = stage.killed().await;
    stage.hear(PlatformEvent::WorkAction(WorkAction::Resume));
    stage.right(id).await;
    stage
        .so(|fake| fake.rests.lock().unwrap().last() == Some(&None))
        .await;
}
