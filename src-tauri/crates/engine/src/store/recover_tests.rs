//! What is recovered of a list that is corrupt in its middle.

use super::*;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::download::{DownloadId, NewDownload};

fn record(n: u64) -> Record {
    let new = NewDownload {
        // Long enough that a page holds few rows.
        url: format!("http://a/{}/{n}", "folder/".repeat(40)),
        folder: "/f".into(),
        ..NewDownload::default()
    };
    Record::new(new, n).expect("a link")
}

fn aside(path: &Path) -> std::io::Result<PathBuf> {
    crate::disk::move_aside(path)
}

fn list(path: &Path) -> Store {
    Store::open(path, |_| panic!("a sound database was set aside")).expect("opens")
}

/// A list of 200 downloads of which every tenth was deleted, cleanly closed, with a backup made before the last hundred
/// bytes of each were stored.
async fn two_hundred(path: &Path, spare: bool) -> Vec<Record> {
    let writer = list(path).into_writer(spare.then_some(super::backup_files()));
    let added = writer.add((1..=200).map(record).collect()).await;
    let mut records = added.expect("stored");
    for record in &mut records {
        record.done = ByteRanges::up_to(100);
        writer.save(record);
    }
    writer.flush().await;
    drop(writer);
    let writer = list(path).into_writer(None);
    for record in &mut records {
        record.done = ByteRanges::up_to(200);
        writer.save(record);
    }
    records.retain(|record| record.id.0 % 10 != 0);
    for n in 1..=20 {
        writer.delete(DownloadId(n * 10));
    }
    writer.flush().await;
    drop(writer);
    records
}

/// Overwrites pages `from..to` of 4 KiB with garbage.
fn break_pages(path: &Path, from: usize, to: usize) {
    let mut bytes = std::fs::read(path).expect("reads");
    let to = to.min(bytes.len() / 4096);
    bytes[from * 4096..to * 4096].fill(0xA5);
    std::fs::write(path, bytes).expect("writes");
}

#[tokio::test]
async fn rows_beside_broken_pages_are_taken_over_and_the_others_come_from_the_spare_copy() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let records = two_hundred(&path, true).await;
    break_pages(&path, 12, 22);
    let store = Store::open(&path, aside).expect("a new list");
    let found = store.all().expect("reads");
    let (_, taken_over) = store.recovered.clone().expect("it was set aside");
    assert_eq!(taken_over, found.len());
    let newest = found.iter().filter(|one| records.contains(one)).count();
    assert!((20..180).contains(&newest), "{newest} rows were readable");
    for one in &records {
        let back = found
            .iter()
            .find(|back| back.id == one.id)
            .expect("no download is lost");
        assert!([100, 200].contains(&back.done.total_len()), "{back:?}");
    }
    // Ids are never assigned twice.
    let added = store
        .into_writer(None)
        .add(vec![record(1)])
        .await
        .expect("stored");
    assert!(added[0].id.0 > 200, "{:?}", added[0].id);
}

#[tokio::test]
async fn without_a_spare_copy_what_can_be_read_comes_back_and_what_is_gone_stays_gone() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let records = two_hundred(&path, false).await;
    break_pages(&path, 12, 16);
    let store = Store::open(&path, aside).expect("a new list");
    let found = store.all().expect("reads");
    assert!(found.len() > 100, "{} rows were readable", found.len());
    assert!(
        found.iter().all(|one| records.contains(one)),
        "a deleted row came back"
    );
}

#[tokio::test]
async fn a_list_without_its_first_page_comes_back_from_the_spare_copy() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    two_hundred(&path, true).await;
    break_pages(&path, 0, 1);
    let store = Store::open(&path, aside).expect("a new list");
    let found = store.all().expect("reads");
    assert_eq!(found.len(), 200);
    assert!(found.iter().all(|one| one.done.total_len() == 100));
    let mut names: Vec<String> = std::fs::read_dir(dir.path())
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| !name.ends_with("-shm") && !name.ends_with("-wal"))
        .collect();
    names.sort();
    assert_eq!(names, ["list.db", "list.db.backup", "list.db.broken-1"]);
}

#[tokio::test]
async fn a_row_that_means_nothing_comes_back_from_the_spare_copy() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let records = two_hundred(&path, true).await;
    let nonsense = "update downloads set done = 'nonsense' where id = 55";
    let store = list(&path);
    store.connection.execute(nonsense, []).expect("written");
    drop(store);
    let (store, found) = Store::open_all(&path, aside).expect("a new list");
    assert!(store.recovered.is_some());
    assert_eq!(found.len(), records.len());
    for (is, was) in found.iter().zip(&records) {
        let expected = if is.id.0 == 55 { 100 } else { 200 };
        assert_eq!((is.id, is.done.total_len()), (was.id, expected));
    }
}

