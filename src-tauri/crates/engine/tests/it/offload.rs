//! Which ranges are offloaded to a system that fetches while the process sleeps, and which are not.

use std::time::Duration;

use millrace_engine::{
    Config, Constraints, DeviceStatus, DownloadId, NewDownload, OffloadedRange, Phase, ProxyChoice,
};

use crate::rig::{Rig, bytes};
use crate::server::{Ranges, Server, Site};

const HELD: usize = 300_000;

async fn lent(rig: &Rig) -> Vec<OffloadedRange> {
    rig.handle().offload().await.expect("the engine runs")
}

/// A download that the server stalls after that many bytes.
async fn held(rig: &Rig, wish: NewDownload) -> DownloadId {
    let id = rig.add_as(wish).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    id
}

#[tokio::test]
async fn what_is_missing_of_a_running_download_is_lent_and_it_asks_nobody_until_it_is_called_back()
{
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let rig = Rig::new();
    let id = held(&rig, rig.wish(server.url("/file.bin"))).await;
    let all = lent(&rig).await;
    let [part] = &all[..] else {
        unreachable!("one hole, one part: {all:?}");
    };
    assert_eq!((part.from, part.to), (HELD as u64, 1_000_000));
    assert_eq!(part.url, server.url("/file.bin"));
    assert!(!part.unmetered_only);
    rig.until(id, |one| one.phase == Phase::Queued).await;
    assert_eq!(lent(&rig).await, [], "nothing is lent twice");
    server.release();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(rig.snapshot(id).await.phase, Phase::Queued);
    assert_eq!(server.ranges(), ["bytes=0-"]);
    rig.handle()
        .cancel_offload()
        .await
        .expect("the engine runs");
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn nothing_is_lent_whose_bytes_could_not_be_known_again() {
    let body = bytes(1_000_000);
    let whole_only = Site {
        ranges: Ranges::Ignored,
        ..Site::of(&body)
    };
    let nameless = Site {
        etag: None,
        ..Site::of(&body)
    };
    let weak = Site {
        etag: Some("W/\"one\""),
        ..Site::of(&body)
    };
    for site in [whole_only, nameless, weak] {
        let server = Server::start(site.holding(HELD)).await;
        let rig = Rig::new();
        let id = held(&rig, rig.wish(server.url("/file.bin"))).await;
        assert_eq!(lent(&rig).await, []);
        assert_eq!(rig.snapshot(id).await.phase, Phase::Running);
        server.release();
        rig.delivers(id, &body).await;
    }
}

#[tokio::test]
async fn nothing_is_lent_that_nobody_else_could_be_held_to() {
    let wishes: [fn(&mut NewDownload); 2] = [
        |wish| wish.limit = Some(50_000_000),
        |wish| wish.proxy = Some(ProxyChoice::None),
    ];
    let settings: [fn(&mut Config); 4] = [
        |config| config.limit = Some(50_000_000),
        |config| config.proxy = ProxyChoice::None,
        |config| config.constraints.only_when_charging = true,
        |config| config.constraints.pause_on_low_battery = true,
    ];
    let as_it_is: fn(&mut NewDownload) = |_| {};
    let set = settings.map(|setting| (setting, as_it_is));
    let wished = wishes.map(|wish| ((|_| {}) as fn(&mut Config), wish));
    for (setting, wish) in set.into_iter().chain(wished) {
        let server = Server::start(Site::of(&bytes(1_000_000)).holding(HELD)).await;
        let rig = Rig::with(setting);
        let mut new = rig.wish(server.url("/file.bin"));
        wish(&mut new);
        let id = held(&rig, new).await;
        assert_eq!(lent(&rig).await, []);
        assert_eq!(rig.snapshot(id).await.phase, Phase::Running);
    }
}

#[tokio::test]
async fn what_is_paused_or_held_by_the_network_is_not_lent() {
    let server = Server::start(Site::of(&bytes(1_000_000)).holding(HELD)).await;
    let rig = Rig::with(|config| config.constraints.unmetered_only = true);
    let id = held(&rig, rig.wish(server.url("/file.bin"))).await;
    let metered = DeviceStatus {
        metered: Some(true),
        ..DeviceStatus::default()
    };
    let told = rig.handle().set_device_status(metered).await;
    told.expect("the engine runs");
    rig.until(id, |one| one.phase == Phase::Queued).await;
    assert_eq!(lent(&rig).await, []);
    rig.pause(id).await;
    let told = rig
        .handle()
        .set_device_status(DeviceStatus::default())
        .await;
    told.expect("the engine runs");
    assert_eq!(lent(&rig).await, []);
    rig.close(&["file.bin.part"]).await;
}

#[tokio::test]
async fn what_may_use_no_metered_network_is_lent_with_that_word() {
    let rules: [fn(&mut Constraints); 2] = [
        |rules| rules.unmetered_only = true,
        |rules| rules.pause_on_roaming = true,
    ];
    for (rule, own) in [
        (None, true),
        (Some(rules[0]), false),
        (Some(rules[1]), false),
    ] {
        let server = Server::start(Site::of(&bytes(1_000_000)).holding(HELD)).await;
        let rig = Rig::with(|config| {
            if let Some(rule) = rule {
                rule(&mut config.constraints);
            }
        });
        let mut wish = rig.wish(server.url("/file.bin"));
        wish.unmetered_only = own;
        held(&rig, wish).await;
        let lent = lent(&rig).await;
        assert!(lent.len() == 1 && lent[0].unmetered_only, "{lent:?}");
    }
}

#[tokio::test]
async fn secrets_are_lent_for_the_origin_they_were_given_for_and_not_where_it_redirects() {
    let site = Site::of(&bytes(1_000_000));
    let elsewhere = Server::start(site.clone().holding(HELD).holding(HELD)).await;
    let home = Server::start(site.holding(HELD)).await;
    let secret = vec![("Cookie".to_owned(), "a=b".to_owned())];
    let rig = Rig::new();
    let mut wish = rig.wish(home.url("/file.bin"));
    wish.headers.clone_from(&secret);
    held(&rig, wish.clone()).await;
    let lent = lent(&rig).await;
    assert!(lent[0].headers.contains(&("cookie".into(), "a=b".into())));
    assert!(!format!("{lent:?}").contains("a=b"), "nor are they shown");
    home.change(|site| {
        let place = elsewhere.url("/file.bin");
        site.redirects.push(("/led", place));
    });
    wish.url = home.url("/led");
    held(&rig, wish.clone()).await;
    assert_eq!(self::lent(&rig).await, []);
    wish.headers.clear();
    held(&rig, wish).await;
    let lent = self::lent(&rig).await;
    assert_eq!(lent.len(), 1);
    assert_eq!(
        lent[0].url,
        home.url("/led"),
        "and what leads there is asked again"
    );
}
