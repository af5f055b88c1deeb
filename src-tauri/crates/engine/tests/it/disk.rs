//! Disks and folders that fail.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use millrace_engine::{FileInfo, FileSystem, Fix, NativeFileSystem, OpenMode};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Every write fails with a full disk.
#[cfg(target_os = "linux")]
struct FullDisk;

#[cfg(target_os = "linux")]
impl FileSystem for FullDisk {
    fn open(&self, _path: &Path, _how: OpenMode) -> io::Result<File> {
        // There is one such device, and the engine wants its files locked: another run of these tests may hold it for
        // a moment. Locking this very file once more, as the engine does, is no hindrance.
        let full = File::options().read(true).write(true).open("/dev/full")?;
        full.lock()?;
        Ok(full)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

/// Creating a file fails.
struct ReadOnlyDisk;

impl FileSystem for ReadOnlyDisk {
    fn open(&self, _path: &Path, _how: OpenMode) -> io::Result<File> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_fails_with_its_name_and_keeps_the_list() {
    let server = Server::start(Site::of(&bytes(200_000))).await;
    let rig = Rig::with(|config| config.file_system = Arc::new(FullDisk));
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "disk-full", Fix::FreeSpace).await;
    assert_eq!((failed.attempts, failed.received), (1, 0));
    let rig = rig.restart().await;
    rig.failed(id, "disk-full", Fix::FreeSpace).await;
    assert_eq!(
        server.asked().len(),
        1,
        "nothing is tried again before the person says so"
    );
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_read_only_folder_asks_for_another_one() {
    let server = Server::start(Site::of(&bytes(1000))).await;
    let rig = Rig::with(|config| config.file_system = Arc::new(ReadOnlyDisk));
    let id = rig.add(server.url("/file.bin")).await;
    rig.failed(id, "read-only", Fix::OtherFolder).await;
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_missing_folder_is_not_made_and_another_one_is_asked_for() {
    let body = bytes(1000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let missing = rig.home().join("missing");
    let mut wish = rig.wish(server.url("/file.bin"));
    wish.folder.clone_from(&missing);
    let id = rig.add_as(wish).await;
    rig.failed(id, "folder-missing", Fix::OtherFolder).await;
    assert!(!missing.exists());
    let changed = rig.handle().change_folder(id, rig.folder()).await;
    changed.expect("a failed download takes another folder");
    rig.delivers(id, &body).await;
}
