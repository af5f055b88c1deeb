//! Recovers downloads whose process ended between the choice of a name and the note of its part file.
//!
//! A part file is made in three steps, each stored before the next: the name, the empty file, its id. The first byte is
//! written after the last of them. So a row with a name and no id refers to a file that does not exist or is empty.

use std::sync::Arc;
use std::time::Duration;

use super::persistence::Persistence;
use crate::config::{Config, StoreMode};
use crate::disk::{self, FileSystem};
use crate::domain::download::DownloadId;
use crate::domain::file_id::{IdMatch, compare_ids};
use crate::domain::record::Record;

/// An unresponsive disk does not hold up the start for longer than this.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// Assigns rows that have a name and no file id their empty file, or removes the name. Stored before anything is
/// written into such a file.
pub(super) async fn recover_named(
    mut records: Vec<Record>,
    persistence: &Persistence,
    config: &Config,
) -> Vec<Record> {
    if !records.iter().any(lacks_file_id) {
        return records;
    }
    let files = Arc::clone(&config.file_system);
    let as_they_were = records.clone();
    let settled = tokio::task::spawn_blocking(move || {
        let changed = match_part_files(&*files, &mut records);
        (records, changed)
    });
    let patience = config.disk_timeout.min(RECOVERY_TIMEOUT);
    let (records, changed) = match tokio::time::timeout(patience, settled).await {
        Ok(Ok(settled)) => settled,
        Ok(Err(error)) => std::panic::resume_unwind(error.into_panic()),
        // These downloads get files of other names, and an empty one of the old name may remain.
        Err(_) => return as_they_were,
    };
    // A name without a file may belong to another process that is about to create it.
    let ours =
        |record: &Record| record.file_id.is_some() || persistence.mode() == StoreMode::Exclusive;
    for at in changed {
        if ours(&records[at]) {
            persistence.save(&records[at]);
        }
    }
    persistence.sync().await;
    records
}

/// The unfinished download of another URL with the same folder and the same requested name: the URL may just be a
/// new one for the same file. The server's response decides. `listed`: whether this engine has
/// the download in its list.
pub(super) async fn find_predecessor(
    new: &Record,
    persistence: &Persistence,
    listed: impl Fn(DownloadId) -> bool,
) -> Option<Box<Record>> {
    let name = new.wanted_name.as_deref()?;
    if persistence.mode() == StoreMode::Exclusive {
        return None;
    }
    let stored = persistence.find_named(name, &new.folder).await;
    let comparable = |one: &Record| {
        let rest = one.validators.total.map(|total| one.done.missing(total));
        let unfinished = rest.is_some_and(|rest| !rest.is_empty());
        unfinished && one.verdict.is_none() && !one.done.is_empty() && one.file_id.is_some()
    };
    let idle = |one: &Record| !listed(one.id);
    let mut stored = stored.unwrap_or_default().into_iter();
    stored
        .find(|one| comparable(one) && idle(one))
        .map(Box::new)
}

fn lacks_file_id(record: &Record) -> bool {
    record.name.is_some() && record.file_id.is_none()
}

/// Returns the indices of changed records. No two rows get the same file.
fn match_part_files(files: &dyn FileSystem, records: &mut [Record]) -> Vec<usize> {
    let mut owned: Vec<String> = records
        .iter()
        .filter_map(|one| one.file_id.clone())
        .collect();
    let mut changed = Vec::new();
    for (at, record) in records.iter_mut().enumerate() {
        let Some(name) = record.name.take_if(|_| record.file_id.is_none()) else {
            continue;
        };
        changed.push(at);
        let found = disk::empty_part_id(files, &record.folder, &name);
        let free = |id: &String| {
            !owned
                .iter()
                .any(|own| compare_ids(own, id) == IdMatch::Same)
        };
        if let Some(id) = found.filter(free) {
            owned.push(id.clone());
            record.name = Some(name);
            record.file_id = Some(id);
        }
    }
    changed
}
