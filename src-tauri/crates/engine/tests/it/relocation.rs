//! Renames and moves of files by command, files that somebody else has moved, and what a kill in the middle leaves.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use millrace_engine::{
    Algorithm, CommandError, Config, DownloadId, Engine, FileInfo, FileSystem, NativeFileSystem,
    OpenMode, Phase, Problem, RemoveMode, Renamed,
};

use crate::digests::sum;
use crate::rig::{Rig, bytes};
use crate::server::{Server, Site};

/// Native files on disks of their own for each folder: a file can only be copied to another one.
#[derive(Default)]
struct Disks {
    full: AtomicBool,
    /// Every block takes a moment.
    slow: bool,
    /// Copies get no further while set.
    held: AtomicBool,
}

impl FileSystem for Disks {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn move_to_folder(&self, _: &Path, _: &Path, _: &FileInfo) -> io::Result<Option<Renamed>> {
        Err(io::ErrorKind::CrossesDevices.into())
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        while self.held.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(2));
        }
        if self.slow {
            std::thread::sleep(Duration::from_millis(3));
        }
        if self.full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        NativeFileSystem.write_at(file, bytes, offset)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

/// A rig on such disks with a finished `file.bin`, and another folder.
async fn finished(body: &[u8]) -> (Rig, Arc<Disks>, DownloadId, PathBuf) {
    let server = Server::start(Site::of(body)).await;
    let disks = Arc::new(Disks::default());
    let files = Arc::clone(&disks);
    let rig = Rig::with(|config| config.file_system = files);
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let other = rig.home().join("other");
    std::fs::create_dir(&other).expect("a new folder");
    (rig, disks, id, other)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("it is there");
    let name = |entry: io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_finished_file_is_renamed_and_a_taken_or_impossible_name_changes_nothing() {
    let body = bytes(100_000);
    let (rig, _, id, _) = finished(&body).await;
    std::fs::write(rig.folder().join("taken.bin"), b"mine").expect("room");
    let taken = rig.handle().rename(id, "taken.bin".into()).await;
    assert!(matches!(
        taken,
        Err(CommandError::Relocation(Problem::FileExists { .. }))
    ));
    let path = rig.handle().rename(id, "a/b".into()).await;
    assert!(matches!(path, Err(CommandError::BadName(_))));
    assert_eq!(rig.read("taken.bin"), b"mine");
    rig.handle()
        .rename(id, "new.bin".into())
        .await
        .expect("the name is free");
    let rig = rig.restart().await;
    let snapshot = rig.snapshot(id).await;
    assert_eq!(
        (snapshot.name.as_str(), snapshot.phase),
        ("new.bin", Phase::Done)
    );
    assert!(snapshot.allows.relocate);
    assert_eq!(rig.handle().has_file(id).await, Ok(true));
    assert!(rig.read("new.bin") == body);
    rig.close(&["new.bin", "taken.bin"]).await;
}

#[tokio::test]
async fn a_running_download_is_renamed_and_goes_on_with_the_bytes_that_are_here() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(300_000)).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == 300_000).await;
    server.release();
    rig.handle()
        .rename(id, "new.bin".into())
        .await
        .expect("the name is free");
    let done = rig.done(id).await;
    assert_eq!((done.epoch, done.name.as_str()), (0, "new.bin"));
    assert!(rig.read("new.bin") == body);
    rig.close(&["new.bin"]).await;
}

