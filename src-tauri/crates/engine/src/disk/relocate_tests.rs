//! Each step on real files: in one file system, by a copy, with a name that is taken, on a full disk, and repeated after
//! a process died between any two of its effects.

use std::fs::File;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use super::*;
use crate::disk::{FileInfo, NativeFileSystem, OpenMode, Renamed};
use crate::domain::byte_ranges::{ByteRange, ByteRanges};

/// Native files where no file can be moved to another folder, as between two disks.
#[derive(Default)]
struct TwoDisks {
    /// Bytes that still fit.
    room: Mutex<Option<u64>>,
    /// What another program appends to the source while it is copied.
    meddle: Mutex<Option<PathBuf>>,
    /// Damages what was written, once it is synced.
    damage: bool,
}

impl FileSystem for TwoDisks {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        NativeFileSystem.open(path, how)
    }

    fn move_to_folder(&self, _: &Path, _: &Path, _: &FileInfo) -> io::Result<Option<Renamed>> {
        Err(ErrorKind::CrossesDevices.into())
    }

    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        if let Some(room) = self.room.lock().expect("no panic with it held").as_mut() {
            *room = room
                .checked_sub(bytes.len() as u64)
                .ok_or(ErrorKind::StorageFull)?;
        }
        if let Some(path) = self.meddle.lock().expect("no panic with it held").take() {
            std::fs::write(path, b"something else").expect("it is there");
        }
        NativeFileSystem.write_at(file, bytes, offset)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        NativeFileSystem.sync(file)?;
        if self.damage {
            NativeFileSystem.write_at(file, b"!", 3)?;
        }
        Ok(())
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        NativeFileSystem.trash(path, seen)
    }
}

struct Place {
    home: tempfile::TempDir,
    body: Vec<u8>,
}

impl Place {
    /// `a/one.zip` with some content, and an empty folder `b`.
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        for folder in ["a", "b"] {
            std::fs::create_dir(home.path().join(folder)).expect("a new folder");
        }
        let body: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(home.path().join("a/one.zip"), &body).expect("room");
        Self { home, body }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn source(&self) -> RelocationSource {
        let folder = self.folder("a");
        let seen = NativeFileSystem.stat(&folder.join("one.zip"));
        RelocationSource {
            folder,
            name: "one.zip".into(),
            id: seen.expect("it is there").id,
            total: Some(self.body.len() as u64),
            partial: None,
            origin: None,
        }
    }

    fn to(&self, folder: &str, name: &str, exact: bool) -> Destination {
        Destination::new(self.folder(folder), name.into(), exact, 7)
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder(folder)).expect("it is there");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into()
            })
            .collect();
        names.sort();
        names
    }

    fn holds(&self, folder: &str, name: &str) {
        let read = std::fs::read(self.folder(folder).join(name));
        assert!(read.expect("it is there") == self.body, "other bytes");
    }

    fn put(&self, folder: &str, name: &str) {
        std::fs::write(self.folder(folder).join(name), b"another").expect("room");
    }
}

fn run(
    files: &dyn FileSystem,
    source: &RelocationSource,
    to: &Destination,
) -> Result<Relocated, RelocateError> {
    relocate(files, source, to, &RelocationControl::default())
}

