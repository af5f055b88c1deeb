//! What the driver expects: which downloads were accepted, which were requested to be removed, which files must exist.
//!
//! Records requests and replies; does not depend on the engine or on the disk.

use crate::control_messages::DownloadStatus;
use std::collections::{BTreeMap, BTreeSet};

/// The driver's records.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Every download on the list, and the number of its file.
    pub(crate) on_list: BTreeMap<u64, usize>,
    /// Files of an add request that got no reply: all or none of them are on the list.
    pending: Vec<usize>,
    /// Files whose download was requested to be removed. Its file may exist or not; if it exists, it is right.
    pub(crate) removed: BTreeSet<usize>,
    /// Finished files whose download was verified and removed without its file: they must exist.
    pub(crate) kept: BTreeMap<String, usize>,
    pub(crate) kills: u64,
    pub(crate) added: u64,
    pub(crate) finished: u64,
    pub(crate) quits: u64,
}

impl Ledger {
    /// Records that the engine has accepted an add request, with these ids.
    pub(crate) fn acknowledged(&mut self, ids: &[u64], numbers: &[usize]) -> Result<(), String> {
        if ids.len() != numbers.len() {
            return Err(format!(
                "{} downloads were added, {} ids came",
                numbers.len(),
                ids.len()
            ));
        }
        for (id, number) in ids.iter().zip(numbers) {
            if self.on_list.insert(*id, *number).is_some() {
                return Err(format!("the id {id} was given twice"));
            }
            self.added += 1;
        }
        Ok(())
    }

    /// Records an add request whose process was killed before it replied.
    pub(crate) fn unanswered(&mut self, numbers: Vec<usize>) {
        self.pending = numbers;
    }

    /// Compares with the list of an engine that was just started: nothing that was acknowledged may be missing.
    pub(crate) fn compare(&mut self, list: &[DownloadStatus]) -> Result<(), String> {
        let here: BTreeMap<u64, &DownloadStatus> = list.iter().map(|one| (one.id, one)).collect();
        let lost: Vec<(u64, usize)> = self
            .on_list
            .iter()
            .filter(|(id, number)| !here.contains_key(id) && !self.removed.contains(number))
            .map(|(id, number)| (*id, *number))
            .collect();
        if !lost.is_empty() {
            return Err(format!(
                "acknowledged, and not on the list after a start: {lost:?}"
            ));
        }
        self.on_list.retain(|id, _| here.contains_key(id));
        let mut found = Vec::new();
        for one in list {
            let number = number_of(&one.url)
                .ok_or_else(|| format!("a strange link is on the list: {one:?}"))?;
            if self.on_list.get(&one.id) == Some(&number) {
                continue;
            }
            if !self.pending.contains(&number) {
                return Err(format!(
                    "never asked for, or already gone, and yet on the list: {one:?}"
                ));
            }
            self.on_list.insert(one.id, number);
            self.added += 1;
            found.push(number);
        }
        if !found.is_empty() && found.len() != self.pending.len() {
            return Err(format!(
                "of one addition of {:?} only {found:?} are on the list",
                self.pending
            ));
        }
        self.pending.clear();
        Ok(())
    }
}

/// The number of the file that a URL or a name (also one with a duplicate's number) belongs to.
pub(crate) fn number_of(url: &str) -> Option<usize> {
    let name = url.rsplit('/').next()?.strip_suffix(".bin")?;
    name.split(" (").next()?.parse().ok()
}