/// A list of three downloads, cleanly closed, with its bytes and the ranges of its rows' cells, in the order of the
/// rows.
async fn three(path: &Path) -> (Vec<Record>, Vec<u8>, Vec<std::ops::Range<usize>>) {
    let writer = list(path).into_writer(None);
    let wishes = (1..=3).map(|n| {
        let new = NewDownload {
            url: format!("http://a/{n}"),
            folder: "/f".into(),
            ..NewDownload::default()
        };
        Record::new(new, n).expect("a link")
    });
    let records = writer.add(wishes.collect()).await.expect("stored");
    drop(writer);
    let store = list(path);
    let root: usize = store
        .connection
        .query_row(
            "select rootpage from sqlite_master where name = 'downloads'",
            [],
            |row| row.get::<_, u32>(0),
        )
        .expect("a table") as usize;
    drop(store);
    let bytes = std::fs::read(path).expect("reads");
    let page = (root - 1) * 4096;
    assert_eq!(bytes[page], 13, "a leaf of a table");
    let start = |cell: usize| {
        let at = page + 8 + 2 * cell;
        page + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]))
    };
    // Cells are stored from the end of the page.
    let mut end = page + 4096;
    let cells = (0..3).map(|cell| {
        let range = start(cell)..end;
        end = range.start;
        range
    });
    let cells = cells.collect();
    (records, bytes, cells)
}

/// A folder where a sync costs nothing, if one exists.
fn in_memory() -> tempfile::TempDir {
    let memory = tempfile::tempdir_in("/dev/shm");
    memory.or_else(|_| tempfile::tempdir()).expect("a folder")
}

#[tokio::test]
async fn a_list_with_any_bit_of_any_cell_flipped_opens_with_all_other_rows() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let (records, bytes, cells) = three(&path).await;
    for (row, cell) in cells.into_iter().enumerate() {
        // Every bit of the middle row; of the others those of some bytes.
        let step = if row == 1 { 1 } else { 23 };
        for (at, bit) in cell
            .step_by(step)
            .flat_map(|at| (0..8).map(move |bit| (at, bit)))
        {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let dir = in_memory();
            let path = dir.path().join("list.db");
            std::fs::write(&path, flipped).expect("writes");
            let what = format!("row {row}, byte {at}, bit {bit}");
            let opened = Store::open_all(&path, aside);
            let (store, found) = opened.unwrap_or_else(|error| panic!("{what}: {error}"));
            for other in records.iter().filter(|one| one.id.0 != row as u64 + 1) {
                let same = |one: &Record| {
                    Record {
                        id: other.id,
                        ..one.clone()
                    } == *other
                };
                assert!(
                    found.iter().any(same),
                    "{what}: {other:?} is gone, of {found:?}"
                );
            }
            if at % 8 > 0 {
                continue;
            }
            let added = store.into_writer(None).add(vec![record(9)]).await;
            let id = added.expect("takes more")[0].id;
            assert!(found.iter().all(|one| one.id < id), "{what}: {id:?} again");
        }
    }
}

#[tokio::test]
async fn a_damaged_number_of_the_next_download_is_neither_used_nor_counted_up_to() {
    for seq in [
        "9223372036854775807",
        "-1",
        "'text'",
        "x'00'",
        "1e300",
        "null",
    ] {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("list.db");
        let (records, ..) = three(&path).await;
        let store = list(&path);
        let damage = format!("update sqlite_sequence set seq = {seq}");
        store.connection.execute(&damage, []).expect("written");
        // The first time the rest of the list is intact, the second time it is not.
        for broken in [false, true] {
            drop(Store::open_all(&path, aside).expect("opens"));
            if broken {
                let store = list(&path);
                store.connection.execute(&damage, []).expect("written");
                let nonsense = "update downloads set done = 'nonsense' where id = 2";
                store.connection.execute(nonsense, []).expect("written");
            }
            let (store, found) = Store::open_all(&path, aside).expect("opens");
            let kept = found.iter().filter(|one| records.contains(one)).count();
            assert_eq!(kept, if broken { 2 } else { 3 }, "{seq}");
            let added = store.into_writer(None).add(vec![record(9)]).await;
            let id = added.expect("takes more")[0].id;
            assert_eq!(id, DownloadId(4), "{seq}");
            let writer = list(&path).into_writer(None);
            writer.delete(id);
            drop(writer);
        }
    }
}

#[test]
fn what_may_be_readable_at_the_next_try_is_not_taken_for_damage() {
    use rusqlite::ffi;
    let of = |code| StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
    for code in [
        ffi::SQLITE_IOERR,
        ffi::SQLITE_IOERR_READ,
        ffi::SQLITE_BUSY,
        ffi::SQLITE_CANTOPEN,
    ] {
        assert!(!is_damage(&of(code)), "{code}");
    }
    for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR] {
        assert!(is_damage(&of(code)), "{code}");
    }
    assert!(!is_damage(&StoreError::Newer(99)));
}
