//! Loss of the network, of the permission to use it, of the battery and of the process. No bytes are lost in any case.

use millrace_engine::{Constraints, UnmetConstraint};
use tauri_plugin_transfer::Needs;

use super::*;

fn connected(connected: bool) -> PlatformStatus {
    PlatformStatus {
        connected: Some(connected),
        ..PlatformStatus::default()
    }
}

fn metered(metered: bool) -> PlatformStatus {
    PlatformStatus {
        connected: Some(true),
        metered: Some(metered),
        ..PlatformStatus::default()
    }
}

#[tokio::test]
async fn a_phone_that_refuses_everything_loses_nothing() {
    let stage = Stage::start().await;
    stage.fake.refuses.store(true, Ordering::Relaxed);
    let id = stage.add("a.bin").await;
    stage.right(id).await;
    stage.so(|fake| !fake.holds()).await;
}

#[tokio::test]
async fn on_a_metered_network_it_waits_unheld_and_goes_on_by_itself_after_it() {
    let stage = Stage::start().await;
    let rules = Constraints {
        unmetered_only: true,
        ..Constraints::default()
    };
    stage.works.handle.set_constraints(rules).await.unwrap();
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.so(Fake::holds).await;
    stage.surroundings(metered(true));
    let held = stage.until(id, |one| one.waits_for.is_some()).await;
    assert_eq!(held.waits_for, Some(UnmetConstraint::Unmetered));
    stage.so(|fake| !fake.holds()).await;
    stage.surroundings(metered(false));
    stage.so(Fake::holds).await;
    stage.right(id).await;
}

#[tokio::test]
async fn a_phone_that_waits_for_networks_is_left_work_for_the_one_it_needs() {
    // the phone is updated at most once a second
    let stage = Stage::with(Duration::from_millis(500)).await;
    stage.fake.waits.store(true, Ordering::Relaxed);
    let only = |settings: &mut Settings| settings.network.unmetered_only = true;
    stage.settings.change(None, only).unwrap();
    let rules = Constraints {
        unmetered_only: true,
        ..Constraints::default()
    };
    stage.works.handle.set_constraints(rules).await.unwrap();
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.surroundings(metered(true));
    stage
        .so(|fake| fake.last().is_some_and(|work| work.waits))
        .await;
    let told = stage.fake.told();
    assert!(told.iter().all(Option::is_some), "never let go: {told:?}");
    assert_eq!(stage.fake.last().unwrap().needs, Needs::NotMetered);
    assert!(
        !stage.works.home().crash_marker().exists(),
        "its end is none"
    );
    stage.surroundings(metered(false));
    stage.so(Fake::holds).await;
    assert!(stage.works.home().crash_marker().exists());
    stage.right(id).await;
}

#[tokio::test]
async fn a_network_that_is_lost_for_a_while_costs_no_byte_that_was_here() {
    let server = Server::with_parts(body(), Duration::from_millis(60));
    let stage = Stage::on(TestEngine::patient(), server).await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.server.unreachable(true);
    stage.surroundings(connected(false));
    let lost = stage.until(id, |one| one.phase == Phase::Waiting).await;
    assert!(lost.received > 0);
    stage.server.unreachable(false);
    stage.surroundings(connected(true));
    stage.right(id).await;
    let asked = stage.server.from();
    let again = asked.iter().filter(|from| **from == 0).count();
    assert_eq!(again, 1, "the beginning was here: {asked:?}");
}

#[tokio::test]
async fn a_low_battery_stops_it_until_there_is_a_charger() {
    let stage = Stage::start().await;
    let rules = Constraints {
        pause_on_low_battery: true,
        ..Constraints::default()
    };
    stage.works.handle.set_constraints(rules).await.unwrap();
    let low = PlatformStatus {
        charging: Some(false),
        battery: Some(9),
        ..PlatformStatus::default()
    };
    stage.surroundings(low);
    let id = stage.add("a.bin").await;
    let held = stage.until(id, |one| one.waits_for.is_some()).await;
    assert_eq!(held.waits_for, Some(UnmetConstraint::Battery));
    stage.so(|fake| !fake.holds()).await;
    stage.surroundings(PlatformStatus {
        charging: Some(true),
        ..low
    });
    stage.right(id).await;
}

#[tokio::test]
async fn a_killed_process_goes_on_where_it_was_when_the_app_is_opened_again() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.so(Fake::holds).await;
    assert!(!stage.work_ended());
    let again = stage.killed().await;
    again.so(Fake::holds).await;
    assert!(again.work_ended(), "it was held when the process died");
    again.right(id).await;
    again.so(|fake| !fake.holds()).await;
    assert!(!again.killed().await.work_ended(), "nothing was held");
}

#[tokio::test]
async fn a_process_that_died_without_work_ended_none() {
    let stage = Stage::start().await;
    let id = stage.add("a.bin").await;
    stage.running(id).await;
    stage.works.handle.pause(id).await.unwrap();
    stage
        .so(|fake| fake.told().len() > 1 && !fake.holds())
        .await;
    let again = stage.killed().await;
    again.works.handle.resume(id).await.unwrap();
    again.so(Fake::holds).await;
    assert!(!again.work_ended());
    again.right(id).await;
}
