//! The history in a real file: what is kept, what is forgotten, and what a broken file costs.

use super::*;

const DAY: UnixMillis = 24 * HOUR;

fn finished(download: u64, at: UnixMillis) -> HistoryEntry {
    HistoryEntry {
        download,
        added_at: 1,
        url: format!("https://host/{download}?Sig=A"),
        name: format!("File {download}.zip"),
        folder: "/files".into(),
        host: "host".into(),
        total: Some(10),
        received: 10,
        finished_at: Some(at),
        ..HistoryEntry::default()
    }
}

fn open(path: &Path) -> HistoryStore {
    HistoryStore::open(path, crate::disk::move_aside).unwrap()
}

fn ids(store: &HistoryStore, search: &str) -> Vec<u64> {
    let found = store.entries(search, 0, 100).unwrap();
    found.iter().map(|entry| entry.download).collect()
}

#[test]
fn an_entry_is_completed_by_what_happens_later_and_found_by_its_words() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("history.db");
    let mut store = open(&path);
    store
        .record(&[finished(1, 10), finished(2, 20)], &[])
        .unwrap();
    let removed = HistoryEntry {
        finished_at: None,
        removed_at: Some(30),
        ..finished(1, 0)
    };
    store.record(&[removed], &[]).unwrap();
    drop(store);
    let store = open(&path);
    let all = store.entries("", 0, 100).unwrap();
    let times = |entry: &HistoryEntry| (entry.download, entry.finished_at, entry.removed_at);
    assert_eq!(
        all.iter().map(times).collect::<Vec<_>>(),
        [(1, Some(10), Some(30)), (2, Some(20), None)]
    );
    assert_eq!(store.entry(all[1].id).unwrap().as_ref(), Some(&all[1]));
    assert_eq!(store.entry(99).unwrap(), None);
    assert_eq!(ids(&store, "file 2"), [2]);
    assert_eq!(ids(&store, "SIG"), [1, 2]);
    assert_eq!(ids(&store, "other"), Vec::<u64>::new());
    assert_eq!(store.entries("", 1, 1).unwrap()[0].download, 2);
}

#[test]
fn bytes_are_summed_by_hour_and_by_host() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place.path().join("history.db"));
    let count = |hour, host: &str, bytes| (hour, host.to_owned(), bytes);
    store
        .record(&[], &[count(5, "a", 1), count(5, "b", 10)])
        .unwrap();
    store
        .record(&[], &[count(5, "a", 2), count(7, "a", 4)])
        .unwrap();
    let traffic = store.traffic().unwrap();
    assert_eq!(traffic.hours, [(5, 13), (7, 4)]);
    assert_eq!(traffic.hosts, [("b".into(), 10), ("a".into(), 7)]);
}

#[test]
fn what_is_cleared_stays_forgotten_although_the_list_still_has_it() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("history.db");
    let mut store = open(&path);
    store
        .record(&[finished(1, 10)], &[(1, "host".into(), 5)])
        .unwrap();
    store.clear(50).unwrap();
    assert_eq!(store.traffic().unwrap(), Traffic::default());
    store
        .record(&[finished(1, 10), finished(2, 60)], &[])
        .unwrap();
    assert_eq!(ids(&store, ""), [2]);
    drop(store);
    // not even in the bytes of the files
    for file in std::fs::read_dir(place.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("File 1.zip"));
    }
}

#[test]
fn what_is_old_is_forgotten() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place.path().join("history.db"));
    let now = 1_000 * DAY;
    let old = now - 91 * DAY;
    let counts = [
        (old / HOUR, "a".to_owned(), 1),
        (now / HOUR, "b".to_owned(), 2),
    ];
    store
        .record(&[finished(1, old), finished(2, now - 89 * DAY)], &counts)
        .unwrap();
    store.prune(now).unwrap();
    assert_eq!(ids(&store, ""), [2]);
    assert_eq!(store.traffic().unwrap().hosts, [("b".to_owned(), 2)]);
}

#[test]
fn entries_are_bounded_and_the_oldest_go_first() {
    let place = tempfile::tempdir().unwrap();
    let mut store = open(&place.path().join("history.db"));
    let many = u64::from(MAX_ENTRIES) + 2;
    let entries: Vec<_> = (1..=many).map(|number| finished(number, number)).collect();
    store.record(&entries, &[]).unwrap();
    store.prune(many).unwrap();
    let last = store.entries("", MAX_ENTRIES - 1, 10).unwrap();
    assert_eq!(
        last.iter().map(|entry| entry.download).collect::<Vec<_>>(),
        [3]
    );
}

#[test]
fn a_broken_file_is_set_aside_and_one_of_a_newer_version_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("history.db");
    std::fs::write(&path, vec![7; 5_000]).unwrap();
    let mut store = open(&path);
    store.record(&[finished(1, 10)], &[]).unwrap();
    assert!(place.path().join("history.db.broken-1").exists());
    store
        .connection
        .pragma_update(None, "user_version", 9)
        .unwrap();
    drop(store);
    let refused = HistoryStore::open(&path, crate::disk::move_aside)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("a newer version"), "{refused}");
}
