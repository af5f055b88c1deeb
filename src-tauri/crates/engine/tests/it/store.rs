//! A corrupt list: downloads continue all the same.

use std::path::Path;

use millrace_engine::{CommandError, Credentials, DownloadId, Fix, NewDownload, StartNotice};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Overwrites the first page of a database: nothing in it is readable any more.
fn break_list(path: &Path) {
    let mut list = std::fs::read(path).expect("the list is there");
    list[..4096].fill(0xA5);
    std::fs::write(path, list).expect("it can be written");
}

#[cfg(unix)]
#[tokio::test]
async fn the_list_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let body = bytes(1000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    // As left by an earlier version.
    let list = rig.home().join("list.db");
    let rig = rig
        .restart_after(|| {
            std::fs::set_permissions(&list, PermissionsExt::from_mode(0o644)).expect("our file");
        })
        .await;
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let rig = rig.restart().await;
    for name in ["list.db", "list.db-wal", "list.db.backup"] {
        let metadata = std::fs::metadata(rig.home().join(name)).expect(name);
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
    }
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn tags_are_set_for_all_or_for_none_and_come_back_after_a_restart() {
    let server = Server::start(Site::of(&bytes(1_000))).await;
    let rig = Rig::new();
    let mut tagged = rig.wish(server.url("/one.bin"));
    tagged.tags = vec![" Work ".into(), "work".into()];
    let one = rig.add_as(tagged).await;
    let two = rig.add(server.url("/two.bin")).await;
    rig.done(one).await;
    rig.done(two).await;
    assert_eq!(rig.snapshot(one).await.tags, ["Work"]);
    let unknown = rig
        .handle()
        .set_tags(vec![two, DownloadId(999)], vec!["x".into()])
        .await;
    assert!(matches!(unknown, Err(CommandError::UnknownDownload(_))));
    assert!(rig.snapshot(two).await.tags.is_empty());
    let set = rig
        .handle()
        .set_tags(vec![one, two], vec!["later".into(), "b".into()])
        .await;
    set.expect("both are known");
    let rig = rig.restart().await;
    for id in [one, two] {
        assert_eq!(rig.snapshot(id).await.tags, ["later", "b"]);
    }
    rig.close(&["one.bin", "two.bin"]).await;
}

#[tokio::test]
async fn an_unfinished_download_goes_on_from_its_partial_after_the_list_was_broken() {
    let body = bytes(4 << 20);
    let server = Server::start(Site::of(&body).holding(3 << 20)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 3 << 20).await;
    let list = rig.home().join("list.db");
    let broken = list.clone();
    let (rig, notice) = rig.restart_noticing(move || break_list(&broken)).await;
    let place = rig.home().join("list.db.broken-1");
    let expected = StartNotice::StoreRecovered {
        place,
        taken_over: 1,
    };
    assert_eq!(notice, Some(expected));
    let kept = rig.snapshot(id).await;
    assert_eq!(kept.received, 3 << 20, "{kept:?}");
    rig.resume(id).await;
    rig.done(id).await;
    let ranges = server.ranges();
    assert_eq!(
        ranges.last().map(String::as_str),
        Some("bytes=3145728-"),
        "{ranges:?}"
    );
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

/// Which files of the state, except the downloads, contain these bytes.
fn holding(home: &Path, secret: &[u8]) -> Vec<String> {
    let entries = std::fs::read_dir(home).expect("our own");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let files = files.filter(|path| path.is_file());
    let holds = |path: &Path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(secret.len()).any(|some| some == secret)
    };
    files
        .filter(|path| holds(path))
        .map(|path| {
            path.file_name()
                .expect("a file")
                .to_string_lossy()
                .into_owned()
        })
        .collect()
}

#[tokio::test]
async fn secrets_leave_every_file_of_the_list_when_their_download_ends() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let new = NewDownload {
        headers: vec![
            ("Cookie".into(), "session=s3cr3t".into()),
            ("User-Agent".into(), "agent".into()),
        ],
        credentials: Some(Credentials {
            user: "ada".into(),
            password: "s3cr3t".into(),
        }),
        paused: true,
        ..rig.wish(server.url("/file.bin"))
    };
    let id = rig.add_as(new).await;
    let rig = rig.restart().await;
    let before = holding(&rig.home(), b"s3cr3t");
    assert!(before.contains(&"list.db".to_owned()), "{before:?}");
    assert!(before.contains(&"list.db.backup".to_owned()), "{before:?}");
    rig.resume(id).await;
    rig.done(id).await;
    let begun = std::time::Instant::now();
    loop {
        let mut left = holding(&rig.home(), b"s3cr3t");
        // It is replaced within a minute, and at the end.
        left.retain(|name| name != "list.db.backup");
        if left.is_empty() {
            break;
        }
        assert!(begun.elapsed().as_secs() < 30, "{left:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let rig = rig.restart().await;
    assert_eq!(holding(&rig.home(), b"s3cr3t"), Vec::<String>::new());
    rig.close(&["file.bin"]).await;
}

/// As if the process had been killed before its first sync: the list has the file, and no byte ranges.
fn forget_synced(list: &Path) {
    let list = rusqlite::Connection::open(list).expect("the list opens");
    let changed = list.execute("update downloads set done = '', samples = ''", []);
    assert_eq!(changed, Ok(1));
}

#[tokio::test]
async fn what_was_written_and_not_synced_is_believed_in_the_same_boot_only() {
    let body = bytes(2 << 20);
    for (boot, range) in [("one", "bytes=1048576-"), ("two", "bytes=0-")] {
        let server = Server::start(Site::of(&body).holding(1 << 20)).await;
        let rig = Rig::with(|config| config.boot_id = Some("one".into()));
        let id = rig.paused_at(&server, 1 << 20).await;
        let list = rig.home().join("list.db");
        let another = |config: &mut millrace_engine::Config| config.boot_id = Some(boot.into());
        let rig = rig.restart_with(another, || forget_synced(&list)).await;
        assert_eq!(rig.snapshot(id).await.received, 0);
        rig.resume(id).await;
        rig.done(id).await;
        assert_eq!(server.ranges()[1], range, "boot {boot}");
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn a_row_whose_url_is_none_stays_fails_when_it_starts_and_takes_another_url() {
    let body = bytes(2 << 20);
    let server = Server::start(Site::of(&body).holding(1 << 20)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 1 << 20).await;
    let list = rig.home().join("list.db");
    let stored = |url: &str| {
        let list = rusqlite::Connection::open(&list).expect("the engine has ended");
        let changed = list.execute("update downloads set url = ?1", [url]);
        assert_eq!(changed, Ok(1));
    };
    let rig = rig.restart_after(|| stored(" no link ")).await;
    assert_eq!(rig.snapshot(id).await.url, " no link ");
    rig.resume(id).await;
    rig.failed(id, "invalid-link", Fix::NewLink).await;
    let rig = rig.restart().await;
    let kept = rig.snapshot(id).await;
    assert_eq!((&*kept.url, kept.received), (" no link ", 1 << 20));
    assert_eq!(rig.names(), ["file.bin.part"]);
    let changed = rig.handle().change_url(id, server.url("/file.bin")).await;
    changed.expect("a failed download takes another URL");
    rig.done(id).await;
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_url_that_the_parser_would_write_differently_is_shown_and_stored_as_it_was_given() {
    let body = bytes(1000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let given = server.url("/a b.bin").replace("http://", " HTTP://");
    let id = rig.add(given.clone()).await;
    rig.done(id).await;
    assert_eq!(rig.snapshot(id).await.url, given);
    let rig = rig.restart().await;
    assert_eq!(rig.snapshot(id).await.url, given);
    rig.close(&["a b.bin"]).await;
}
