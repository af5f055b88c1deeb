//! The process ended between the choice of a name and storing the id of the file created for it. The end is simulated:
//! the list is changed to its state at that time, and the file put there.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use millrace_engine::{
    DownloadId, FileInfo, FileSystem, NativeFileSystem, NewDownload, OpenMode, Phase, RemoveMode,
};
use rusqlite::Connection;

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

const BOTH: &[&str] = &["file (1).bin", "file.bin"];

fn list(home: &Path) -> Connection {
    let list = Connection::open(home.join("list.db")).expect("the list is there");
    let wait = Duration::from_secs(10);
    list.busy_timeout(wait).expect("a wait can be set");
    list
}

/// The list with `file.bin` chosen for these downloads, and nothing more.
fn name_only(home: &Path, ids: &[DownloadId]) {
    for id in ids {
        let changed = list(home)
            .execute(
                "update downloads set name = 'file.bin', file = null where id = ?1",
                [i64::try_from(id.0).expect("a small number")],
            )
            .expect("the list can be changed");
        assert_eq!(changed, 1);
    }
}

async fn paused(rig: &Rig, server: &Server) -> DownloadId {
    let new = NewDownload {
        paused: true,
        ..rig.wish(server.url("/file.bin"))
    };
    rig.add_as(new).await
}

/// Restarts after an end in which `part` was created (or not) for all these downloads.
async fn ended(rig: Rig, ids: &[DownloadId], part: Option<&[u8]>) -> Rig {
    let (home, folder) = (rig.home(), rig.folder());
    rig.restart_after(|| {
        name_only(&home, ids);
        if let Some(part) = part {
            std::fs::write(folder.join("file.bin.part"), part).expect("a writable folder");
        }
    })
    .await
}

#[tokio::test]
async fn an_empty_part_that_was_made_and_not_noted_is_used_and_leaves_no_second_file() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    for part in [Some(&b""[..]), None] {
        let rig = Rig::new();
        let id = paused(&rig, &server).await;
        let rig = ended(rig, &[id], part).await;
        rig.resume(id).await;
        rig.done(id).await;
        assert!(rig.read("file.bin") == body);
        rig.close(&["file.bin"]).await;
    }
}

#[tokio::test]
async fn of_two_downloads_that_had_chosen_one_name_only_one_gets_the_part() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let ids = [paused(&rig, &server).await, paused(&rig, &server).await];
    let rig = ended(rig, &ids, Some(b"")).await;
    for id in ids {
        rig.resume(id).await;
    }
    for id in ids {
        rig.done(id).await;
    }
    for name in BOTH {
        assert!(rig.read(name) == body);
    }
    rig.close(BOTH).await;
}

#[tokio::test]
async fn the_empty_part_of_another_download_is_not_taken_for_the_own_one() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body).holding(0).holding(0)).await;
    let rig = Rig::new();
    let other = rig.add(server.url("/file.bin")).await;
    rig.until(other, |one| one.phase == Phase::Running).await;
    rig.pause(other).await;
    rig.until(other, |one| one.phase == Phase::Paused).await;
    assert_eq!(rig.names(), ["file.bin.part"]);
    server.release();
    let id = paused(&rig, &server).await;
    let rig = ended(rig, &[id], None).await;
    for id in [id, other] {
        rig.resume(id).await;
        rig.done(id).await;
    }
    assert_eq!(rig.snapshot(other).await.name, "file.bin");
    for name in BOTH {
        assert!(rig.read(name) == body);
    }
    rig.close(BOTH).await;
}

#[tokio::test]
async fn a_part_with_bytes_in_it_is_a_strangers_and_left_alone() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let id = paused(&rig, &server).await;
    let rig = ended(rig, &[id], Some(b"mine")).await;
    rig.resume(id).await;
    rig.done(id).await;
    assert!(rig.read("file (1).bin") == body);
    assert_eq!(rig.read("file.bin.part"), b"mine");
    rig.close(&["file (1).bin", "file.bin.part"]).await;
}

#[tokio::test]
async fn a_part_that_somebody_holds_is_left_alone() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let id = paused(&rig, &server).await;
    let held = File::create_new(rig.folder().join("file.bin.part")).expect("a new file");
    held.lock().expect("nobody else has it");
    let rig = ended(rig, &[id], None).await;
    rig.resume(id).await;
    rig.done(id).await;
    assert!(rig.read("file (1).bin") == body);
    assert_eq!(held.metadata().expect("it is there").len(), 0);
    rig.close(&["file (1).bin", "file.bin.part"]).await;
}

#[tokio::test]
async fn a_part_that_was_made_and_not_noted_goes_with_its_download() {
    let server = Server::start(Site::of(&bytes(1000))).await;
    let rig = Rig::new();
    let id = paused(&rig, &server).await;
    let rig = ended(rig, &[id], Some(b"")).await;
    rig.remove(id, RemoveMode::Keep).await;
    rig.close(&[]).await;
}

/// Records the list's content when a file is created, and blocks changes of the list from then on.
#[derive(Default)]
struct Holding {
    home: Mutex<PathBuf>,
    seen: Mutex<Option<String>>,
    held: Mutex<Option<Connection>>,
}

impl FileSystem for Holding {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        if how == OpenMode::CreateNew {
            let list = list(&self.home.lock().expect("no panic with it held"));
            let name = list.query_row("select name from downloads", [], |row| row.get(0));
            *self.seen.lock().expect("no panic with it held") = name.expect("there is one row");
            list.execute_batch("begin immediate").expect("in time");
            *self.held.lock().expect("no panic with it held") = Some(list);
        }
        NativeFileSystem.open(path, how)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

#[tokio::test]
async fn the_name_is_stored_before_the_file_is_made_and_the_file_before_its_first_byte() {
    let body = bytes(300_000);
    let server = Server::start(Site::of(&body)).await;
    let files = Arc::new(Holding::default());
    let rig = Rig::with(|config| config.file_system = Arc::clone(&files) as Arc<dyn FileSystem>);
    *files.home.lock().expect("no panic with it held") = rig.home();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.total.is_some()).await;
    assert_eq!(
        files.seen.lock().expect("no panic with it held").as_deref(),
        Some("file.bin")
    );
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert_eq!(rig.read("file.bin.part"), b"");
    *files.held.lock().expect("no panic with it held") = None;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn an_engine_that_ends_while_a_name_waits_to_be_stored_ends_all_the_same() {
    let server = Server::start(Site::of(&bytes(300_000))).await;
    let rig = Rig::new();
    let id = paused(&rig, &server).await;
    let held = list(&rig.home());
    held.execute_batch("begin immediate").expect("in time");
    rig.resume(id).await;
    while server.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(rig.names(), [""; 0], "no file before its name is stored");
    let freed = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(held);
    });
    let rig = rig.restart().await;
    freed.await.expect("no panic");
    rig.done(id).await;
    rig.close(&["file.bin"]).await;
}
