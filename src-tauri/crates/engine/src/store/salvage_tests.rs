//! What comes back of a list that was broken in its middle.

use super::*;
use crate::core::download::{DownloadId, NewDownload};
use crate::core::plan::Ranges;

fn record(n: u64) -> Record {
    let new = NewDownload {
        // Long enough that a page holds few rows.
        url: format!("http://a/{}/{n}", "folder/".repeat(40)),
        folder: "/f".into(),
        ..NewDownload::default()
    };
    Record::new(new, n)
}

fn aside(path: &Path) -> std::io::Result<PathBuf> {
    crate::disk::set_aside(path)
}

fn list(path: &Path) -> Store {
    Store::open(path, |_| panic!("a sound database was set aside")).expect("opens")
}

/// A list of 200 downloads of which every tenth was deleted, cleanly closed, with a spare copy of a moment before the last
/// hundred bytes of each were stored.
async fn two_hundred(path: &Path, spare: bool) -> Vec<Record> {
    let writer = list(path).into_writer(spare.then_some(crate::disk::replace as Replace));
    let added = writer.add((1..=200).map(record).collect()).await;
    let mut records = added.expect("stored");
    for record in &mut records {
        record.done = Ranges::first(100);
        writer.save(record);
    }
    writer.flush().await;
    drop(writer);
    let writer = list(path).into_writer(None);
    for record in &mut records {
        record.done = Ranges::first(200);
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

/// Overwrites pages `from..to` of 4 KiB with nonsense.
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
    let (_, taken_over) = store.set_aside.clone().expect("it was set aside");
    assert_eq!(taken_over, found.len());
    let newest = found.iter().filter(|one| records.contains(one)).count();
    assert!((20..180).contains(&newest), "{newest} rows were readable");
    for one in &records {
        let back = found
            .iter()
            .find(|back| back.id == one.id)
            .expect("no download is lost");
        assert!([100, 200].contains(&back.done.count()), "{back:?}");
    }
    // Numbers that were given are not given again.
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
    assert!(found.iter().all(|one| one.done.count() == 100));
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
    assert!(store.set_aside.is_some());
    assert_eq!(found.len(), records.len());
    for (is, was) in found.iter().zip(&records) {
        let expected = if is.id.0 == 55 { 100 } else { 200 };
        assert_eq!((is.id, is.done.count()), (was.id, expected));
    }
}
