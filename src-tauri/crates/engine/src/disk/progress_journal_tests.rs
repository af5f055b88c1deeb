use super::*;
use crate::disk::{FileWriter, NativeFileSystem, WriterPool};
use std::sync::Arc;

const MIB: u64 = 1 << 20;

struct Scene {
    home: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home }
    }

    fn progress(&self, boot: &str) -> ProgressDir {
        ProgressDir::new(&self.home.path().join("list.db"), Some(boot)).unwrap()
    }

    fn part(&self) -> PathBuf {
        self.home.path().join("a.bin.part")
    }

    fn file(&self) -> File {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        options.open(self.part()).unwrap()
    }

    fn id(&self) -> String {
        NativeFileSystem
            .file_id(&self.file(), &self.part())
            .unwrap()
    }

    /// A writer in a process of that boot, which is never synced.
    fn sink(&self, boot: &str, done: ByteRanges) -> FileWriter {
        let pool = WriterPool::start(1, Arc::new(NativeFileSystem))
            .with_progress(Some(self.progress(boot)));
        let sink = pool.file_writer(self.file(), self.part(), done, Arc::default());
        pool.record_progress(&sink, &self.id());
        sink
    }

    /// The ranges that a process of that boot recovers.
    fn recovered(&self, boot: &str) -> ByteRanges {
        let (file, id) = (self.file(), self.id());
        self.progress(boot).recover(&NativeFileSystem, &file, &id)
    }

    fn journals(&self) -> usize {
        let folder = self.home.path().join("list.db-progress");
        std::fs::read_dir(folder).map_or(0, Iterator::count)
    }
}

async fn write(sink: &FileWriter, offset: u64, length: u64) {
    let bytes: Vec<u8> = (offset..offset + length)
        .map(|at| (at % 251) as u8)
        .collect();
    let room = sink.reserve(bytes.len()).await.unwrap();
    sink.write(room, offset, bytes.into());
    assert!(sink.drain(|| std::time::Duration::from_secs(30)).await);
}

fn ranges(text: &str) -> ByteRanges {
    text.parse().unwrap()
}

#[tokio::test]
async fn what_was_written_without_a_sync_is_known_in_the_same_boot_to_the_byte() {
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    for step in 0..16 {
        for segment in 0..3 {
            write(&sink, segment * MIB + step * 10_000, 10_000).await;
        }
    }
    write(&sink, 160_000, 7).await;
    let all = ranges("0-160007 1048576-1208576 2097152-2257152");
    assert_eq!(sink.done(), all);
    // The process is killed here.
    assert_eq!(scene.recovered("boot"), all);
}

#[tokio::test]
async fn after_a_power_cut_nothing_is_believed_that_was_not_synced() {
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    write(&sink, 0, MIB).await;
    assert_eq!(scene.recovered("boot"), ByteRanges::up_to(MIB));
    assert_eq!(scene.recovered("another boot"), ByteRanges::default());
    // Not even where the other boot's journal has the name of one of this boot.
    let folder = scene.home.path().join("list.db-progress");
    let entry = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    let renamed = scene.progress("another boot").path(&scene.id());
    std::fs::rename(entry.path(), renamed).unwrap();
    assert_eq!(scene.recovered("another boot"), ByteRanges::default());
    scene.progress("a third boot").remove_stale();
    assert_eq!(scene.journals(), 0);
}

#[tokio::test]
async fn a_record_is_believed_of_its_own_file_only_and_as_far_as_that_still_reaches() {
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    write(&sink, 0, MIB).await;
    write(&sink, 3 * MIB, MIB).await;
    scene.file().set_len(3 * MIB).unwrap();
    assert_eq!(scene.recovered("boot"), ByteRanges::up_to(MIB));
    // Grown again by another program.
    scene.file().set_len(4 * MIB).unwrap();
    assert_eq!(scene.recovered("boot"), ByteRanges::up_to(MIB));
    let bytes = std::fs::read(scene.part()).unwrap();
    let old = scene.home.path().join("old");
    std::fs::rename(scene.part(), &old).unwrap();
    std::fs::write(scene.part(), bytes).unwrap();
    assert_eq!(
        scene.recovered("boot"),
        ByteRanges::default(),
        "a copy is another file"
    );
}

#[tokio::test]
async fn a_torn_or_foreign_slot_costs_its_own_bytes_and_no_others() {
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    for segment in 0..4 {
        write(&sink, segment * MIB, 100_000).await;
    }
    let path = scene.progress("boot").path(&scene.id());
    let whole = std::fs::read(&path).unwrap();
    assert_eq!(whole.len(), 4 * SLOT);
    for at in (0..whole.len() * 8).step_by(7) {
        let mut torn = whole.clone();
        torn[at / 8] ^= 1 << (at % 8);
        std::fs::write(&path, &torn).unwrap();
        let left = scene.recovered("boot");
        let lost = at / 8 / SLOT;
        let expected = (0..4).filter(|segment| *segment != lost);
        let count = expected.count() as u64 * 100_000;
        assert_eq!(left.total_len(), count, "bit {at}");
        assert!(!left.contains(ByteRange {
            start: lost as u64 * MIB,
            end: lost as u64 * MIB + 1
        }));
    }
    std::fs::write(&path, &whole[..SLOT + 5]).unwrap();
    assert_eq!(scene.recovered("boot"), ByteRanges::up_to(100_000));
}

#[tokio::test]
async fn a_small_file_costs_no_record_and_a_finished_one_leaves_none() {
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    write(&sink, 0, MIN_BYTES - 1).await;
    assert_eq!(scene.journals(), 0);
    write(&sink, MIN_BYTES - 1, 1).await;
    assert_eq!(scene.journals(), 1);
    scene.progress("boot").forget(&scene.id());
    assert_eq!(scene.journals(), 0);
}

#[tokio::test]
async fn a_second_kill_keeps_what_was_kept_at_the_first() {
    let scene = Scene::new();
    write(&scene.sink("boot", ByteRanges::default()), 0, MIB).await;
    let sink = scene.sink("boot", scene.recovered("boot"));
    assert_eq!(
        scene.recovered("boot"),
        ByteRanges::up_to(MIB),
        "before its first write"
    );
    write(&sink, MIB, 100_000).await;
    assert_eq!(scene.recovered("boot"), ByteRanges::up_to(MIB + 100_000));
}

#[tokio::test]
async fn a_record_does_not_grow_without_end() {
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    // Every second KiB first, then those between them, backwards, so that no write extends a slot.
    let all = 3 * MAX_SLOTS as u64 / 2;
    for at in (0..all).filter(|at| at % 3 == 0) {
        write(&sink, at << 10, 1 << 10).await;
    }
    for at in (0..all).rev().filter(|at| at % 3 != 0) {
        write(&sink, at << 10, 1 << 10).await;
    }
    let found = scene.recovered("boot");
    assert!(
        found.total_len() > 0 && found.total_len() <= all << 10,
        "{found:?}"
    );
    let path = scene.progress("boot").path(&scene.id());
    let size = std::fs::metadata(path).unwrap().len();
    assert!(size <= (MAX_SLOTS * SLOT) as u64);
}

#[cfg(unix)]
#[tokio::test]
async fn records_and_their_folder_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    let sink = scene.sink("boot", ByteRanges::default());
    write(&sink, 0, MIB).await;
    let folder = scene.home.path().join("list.db-progress");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&scene.progress("boot").path(&scene.id())), 0o600);
}
