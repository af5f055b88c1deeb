//! Continues the downloads of a process that ended, whether it was closed or killed.
//!
//! A part file is made in three steps, each stored before the next: the name, the empty file, its id. The first byte is
//! written after the last of them. So a row with a name and no id refers to a file that does not exist or is empty.
//! What holds for the bytes in a part file is in docs/resume.md.

use std::sync::Arc;
use std::time::Duration;

use super::persistence::Persistence;
use super::{Actor, clocks};
use crate::config::{Config, StoreMode};
use crate::disk::{self, FileSystem};
use crate::domain::file_id::{IdMatch, compare_ids};
use crate::domain::record::Record;
use crate::domain::removal::RemoveMode;
use crate::domain::state::{AfterStop, Event, State};
use crate::http;

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

impl Actor {
    /// Restores a stored download in the state that the end of the last run left it in.
    pub(super) fn restore_download(&mut self, mut record: Record) {
        let id = record.id;
        let removing = if let State::Stopping { then } = record.state {
            match then {
                AfterStop::RemoveKeep => Some(RemoveMode::Keep),
                AfterStop::RemoveTrash => Some(RemoveMode::Trash),
                AfterStop::Pause | AfterStop::Queue => None,
            }
        } else {
            None
        };
        record.state = record.state.restore();
        if removing.is_some() {
            record.state = State::Paused;
        }
        if let State::Waiting { until, .. } = record.state {
            self.scheduler.wait(id, until, clocks());
        }
        if let Some(at) = record.start_at {
            self.scheduler.schedule_start(id, at);
        }
        if matches!(record.state, State::Done { .. })
            && record.has_secrets(http::is_safe_cross_origin)
        {
            // Stored by an earlier version: removed at the end of the first turn.
            self.persistence.mark_dirty(id);
        }
        self.downloads.insert(self.constraints.new_entry(record));
        self.sync_queue(id);
        if let Some(leftover) = removing {
            self.apply_event(id, Event::Remove(leftover));
        }
        self.continue_relocation(id);
    }
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
