//! Downloads watched by a window's document: from the moment they are added, or later. Does not know sessions.

use std::collections::{BTreeMap, VecDeque};

use millrace_engine::{DownloadId, LogLine, Snapshot};
use tokio::time::Instant;

use super::early_events::EarlyEvents;
use super::error::HubError;
use super::lease::{Lease, WatchChannels};
use super::list::{List, RowChange};
use super::log::Logs;
use super::sink::ChannelClosed;
use super::timestamp::Timestamp;
use crate::view::Activity;

/// Maximum number of leases per window; the oldest is dropped first.
const MAX_LEASES: usize = 32;

/// Identifies a window's document; a reload creates a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document(u64);

#[derive(Default)]
pub(crate) struct Watches {
    /// By the window's label.
    leases: BTreeMap<String, VecDeque<(u64, Lease)>>,
    logs: Logs,
    early: EarlyEvents,
    /// Number of closed documents per window.
    closed_documents: BTreeMap<String, u64>,
}

impl Watches {
    /// A download has changed or is new. Numbers may wait; everything else is sent at once.
    pub(crate) fn changed(&mut self, snapshot: &Snapshot, change: RowChange, now: Timestamp) {
        self.early.record(snapshot, change == RowChange::New);
        let quiet = matches!(change, RowChange::Numbers | RowChange::Details);
        each_lease(&mut self.leases, snapshot.id.0, |lease| {
            if quiet {
                lease.defer();
                return Ok(());
            }
            lease.send_events(snapshot, now.wall)
        });
    }

    /// Ends all leases of a download that is removed or hidden.
    pub(crate) fn end(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let (id, logs) = (snapshot.id.0, &self.logs);
        each_lease(&mut self.leases, id, |lease| {
            lease.send_log(id, logs)?;
            lease.send_events(snapshot, now.wall)?;
            lease.end(id)?;
            Err(ChannelClosed)
        });
    }

    /// The download left the list.
    pub(crate) fn forget(&mut self, id: u64) {
        self.logs.forget(id);
        self.early.forget(id);
    }

    pub(crate) fn log(&mut self, id: u64, line: LogLine) {
        self.logs.push(id, line);
    }

    /// When [`Watches::send_due`] has something to do next.
    pub(crate) fn deadline(&self, activity: impl Fn(&str) -> Activity) -> Option<Instant> {
        let leases = self.leases.iter().flat_map(|(window, leases)| {
            let activity = activity(window);
            leases
                .iter()
                .filter_map(move |(id, lease)| lease.deadline(*id, &self.logs, activity))
        });
        leases.min()
    }

    /// Sends pending progress and log lines that are due, and drops leases whose channel is closed.
    pub(crate) fn send_due(
        &mut self,
        list: &List,
        now: Timestamp,
        activity: impl Fn(&str) -> Activity,
    ) {
        for (window, leases) in &mut self.leases {
            let activity = activity(window);
            leases.retain_mut(|(id, lease)| {
                let due = lease.deadline(*id, &self.logs, activity);
                if due.is_none_or(|due| now.at < due) {
                    return true;
                }
                let snapshot = list.get(*id);
                let told = lease.catch_up(snapshot, *id, &self.logs, now.at, now.wall);
                told.is_ok()
            });
        }
    }

    /// The window's current document starts adding a download.
    pub(crate) fn begin_add(&mut self, window: &str) -> Document {
        self.early.begin_add();
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
        list: &List,
        now: Timestamp,
    ) {
        let early = self.early.finish_add(added.as_ref().map(|(id, _)| *id));
        let Some((id, channels)) = added.filter(|_| self.document(window) == document) else {
            return;
        };
        let mut lease = Lease::of_new(channels, now.at);
        // an added link may continue a download that is already in the list
        let known = early.is_empty().then(|| list.get(id)).flatten();
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
        list: &List,
        now: Timestamp,
    ) -> Result<(), HubError> {
        let unknown = HubError::UnknownDownload(DownloadId(id));
        let snapshot = list.get(id).ok_or(unknown)?;
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

    /// The window's page takes no messages any more.
    pub(crate) fn end_all(&mut self, window: &str) {
        self.leases.remove(window);
    }

    /// The window's document was unloaded.
    pub(crate) fn document_closed(&mut self, window: &str) {
        self.end_all(window);
        *self.closed_documents.entry(window.to_owned()).or_default() += 1;
    }
}

/// Calls `act` for every lease of a download, and drops those for which it returns [`ChannelClosed`].
fn each_lease(
    leases: &mut BTreeMap<String, VecDeque<(u64, Lease)>>,
    id: u64,
    mut act: impl FnMut(&mut Lease) -> Result<(), ChannelClosed>,
) {
    for leases in leases.values_mut() {
        leases.retain_mut(|(watched, lease)| *watched != id || act(lease).is_ok());
    }
}
