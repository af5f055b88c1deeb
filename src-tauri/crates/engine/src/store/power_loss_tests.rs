//! Simulated power cuts: the disk's content at some moment, with the WAL cut off anywhere behind its last sync. SQLite
//! appends to the WAL, so any prefix of it, followed by any garbage, is what a power cut may leave.

use std::time::{Duration, Instant};

use super::*;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::download::{DownloadId, NewDownload};
use crate::domain::state::State;

fn no_aside(_: &Path) -> std::io::Result<PathBuf> {
    panic!("a power cut left a broken database")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}

fn record(n: u64) -> Record {
    let new = NewDownload {
        url: format!("http://a/{n}"),
        folder: "/f".into(),
        ..NewDownload::default()
    };
    Record::new(new, n).expect("a link")
}

/// A consistent copy of database and WAL; retried when a checkpoint came between.
fn moment(path: &Path) -> (Vec<u8>, Vec<u8>) {
    let until = Instant::now() + Duration::from_secs(10);
    while Instant::now() < until {
        let head = |log: &[u8]| log.get(..32).map(<[u8]>::to_vec);
        let (Ok(before), Ok(first)) = (std::fs::read(beside(path, "-wal")), std::fs::read(path))
        else {
            continue;
        };
        let log = std::fs::read(beside(path, "-wal")).expect("the log is there");
        let second = std::fs::read(path).expect("the database is there");
        if first == second && head(&before) == head(&log) {
            return (first, log);
        }
    }
    panic!("no quiet moment in ten seconds");
}

/// The records found by a start after the power cut; every row must be one that was written as a whole.
fn after_the_cut(database: &[u8], log: &[u8]) -> Vec<Record> {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    std::fs::write(&path, database).expect("writes");
    std::fs::write(beside(&path, "-wal"), log).expect("writes");
    let store = Store::open(&path, no_aside).expect("opens after a power cut");
    let records = store.all().expect("every row can be read");
    for record in &records {
        // Byte ranges and length are always changed together.
        assert_eq!(
            record.validators.total.unwrap_or(0),
            record.done.total_len(),
            "{record:?}"
        );
    }
    records
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_at_any_moment_leaves_a_whole_list_with_everything_that_was_acknowledged() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("list.db");
    let writer = Store::open(&path, no_aside)
        .expect("opens")
        .into_writer(Some(super::backup_files()));
    let mut acknowledged: Vec<Record> = Vec::new();
    for turn in 0..40_u64 {
        let added = writer
            .add(vec![record(turn * 2), record(turn * 2 + 1)])
            .await;
        acknowledged.extend(added.expect("stored"));
        // All of the WAL up to here was synced before the reply.
        let safe = moment(&path).1.len();
        for step in 1..20 {
            for record in acknowledged.iter_mut().rev().take(5) {
                record.done = ByteRanges::up_to(turn * 1000 + step);
                record.validators.total = Some(turn * 1000 + step);
                record.state = State::Running;
                writer.save(record);
            }
        }
        let (database, mut log) = moment(&path);
        if fastrand::bool() && log.len() > safe {
            log.truncate(safe + fastrand::usize(..log.len() - safe));
            log.extend((0..fastrand::usize(..5000)).map(|_| fastrand::u8(..)));
        }
        let found = after_the_cut(&database, &log);
        let ids = |records: &[Record]| {
            records
                .iter()
                .map(|one| one.id)
                .collect::<Vec<DownloadId>>()
        };
        assert_eq!(ids(&found), ids(&acknowledged), "turn {turn}");
    }
    writer.flush().await;
}
