use tempfile::TempDir;

use super::*;
use crate::disk::part_file::create_part;
use crate::disk::{FileInfo, NativeFileSystem};

const BODY: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

fn span(start: u64, end: u64) -> ByteRange {
    ByteRange { start, end }
}

fn bytes(span: ByteRange) -> &'static [u8] {
    let at = |at: u64| usize::try_from(at).expect("it is short");
    &BODY[at(span.start)..at(span.end)]
}

struct Stage {
    dir: TempDir,
    into: IngestTarget,
}

impl Stage {
    /// A file with that many bytes present.
    fn with(here: &[ByteRange]) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let part = create_part(&NativeFileSystem, dir.path(), "a", Some(36), |_| {}).expect("room");
        let mut done = ByteRanges::default();
        for &one in here {
            NativeFileSystem
                .write_at(&part.file, bytes(one), one.start)
                .expect("room");
            done.insert(one);
        }
        let samples = fingerprint::take_fingerprint(&part.file, &done, &Fingerprint::default())
            .expect("read");
        let into = IngestTarget {
            folder: dir.path().to_owned(),
            name: part.name,
            id: part.id,
            done,
            samples,
            total: Some(36),
        };
        Self { dir, into }
    }

    fn handed(&self, content: &[u8]) -> PathBuf {
        let path = self.dir.path().join("handed");
        std::fs::write(&path, content).expect("room");
        path
    }

    fn part(&self) -> Vec<u8> {
        std::fs::read(self.dir.path().join("a.part")).expect("it is there")
    }
}

#[test]
fn only_what_is_missing_is_written_and_all_of_it_is_counted() {
    let stage = Stage::with(&[span(0, 4), span(10, 12)]);
    // bytes already present are not overwritten, whatever they are
    let mut came = bytes(span(2, 20)).to_vec();
    came[0] = b'!';
    came[9] = b'!';
    let handed = stage.handed(&came);
    let taken = ingest_file(&NativeFileSystem, &stage.into, &handed, span(2, 20)).expect("it fits");
    assert_eq!(taken.new, 14);
    assert_eq!(taken.checkpoint.done, ByteRanges::up_to(20));
    assert!(!taken.checkpoint.samples.0.is_empty());
    assert_eq!(stage.part(), bytes(span(0, 20)));
}

#[test]
fn a_file_that_is_longer_or_shorter_than_announced_is_not_looked_into() {
    let stage = Stage::with(&[span(0, 4)]);
    for length in [3, 5] {
        let handed = stage.handed(&BODY[..length]);
        let taken = ingest_file(&NativeFileSystem, &stage.into, &handed, span(4, 8));
        let why = taken.expect_err("it is no such part").to_string();
        assert_eq!(why, format!("{length} bytes came where 4 were announced"));
    }
    assert_eq!(stage.part(), bytes(span(0, 4)));
}

#[test]
fn bytes_for_a_file_that_is_no_longer_the_one_that_was_begun_are_not_taken() {
    let stage = Stage::with(&[span(0, 4)]);
    std::fs::write(stage.dir.path().join("a.part"), b"xxxx").expect("room");
    let handed = stage.handed(bytes(span(4, 8)));
    let taken = ingest_file(&NativeFileSystem, &stage.into, &handed, span(4, 8));
    assert!(
        matches!(taken, Err(IngestError::Disk(Problem::PartialLost { .. }))),
        "{taken:?}"
    );
    assert_eq!(stage.part(), b"xxxx");
}

/// A disk that accepts bytes and loses them.
struct Forgetful;

impl FileSystem for Forgetful {
    fn open(&self, path: &Path, how: crate::disk::OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn sync(&self, _file: &File) -> io::Result<()> {
        Err(io::Error::other("gone"))
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

#[test]
fn bytes_that_could_not_be_synced_are_not_counted() {
    let stage = Stage::with(&[span(0, 4)]);
    let handed = stage.handed(bytes(span(4, 8)));
    let taken = ingest_file(&Forgetful, &stage.into, &handed, span(4, 8));
    assert!(
        matches!(taken, Err(IngestError::Disk(Problem::DiskFailed { .. }))),
        "{taken:?}"
    );
}
