//! Downloads watched by a window's document: from the moment they are added, or later.

use std::collections::{BTreeMap, VecDeque};

use millrace_engine::DownloadId;

use super::{HubState, Timestamp, Window};
use crate::hub::error::HubError;
use crate::hub::lease::{Lease, WatchChannels};
use crate::hub::sink::ChannelClosed;

/// Maximum number of leases per window; the oldest is dropped first.
const MAX_LEASES: usize = 32;

/// Identifies a window's document; a reload creates a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document(u64);

impl HubState {
    /// The window's current document starts adding a download.
    pub(crate) fn begin_add(&mut self, window: &str) -> Document {
        self.arrivals.begin_add();
        self.document(window)
    }

    fn document(&self, window: &str) -> Document {
        Document(self.closed_documents.get(window).copied().unwrap_or(0))
    }

    /// Watches the added download from its first event on; `added` is `None` if none was added. Does nothing when the
    /// document was unloaded meanwhile.
    pub(crate) fn finish_add(
        &mut self,
        (window, document): (&str, Document),
        added: Option<(u64, WatchChannels)>,
        now: Timestamp,
    ) {
        let early = self.arrivals.finish_add(added.as_ref().map(|(id, _)| *id));
        let Some((id, channels)) = added.filter(|_| self.document(window) == document) else {
            return;
        };
        let mut lease = Lease::of_new(channels, now.at);
        // an added link may continue a download that is already in the list
        let known = early.is_empty().then(|| self.list.get(id)).flatten();
        let mut story = early.iter().chain(known);
        if story.all(|snapshot| lease.send_events(snapshot, now.wall).is_ok()) {
            self.add_lease(window, id, lease);
        }
    }

    pub(crate) fn watch(
        &mut self,
        window: &str,
        id: u64,
        channels: WatchChannels,
        now: Timestamp,
    ) -> Result<(), HubError> {
        let unknown = HubError::UnknownDownload(DownloadId(id));
        let snapshot = self.list.get(id).ok_or(unknown)?;
        if let Ok(mut lease) = Lease::of_known(channels, snapshot, now.at, now.wall)
            && lease.send_log(id, &self.logs).is_ok()
        {
            self.add_lease(window, id, lease);
        }
        Ok(())
    }

    fn add_lease(&mut self, window: &str, id: u64, lease: Lease) {
        self.unwatch(window, id);
        let leases = self.leases.entry(window.to_owned()).or_default();
        if leases.len() >= MAX_LEASES {
            leases.pop_front();
        }
        leases.push_back((id, lease));
    }

    pub(crate) fn unwatch(&mut self, window: &str, id: u64) {
        if let Some(leases) = self.leases.get_mut(window) {
            leases.retain(|(watched, _)| *watched != id);
        }
    }
}

/// Calls `act` for every lease of a download, and drops those for which it returns [`ChannelClosed`].
pub(super) fn each_lease(
    leases: &mut BTreeMap<Window, VecDeque<(u64, Lease)>>,
    id: u64,
    mut act: impl FnMut(&mut Lease) -> Result<(), ChannelClosed>,
) {
    for leases in leases.values_mut() {
        leases.retain_mut(|(watched, lease)| *watched != id || act(lease).is_ok());
    }
}
