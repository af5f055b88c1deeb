//! Stops downloads whose constraints on network and battery are no longer met, and retries those that wait for the
//! network when it changes.

use super::{Actor, unix_now};
use crate::domain::constraints::{Constraints, DeviceStatus, UnmetConstraint};
use crate::domain::download::{DownloadId, LogLevel};
use crate::domain::state::{Event, State};
use crate::handle::CommandError;

impl Actor {
    pub(super) fn set_constraints(&mut self, rules: Constraints) {
        self.constraints.set_constraints(rules);
        self.recheck_all();
    }

    pub(super) fn set_device_status(&mut self, status: DeviceStatus) {
        self.constraints.set_device_status(status);
        self.recheck_all();
    }

    pub(super) fn set_unmetered_only(
        &mut self,
        id: DownloadId,
        only: bool,
    ) -> Result<(), CommandError> {
        let entry = self.downloads.entry_that(|allows| allows.set_options, id)?;
        entry.record.unmetered_only = only;
        self.record_changed(id);
        self.recheck(id);
        Ok(())
    }

    fn recheck_all(&mut self) {
        for id in self.downloads.ids_where(|_| true) {
            self.recheck(id);
        }
    }

    fn recheck(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let unmet = self.constraints.unmet(entry);
        if unmet == entry.blocked_by {
            return;
        }
        let before = std::mem::replace(&mut entry.blocked_by, unmet);
        let wants = entry.record.state == State::Queued || entry.record.state.has_worker();
        self.sync_queue(id);
        if unmet.is_none() {
            self.scheduler.request_start();
        }
        if !wants {
            return;
        }
        self.notify(id);
        match unmet {
            Some(why) => {
                let text = format!("held: {}", describe(why));
                self.log(id, LogLevel::Info, text);
                self.apply_event(id, Event::Preempt);
            }
            None => {
                let why = before.map_or("", describe);
                self.log(id, LogLevel::Info, format!("condition met: {why}"));
            }
        }
    }

    pub(super) fn poll_network(&mut self) {
        let downloads = &self.downloads;
        // Paused, removed and running downloads no longer wait.
        let waits = |id| {
            let state = downloads.state(id);
            matches!(
                state,
                Some(State::Queued | State::Probing | State::Waiting { .. })
            )
        };
        let elapsed = self.updates.elapsed();
        if self.network_monitor.poll(waits, elapsed, unix_now()) {
            self.network_changed();
        }
    }

    /// Retries downloads that wait because of a network error immediately, with their attempts reset, and marks the
    /// change for running workers.
    pub(super) fn network_changed(&mut self) {
        self.network_monitor.mark_change();
        let ids = self.downloads.ids_where(|entry| {
            let state = &entry.record.state;
            matches!(state, State::Waiting { problem, .. } if problem.is_network_error())
        });
        for id in ids {
            if let Some(entry) = self.downloads.get_mut(id) {
                entry.record.attempts = 0;
            }
            let text = "the network is back or another one; trying at once".into();
            self.log(id, LogLevel::Info, text);
            self.apply_event(id, Event::TimerFired);
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
