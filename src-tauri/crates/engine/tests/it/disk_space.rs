//! Full disks, missing permissions, missing folders, before the start and during a download, and what is kept until the
//! problem is solved.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use millrace_engine::{FileInfo, FileSystem, Fix, NativeFileSystem, OpenMode, Phase, Problem};

use crate::raw_server::{Reply, Wire};
use crate::rig::{Rig, begun, bytes};
use crate::server::{Server, Site};

const HELD: usize = 300_000;

/// The present fault of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// Existing files can be opened, but not written.
    NoWrites,
    /// Existing files can no longer be opened.
    NoLeave,
    /// Written data cannot be synced.
    #[cfg(target_os = "linux")]
    NoSync,
}

/// Native files on a disk whose faults can be set and cleared.
struct Faulty(Arc<Mutex<Fault>>);

impl FileSystem for Faulty {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        let fault = *self.0.lock().expect("nothing panics with this lock held");
        match fault {
            Fault::None => NativeFileSystem.open(path, how),
            Fault::NoWrites => File::open(path),
            Fault::NoLeave => Err(io::ErrorKind::PermissionDenied.into()),
            #[cfg(target_os = "linux")]
            Fault::NoSync => {
                // It accepts every byte and cannot be synced. The engine locks its files: see `disk`.
                let null = File::options().read(true).write(true).open("/dev/null")?;
                null.lock()?;
                Ok(null)
            }
        }
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

/// A rig on such a disk, and the switch for its fault.
fn faulty(first: Fault) -> (Rig, impl Fn(Fault)) {
    let fault = Arc::new(Mutex::new(first));
    let files = Arc::new(Faulty(Arc::clone(&fault)));
    let rig = Rig::with(|config| config.file_system = files);
    (rig, move |now| {
        *fault.lock().expect("nothing panics with this lock held") = now
    })
}

#[tokio::test]
async fn a_file_that_cannot_fit_is_refused_before_its_first_byte_with_what_is_missing() {
    let length = 1_u64 << 60;
    let server = Wire::start(move |_, _| {
        let range = format!("bytes 0-{}/{length}", length - 1);
        let length = length.to_string();
        let fields = [
            ("ETag", "\"one\""),
            ("Content-Range", range.as_str()),
            ("Content-Length", length.as_str()),
        ];
        Reply::new("HTTP/1.1 206 Part", &fields, b"first bytes")
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "disk-full", Fix::FreeSpace).await;
    assert!(
        matches!(failed.problem, Some(Problem::DiskFull { needed: Some(n), .. }) if n > length / 2)
    );
    assert_eq!(server.heard().len(), 1);
    rig.close(&[]).await;
}

#[tokio::test]
async fn a_disk_that_takes_no_more_bytes_keeps_what_it_has_and_goes_on_when_mended() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let (rig, set) = faulty(Fault::None);
    let id = rig.paused_at(&server, HELD as u64).await;
    set(Fault::NoWrites);
    rig.resume(id).await;
    let failed = rig.failed(id, "disk-failed", Fix::Retry).await;
    assert_eq!(failed.received, HELD as u64, "only what is on disk counts");
    assert!(rig.read("file.bin.part") == body[..HELD]);
    set(Fault::None);
    rig.retry(id).await;
    assert_eq!(rig.done(id).await.epoch, 0);
    assert_eq!(server.ranges()[2], "bytes=300000-");
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[tokio::test]
async fn a_permission_lost_in_the_middle_keeps_what_is_here_and_goes_on_when_given_back() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let (rig, set) = faulty(Fault::None);
    let id = rig.paused_at(&server, HELD as u64).await;
    set(Fault::NoLeave);
    rig.resume(id).await;
    let failed = rig.failed(id, "read-only", Fix::OtherFolder).await;
    assert_eq!(failed.received, HELD as u64);
    assert_eq!(
        server.asked().len(),
        1,
        "the server is not asked for what cannot be written"
    );
    set(Fault::None);
    rig.retry(id).await;
    assert_eq!(rig.done(id).await.epoch, 0);
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=300000-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn bytes_that_could_not_be_synced_are_not_counted_as_here() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body).holding(HELD)).await;
    let (rig, set) = faulty(Fault::NoSync);
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    rig.pause(id).await;
    let paused = rig.until(id, |one| one.phase == Phase::Paused).await;
    assert_eq!(paused.received, 0);
    set(Fault::None);
    server.release();
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges(), ["bytes=0-", "bytes=0-"]);
    assert!(rig.read("file.bin") == body);
    rig.close(&["file.bin"]).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_whose_last_sync_fails_is_not_published_and_fetched_again_when_mended() {
    let body = bytes(1_000_000);
    let server = Server::start(Site::of(&body)).await;
    let (rig, set) = faulty(Fault::NoSync);
    let id = rig.add(server.url("/file.bin")).await;
    let failed = rig.failed(id, "disk-failed", Fix::Retry).await;
    assert_eq!(failed.received, 0, "nothing is on disk for sure");
    assert!(rig.names().is_empty());
    set(Fault::None);
    rig.retry(id).await;
    rig.delivers(id, &body).await;
}

