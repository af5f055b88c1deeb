//! A disk that blocks for a while without failing, as a disconnected network drive does: other downloads and the user
//! are not delayed, and nothing is lost when it is back.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use millrace_engine::{
    FileInfo, FileSystem, NativeFileSystem, OpenMode, Phase, RemoveMode, Snapshot,
};

use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Files whose names begin with `far` are on that disk.
#[derive(Default)]
struct FarDisk {
    away: Mutex<bool>,
    back: Condvar,
    far: Mutex<HashSet<u64>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics with this lock held")
}

impl FarDisk {
    fn set_away(&self, away: bool) {
        *lock(&self.away) = away;
        self.back.notify_all();
    }

    fn answer(&self) {
        let away = self.back.wait_while(lock(&self.away), |away| *away);
        drop(away.expect("nothing panics with this lock held"));
    }

    fn answer_for(&self, file: &File) -> io::Result<()> {
        let far = lock(&self.far).contains(&file.metadata()?.ino());
        if far {
            self.answer();
        }
        Ok(())
    }
}

/// The switch of that disk; released at the latest when a scenario ends, or its threads would never end.
struct Switch(Arc<FarDisk>);

impl Drop for Switch {
    fn drop(&mut self) {
        self.0.set_away(false);
    }
}

impl Switch {
    fn set_away(&self, away: bool) {
        self.0.set_away(away);
    }
}

impl FileSystem for FarDisk {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with("far") {
            return NativeFileSystem.open(path, how);
        }
        self.answer();
        let file = NativeFileSystem.open(path, how)?;
        lock(&self.far).insert(file.metadata()?.ino());
        Ok(file)
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.answer_for(file)?;
        NativeFileSystem.write_at(file, bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.answer_for(file)?;
        NativeFileSystem.sync(file)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

/// A rig with a disk that may block, and a short timeout for it.
fn rig() -> (Rig, Switch) {
    let disk = Arc::new(FarDisk::default());
    let files = Arc::clone(&disk);
    let rig = Rig::with(|config| {
        config.file_system = files;
        config.disk_timeout = Duration::from_millis(400);
        config.parallel = 8;
    });
    (rig, Switch(disk))
}

/// Slow enough to be interrupted in the middle.
async fn slow(body: &[u8]) -> Server {
    let mut site = Site::of(body);
    site.pace = Duration::from_millis(20);
    Server::start(site).await
}

fn silent(one: &Snapshot) -> bool {
    let code = one.problem.as_ref().map(millrace_engine::Problem::code);
    one.phase == Phase::Waiting && code == Some("disk-silent")
}

#[tokio::test]
async fn a_disk_that_hangs_is_said_holds_up_no_other_and_loses_nothing_when_it_is_back() {
    let body = bytes(8 << 20);
    let server = slow(&body).await;
    let (rig, disk) = rig();
    let far = rig.add(server.url("/far.bin")).await;
    // After a second the first byte ranges are stored.
    rig.until(far, |one| one.received > 4 << 20).await;
    disk.set_away(true);
    let small = bytes(3 << 20);
    let other = Server::start(Site::of(&small)).await;
    let near = rig.home().join("near");
    std::fs::create_dir(&near).expect("a new folder");
    // More than there are writer threads.
    for n in 0..4 {
        let mut wish = rig.wish(other.url(&format!("/{n}.bin")));
        wish.folder.clone_from(&near);
        let id = rig.add_as(wish).await;
        rig.done(id).await;
        let file = std::fs::read(near.join(format!("{n}.bin")));
        assert!(file.expect("it is there") == small);
    }
    let said = rig.until(far, silent).await;
    assert!(said.received > 0, "what is stored is kept");
    assert_eq!(said.attempts, 0);
    disk.set_away(false);
    rig.done(far).await;
    assert!(rig.read("far.bin") == body);
    let last = server.ranges().pop().expect("it was asked");
    assert_ne!(last, "bytes=0-", "it went on from what was here");
    rig.close(&["far.bin"]).await;
}

#[tokio::test]
async fn a_disk_that_hangs_holds_up_neither_pause_nor_removal_nor_the_end_of_the_program() {
    let body = bytes(4 << 20);
    let server = slow(&body).await;
    let (rig, disk) = rig();
    let mut ids = Vec::new();
    for name in ["/far0.bin", "/far1.bin", "/far2.bin"] {
        ids.push(rig.add(server.url(name)).await);
    }
    for id in &ids {
        rig.until(*id, |one| one.received > 200_000).await;
    }
    disk.set_away(true);
    let begun = Instant::now();
    rig.pause(ids[0]).await;
    rig.remove(ids[1], RemoveMode::Keep).await;
    rig.until(ids[0], |one| one.phase == Phase::Paused).await;
    while rig.handle().list().await.expect("the engine runs").len() > 2 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let back = Arc::clone(&disk.0);
    let parts = ["far0.bin.part", "far2.bin.part"].map(|name| rig.folder().join(name));
    let rig = rig
        .restart_after(move || {
            back.set_away(false);
            // A process that has ended holds no open files; these threads still may.
            for part in parts {
                let file = File::open(part).expect("it is there");
                while file.try_lock().is_err() {
                    assert!(begun.elapsed() < Duration::from_secs(15));
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        })
        .await;
    rig.resume(ids[0]).await;
    for id in [ids[0], ids[2]] {
        rig.done(id).await;
    }
    assert!(rig.read("far0.bin") == body && rig.read("far2.bin") == body);
    while rig.names().len() > 2 {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{:?}",
            rig.names()
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    rig.close(&["far0.bin", "far2.bin"]).await;
}

#[tokio::test]
async fn a_disk_that_hangs_before_the_first_byte_is_said_and_the_file_comes_when_it_is_back() {
    let body = bytes(400_000);
    let server = Server::start(Site::of(&body)).await;
    let (rig, disk) = rig();
    disk.set_away(true);
    let id = rig.add(server.url("/far.bin")).await;
    rig.until(id, silent).await;
    disk.set_away(false);
    rig.done(id).await;
    assert!(rig.read("far.bin") == body);
    rig.close(&["far.bin"]).await;
}
