//! Two disks, one of which blocks writes until it is released.

use std::fs::File;
use std::io;
use std::path::Path;

use bytes::Bytes;
use parking_lot::Condvar;

use super::*;
use crate::disk::{FileInfo, NativeFileSystem, OpenMode};

const BOUND: Duration = Duration::from_secs(10);

/// Files of that length are on the unresponsive disk.
#[derive(Default)]
struct Stuck {
    free: Mutex<bool>,
    freed: Condvar,
}

const LENGTH: u64 = 1 << 20;

impl Stuck {
    fn release(&self) {
        *self.free.lock() = true;
        self.freed.notify_all();
    }
}

impl FileSystem for Stuck {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if file.metadata()?.len() == LENGTH {
            self.freed.wait_while(&mut self.free.lock(), |free| !*free);
        }
        NativeFileSystem.write_at(file, bytes, offset)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

fn sink(pool: &WriterPool, folder: &Path, name: &str, length: u64) -> FileWriter {
    let path = folder.join(name);
    let file = NativeFileSystem
        .open(&path, OpenMode::CreateNew)
        .expect("a new file");
    file.set_len(length).expect("a sparse file");
    pool.file_writer(file, path, ByteRanges::default(), Arc::default())
}

async fn put(sink: &FileWriter, offset: u64, bytes: &'static [u8]) {
    let room = sink.reserve(bytes.len()).await.expect("room");
    sink.write(room, offset, Bytes::from_static(bytes));
}

#[tokio::test]
async fn a_write_that_hangs_holds_up_no_other_file_and_what_came_meanwhile_is_written_in_order() {
    let dir = tempfile::tempdir().expect("a folder");
    let files = Arc::new(Stuck::default());
    // One thread, shared by both.
    let pool = WriterPool::start(1, Arc::clone(&files) as Arc<dyn FileSystem>);
    let hung = sink(&pool, dir.path(), "hung", LENGTH);
    let other = sink(&pool, dir.path(), "other", 0);
    for round in 0..3 {
        put(&hung, round, b"old").await;
    }
    put(&other, 0, b"well").await;
    while hung.write_time() <= STUCK_AFTER {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    pool.replace_stuck();
    assert!(other.drain(|| BOUND).await, "another thread writes for it");
    put(&hung, 0, b"new").await;
    put(&other, 4, b"done").await;
    assert!(other.drain(|| BOUND).await);
    assert!(
        !hung.drain(|| STUCK_AFTER).await,
        "it is known that it hangs"
    );
    assert!(hung.done().is_empty());
    files.release();
    assert!(hung.drain(|| BOUND).await);
    put(&hung, 5, b"more").await;
    assert!(hung.drain(|| BOUND).await);
    let written = std::fs::read(dir.path().join("hung")).expect("it is there");
    assert_eq!(&written[..9], b"newldmore", "in the order they came");
    let written = std::fs::read(dir.path().join("other")).expect("it is there");
    assert_eq!(written, b"welldone");
}

#[tokio::test]
async fn a_file_that_was_given_up_is_written_no_more_and_its_folder_is_silent_until_the_disk_is_back()
 {
    let dir = tempfile::tempdir().expect("a folder");
    let files = Arc::new(Stuck::default());
    let pool = WriterPool::start(1, Arc::clone(&files) as Arc<dyn FileSystem>);
    let hung = sink(&pool, dir.path(), "hung", LENGTH);
    put(&hung, 0, b"one").await;
    put(&hung, 3, b"two").await;
    assert!(!hung.drain(|| STUCK_AFTER).await);
    let problem = hung.abandon();
    assert_eq!(hung.problem(), Some(problem));
    let silent = pool.unresponsive().clone();
    drop(hung);
    assert!(silent.contains(dir.path()));
    files.release();
    let begun = std::time::Instant::now();
    while silent.contains(dir.path()) {
        assert!(begun.elapsed() < BOUND, "it came back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let written = std::fs::read(dir.path().join("hung")).expect("it is there");
    assert_eq!(&written[..6], b"one\0\0\0");
}
