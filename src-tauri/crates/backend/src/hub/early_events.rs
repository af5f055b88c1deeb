//! Buffers snapshots of downloads between their being added and being watched, so that `download` misses no first
//! event.

use std::collections::BTreeMap;

use millrace_engine::Snapshot;

/// Maximum number of snapshots kept per download; further ones replace the last.
const MOST: usize = 64;

#[derive(Debug, Default)]
pub(crate) struct EarlyEvents {
    /// Calls of `download` in progress: their id is not known yet.
    expected: u32,
    early: BTreeMap<u64, Vec<Snapshot>>,
}

impl EarlyEvents {
    /// Starts recording new downloads.
    pub(crate) fn begin_add(&mut self) {
        self.expected += 1;
    }

    /// Ends one call of `download`. Returns the snapshots recorded for `id`, the download added, if there is one.
    pub(crate) fn finish_add(&mut self, id: Option<u64>) -> Vec<Snapshot> {
        let early = id.and_then(|id| self.early.remove(&id));
        self.expected = self.expected.saturating_sub(1);
        if self.expected == 0 {
            self.early.clear();
        }
        early.unwrap_or_default()
    }

    /// `new`: the list did not have this download before.
    pub(crate) fn record(&mut self, snapshot: &Snapshot, new: bool) {
        if self.expected == 0 {
            return;
        }
        let id = snapshot.id.0;
        if new {
            self.early.insert(id, vec![snapshot.clone()]);
        } else if let Some(early) = self.early.get_mut(&id) {
            if early.len() >= MOST {
                early.pop();
            }
            early.push(snapshot.clone());
        }
    }

    pub(crate) fn forget(&mut self, id: u64) {
        self.early.remove(&id);
    }
}
