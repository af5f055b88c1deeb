//! File names: never two files under one name, never replacing another file, never outside the folder.

use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

#[tokio::test]
async fn two_downloads_of_the_same_name_get_two_names() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body).holding(1000).holding(1000)).await;
    let rig = Rig::new();
    let one = rig.add(server.url("/a/file.bin")).await;
    let two = rig.add(server.url("/b/file.bin")).await;
    rig.until(one, |it| it.received == 1000).await;
    rig.until(two, |it| it.received == 1000).await;
    server.release();
    rig.done(one).await;
    rig.done(two).await;
    for name in ["file.bin", "file (1).bin"] {
        assert!(rig.read(name) == body, "{name}");
    }
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_overwritten() {
    let body = bytes(200_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    std::fs::write(rig.folder().join("file.bin"), "mine").expect("a writable folder");
    let id = rig.add(server.url("/file.bin")).await;
    let done = rig.done(id).await;
    assert_eq!(done.name, "file (1).bin");
    assert_eq!(rig.read("file.bin"), b"mine");
    assert!(rig.read("file (1).bin") == body);
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn a_name_that_is_taken_while_the_bytes_come_is_not_overwritten() {
    let body = bytes(200_000);
    let (server, rig, id) = begun(Site::of(&body).holding(1000)).await;
    rig.until(id, |it| it.received == 1000).await;
    std::fs::write(rig.folder().join("file.bin"), "mine").expect("a writable folder");
    server.release();
    let done = rig.done(id).await;
    assert_eq!(done.name, "file (1).bin");
    assert_eq!(rig.read("file.bin"), b"mine");
    assert!(rig.read("file (1).bin") == body);
    rig.close(&["file (1).bin", "file.bin"]).await;
}

#[tokio::test]
async fn a_name_from_the_server_cannot_leave_the_folder() {
    for name in [
        "../../escaped.txt",
        "/escaped.txt",
        "..\\escaped.txt",
        "..",
        "%2e%2e%2fescaped.txt",
    ] {
        let mut site = Site::of(b"harmless");
        let field = format!("attachment; filename=\"{name}\"");
        site.headers.push(("Content-Disposition", field));
        let server = Server::start(site).await;
        let rig = Rig::new();
        let id = rig.add(server.url("/file.bin")).await;
        let done = rig.done(id).await;
        assert_eq!(done.path().parent(), Some(rig.folder().as_path()), "{name}");
        let plain = !done.name.contains(['/', '\\']) && done.name != "..";
        assert!(plain, "{name} became {}", done.name);
        assert_eq!(rig.read(&done.name), b"harmless");
        assert!(!rig.home().join("escaped.txt").exists());
        rig.close(&[&done.name]).await;
    }
}
