//! A download that takes the place of others: adding it, undoing that, and what happens when either of them leaves the
//! list. Does not decide when the old ones are removed.

use tokio::sync::oneshot;

use super::commands::checked;
use super::{Actor, unix_now};
use crate::domain::download::{AllowedActions, DownloadId, LogLevel, NewDownload};
use crate::domain::record::Record;
use crate::domain::removal::RemoveMode;
use crate::domain::replacement::Replacement;
use crate::domain::state::{Event, State};
use crate::handle::CommandError;

impl Actor {
    /// What is stored with the new row says everything: one insertion, and no end of the process leaves one without the
    /// other.
    pub(super) async fn replace(
        &mut self,
        old: DownloadId,
        new: NewDownload,
    ) -> Result<DownloadId, CommandError> {
        let mut record = checked(new, unix_now())?;
        let entry = self.downloads.entry(old)?;
        if entry.replaced_by.is_some() {
            return Err(CommandError::NotNow(old));
        }
        let earlier = entry.record.replaces.clone();
        record.replaces = Some(Replacement::of(old, entry.name(), earlier));
        let added = self.persistence.add(vec![record]).await;
        let added = added.map_err(CommandError::NotStored)?;
        let record = added
            .into_iter()
            .next()
            .expect("as many are stored as were given");
        let replaced = record.replaces.clone();
        let id = self.insert(record);
        self.link_replaced(replaced);
        let resumes = self.hold(old);
        if let Some(entry) = self.downloads.get_mut(old) {
            entry.resumes_on_undo = resumes;
        }
        self.log(id, LogLevel::Info, format!("replaces download {old}"));
        self.notify(id);
        self.start_ready();
        Ok(id)
    }

    /// Stops it, if it works or waits to work; returns whether it did.
    fn hold(&mut self, old: DownloadId) -> bool {
        let pause = |allows: AllowedActions| allows.pause;
        self.apply_if_allowed(old, pause, Event::Pause).is_ok()
    }

    pub(super) fn undo_replace(&mut self, old: DownloadId) -> Result<(), CommandError> {
        let entry = self.downloads.entry(old)?;
        let resumes = std::mem::take(&mut entry.resumes_on_undo);
        let new = entry.replaced_by.ok_or(CommandError::NotNow(old))?;
        let successor = self.downloads.entry(new)?;
        let done = matches!(successor.record.state, State::Done { .. });
        let replaced = successor.record.replaces.take();
        self.record_changed(new);
        self.link_replaced(replaced);
        if !done {
            self.apply_event(new, Event::Remove(RemoveMode::Keep));
        }
        if resumes {
            self.apply_event(old, Event::Enqueue);
        }
        Ok(())
    }

    /// Of a restored list: downloads that were replaced wait for their successors, and what has left the list meanwhile is
    /// forgotten. `stored`: the ids of all rows, those included whose files are being removed now.
    pub(super) fn restore_replacements(&mut self, stored: &[DownloadId]) {
        let successors = self
            .downloads
            .ids_where(|one| one.record.replaces.is_some());
        for id in successors {
            let Some(entry) = self.downloads.get_mut(id) else {
                continue;
            };
            if let Some(replaces) = &mut entry.record.replaces {
                replaces.downloads.retain(|old| stored.contains(old));
            }
            let replaced = entry.record.replaces.clone();
            self.link_replaced(replaced.clone());
            for old in replaced.unwrap_or_default().downloads {
                // The process may have ended before the pause was stored.
                self.hold(old);
            }
            self.finish_replacement(id);
        }
    }

    /// The file of a removed download was dealt with.
    pub(super) fn replaced_is_gone(&mut self, old: DownloadId) {
        let names = |record: &Record| {
            let replaces = record.replaces.as_ref();
            replaces.is_some_and(|replaces| replaces.downloads.contains(&old))
        };
        for id in self.downloads.ids_where(|entry| names(&entry.record)) {
            if let Some(entry) = self.downloads.get_mut(id)
                && let Some(replaces) = &mut entry.record.replaces
            {
                replaces.downloads.retain(|one| *one != old);
                self.finish_replacement(id);
            }
        }
    }

    /// Once nothing is left to replace, a complete file gets the name that has become free. If that fails, it keeps its own.
    fn finish_replacement(&mut self, id: DownloadId) {
        let Some(entry) = self.downloads.get_mut(id) else {
            return;
        };
        let done = matches!(entry.record.state, State::Done { .. });
        let over = |replaces: &mut Replacement| replaces.downloads.is_empty();
        let Some(replaced) = entry.record.replaces.take_if(over) else {
            return self.persistence.mark_dirty(id);
        };
        let freed = replaced.freed_name(entry.name()).map(str::to_owned);
        self.persistence.mark_dirty(id);
        if let Some(name) = freed.filter(|_| done) {
            let (unheard, _) = oneshot::channel();
            self.request_relocation(id, None, Some(name), unheard);
        }
    }

    /// Each of these is replaced by the latest download that says so, if there is one by now.
    pub(super) fn link_replaced(&mut self, replaced: Option<Replacement>) {
        for old in replaced.unwrap_or_default().downloads {
            let successor = self.downloads.iter().rev().find(|one| {
                let replaces = one.record.replaces.as_ref();
                replaces.is_some_and(|replaces| replaces.downloads.contains(&old))
            });
            let successor = successor.map(|one| one.record.id);
            if let Some(entry) = self.downloads.get_mut(old) {
                entry.replaced_by = successor;
                self.sync_queue(old);
                self.notify(old);
                self.scheduler.request_start();
            }
        }
    }
}
