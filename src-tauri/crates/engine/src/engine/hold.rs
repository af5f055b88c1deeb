//! What is held back because of the network or the battery: stopped where it stands, and let go again by itself.

use super::Actor;
use super::entry::Entry;
use crate::core::download::{DownloadId, Level};
use crate::core::policy::{Conditions, Rules, WaitsFor};
use crate::core::record::Record;
use crate::core::state::{Event, State};
use crate::handle::CommandError;

/// What the person wants and what the platform says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Policy {
    pub(super) rules: Rules,
    pub(super) conditions: Conditions,
}

impl Policy {
    /// A download as it comes onto the list.
    pub(super) fn taken(&self, record: Record) -> Entry {
        let mut entry = Entry::new(record);
        entry.hold = self.hold(&entry);
        entry
    }

    fn hold(&self, entry: &Entry) -> Option<WaitsFor> {
        let own = entry.record.unmetered_only;
        self.rules.hold(self.conditions, own, entry.hold)
    }
}

impl Actor {
    pub(super) fn rules(&mut self, rules: Rules) {
        self.policy.rules = rules;
        self.look_at_holds();
    }

    pub(super) fn conditions(&mut self, conditions: Conditions) {
        self.policy.conditions = conditions;
        self.look_at_holds();
    }

    pub(super) fn unmetered_only(
        &mut self,
        id: DownloadId,
        only: bool,
    ) -> Result<(), CommandError> {
        let entry = self.downloads.get_mut(&id);
        let entry = entry.ok_or(CommandError::UnknownDownload(id))?;
        entry.record.unmetered_only = only;
        self.save(id);
        self.tell(id);
        self.look_at_hold(id);
        Ok(())
    }

    fn look_at_holds(&mut self) {
        let ids: Vec<DownloadId> = self.downloads.keys().copied().collect();
        for id in ids {
            self.look_at_hold(id);
        }
    }

    fn look_at_hold(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(&id) else {
            return;
        };
        let hold = self.policy.hold(entry);
        if hold == entry.hold {
            return;
        }
        let before = std::mem::replace(&mut entry.hold, hold);
        let wants = entry.record.state == State::Queued || entry.record.state.working();
        self.line_up(id);
        self.turn_changed |= hold.is_none();
        if !wants {
            return;
        }
        self.tell(id);
        match hold {
            Some(why) => {
                let text = format!("held: {}", words(why));
                self.log(id, Level::Info, text);
                self.happen(id, Event::Hold);
            }
            None => {
                let why = before.map_or("", words);
                self.log(id, Level::Info, format!("no longer held: {why}"));
            }
        }
    }
}

fn words(why: WaitsFor) -> &'static str {
    match why {
        WaitsFor::Network => "there is no network",
        WaitsFor::Unmetered => "this network costs by the byte",
        WaitsFor::Roaming => "this is a foreign network",
        WaitsFor::Battery => "the battery is low",
        WaitsFor::Charging => "the battery is not being charged",
    }
}
