//! Preempts downloads because of the network or the battery, and lets them continue once the conditions are met.

use super::Actor;
use super::download_entry::DownloadEntry;
use crate::domain::constraints::{Constraints, DeviceStatus, UnmetConstraint};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::record::Record;
use crate::domain::state::{Event, State};
use crate::handle::CommandError;

/// The user's constraints and the device status reported by the platform.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ConstraintState {
    pub(super) constraints: Constraints,
    pub(super) device_status: DeviceStatus,
}

impl ConstraintState {
    /// Makes the entry of a download that joins the list.
    pub(super) fn new_entry(&self, record: Record) -> DownloadEntry {
        let mut entry = DownloadEntry::new(record);
        entry.blocked_by = self.unmet(&entry);
        entry
    }

    fn unmet(&self, entry: &DownloadEntry) -> Option<UnmetConstraint> {
        let own = entry.record.unmetered_only;
        self.constraints
            .unmet(self.device_status, own, entry.blocked_by)
    }
}

impl Actor {
    pub(super) fn set_constraints(&mut self, rules: Constraints) {
        self.constraints.constraints = rules;
        self.recheck_all();
    }

    pub(super) fn set_device_status(&mut self, conditions: DeviceStatus) {
        self.constraints.device_status = conditions;
        self.recheck_all();
    }

    pub(super) fn set_unmetered_only(
        &mut self,
        id: DownloadId,
        only: bool,
    ) -> Result<(), CommandError> {
        let entry = self.downloads.get_mut(&id);
        let entry = entry.ok_or(CommandError::UnknownDownload(id))?;
        entry.record.unmetered_only = only;
        self.mark_dirty(id);
        self.notify(id);
        self.recheck(id);
        Ok(())
    }

    fn recheck_all(&mut self) {
        let ids: Vec<DownloadId> = self.downloads.keys().copied().collect();
        for id in ids {
            self.recheck(id);
        }
    }

    fn recheck(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let hold = self.constraints.unmet(entry);
        if hold == entry.blocked_by {
            return;
        }
        let before = std::mem::replace(&mut entry.blocked_by, hold);
        let wants = entry.record.state == State::Queued || entry.record.state.has_worker();
        self.sync_queue(id);
        self.needs_scheduling |= hold.is_none();
        if !wants {
            return;
        }
        self.notify(id);
        match hold {
            Some(why) => {
                let text = format!("held: {}", describe(why));
                self.log(id, LogLevel::Info, text);
                self.apply_event(id, Event::Preempt);
            }
            None => {
                let why = before.map_or("", describe);
                self.log(id, LogLevel::Info, format!("no longer held: {why}"));
            }
        }
    }
}

fn describe(why: UnmetConstraint) -> &'static str {
    match why {
        UnmetConstraint::Network => "there is no network",
        UnmetConstraint::Unmetered => "this network costs by the byte",
        UnmetConstraint::Roaming => "this is a foreign network",
        UnmetConstraint::Battery => "the battery is low",
        UnmetConstraint::Charging => "the battery is not being charged",
    }
}
