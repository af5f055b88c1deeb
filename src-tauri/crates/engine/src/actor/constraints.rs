//! Which constraints on network and battery a download does not meet now.

use super::download_entry::DownloadEntry;
use crate::domain::constraints::{Constraints, DeviceStatus, UnmetConstraint};
use crate::domain::record::Record;

/// The user's constraints and the device status reported by the platform.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConstraintState {
    constraints: Constraints,
    device_status: DeviceStatus,
}

impl ConstraintState {
    pub(super) fn new(constraints: Constraints, device_status: DeviceStatus) -> Self {
        Self {
            constraints,
            device_status,
        }
    }

    pub(super) fn constraints(&self) -> Constraints {
        self.constraints
    }

    pub(super) fn set_constraints(&mut self, constraints: Constraints) {
        self.constraints = constraints;
    }

    pub(super) fn set_device_status(&mut self, status: DeviceStatus) {
        self.device_status = status;
    }

    /// Makes the entry of a download that joins the list.
    pub(super) fn new_entry(&self, record: Record) -> DownloadEntry {
        let mut entry = DownloadEntry::new(record);
        entry.blocked_by = self.unmet(&entry);
        entry
    }

    /// What keeps it from running, if anything.
    pub(super) fn unmet(&self, entry: &DownloadEntry) -> Option<UnmetConstraint> {
        let own = entry.record.unmetered_only;
        self.constraints
            .unmet(self.device_status, own, entry.blocked_by)
    }
}
