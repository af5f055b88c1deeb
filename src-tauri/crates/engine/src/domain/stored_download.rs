//! A stored download as it can be added again elsewhere. A value.

use super::download::{DownloadId, NewDownload, PhaseGroup, UnixMillis};
use super::record::Record;
use super::state::State;

/// One download of the list, complete enough to add it to another list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDownload {
    pub id: DownloadId,
    /// What adds it again. Its name is the one that the user or else the server gave; it is paused if this one is paused
    /// or has failed.
    pub new: NewDownload,
    pub group: PhaseGroup,
    pub added_at: UnixMillis,
    pub finished_at: Option<UnixMillis>,
    /// Length of the whole file in bytes.
    pub total: Option<u64>,
}

impl StoredDownload {
    pub(crate) fn of(record: &Record) -> Self {
        let group = record.state.phase().group();
        let finished_at = if let State::Done { at } = record.state {
            Some(at)
        } else {
            None
        };
        Self {
            id: record.id,
            new: NewDownload {
                url: record.url.as_str().to_owned(),
                folder: record.folder.clone(),
                name: record.wanted_name.clone().or_else(|| record.name.clone()),
                headers: record.headers.clone(),
                checksum: record.checksum.clone(),
                credentials: record.credentials.clone(),
                proxy: record.proxy.clone(),
                connections: record.connections,
                limit: record.limit,
                priority: record.priority,
                paused: matches!(group, PhaseGroup::Paused | PhaseGroup::Failed),
                start_at: record.start_at,
                unmetered_only: record.unmetered_only,
                tags: record.tags.clone(),
                queue_first: false,
            },
            group,
            added_at: record.added_at,
            finished_at,
            total: record.validators.total,
        }
    }
}