#[tokio::test]
async fn a_folder_removed_in_the_middle_is_said_and_the_file_fetched_when_it_is_back() {
    let body = bytes(1_000_000);
    let (server, rig, id) = begun(Site::of(&body).holding(HELD)).await;
    rig.until(id, |one| one.received == HELD as u64).await;
    std::fs::remove_dir_all(rig.folder()).expect("the folder is there");
    server.release();
    rig.failed(id, "folder-missing", Fix::OtherFolder).await;
    assert!(!rig.folder().exists(), "folders are the person's to make");
    std::fs::create_dir(rig.folder()).expect("a new folder");
    rig.retry(id).await;
    rig.delivers(id, &body).await;
}

/// The list with that much of a larger file on disk.
fn plant(list: &Path, here: u64, total: u64) {
    let list = rusqlite::Connection::open(list).expect("the engine has ended");
    let changed = list.execute(
        "update downloads set done = ?1, total = ?2, samples = null",
        (format!("0-{here}"), i64::try_from(total).expect("small")),
    );
    assert_eq!(changed.expect("the list is as documented"), 1);
}

#[tokio::test]
async fn a_file_of_more_than_4_gib_goes_on_behind_that_mark() {
    let here = (4_u64 << 30) + 5;
    let tail = bytes(100_000);
    let total = here + tail.len() as u64;
    let end = tail.clone();
    let server = Wire::start(move |_, before| {
        if before == 0 {
            let fields = [("ETag", "\"one\""), ("Content-Length", "2000")];
            return Reply::new("HTTP/1.1 200 OK", &fields, &[0; 2000]).holding(1000);
        }
        let range = format!("bytes {here}-{}/{total}", total - 1);
        let fields = [
            ("ETag", "\"one\""),
            ("Content-Range", range.as_str()),
            ("Content-Length", "100000"),
        ];
        Reply::new("HTTP/1.1 206 Part", &fields, &end)
    })
    .await;
    let rig = Rig::new();
    let id = rig.add(server.url("/file.bin")).await;
    rig.until(id, |one| one.received == 1000).await;
    rig.pause(id).await;
    rig.until(id, |one| one.phase == Phase::Paused).await;
    let (list, part) = (
        rig.home().join("list.db"),
        rig.folder().join("file.bin.part"),
    );
    let rig = rig
        .restart_after(|| {
            // Sparse: only its end takes space.
            let part = File::options()
                .write(true)
                .open(part)
                .expect("the part is there");
            part.set_len(here).expect("a file system with large files");
            plant(&list, here, total);
        })
        .await;
    rig.resume(id).await;
    rig.done(id).await;
    assert_eq!(server.ranges()[1], format!("bytes={here}-"));
    let file = File::open(rig.folder().join("file.bin")).expect("it is there");
    assert_eq!(file.metadata().expect("it is there").len(), total);
    use std::io::{Read, Seek, SeekFrom};
    let mut file = file;
    file.seek(SeekFrom::Start(here)).expect("a plain file");
    let mut read = Vec::new();
    file.read_to_end(&mut read).expect("a plain file");
    assert!(read == tail);
    rig.close(&["file.bin"]).await;
}
