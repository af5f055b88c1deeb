//! Disks that are attached again with another device number, or are detached while their folder exists: another disk's
//! empty folder, or an empty mount point.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use millrace_engine::{
    DownloadId, FileInfo, FileSystem, Fix, NativeFileSystem, OpenMode, RemoveMode,
};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

const HELD: usize = 300_000;

/// The identity that the disk reports instead of its own.
#[derive(Debug, Clone, Copy)]
enum Seen {
    As {
        /// Added to the device's number.
        device: u64,
        /// Whether files have a creation time, and the file system a permanent id.
        births: bool,
        volume: Option<u64>,
    },
    /// Ids in the form of an earlier version.
    Earlier,
}

struct Disk(Arc<Mutex<Seen>>);

impl Disk {
    fn seen(&self, id: &str) -> String {
        let fields: Vec<u64> = id.split(':').filter_map(|one| one.parse().ok()).collect();
        let &[device, inode, birth, ..] = fields.as_slice() else {
            panic!("plain files have other ids: {id}");
        };
        match *self.0.lock().expect("no panic with it held") {
            Seen::Earlier => format!("{device}:{inode}:{birth}"),
            Seen::As {
                device: more,
                births,
                volume,
            } => {
                let (device, birth) = (device + more, if births { birth } else { 0 });
                let volume = volume.map(|one| format!(":{one}")).unwrap_or_default();
                format!("{device}:{inode}:{birth}{volume}")
            }
        }
    }
}

impl FileSystem for Disk {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn stat(&self, path: &Path) -> io::Result<FileInfo> {
        let mut found = NativeFileSystem.stat(path)?;
        found.id = self.seen(&found.id);
        Ok(found)
    }