#[track_caller]
fn moved(result: Result<Relocated, RelocateError>) -> String {
    match result {
        Ok(Relocated::Moved { name, .. }) => name,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_gets_another_name_and_a_name_that_is_taken_is_an_error() {
    let place = Place::new();
    let source = place.source();
    place.put("a", "two.zip");
    let taken = run(&NativeFileSystem, &source, &place.to("a", "two.zip", true));
    assert!(matches!(
        taken,
        Err(RelocateError::Problem(Problem::FileExists { .. }))
    ));
    assert_eq!(place.names("a"), ["one.zip", "two.zip"]);
    let to = place.to("a", "three.zip", true);
    assert_eq!(moved(run(&NativeFileSystem, &source, &to)), "three.zip");
    place.holds("a", "three.zip");
    // Once more, as after a kill before that was stored.
    assert_eq!(moved(run(&NativeFileSystem, &source, &to)), "three.zip");
    assert_eq!(place.names("a"), ["three.zip", "two.zip"]);
}

#[test]
fn a_file_that_moves_takes_a_numbered_name_where_its_own_is_taken() {
    let place = Place::new();
    let source = place.source();
    place.put("b", "one.zip");
    let to = place.to("b", "one.zip", false);
    for _ in 0..2 {
        assert_eq!(moved(run(&NativeFileSystem, &source, &to)), "one (1).zip");
        place.holds("b", "one (1).zip");
        assert_eq!(place.names("b"), ["one (1).zip", "one.zip"]);
        assert!(place.names("a").is_empty());
    }
}

#[test]
fn between_disks_it_is_copied_named_and_then_deleted_and_each_step_can_be_repeated() {
    let place = Place::new();
    let files = TwoDisks::default();
    let source = place.source();
    place.put("b", "one.zip");
    let to = place.to("b", "one.zip", false);
    // The first copy is given up for a second one, as after a kill.
    let copies = [0, 1].map(|_| match run(&files, &source, &to) {
        Ok(Relocated::Copied { id }) => id,
        other => panic!("{other:?}"),
    });
    let id = &copies[1];
    assert_eq!(
        place.names("b"),
        ["millrace-0000000000000007.part", "one.zip"]
    );
    assert_eq!(place.names("a"), ["one.zip"]);
    for _ in 0..2 {
        let (name, named) = name_copy(&files, &source, &to, id).expect("it is there");
        assert_eq!((name.as_str(), &named), ("one (1).zip", id));
    }
    place.holds("b", "one (1).zip");
    place.holds("a", "one.zip");
    let path = source.path();
    assert!(delete_source(&files, &path, &source.id));
    assert!(
        delete_source(&files, &path, &source.id),
        "it is gone already"
    );
    assert!(place.names("a").is_empty());
    place.put("a", "one.zip");
    assert!(
        !delete_source(&files, &path, &source.id),
        "another file stays"
    );
    assert_eq!(place.names("a"), ["one.zip"]);
}

#[test]
fn what_cannot_be_copied_whole_stays_and_leaves_nothing() {
    let full = TwoDisks::default();
    *full.room.lock().expect("no panic with it held") = Some(2 << 20);
    let damaged = TwoDisks {
        damage: true,
        ..TwoDisks::default()
    };
    let place = Place::new();
    let source = place.source();
    let to = place.to("b", "one.zip", false);
    for (files, code) in [(&full, "disk-full"), (&damaged, "disk-failed")] {
        match run(files, &source, &to) {
            Err(RelocateError::Problem(problem)) => assert_eq!(problem.code(), code),
            other => panic!("{other:?}"),
        }
        assert!(place.names("b").is_empty());
        place.holds("a", "one.zip");
    }
    let control = RelocationControl::default();
    control.cancelled.store(true, Ordering::Relaxed);
    let cancelled = relocate(&TwoDisks::default(), &source, &to, &control);
    assert_eq!(cancelled, Err(RelocateError::Cancelled));
    assert!(place.names("b").is_empty());
}

#[test]
fn a_file_that_changes_while_it_is_copied_is_not_taken_for_the_copy() {
    let place = Place::new();
    let source = place.source();
    let files = TwoDisks::default();
    *files.meddle.lock().expect("no panic with it held") = Some(source.path());
    let to = place.to("b", "one.zip", false);
    assert!(matches!(
        run(&files, &source, &to),
        Err(RelocateError::Problem(_))
    ));
    assert!(place.names("b").is_empty());
    assert_eq!(place.names("a"), ["one.zip"]);
}

#[test]
fn another_file_at_its_place_is_not_moved() {
    let place = Place::new();
    let source = place.source();
    std::fs::remove_file(source.path()).expect("it is there");
    // Not the number of the one that was deleted.
    place.put("a", "other");
    place.put("a", "one.zip");
    let to = place.to("b", "one.zip", false);
    let missing = run(&NativeFileSystem, &source, &to);
    assert_eq!(missing, Err(RelocateError::Missing));
    assert!(place.names("b").is_empty());
}

#[test]
fn an_unfinished_file_takes_its_ranges_along_and_reserves_its_name() {
    let place = Place::new();
    let part = place.folder("a").join("one.zip.part");
    std::fs::rename(place.folder("a").join("one.zip"), &part).expect("it is there");
    let mut done = ByteRanges::default();
    for (start, end) in [(10, 500_000), (2_000_000, 2_900_000)] {
        done.insert(ByteRange::new(start, end).expect("a range"));
    }
    let source = RelocationSource {
        id: NativeFileSystem.stat(&part).expect("it is there").id,
        partial: Some(done),
        folder: place.folder("a"),
        name: "one.zip".into(),
        total: Some(3_000_000),
        origin: None,
    };
    place.put("b", "one.zip");
    let to = place.to("b", "one.zip", false);
    let files = TwoDisks::default();
    let Ok(Relocated::Copied { id }) = run(&files, &source, &to) else {
        panic!("not copied");
    };
    let (name, _) = name_copy(&files, &source, &to, &id).expect("it is there");
    assert_eq!(name, "one (1).zip");
    let copy = std::fs::read(place.folder("b").join("one (1).zip.part")).expect("it is there");
    assert_eq!(copy.len(), 2_900_000);
    assert!(copy[10..500_000] == place.body[10..500_000]);
    assert!(copy[2_000_000..] == place.body[2_000_000..2_900_000]);
    assert!(copy[500_000..2_000_000].iter().all(|byte| *byte == 0));
}
