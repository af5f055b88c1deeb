//! A disk that creates files slowly, and a user who does not wait for it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use millrace_engine::{FileInfo, FileSystem, NativeFileSystem, OpenMode, Phase, RemoveMode};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Creates files slowly, and reports when it has started to.
#[derive(Default)]
struct SlowFiles {
    making: AtomicBool,
}

impl FileSystem for SlowFiles {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        if how == OpenMode::CreateNew {
            self.making.store(true, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(150));
        }
        NativeFileSystem.open(path, how)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

async fn until_making(files: &SlowFiles) {
    let made = async {
        while !files.making.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let bound = Duration::from_secs(10);
    tokio::time::timeout(bound, made)
        .await
        .expect("a file is made");
}

#[tokio::test]
async fn a_pause_while_the_file_is_made_leaves_no_second_one() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body)).await;
    let files = Arc::new(SlowFiles::default());
    let slow = Arc::clone(&files);
    let rig = Rig::with(|config| config.file_system = slow);
    let id = rig.add(server.url("/file.bin")).await;
    until_making(&files).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    rig.resume(id).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_download_removed_while_its_file_is_made_leaves_none() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body)).await;
    let files = Arc::new(SlowFiles::default());
    let slow = Arc::clone(&files);
    let rig = Rig::with(|config| config.file_system = slow);
    let id = rig.add(server.url("/file.bin")).await;
    until_making(&files).await;
    rig.remove(id, RemoveMode::Keep).await;
    // Longer than the disk takes.
    tokio::time::sleep(Duration::from_millis(300)).await;
    rig.close(&[]).await;
}
