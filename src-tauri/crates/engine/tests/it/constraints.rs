//! Constraints on network and battery: downloads stop where they are, and continue by themselves.

use millrace_engine::{Constraints, DeviceStatus, Phase, UnmetConstraint};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

const HELD: usize = 300_000;

const UNMETERED_ONLY: Constraints = Constraints {
    unmetered_only: true,
    pause_on_roaming: false,
    pause_on_low_battery: false,
    only_when_charging: false,
};

fn metered(metered: bool) -> DeviceStatus {
    DeviceStatus {
        metered: Some(metered),
        ..DeviceStatus::default()
    }
}

async fn on(rig: &Rig, conditions: DeviceStatus) {
    let told = rig.handle().set_device_status(conditions).await;
    told.expect("the engine runs");
}

#[tokio::test]
async fn what_runs_stops_on_a_metered_network_and_goes_on_after_it_asking_only_for_what_is_missing()
{
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::with(|config| config.constraints = UNMETERED_ONLY);
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    on(&rig, metered(true)).await;
    let held = rig.until(id, |one| one.phase == Phase::Queued).await;
    assert_eq!(held.waits_for, Some(UnmetConstraint::Unmetered));
    assert_eq!(held.received, HELD as u64);
    assert!(held.allows.pause, "{held:?}");
    server.release();
    on(&rig, metered(false)).await;
    let done = rig.done(id).await;
    assert_eq!(done.waits_for, None);
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn what_is_added_while_held_asks_nobody_anything() {
    let server = Server::start(Site::of(&bytes(1_000))).await;
    let rig = Rig::with(|config| {
        config.constraints = UNMETERED_ONLY;
        config.device_status = metered(true);
    });
    let id = rig.add(server.url("/file.bin")).await;
    let held = rig.snapshot(id).await;
    assert_eq!(held.phase, Phase::Queued);
    assert_eq!(held.waits_for, Some(UnmetConstraint::Unmetered));
    // Other downloads of the same host are not blocked by it.
    assert_eq!(rig.handle().queue().await.expect("it runs"), []);
    assert!(server.asked().is_empty());
    let lifted = rig.handle().set_constraints(Constraints::default()).await;
    lifted.expect("the engine runs");
    rig.done(id).await;
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn one_that_wants_no_metered_network_waits_alone_also_after_a_restart() {
    let server = Server::start(Site::of(&bytes(1_000))).await;
    let rig = Rig::with(|config| config.device_status = metered(true));
    let mut careful = rig.wish(server.url("/careful.bin"));
    careful.unmetered_only = true;
    let careful = rig.add_as(careful).await;
    let other = rig.add(server.url("/other.bin")).await;
    rig.done(other).await;
    let rig = rig.restart().await;
    let held = rig.snapshot(careful).await;
    assert_eq!(held.waits_for, Some(UnmetConstraint::Unmetered));
    assert!(held.unmetered_only);
    let lifted = rig.handle().set_unmetered_only(careful, false).await;
    lifted.expect("it is on the list");
    rig.done(careful).await;
    rig.close(&["careful.bin", "other.bin"]).await;
}

#[tokio::test]
async fn what_is_paused_while_held_stays_paused_when_nothing_holds_it_any_more() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::with(|config| config.constraints = UNMETERED_ONLY);
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    on(&rig, metered(true)).await;
    rig.until(id, |one| one.phase == Phase::Queued).await;
    rig.handle()
        .pause(id)
        .await
        .expect("what is held can be paused");
    on(&rig, metered(false)).await;
    let paused = rig.snapshot(id).await;
    assert_eq!((paused.phase, paused.waits_for), (Phase::Paused, None));
    rig.close(&["file.bin.part"]).await;
}
