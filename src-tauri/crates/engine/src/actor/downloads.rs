//! The list: the entries of all downloads, and look-ups that fail with the error of the command.

use std::collections::BTreeMap;

use super::download_entry::DownloadEntry;
use crate::domain::download::{AllowedActions, DownloadId};
use crate::domain::state::State;
use crate::handle::CommandError;

/// Oldest first.
#[derive(Debug, Default)]
pub(super) struct Downloads(BTreeMap<DownloadId, DownloadEntry>);

impl Downloads {
    pub(super) fn insert(&mut self, entry: DownloadEntry) {
        self.0.insert(entry.record.id, entry);
    }

    pub(super) fn remove(&mut self, id: DownloadId) -> Option<DownloadEntry> {
        self.0.remove(&id)
    }

    pub(super) fn contains(&self, id: DownloadId) -> bool {
        self.0.contains_key(&id)
    }

    pub(super) fn get(&self, id: DownloadId) -> Option<&DownloadEntry> {
        self.0.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: DownloadId) -> Option<&mut DownloadEntry> {
        self.0.get_mut(&id)
    }

    pub(super) fn state(&self, id: DownloadId) -> Option<&State> {
        self.0.get(&id).map(|entry| &entry.record.state)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &DownloadEntry> {
        self.0.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut DownloadEntry> {
        self.0.values_mut()
    }

    /// The ids of the downloads that `filter` accepts.
    pub(super) fn ids_where(&self, filter: impl Fn(&DownloadEntry) -> bool) -> Vec<DownloadId> {
        let accepted = self.0.values().filter(|entry| filter(entry));
        accepted.map(|entry| entry.record.id).collect()
    }

    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`].
    pub(super) fn entry(&mut self, id: DownloadId) -> Result<&mut DownloadEntry, CommandError> {
        self.0.get_mut(&id).ok_or(CommandError::UnknownDownload(id))
    }

    /// The download, if it allows that now.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`].
    pub(super) fn entry_that(
        &mut self,
        allowed: impl Fn(AllowedActions) -> bool,
        id: DownloadId,
    ) -> Result<&mut DownloadEntry, CommandError> {
        let entry = self.entry(id)?;
        if !allowed(entry.allows()) {
            return Err(CommandError::NotNow(id));
        }
        Ok(entry)
    }

    /// The download, if it is not finished.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`].
    pub(super) fn unfinished(
        &mut self,
        id: DownloadId,
    ) -> Result<&mut DownloadEntry, CommandError> {
        let entry = self.entry(id)?;
        match entry.record.state {
            State::Done { .. } | State::Removed => Err(CommandError::NotNow(id)),
            State::Queued
            | State::Probing
            | State::Running
            | State::Finishing
            | State::Stopping { .. }
            | State::Waiting { .. }
            | State::Paused
            | State::Failed { .. } => Ok(entry),
        }
    }
}
