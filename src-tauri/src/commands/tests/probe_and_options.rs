//! Settings, probes, duplicates and options of downloads.

use std::sync::atomic::Ordering;

use millrace_backend::app_state::AppState;
use millrace_engine::DeviceStatus;

use super::*;

/// Adds the download paused.
fn options() -> Value {
    json!({
        "folder": null, "name": null, "headers": [], "checksum": null, "connections": null,
        "limit": null, "paused": true, "proxy": null, "credentials": null, "priority": "normal",
        "startAt": null, "unmeteredOnly": false,
    })
}

fn with(key: &str, value: Value) -> Value {
    let mut options = options();
    options[key] = value;
    options
}

/// Adds these links together; returns their ids.
fn add(page: &Page, links: &[&str], options: Value) -> Vec<u64> {
    let items: Vec<Value> = links
        .iter()
        .map(|url| json!({ "url": url, "name": null }))
        .collect();
    let arguments = json!({ "items": items, "options": options });
    let ids = page.call("download_many", arguments).unwrap();
    serde_json::from_value(ids).unwrap()
}

/// The rows as a newly opened page gets them, by id.
fn rows(page: &Page) -> BTreeMap<u64, Value> {
    let attach = json!({ "session": "rows", "onFrame": channel(99) });
    let first = page.call("attach", attach).unwrap();
    let rows = first["rows"].as_array().unwrap().clone();
    let id = |row: &Value| row["id"].as_u64().unwrap();
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

#[test]
fn settings_are_changed_as_a_whole_and_a_wrong_one_is_named() {
    let page = Page::open();
    let mut settings = page.call("settings", json!({})).unwrap();
    assert_eq!(settings["folder"]["id"], "downloads");
    assert_eq!(settings["proxy"], json!({ "kind": "system" }));
    assert_eq!(settings["theme"], "system");
    settings["proxy"] = json!({ "kind": "custom", "url": "socks5://ada:secret@proxy" });
    settings["language"] = json!("zh");
    settings["perHost"] = json!(2);
    let change = |settings: &Value| page.call("change_settings", json!({ "settings": settings }));
    let set = change(&settings).unwrap();
    assert_eq!(set["proxy"]["url"], "socks5://ada:***@proxy:1080");
    assert_eq!(page.call("settings", json!({})).unwrap(), set);
    settings = set.clone();
    settings["parallel"] = json!(99);
    let failure = change(&settings).unwrap_err();
    assert_eq!(failure["code"], "bad-setting");
    assert!(
        failure["message"]
            .as_str()
            .unwrap()
            .starts_with("parallel ")
    );
    assert_eq!(page.call("settings", json!({})).unwrap(), set);
    let report = page.call("report", json!({})).unwrap();
    let report = report.as_str().unwrap();
    assert!(report.contains("\"perHost\": 2") && !report.contains("secret"));
    let platform = page.call("platform", json!({})).unwrap();
    assert_eq!(platform["os"], std::env::consts::OS);
    assert_eq!(page.call("clipboard", json!({})).unwrap(), "http://copied/");
}

#[test]
fn many_links_are_added_together_or_not_at_all() {
    let page = Page::open();
    let links = ["http://127.0.0.1:9/a.zip", "http://127.0.0.1:9/b.flac"];
    let priority = with("priority", json!("high"));
    let ids = add(&page, &links, priority);
    assert_eq!(ids.len(), 2);
    let rows = rows(&page);
    assert_eq!(rows[&ids[0]]["category"], "archive");
    assert_eq!(rows[&ids[1]]["category"], "audio");
    assert_eq!(rows[&ids[1]]["priority"], "high");
    assert_eq!(rows[&ids[1]]["waitsFor"], Value::Null);
    let wrong = json!([{ "url": links[0], "name": null }, { "url": "ftp://x/", "name": null }]);
    let arguments = json!({ "items": wrong, "options": null });
    let failure = page.call("download_many", arguments).unwrap_err();
    assert_eq!(failure["code"], "bad-link");
    assert_eq!(block_on(page.works.handle.list()).unwrap().len(), 2);
}

#[test]
fn what_the_list_has_already_is_found_by_link_and_by_file_until_it_is_removed() {
    let page = Page::open();
    let ids = add(&page, &["http://127.0.0.1:9/a.zip?x=1"], options());
    let same = |url: &str, name: Value| {
        let arguments = json!({ "url": url, "name": name, "folder": null });
        let same = page.call("same", arguments).unwrap();
        same.as_array().unwrap().clone()
    };
    let found = same(" http://127.0.0.1:9/a.zip?x=1#part", Value::Null);
    let expected = json!([{ "id": ids[0], "by": "link", "name": "a.zip", "phase": "paused", "received": 0, "copyName": "a (1).zip" }]);
    assert_eq!(found, *expected.as_array().unwrap());
    let found = same("http://other/a.zip", Value::Null);
    assert_eq!(found[0]["by"], "file");
    assert!(same("http://other/a.zip", json!("b.zip")).is_empty());
    let removed = json!({ "ids": ids, "leftover": "keep" });
    page.call("remove_many", removed).unwrap();
    assert!(same("http://other/a.zip", Value::Null).is_empty());
    assert!(rows(&page).is_empty());
    page.call("undo_remove", json!({ "ids": ids })).unwrap();
    assert_eq!(rows(&page).len(), 1);
}

#[test]
fn a_look_says_what_comes_and_the_download_goes_on_with_it() {
    let server = Server::start(vec![5; 40_000], Duration::ZERO);
    let page = Page::open();
    let url = server.url("once/song.mp3");
    let arguments = json!({ "url": url, "options": null });
    let look = page.call("look", arguments).unwrap();
    let expected = json!({
        "url": url, "host": look["host"], "name": "song.mp3", "total": 40_000,
        "resumable": false, "category": "audio", "connections": 1, "folder": look["folder"],
        "free": look["free"], "rule": null,
    });
    assert_eq!(look, expected);
    assert!(look["free"].as_u64() > Some(0));
    assert_eq!(look["folder"]["id"], "downloads");
    let named = with("paused", json!(false));
    let arguments =
        json!({ "url": url, "options": named, "onEvent": channel(1), "onLog": channel(2) });
    let id = page.call("download", arguments).unwrap();
    assert_eq!(sum(&page.finished(1)), 40_000);
    assert_eq!(server.asked(), 1);
    let segments = page.call("segments", json!({ "id": id })).unwrap();
    let expected = json!({
        "total": 40_000, "done": [[0, 40_000]], "active": [],
        "hostAllows": null, "hostAllowsUntil": null,
    });
    assert_eq!(segments, expected);
    let missing = json!({ "url": server.url("missing"), "options": null });
    let failure = page.call("look", missing).unwrap_err();
    assert_eq!(failure["code"], "bad-link");
    assert_eq!(failure["problem"]["code"], "not-found");
}

#[test]
fn a_download_is_steered_by_its_id() {
    let page = Page::open();
    let later = with("startAt", json!(4_000_000_000_000_u64));
    let ids = add(
        &page,
        &["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"],
        later,
    );
    let (one, two) = (ids[0], ids[1]);
    let call = |command: &str, arguments: Value| page.call(command, arguments).unwrap();
    call("set_limit", json!({ "id": one, "limit": 5_000 }));
    call("set_connections", json!({ "id": one, "connections": 99 }));
    call("set_priority", json!({ "id": one, "priority": "low" }));
    let place = json!({ "at": "after", "id": two });
    call("move_to", json!({ "id": one, "place": place }));
    let row = rows(&page)[&one].clone();
    assert_eq!(row["limit"], 5_000);
    assert_eq!(row["maxConnections"], 16);
    assert_eq!(row["priority"], "normal", "its neighbour's");
    assert_eq!(row["startAt"], 4_000_000_000_000_u64);
    assert_eq!(row["phase"], "paused");
    assert_eq!(row["place"], Value::Null);
    call("move_to", json!({ "id": two, "place": { "at": "first" } }));
    let failure = page.call("set_limit", json!({ "id": 99, "limit": null }));
    assert_eq!(failure.unwrap_err()["code"], "unknown-download");
}

#[test]
fn options_are_changed_together_and_back_and_secrets_are_told_masked_only() {
    let page = Page::open();
    let mut given = with(
        "credentials",
        json!({ "user": "ada", "password": "secret" }),
    );
    given["headers"] = json!([["Cookie", "a=b"], ["X-One", "1"]]);
    given["proxy"] = json!("http://me:hidden@proxy:3128");
    let ids = add(
        &page,
        &["http://127.0.0.1:9/a", "http://127.0.0.1:9/b"],
        given,
    );
    let read = || page.call("options", json!({ "ids": ids })).unwrap();
    let before = read();
    assert_eq!(before[0]["password"], "***");
    assert_eq!(
        before[0]["headers"],
        json!([["Cookie", "***"], ["X-One", "1"]])
    );
    assert_eq!(before[1]["proxy"], "http://me:***@proxy:3128/");
    let set = |changes: Value| page.call("set_options", json!({ "ids": ids, "changes": changes }));
    let change = set(json!([
        { "field": "limit", "value": 5_000 },
        { "field": "headers", "value": [["Cookie", "***"], ["X-Two", "2"]] },
        { "field": "credentials", "value": { "user": "bob", "password": "***" } },
        { "field": "proxy", "value": "http://me:***@proxy:3128/" },
    ]))
    .unwrap();
    let stored = ids.iter().map(|id| millrace_engine::DownloadId(*id));
    let stored = block_on(page.works.handle.options(stored.collect())).unwrap();
    for one in &stored {
        let credentials = one.credentials.as_ref().unwrap();
        assert_eq!(
            (&*credentials.user, &*credentials.password),
            ("bob", "secret")
        );
        assert_eq!(one.headers[0].1, "a=b");
        assert!(one.proxy.as_ref().unwrap().to_string().contains("hidden"));
    }
    assert_eq!(rows(&page)[&ids[1]]["limit"], 5_000);
    let moved = json!([{ "field": "proxy", "value": "http://me:***@other:3128/" }]);
    assert_eq!(set(moved).unwrap_err()["code"], "bad-setting");
    let undo = json!({ "change": change });
    page.call("undo_options", undo.clone()).unwrap();
    assert_eq!(read(), before);
    let failure = page.call("undo_options", undo).unwrap_err();
    assert_eq!(failure["code"], "not-now");
}

#[test]
fn a_rule_chooses_folder_and_priority_where_nothing_else_was_chosen() {
    let page = Page::open();
    let rule = json!({
        "name": "*.iso", "host": null, "category": null, "folder": null, "priority": "low",
        "tags": ["systems"], "queueFirst": true,
    });
    let set = |rules: Value| page.call("set_rules", json!({ "rules": rules }));
    assert_eq!(set(json!([rule])).unwrap(), json!([rule]));
    let settings = page.call("settings", json!({})).unwrap();
    page.call("change_settings", json!({ "settings": settings }))
        .unwrap();
    assert_eq!(page.call("rules", json!({})).unwrap(), json!([rule]));
    let links = ["http://127.0.0.1:9/a.iso", "http://127.0.0.1:9/b.zip"];
    let ids = add(&page, &links, options());
    let high = add(
        &page,
        &["http://127.0.0.1:9/c.iso"],
        with("priority", json!("high")),
    );
    let rows = rows(&page);
    assert_eq!(rows[&ids[0]]["priority"], "low");
    assert_eq!(rows[&ids[1]]["priority"], "normal");
    assert_eq!(rows[&high[0]]["priority"], "high");
    assert_eq!(rows[&ids[0]]["tags"], json!(["systems"]));
    assert_eq!(rows[&ids[1]]["tags"], json!([]));
    let empty =
        json!([{ "name": " ", "host": null, "category": null, "folder": null, "priority": "low" }]);
    assert_eq!(set(empty).unwrap_err()["code"], "bad-setting");
    let free = page.call("free_in_folder", json!({ "folder": "downloads" }));
    assert!(free.unwrap().as_u64() > Some(0));
}

#[test]
fn a_batch_goes_into_a_subfolder_that_is_made_and_never_out_of_the_chosen_folder() {
    let page = Page::open();
    let links = ["http://127.0.0.1:9/a.iso", "http://127.0.0.1:9/b.ZIP"];
    let items = json!(links.map(|url| json!({ "url": url, "name": null })));
    let add = |subfolder: &str| {
        let options = with("subfolder", json!(subfolder));
        page.call(
            "download_many",
            json!({ "items": items, "options": options }),
        )
    };
    for outside in ["..", "../up", "a/b", "{host}/b", "{name}"] {
        assert_eq!(add(outside).unwrap_err()["code"], "bad-name", "{outside}");
    }
    let ids = add("Set {ext}").unwrap();
    let rows = rows(&page);
    let mut ends = ids.as_array().unwrap().iter().zip(["Set iso", "Set zip"]);
    assert!(ends.all(|(id, end)| {
        let folder =
            std::path::PathBuf::from(rows[&id.as_u64().unwrap()]["folder"].as_str().unwrap());
        folder.is_dir() && folder.ends_with(end)
    }));
}

#[test]
fn one_download_waits_for_a_network_that_is_not_metered_until_it_need_not() {
    let page = Page::open();
    let metered = DeviceStatus {
        metered: Some(true),
        ..DeviceStatus::default()
    };
    block_on(page.works.handle.set_device_status(metered)).unwrap();
    let mut careful = with("unmeteredOnly", json!(true));
    careful["paused"] = json!(false);
    let [careful, plain] = [
        add(&page, &["http://127.0.0.1:9/a"], careful)[0],
        add(&page, &["http://127.0.0.1:9/b"], options())[0],
    ];
    let listed = rows(&page);
    assert_eq!(listed[&plain]["unmeteredOnly"], false);
    let row = |id: u64| {
        let stretch = json!({ "session": "rows", "first": 0, "count": 9 });
        let shown = page.call("page", stretch).unwrap();
        let rows = shown["rows"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["id"] == id).unwrap()
    };
    assert_eq!(row(careful)["unmeteredOnly"], true);
    assert_eq!(row(careful)["phase"], "queued");
    assert_eq!(row(careful)["waitsFor"], "unmetered");
    let set = |id: u64, only: bool| {
        page.call("set_unmetered_only", json!({ "id": id, "only": only }))
            .unwrap()
    };
    set(plain, true);
    assert_eq!(row(plain)["unmeteredOnly"], true);
    set(careful, false);
    assert_eq!(row(careful)["unmeteredOnly"], false);
    assert_eq!(row(careful)["waitsFor"], Value::Null);
    let failure = page.call("set_unmetered_only", json!({ "id": 99, "only": true }));
    assert_eq!(failure.unwrap_err()["code"], "unknown-download");
    page.call(
        "set_tags",
        json!({ "ids": [plain, careful], "tags": ["a", "b"] }),
    )
    .unwrap();
    assert_eq!(row(plain)["tags"], json!(["a", "b"]));
    let failure = page.call("set_tags", json!({ "ids": [99], "tags": [] }));
    assert_eq!(failure.unwrap_err()["code"], "unknown-download");
}

#[test]
fn a_page_learns_what_the_phone_allows_and_what_it_has_ended() {
    let page = Page::open();
    let call = |command: &str| page.call(command, json!({}));
    assert_eq!(call("notices_consent").unwrap(), "notAsked");
    assert_eq!(call("ask_for_notices").unwrap(), "refused");
    assert_eq!(call("work_ended").unwrap(), false);
    let state = page.app.state::<AppState>();
    state.work_ended.store(true, Ordering::Relaxed);
    assert_eq!(call("work_ended").unwrap(), true);
    let failure = call("battery_settings").unwrap_err();
    assert_eq!(failure["code"], "system");
    assert_eq!(failure["message"], "none here");
}