#[tokio::test]
async fn a_paused_download_moves_with_its_bytes_and_stays_paused() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(300_000)).await;
    let disks = Arc::new(Disks::default());
    let rig = Rig::with(|config| config.file_system = disks);
    let id = rig.paused_at(&server, 300_000).await;
    let other = rig.home().join("other");
    std::fs::create_dir(&other).expect("a new folder");
    rig.handle()
        .move_file(id, other.clone())
        .await
        .expect("it is free");
    let paused = rig.snapshot(id).await;
    assert_eq!((paused.phase, paused.received), (Phase::Paused, 300_000));
    assert_eq!(
        (names(&other), rig.names()),
        (vec!["file.bin.part".into()], vec![])
    );
    rig.resume(id).await;
    assert_eq!(rig.done(id).await.epoch, 0);
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(std::fs::read(other.join("file.bin")).expect("it is there") == body);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_move_to_another_disk_shows_how_far_it_is_and_leaves_one_file() {
    let body = bytes(5_000_000);
    let (rig, disks, id, other) = finished(&body).await;
    std::fs::write(other.join("file.bin"), b"mine").expect("room");
    disks.held.store(true, Ordering::Relaxed);
    let handle = rig.handle().clone();
    let folder = other.clone();
    let moving = tokio::spawn(async move { handle.move_file(id, folder).await });
    let busy = rig.until(id, |one| one.relocation.is_some()).await;
    assert_eq!(busy.relocation.map(|one| one.total), Some(5_000_000));
    assert!(!busy.allows.relocate && !busy.allows.download_again && busy.allows.open);
    disks.held.store(false, Ordering::Relaxed);
    moving.await.expect("no panic").expect("there is room");
    let snapshot = rig.snapshot(id).await;
    assert_eq!(snapshot.path(), other.join("file (1).bin"));
    assert_eq!(names(&other), ["file (1).bin", "file.bin"]);
    assert!(std::fs::read(snapshot.path()).expect("it is there") == body);
    assert_eq!(
        std::fs::read(other.join("file.bin")).expect("it is there"),
        b"mine"
    );
    assert_eq!(rig.handle().has_file(id).await, Ok(true));
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_full_disk_ends_a_move_and_the_file_is_where_it_was() {
    let body = bytes(3_000_000);
    let (rig, disks, id, other) = finished(&body).await;
    disks.full.store(true, Ordering::Relaxed);
    let full = rig.handle().move_file(id, other.clone()).await;
    assert!(matches!(
        full,
        Err(CommandError::Relocation(Problem::DiskFull { .. }))
    ));
    let missing = rig.handle().move_file(id, rig.home().join("none")).await;
    assert!(matches!(
        missing,
        Err(CommandError::Relocation(Problem::FolderMissing { .. }))
    ));
    assert!(names(&other).is_empty());
    assert!(rig.snapshot(id).await.allows.relocate);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_download_that_is_removed_while_its_file_is_copied_leaves_no_copy() {
    let body = bytes(3_000_000);
    let (rig, disks, id, other) = finished(&body).await;
    disks.held.store(true, Ordering::Relaxed);
    let handle = rig.handle().clone();
    let folder = other.clone();
    let moving = tokio::spawn(async move { handle.move_file(id, folder).await });
    rig.until(id, |one| one.relocation.is_some()).await;
    rig.remove(id, RemoveMode::Keep).await;
    disks.held.store(false, Ordering::Relaxed);
    let ended = moving.await.expect("no panic");
    assert_eq!(ended, Err(CommandError::NotNow(id)));
    let list = rig.handle().list().await.expect("the engine runs");
    assert!(list.is_empty());
    assert!(names(&other).is_empty());
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_file_that_was_moved_is_missing_until_it_is_located() {
    let body = bytes(3_000_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let given = sum(Algorithm::Sha256, &body);
    let id = rig.add_with(server.url("/file.bin"), given).await;
    rig.done(id).await;
    let other = rig.home().join("other");
    std::fs::create_dir(&other).expect("a new folder");
    let handle = rig.handle();
    assert_eq!(
        handle.missing_files(vec![id, DownloadId(99)]).await,
        Ok(vec![])
    );
    // A copy of it elsewhere, as after a move to another disk by another program.
    let (now, wrong) = (other.join("mine.bin"), other.join("wrong.bin"));
    std::fs::copy(rig.folder().join("file.bin"), &now).expect("room");
    std::fs::remove_file(rig.folder().join("file.bin")).expect("it is there");
    let mut changed = body.clone();
    changed[0] ^= 1;
    std::fs::write(&wrong, changed).expect("room");
    assert_eq!(handle.missing_files(vec![id]).await, Ok(vec![id]));
    let opened = handle.open_file(id).await;
    assert!(matches!(opened, Err(CommandError::FileMissing(_))));
    let other_file = handle.locate(id, wrong).await;
    assert_eq!(other_file, Err(CommandError::OtherFile(id)));
    let nothing = handle.locate(id, other.join("none.bin")).await;
    assert_eq!(nothing, Err(CommandError::FileMissing(id)));
    handle
        .locate(id, now.clone())
        .await
        .expect("it is that file");
    assert_eq!(handle.missing_files(vec![id]).await, Ok(vec![]));
    assert_eq!(rig.snapshot(id).await.path(), now);
    let mut read = vec![0; 10];
    let file = handle.open_file(id).await.expect("it is there");
    file.read_at(&mut read, 50_000).expect("it is long enough");
    assert_eq!((file.length, &read[..]), (3_000_000, &body[50_000..50_010]));
    rig.close(&[]).await;
}

#[tokio::test]
async fn of_a_file_of_which_only_the_length_is_known_the_name_decides() {
    let body = bytes(1000);
    let (rig, _, id, other) = finished(&body).await;
    let (renamed, kept) = (other.join("mine.bin"), other.join("file.bin"));
    std::fs::copy(rig.folder().join("file.bin"), &renamed).expect("room");
    std::fs::rename(rig.folder().join("file.bin"), rig.home().join("file.bin"))
        .expect("it is there");
    std::fs::copy(&renamed, &kept).expect("room");
    let refused = rig.handle().locate(id, renamed).await;
    assert_eq!(refused, Err(CommandError::OtherFile(id)));
    rig.handle()
        .locate(id, kept)
        .await
        .expect("name and length are right");
    let moved = rig.home().join("file.bin");
    rig.handle()
        .locate(id, moved.clone())
        .await
        .expect("name and length are right");
    assert_eq!(rig.snapshot(id).await.path(), moved);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_finished_download_starts_again_and_the_file_that_is_here_stays() {
    let body = bytes(100_000);
    let server = Server::start(Site::of(&body)).await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.done(id).await;
    let unfinished = rig.snapshot(id).await;
    assert!(unfinished.allows.download_again);
    rig.handle().download_again(id).await.expect("it is done");
    let again = rig
        .until(id, |one| one.phase == Phase::Done && one.epoch == 1)
        .await;
    assert_eq!(again.name, "file (1).bin");
    assert!(rig.read("file (1).bin") == body);
    assert_eq!(server.asked().len(), 2);
    std::fs::remove_file(rig.folder().join("file (1).bin")).expect("it is there");
    std::fs::remove_file(rig.folder().join("file.bin")).expect("it is there");
    rig.handle().download_again(id).await.expect("it is done");
    let again = rig
        .until(id, |one| one.phase == Phase::Done && one.epoch == 2)
        .await;
    assert_eq!(again.name, "file.bin");
    rig.close(&["file.bin"]).await;
}

/// For the child: the folder of a list with one finished download, which it moves until it is killed.
const KILLED_HOME: &str = "MILLRACE_TEST_MOVE";

#[tokio::test]
async fn a_kill_at_any_moment_of_a_move_leaves_the_whole_file_and_the_next_start_ends_it() {
    if let Ok(home) = std::env::var(KILLED_HOME) {
        return move_until_killed(Path::new(&home)).await;
    }
    let body = bytes(20_000_000);
    let (rig, _, id, other) = finished(&body).await;
    let (home, folder) = (rig.home(), rig.folder());
    // The file is whole at one of its places, whatever else is there.
    let whole = || {
        let of = |folder: &Path| std::fs::read(folder.join("file.bin")).is_ok_and(|it| it == body);
        of(&folder) || of(&other)
    };
    let kill_once = |after: u64| {
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        let name = "relocation::a_kill_at_any_moment_of_a_move_leaves_the_whole_file_and_the_next_start_ends_it";
        child.args(["--exact", name]).env(KILLED_HOME, &home);
        child.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(after));
        child.kill().expect("it runs, or has ended");
        child.wait().expect("it has ended");
        assert!(whole(), "lost after a kill at {after} ms");
    };
    let moments = [30, 60, 90, 120, 45, 75, 150, 240];
    let rig = rig
        .restart_after(|| moments.into_iter().for_each(kill_once))
        .await;
    if rig.snapshot(id).await.allows.relocate && rig.snapshot(id).await.folder == folder {
        // No child got as far as to begin.
        rig.handle()
            .move_file(id, other.clone())
            .await
            .expect("there is room");
    }
    let end = rig
        .until(id, |one| one.allows.relocate && one.folder == other)
        .await;
    assert_eq!(end.name, "file.bin");
    assert_eq!(names(&other), ["file.bin"]);
    assert!(std::fs::read(other.join("file.bin")).expect("it is there") == body);
    assert_eq!(rig.handle().has_file(id).await, Ok(true));
    rig.close(&[]).await;
}

async fn move_until_killed(home: &Path) {
    let disks = Disks {
        slow: true,
        ..Disks::default()
    };
    let config = Config::new(home.join("list.db"), Arc::new(disks));
    let (handle, run, _) = Engine::start(config).expect("the list is free");
    tokio::spawn(run);
    let list = handle.list().await.expect("the engine runs");
    // Under way already after an earlier kill, or at its end.
    let _under_way = handle.move_file(list[0].id, home.join("other")).await;
    std::future::pending::<()>().await;
}