    fn file_id(&self, file: &File, path: &Path) -> io::Result<String> {
        Ok(self.seen(&NativeFileSystem.file_id(file, path)?))
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

/// A rig on such a disk, and the switch that changes its identity.
fn on(first: Seen) -> (Rig, impl Fn(Seen)) {
    let seen = Arc::new(Mutex::new(first));
    let files = Arc::new(Disk(Arc::clone(&seen)));
    let rig = Rig::with(|config| config.file_system = files);
    (rig, move |now| {
        *seen.lock().expect("no panic with it held") = now
    })
}

fn disk(device: u64, volume: Option<u64>) -> Seen {
    Seen::As {
        device,
        births: true,
        volume,
    }
}

/// Like a file system that reports as little about itself as possible.
fn mute(device: u64) -> Seen {
    Seen::As {
        device,
        births: false,
        volume: None,
    }
}

fn stored_id(rig: &Rig, id: DownloadId) -> String {
    let list = rusqlite::Connection::open(rig.home().join("list.db")).expect("the list is there");
    let id = i64::try_from(id.0).expect("a small number");
    let found = list.query_row("select file from downloads where id = ?1", [id], |row| {
        row.get(0)
    });
    found.expect("the list is as documented")
}

#[tokio::test]
async fn a_disk_that_returns_under_another_device_number_loses_nothing() {
    for (before, after) in [
        (disk(0, Some(7)), disk(1, Some(7))),
        (disk(0, None), disk(1, None)),
        (Seen::Earlier, disk(1, Some(7))),
        (mute(0), mute(1)),
    ] {
        let body = bytes(1_000_000);
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let (rig, set) = on(before);
        let id = rig.paused_at(&server, HELD as u64).await;
        let rig = rig.restart_after(|| set(after)).await;
        let old = stored_id(&rig, id);
        rig.resume(id).await;
        assert_eq!(rig.done(id).await.epoch, 0, "{before:?} {after:?}");
        assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
        let rig = rig.restart().await;
        assert_ne!(stored_id(&rig, id), old, "the stored id is the new one");
        rig.delivers(id, &body).await;
    }
}

#[tokio::test]
async fn a_finished_file_on_a_disk_of_another_number_is_thrown_away_when_that_is_asked_for() {
    for (before, after) in [
        (disk(0, Some(7)), disk(1, Some(7))),
        (disk(0, None), disk(1, None)),
        (Seen::Earlier, disk(1, Some(7))),
    ] {
        let server = Server::start(Site::of(&bytes(1_000))).await;
        let (rig, set) = on(before);
        let id = rig.add(server.url("/file.bin")).await;
        rig.done(id).await;
        let rig = rig.restart_after(|| set(after)).await;
        rig.remove(id, RemoveMode::Trash).await;
        rig.close(&[]).await;
    }
}

#[tokio::test]
async fn where_an_id_does_not_suffice_other_bytes_are_not_gone_on_with_and_left_alone() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let (rig, set) = on(mute(0));
    let id = rig.paused_at(&server, HELD as u64).await;
    let part = rig.folder().join("file.bin.part");
    let rig = rig
        .restart_after(|| {
            set(mute(1));
            std::fs::write(&part, vec![1; HELD]).expect("the part is there");
        })
        .await;
    rig.resume(id).await;
    let name = rig.done(id).await.name;
    assert!(rig.read(&name) == body);
    assert!(rig.read("file.bin.part") == vec![1; HELD]);
    rig.close(&[&name, "file.bin.part"]).await;
}

#[tokio::test]
async fn an_empty_folder_of_another_file_system_keeps_the_plan_and_asks_until_the_disk_is_back() {
    for (here, elsewhere) in [
        (disk(0, Some(7)), disk(0, Some(8))),
        (disk(0, None), disk(1, None)),
        (mute(0), mute(1)),
    ] {
        let body = bytes(1_000_000);
        let server = Server::start(Site::of(&body).holding(HELD)).await;
        let (rig, set) = on(here);
        let id = rig.paused_at(&server, HELD as u64).await;
        let away = rig.home().join("away");
        std::fs::rename(rig.folder(), &away).expect("the folder is there");
        std::fs::create_dir(rig.folder()).expect("a new folder");
        set(elsewhere);
        rig.resume(id).await;
        for _ in 0..2 {
            let failed = rig.failed(id, "folder-missing", Fix::OtherFolder).await;
            assert_eq!(failed.received, HELD as u64, "what is there counts");
            rig.retry(id).await;
        }
        rig.failed(id, "folder-missing", Fix::OtherFolder).await;
        assert_eq!(server.ranges(), ["bytes=0-"], "nothing is asked for");
        assert!(rig.names().is_empty());
        std::fs::remove_dir(rig.folder()).expect("it is empty");
        std::fs::rename(&away, rig.folder()).expect("the folder is there");
        set(here);
        rig.retry(id).await;
        assert_eq!(rig.done(id).await.epoch, 0);
        assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
        rig.delivers(id, &body).await;
    }
}

#[tokio::test]
async fn a_partial_that_was_deleted_from_its_own_disk_is_fetched_again_whatever_its_number() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let (rig, set) = on(disk(0, Some(7)));
    let id = rig.paused_at(&server, HELD as u64).await;
    std::fs::remove_file(rig.folder().join("file.bin.part")).expect("the part is there");
    set(disk(1, Some(7)));
    rig.resume(id).await;
    rig.done(id).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn what_took_the_name_of_a_finished_file_is_not_taken_for_it() {
    let body = bytes(1_000);
    let server = Server::start(Site::of(&body)).await;
    let (rig, set) = on(disk(0, Some(7)));
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let here = async |rig: &Rig| rig.handle().has_file(id).await.expect("it is finished");
    assert!(here(&rig).await);
    for same in [disk(1, Some(7)), disk(1, None), Seen::Earlier, mute(0)] {
        set(same);
        assert!(here(&rig).await, "{same:?}");
    }
    let file = rig.folder().join("file.bin");
    let kept = rig.folder().join("kept.bin");
    std::fs::rename(&file, &kept).expect("it is there");
    assert!(!here(&rig).await, "it was moved");
    std::fs::write(&file, &body).expect("a writable folder");
    assert!(
        !here(&rig).await,
        "another file, although it holds the same"
    );
    std::fs::remove_file(&file).expect("it is there");
    std::fs::create_dir(&file).expect("the name is free");
    assert!(!here(&rig).await, "a folder");
    std::fs::remove_dir(&file).expect("it is empty");
    std::fs::rename(&kept, &file).expect("it is there");
    assert!(here(&rig).await, "it is back");
    rig.close(&["file.bin"]).await;
}
