//! Contents of frames besides rows: settings, requests to show or add, and queue positions.

use super::*;
use crate::category::Category;
use crate::folder_grants::Folder;
use crate::folder_grants::FolderGrants;
use crate::hub::pending_changes::{FRAME_LIMIT, json_length};
use crate::paths::AppPaths;
use crate::settings::SettingsChange;
use crate::settings::{CategoryFolder, Proxy, Settings};
use crate::view::{self, Activity, Offered};

fn link(url: &str) -> Offered {
    Offered::from(url.to_owned())
}

#[test]
fn settings_are_told_to_every_page_but_the_one_that_changed_them() {
    let mut rig = Rig::with(1);
    let (here, there) = (Wire::new(), Wire::new());
    rig.attach("main", "a", &here);
    rig.attach("other", "b", &there);
    rig.ack("main", "a", 0).unwrap();
    rig.ack("other", "b", 0).unwrap();
    let folder = Folder {
        id: "downloads".into(),
        label: "files".into(),
    };
    let mut settings = Settings::new(folder);
    settings.proxy = Proxy::Custom {
        url: "http://ada:secret@proxy/".into(),
    };
    rig.hub_state.settings(&SettingsChange {
        settings: settings.clone(),
        by: Some("main".into()),
    });
    rig.pass(millis(150));
    assert_eq!(here.take(), []);
    let frames = there.take();
    assert_eq!(frames.len(), 1);
    assert_eq!(frames[0].settings, Some(view::Settings::from(&settings)));
    assert!(
        !serde_json::to_string(&frames[0])
            .unwrap()
            .contains("secret")
    );
    rig.ack("other", "b", 1).unwrap();
    rig.pass(seconds(1));
    assert_eq!(there.take()[0].settings, None, "told once");
}

#[test]
fn a_download_to_show_waits_for_a_page_that_can() {
    let mut rig = Rig::with(2);
    rig.hub_state.open(2);
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    rig.pass(millis(150));
    assert_eq!(wire.take()[0].open, Some(2));
    rig.ack("main", "a", 1).unwrap();
    rig.hub_state.open(1);
    rig.pass(millis(150));
    assert_eq!(wire.take()[0].open, Some(1));
    rig.ack("main", "a", 2).unwrap();
    rig.hub_state.window_closed("main");
    let again = Wire::new();
    rig.attach("main", "b", &again);
    rig.ack("main", "b", 0).unwrap();
    rig.pass(seconds(1));
    assert_eq!(again.take()[0].open, None, "a page has seen it");
}

#[test]
fn what_a_page_never_acknowledged_is_told_to_the_next() {
    let mut rig = Rig::with(2);
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    rig.hub_state.open(2);
    rig.pass(millis(150));
    assert_eq!(wire.take()[0].open, Some(2));
    rig.hub_state.add(vec![link("http://h/a")]);
    rig.hub_state.window_closed("main");
    let again = Wire::new();
    rig.attach("main", "b", &again);
    rig.ack("main", "b", 0).unwrap();
    rig.pass(millis(150));
    let frame = again.take().remove(0);
    assert_eq!(
        (frame.open, frame.add),
        (Some(2), Some(vec![link("http://h/a")]))
    );
}

#[test]
fn links_to_ask_about_wait_for_a_page_and_are_told_once() {
    let mut rig = Rig::with(1);
    let links = |names: &[&str]| {
        names
            .iter()
            .map(|name| link(&format!("http://h/{name}")))
            .collect::<Vec<_>>()
    };
    rig.hub_state.add(links(&["a"]));
    rig.hub_state.add(links(&["b", "a"]));
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    rig.pass(millis(150));
    assert_eq!(wire.take()[0].add, Some(links(&["a", "b"])));
    rig.ack("main", "a", 1).unwrap();
    rig.hub_state.add(links(&["c"]));
    rig.pass(millis(150));
    assert_eq!(wire.take()[0].add, Some(links(&["c"])));
    rig.ack("main", "a", 2).unwrap();
    rig.pass(seconds(1));
    assert_eq!(wire.take()[0].add, None);
}

#[test]
fn a_page_that_is_to_ask_for_a_link_is_told_so_without_one() {
    let mut rig = Rig::with(1);
    rig.hub_state.add(Vec::new());
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    rig.pass(millis(150));
    assert_eq!(wire.take()[0].add, Some(Vec::new()));
    // a page that detached before showing anything leaves that to the next
    let again = Wire::new();
    rig.attach("main", "b", &again);
    rig.ack("main", "b", 0).unwrap();
    rig.pass(millis(150));
    assert_eq!(again.take()[0].add, Some(Vec::new()));
}

