//! The content of written and finished files when the disk is large, full or loses data.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::part_file::{create_part, open_part};
use super::*;
use crate::domain::byte_ranges::{ByteRange, ByteRanges};
use crate::domain::fingerprint::Fingerprint;
use crate::domain::problem::Problem;

const BIG: u64 = (4 << 30) + 7;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

async fn put(sink: &FileWriter, at: u64, bytes: &'static [u8]) {
    let room = sink
        .reserve(bytes.len())
        .await
        .expect("nothing went wrong yet");
    sink.write(room, at, Bytes::from_static(bytes));
    sink.drain(|| Duration::from_secs(10)).await;
}

fn sink(file: File, path: &Path, done: ByteRanges) -> FileWriter {
    WriterPool::start(1, Arc::new(NativeFileSystem)).file_writer(
        file,
        path.to_owned(),
        done,
        Arc::default(),
    )
}

#[tokio::test]
async fn bytes_behind_4_gib_are_where_they_belong_and_the_file_is_published() {
    let dir = folder();
    let part = create_part(&NativeFileSystem, dir.path(), "big", None, |_| {}).expect("room");
    let path = dir.path().join("big.part");
    let sink = sink(
        part.file.try_clone().expect("a handle"),
        &path,
        ByteRanges::up_to(BIG),
    );
    put(&sink, BIG, b"tail").await;
    let stored = sink.checkpoint().expect("synced");
    assert_eq!(stored.done, ByteRanges::up_to(BIG + 4));
    let published = publish(
        &NativeFileSystem,
        &part,
        dir.path(),
        BIG + 4,
        &PublishOptions::default(),
    );
    let published = published.expect("it is whole");
    assert_eq!((published.name.as_str(), published.id), ("big", part.id));
    let whole = File::open(dir.path().join("big")).expect("it has its name");
    assert_eq!(whole.metadata().expect("it is there").len(), BIG + 4);
    let span = ByteRange {
        start: BIG,
        end: BIG + 4,
    };
    let tail = read_blocks(&whole, vec![span]).expect("read");
    assert_eq!(tail[0].bytes, b"tail");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_full_in_the_middle_counts_nothing_that_was_not_written() {
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("linux has one");
    let sink = sink(
        full,
        Path::new("/folder/file.part"),
        ByteRanges::up_to(1000),
    );
    put(&sink, 1000, b"more").await;
    assert_eq!(sink.done(), ByteRanges::up_to(1000));
    let problem = Problem::DiskFull {
        folder: "/folder".into(),
        needed: None,
    };
    assert_eq!(sink.problem(), Some(problem.clone()));
    assert_eq!(
        sink.checkpoint(),
        Err(problem),
        "and is no checkpoint any more"
    );
}

#[tokio::test]
async fn a_write_that_fails_takes_nothing_from_what_was_written_before() {
    let dir = folder();
    let path = dir.path().join("f.part");
    std::fs::write(&path, b"before").expect("written");
    let closed = File::open(&path).expect("it is there");
    let sink = sink(closed, &path, ByteRanges::up_to(6));
    put(&sink, 6, b"more").await;
    assert!(sink.problem().is_some());
    let stored = sink
        .checkpoint()
        .expect("what was written before is synced");
    assert_eq!(stored.done, ByteRanges::up_to(6));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_sync_that_failed_once_is_never_believed_again() {
    let null = File::options()
        .read(true)
        .write(true)
        .open("/dev/null")
        .expect("linux has one");
    let sink = sink(null, Path::new("/folder/file.part"), ByteRanges::default());
    put(&sink, 0, b"bytes").await;
    for _ in 0..2 {
        assert!(matches!(sink.checkpoint(), Err(Problem::DiskFailed { .. })));
    }
}

#[tokio::test]
async fn a_part_is_known_again_by_its_bytes_only() {
    let dir = folder();
    let part = create_part(&NativeFileSystem, dir.path(), "f", Some(9), |_| {}).expect("room");
    let sink = sink(
        part.file.try_clone().expect("a handle"),
        &dir.path().join("f.part"),
        ByteRanges::default(),
    );
    put(&sink, 0, b"123456").await;
    let stored = sink.checkpoint().expect("synced");
    drop((sink, part.file));
    let look = |id: &str, done: &ByteRanges, samples: &Fingerprint| {
        open_part(
            &NativeFileSystem,
            dir.path(),
            "f",
            id,
            (done, samples),
            Some(9),
            &|_, _| false,
        )
    };
    let id = part.id;
    assert!(matches!(
        look(&id, &stored.done, &stored.samples),
        Ok(PartLookup::PartFile(_))
    ));
    let lost = |found| matches!(found, Err(Problem::PartialLost { .. }));
    assert!(
        lost(look("0:0:0", &stored.done, &stored.samples)),
        "another file"
    );
    assert!(
        lost(look(&id, &ByteRanges::up_to(7), &stored.samples)),
        "too short"
    );
    let file = File::options()
        .write(true)
        .open(dir.path().join("f.part"))
        .expect("it is there");
    std::io::Write::write_all(&mut &file, b"x").expect("written");
    assert!(
        lost(look(&id, &stored.done, &stored.samples)),
        "other bytes"
    );
    // The fingerprint covers only ranges that still count as present.
    assert!(matches!(
        look(&id, &ByteRanges::default(), &stored.samples),
        Ok(PartLookup::PartFile(_))
    ));
}
