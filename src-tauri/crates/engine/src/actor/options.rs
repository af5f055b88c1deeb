//! Reads and changes the options of existing downloads. Which changes a download takes is decided by
//! `AllowedActions`.

use std::mem::replace;

use super::commands::send_reply;
use super::{Actor, unix_now};
use crate::domain::download::{DownloadId, LogLevel, UnixMillis};
use crate::domain::option_change::{OptionChange, OptionsPatch, StoredOptions};
use crate::domain::record::Record;
use crate::domain::state::{Event, State};
use crate::handle::{CommandError, OptionsCommand};
use crate::http;

/// A start time that has passed: starts at once.
const NOW: UnixMillis = 0;

impl Actor {
    pub(super) fn handle_options(&mut self, command: OptionsCommand) {
        match command {
            OptionsCommand::Get(ids, reply) => {
                let options = ids.into_iter().map(|id| {
                    let entry = self.downloads.entry(id)?;
                    Ok(stored_options(&entry.record))
                });
                send_reply(reply, options.collect());
            }
            OptionsCommand::Set(patches, reply) => {
                let changed = self.set_options(patches);
                send_reply(reply, changed);
            }
        }
    }

    fn set_options(
        &mut self,
        patches: Vec<OptionsPatch>,
    ) -> Result<Vec<OptionsPatch>, CommandError> {
        for patch in &patches {
            let allows = self.downloads.entry(patch.id)?.allows();
            for change in &patch.changes {
                if !change.is_allowed(allows) {
                    return Err(CommandError::NotNow(patch.id));
                }
                if let OptionChange::Headers(headers) = change
                    && let Some(name) = http::first_unsendable(headers)
                {
                    return Err(CommandError::BadHeader(name.chars().take(64).collect()));
                }
            }
        }
        let undo = patches.into_iter().map(|patch| self.apply_patch(patch));
        undo.collect()
    }

    /// Returns the patch that restores what was set before.
    fn apply_patch(&mut self, patch: OptionsPatch) -> Result<OptionsPatch, CommandError> {
        let id = patch.id;
        let mut restart = false;
        let mut undo = Vec::with_capacity(patch.changes.len());
        for change in patch.changes {
            let before = self.apply_change(id, change.clone())?;
            restart |= before != change && change.needs_new_requests();
            undo.push(before);
        }
        // The last change of an option is the first to be undone.
        undo.reverse();
        self.record_changed(id);
        let works = matches!(
            self.downloads.state(id),
            Some(State::Probing | State::Running)
        );
        if restart && works {
            let text = "continuing with the changed options".into();
            self.log(id, LogLevel::Info, text);
            self.apply_event(id, Event::Preempt);
        }
        Ok(OptionsPatch { id, changes: undo })
    }

    /// Returns the change that restores what was set before.
    fn apply_change(
        &mut self,
        id: DownloadId,
        change: OptionChange,
    ) -> Result<OptionChange, CommandError> {
        use OptionChange as C;
        let entry = self.downloads.entry(id)?;
        let record = &mut entry.record;
        Ok(match change {
            C::Name(name) => C::Name(entry.set_wanted_name(name)),
            C::Headers(headers) => C::Headers(replace(&mut record.headers, headers)),
            C::Credentials(given) => C::Credentials(replace(&mut record.credentials, given)),
            C::Proxy(proxy) => C::Proxy(replace(&mut record.proxy, proxy)),
            C::Checksum(checksum) => C::Checksum(replace(&mut record.checksum, checksum)),
            C::Limit(rate) => {
                let before = record.limit;
                self.set_limit_of(id, rate)?;
                C::Limit(before)
            }
            C::Connections(most) => {
                let before = record.connections;
                self.set_max_connections_of(id, most)?;
                C::Connections(before)
            }
            C::Priority(priority) => {
                let (before, position) = (record.priority, record.queue_position);
                self.set_queue_key(id, priority, position);
                C::Priority(before)
            }
            C::UnmeteredOnly(only) => {
                let before = record.unmetered_only;
                self.set_unmetered_only(id, only)?;
                C::UnmeteredOnly(before)
            }
            C::StartAt(at) => C::StartAt(self.set_start_at(id, at)?),
        })
    }

    /// Returns the time that restores what was set before: one that has passed if it was not paused.
    fn set_start_at(
        &mut self,
        id: DownloadId,
        at: Option<UnixMillis>,
    ) -> Result<Option<UnixMillis>, CommandError> {
        let record = &self.downloads.entry(id)?.record;
        let before = if record.state == State::Paused {
            record.start_at
        } else {
            Some(NOW)
        };
        match at {
            Some(at) if at <= unix_now() => self.apply_event(id, Event::Enqueue),
            at => {
                if at.is_some() {
                    self.apply_event(id, Event::Pause);
                }
                self.downloads.entry(id)?.record.start_at = at;
                if let Some(at) = at {
                    self.scheduler.schedule_start(id, at);
                }
            }
        }
        Ok(before)
    }
}

fn stored_options(record: &Record) -> StoredOptions {
    StoredOptions {
        id: record.id,
        name: record.wanted_name.clone(),
        limit: record.limit,
        connections: record.connections,
        priority: record.priority,
        start_at: record.start_at,
        unmetered_only: record.unmetered_only,
        headers: record.headers.clone(),
        credentials: record.credentials.clone(),
        proxy: record.proxy.clone(),
        checksum: record.checksum.clone(),
    }
}