#[test]
fn more_links_than_a_frame_holds_are_left_out() {
    let mut rig = Rig::with(1);
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    for number in 0..20 {
        rig.hub_state.add(vec![
            format!("http://h/{number}/{}", "\"".repeat(900)).into(),
        ]);
    }
    rig.pass(millis(150));
    let frame = wire.take().remove(0);
    assert_eq!(frame.add.as_ref().map(Vec::len), Some(4));
    assert!(json_length(&frame) < FRAME_LIMIT, "{}", json_length(&frame));
}

#[test]
fn the_largest_settings_fit_a_frame() {
    let mut rig = Rig::with(1);
    let wire = Wire::new();
    rig.attach("main", "a", &wire);
    rig.ack("main", "a", 0).unwrap();
    let long = tempfile::tempdir().unwrap();
    let folders = FolderGrants::open(&AppPaths {
        state: long.path().into(),
        downloads: "\"".repeat(4_000).into(),
        fixed_downloads: false,
        private_downloads: false,
    });
    let mut settings = Settings::new(folders.downloads());
    for category in [
        Category::Archive,
        Category::Video,
        Category::Audio,
        Category::Image,
        Category::Document,
        Category::Disc,
        Category::Program,
        Category::Code,
        Category::File,
    ] {
        let folder = folders.downloads();
        settings
            .categories
            .push(CategoryFolder { category, folder });
    }
    settings.proxy = Proxy::Custom {
        url: format!("http://{}/", "a".repeat(490)),
    };
    rig.hub_state
        .settings(&SettingsChange { settings, by: None });
    for id in 1..=2_000 {
        rig.remove(id);
    }
    rig.pass(millis(150));
    let frame = wire.take().remove(0);
    assert!(frame.settings.is_some() && !frame.removed.is_empty());
    assert!(json_length(&frame) < FRAME_LIMIT, "{}", json_length(&frame));
}

#[test]
fn a_place_in_the_queue_is_told_where_it_is_seen_or_soon() {
    let mut rig = Rig::new();
    for id in 1..=400 {
        rig.turn(id, Phase::Queued);
    }
    let wire = Wire::new();
    let first = rig.attach("main", "a", &wire);
    assert_eq!(first.rows[0].place, Some(399));
    rig.hub_state
        .set_visible_rows("main", "a", &[400, 392, 391], Activity::Focused)
        .unwrap();
    rig.ack("main", "a", 0).unwrap();
    let mut places = BTreeMap::new();
    let mut told = |rig: &mut Rig| {
        for seq in 1.. {
            rig.pass(millis(150));
            let Some(frame) = wire.take().pop() else {
                break;
            };
            for row in frame.rows {
                places.insert(row.id, row.place);
            }
            rig.ack("main", "a", frame.seq).unwrap();
            if seq > 60 {
                break;
            }
        }
        std::mem::take(&mut places)
    };
    told(&mut rig);
    rig.turn(1, Phase::Running);
    let shifted = told(&mut rig);
    assert_eq!(shifted[&1], None);
    assert_eq!(shifted[&2], Some(0), "it is next");
    assert_eq!(shifted[&400], Some(398), "it is seen");
    assert_eq!(shifted.get(&200), None);
    rig.hub_state
        .set_visible_rows("main", "a", &[205, 200, 195], Activity::Focused)
        .unwrap();
    assert_eq!(told(&mut rig)[&200], Some(198), "it is seen now");
}

#[test]
fn what_was_hidden_comes_back_as_a_newer_row() {
    let mut rig = Rig::with(3);
    let wire = Wire::new();
    let known = rig.attach("main", "a", &wire).rows;
    rig.ack("main", "a", 0).unwrap();
    rig.hub_state.hide(&[2], rig.now());
    rig.pass(millis(150));
    let frame = wire.take().remove(0);
    assert_eq!((frame.removed, frame.totals.all), (vec![2], 2));
    rig.ack("main", "a", 1).unwrap();
    // it continues unseen
    rig.receive(2, 10);
    rig.pass(millis(150));
    assert_eq!(wire.take(), []);
    rig.hub_state.unhide(&[2]);
    rig.pass(millis(150));
    let frame = wire.take().remove(0);
    assert_eq!((frame.removed.len(), frame.totals.all), (0, 3));
    assert_eq!(frame.rows[0].id, 2);
    assert_eq!(frame.rows[0].received, 110);
    let before = known.iter().find(|row| row.id == 2).unwrap();
    assert!(frame.rows[0].rev > before.rev);
    // hidden and shown between two frames: its removal is not reported
    rig.ack("main", "a", 2).unwrap();
    rig.hub_state.hide(&[2], rig.now());
    rig.hub_state.unhide(&[2]);
    rig.pass(millis(150));
    assert!(wire.take()[0].removed.is_empty());
}
