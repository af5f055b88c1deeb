//! The list itself is broken: what was begun goes on all the same.

use std::path::Path;

use millrace_engine::Notice;

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Overwrites the first page of a database: nothing in it can be read any more.
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
    // As an earlier version left it.
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
async fn an_unfinished_download_goes_on_from_its_partial_after_the_list_was_broken() {
    let body = bytes(4 << 20);
    let server = Server::start(Site::of(&body).holding(3 << 20)).await;
    let rig = Rig::new();
    let id = rig.paused_at(&server, 3 << 20).await;
    let list = rig.home().join("list.db");
    let broken = list.clone();
    let (rig, notice) = rig.restart_noticing(move || break_list(&broken)).await;
    let place = rig.home().join("list.db.broken-1");
    let expected = Notice::ListSetAside {
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
