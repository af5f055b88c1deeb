//! Carries out the user's commands. Whether a command applies is decided by the state (`State::allows`).

use std::sync::Arc;

use tokio::sync::oneshot;

use super::crash_recovery::recover_named;
use super::finished_files::find_complete;
use super::predecessor::find_predecessor;
use super::{Actor, unix_now};
use crate::config::StoreMode;
use crate::domain::download::{
    AllowedActions, DownloadId, LogLevel, NewDownload, ProbeResult, UnixMillis,
};
use crate::domain::download_url::{DownloadUrl, StoredUrl};
use crate::domain::record::Record;
use crate::domain::state::{Event, State};
use crate::domain::stored_download::StoredDownload;
use crate::handle::{Command, CommandError, Reply};
use crate::http;

impl Actor {
    pub(super) async fn handle_command(&mut self, command: Command) {
        match command {
            Command::Add(new, reply) => {
                let added = self.add(new).await;
                send_reply(reply, added);
            }
            Command::Replace(old, new, reply) => {
                let added = self.replace(old, *new).await;
                send_reply(reply, added);
            }
            Command::UndoReplace(old, reply) => {
                let undone = self.undo_replace(old);
                send_reply(reply, undone);
            }
            Command::FindComplete(new, reply) => {
                let here = find_complete(new, &self.persistence, &self.config).await;
                send_reply(reply, Ok(here));
            }
            Command::Probe(new, reply) => match checked(*new, unix_now()) {
                Ok(record) => self.probe(record, reply),
                Err(error) => send_reply(reply, Err(error)),
            },
            Command::Pause(id, reply) => {
                let paused = self.apply_if_allowed(id, |allows| allows.pause, Event::Pause);
                if paused.is_ok() {
                    self.log(id, LogLevel::Info, "paused by you".into());
                }
                send_reply(reply, paused);
            }
            Command::Resume(id, reply) => {
                let resumed = self.enqueue_if_allowed(id, |allows| allows.resume);
                if resumed.is_ok() {
                    self.log(id, LogLevel::Info, "resumed by you".into());
                }
                send_reply(reply, resumed);
            }
            Command::Retry(id, reply) => {
                send_reply(reply, self.enqueue_if_allowed(id, |allows| allows.retry));
            }
            Command::Remove(id, leftover, reply) => {
                let removed = if self.postpone_removal(id, leftover) {
                    Ok(())
                } else {
                    self.apply_if_allowed(id, |_| true, Event::Remove(leftover))
                };
                send_reply(reply, removed);
            }
            Command::ChangeLink(id, url, reply) => {
                let changed = self.change_url(id, url);
                send_reply(reply, changed);
            }
            Command::ChangeFolder(id, folder, reply) => {
                let changed = self.change_folder(id, folder);
                send_reply(reply, changed);
            }
            Command::PauseAll(reply) => {
                self.apply_to_all(|allows| allows.pause, &Event::Pause);
                send_reply(reply, Ok(()));
            }
            Command::ResumeAll(reply) => {
                self.apply_to_all(|allows| allows.resume, &Event::Enqueue);
                send_reply(reply, Ok(()));
            }
            Command::Limit(rate, reply) => {
                self.workers.set_limit(rate);
                send_reply(reply, Ok(()));
            }
            Command::LimitOf(id, rate, reply) => {
                let limited = self.set_limit_of(id, rate);
                send_reply(reply, limited);
            }
            Command::Control(order, reply) => {
                let ordered = self.handle_control(order);
                send_reply(reply, ordered);
            }
            Command::Offload(lending) => self.handle_offload(lending),
            Command::Options(options) => self.handle_options(options),
            Command::Queue(reply) => {
                let _unheard = reply.send(self.scheduler.order().collect());
            }
            Command::Segments(id, reply) => {
                let segments = self.segments(id);
                send_reply(reply, segments);
            }
            Command::SpeedHistory(id, reply) => {
                let entry = self.downloads.entry(id);
                send_reply(reply, entry.map(|entry| entry.record.speed_history.clone()));
            }
            Command::File(command) => self.handle_file(*command),
            Command::Export { secrets, reply } => {
                let _unheard = reply.send(self.export(secrets));
            }
            Command::FreeSpace(folder, reply) => {
                let files = Arc::clone(&self.config.file_system);
                // A network drive may be slow to say so.
                tokio::task::spawn_blocking(move || {
                    send_reply(reply, files.free_space(&folder).ok());
                });
            }
            Command::List(reply) => {
                let list = self.updates.snapshot_all(&self.downloads);
                let _unheard = reply.send(list);
            }
            Command::Subscribe(subscriber, reply) => {
                let list = self.updates.subscribe(subscriber, &self.downloads);
                let _unheard = reply.send(list);
            }
        }
    }

    /// In the order of the queue.
    fn export(&self, secrets: bool) -> Vec<StoredDownload> {
        let mut records: Vec<&Record> = self.downloads.iter().map(|entry| &entry.record).collect();
        records.sort_by_key(|record| record.queue_key());
        let export = |record: &Record| {
            let mut record = record.clone();
            if !secrets {
                record.drop_secrets(http::is_safe_cross_origin);
            }
            StoredDownload::of(&record)
        };
        records.into_iter().map(export).collect()
    }

    async fn add(&mut self, new: Vec<NewDownload>) -> Result<Vec<DownloadId>, CommandError> {
        let now = unix_now();
        let first: Vec<bool> = new.iter().map(|one| one.queue_first).collect();
        let new = new.into_iter().map(|one| checked(one, now));
        let mut new = new.collect::<Result<Vec<Record>, _>>()?;
        self.put_first(&mut new, &first);
        let mut ids = Vec::with_capacity(new.len());
        let (mut fresh, mut predecessors) = (Vec::new(), Vec::new());
        let earlier: Vec<_> = match self.persistence.mode() {
            StoreMode::Exclusive => Vec::new(),
            StoreMode::Shared => new
                .iter()
                .map(|one| self.persistence.find(one.url.as_str(), &one.folder))
                .collect(),
        };
        let mut earlier = earlier.into_iter();
        for one in new {
            let taken_up = match earlier.next() {
                Some(stored) => {
                    let stored = stored.await.unwrap_or_default();
                    let stored = recover_named(stored, &self.persistence, &self.config).await;
                    self.find_unfinished(&one, stored)
                }
                None => None,
            };
            match taken_up {
                Some(record) => ids.push(Some(self.insert(record))),
                None => {
                    let listed = |id| self.downloads.contains(id);
                    predecessors.push(find_predecessor(&one, &self.persistence, listed).await);
                    fresh.push(one);
                    ids.push(None);
                }
            }
        }
        if !fresh.is_empty() {
            let added = self
                .persistence
                .add(fresh)
                .await
                .map_err(CommandError::NotStored)?;
            let mut added = added.into_iter().zip(predecessors);
            for id in ids.iter_mut().filter(|id| id.is_none()) {
                *id = added.next().map(|(record, predecessor)| {
                    let id = self.insert(record);
                    if let Some(entry) = self.downloads.get_mut(id) {
                        entry.predecessor = predecessor;
                    }
                    id
                });
            }
        }
        let ids: Vec<DownloadId> = ids.into_iter().flatten().collect();
        for id in &ids {
            self.notify(*id);
        }
        self.start_ready();
        Ok(ids)
    }

    pub(super) fn insert(&mut self, record: Record) -> DownloadId {
        let id = record.id;
        if let Some(at) = record.start_at {
            self.scheduler.schedule_start(id, at);
        }
        self.downloads.insert(self.constraints.new_entry(record));
        self.sync_queue(id);
        id
    }

    /// Of the stored downloads of the same URL and folder, the unfinished one that has a file, updated with the
    /// request's settings.
    fn find_unfinished(&self, new: &Record, stored: Vec<Record>) -> Option<Record> {
        let mut record = stored.into_iter().find(|record| {
            record.file_id.is_some()
                && !matches!(record.state, State::Done { .. })
                && !self.downloads.contains(record.id)
                && new.wanted_name.as_ref().is_none_or(|name| {
                    // A part file may have a numbered name although its final name is this one.
                    record.name.as_ref() == Some(name) || record.wanted_name.as_ref() == Some(name)
                })
        })?;
        record.wanted_name = new.wanted_name.clone();
        record.headers = new.headers.clone();
        record.checksum = new.checksum.clone();
        record.credentials = new.credentials.clone();
        record.proxy = new.proxy.clone();
        record.connections = new.connections;
        record.limit = new.limit;
        record.priority = new.priority;
        record.unmetered_only = new.unmetered_only;
        record.tags.clone_from(&new.tags);
        record.attempts = 0;
        record.state = State::Queued;
        record.start_at = None;
        Some(record)
    }

    pub(super) fn apply_if_allowed(
        &mut self,
        id: DownloadId,
        allowed: impl Fn(AllowedActions) -> bool,
        event: Event,
    ) -> Result<(), CommandError> {
        self.downloads.entry_that(allowed, id)?;
        self.apply_event(id, event);
        Ok(())
    }

    fn apply_to_all(&mut self, allowed: impl Fn(AllowedActions) -> bool, event: &Event) {
        // Bulk actions skip downloads with a scheduled start, and those that are being replaced.
        let ids = self.downloads.ids_where(|entry| {
            let free = entry.record.start_at.is_none() && entry.replaced_by.is_none();
            free && allowed(entry.allows())
        });
        for id in ids {
            if *event == Event::Enqueue {
                self.user_retry(id);
            }
            self.apply_event(id, event.clone());
        }
    }

    /// Queues it at the user's wish.
    fn enqueue_if_allowed(
        &mut self,
        id: DownloadId,
        allowed: impl Fn(AllowedActions) -> bool,
    ) -> Result<(), CommandError> {
        self.downloads.entry_that(allowed, id)?;
        self.user_retry(id);
        self.apply_event(id, Event::Enqueue);
        Ok(())
    }

    fn probe(&mut self, record: Record, reply: Reply<ProbeResult>) {
        let http = self.workers.client_for(&record);
        self.probes
            .probe(record, http, self.config.connections, reply);
    }

    /// A retry by the user resets the counts of attempts and restarts.
    fn user_retry(&mut self, id: DownloadId) {
        if let Some(entry) = self.downloads.get_mut(id) {
            entry.reset_retries();
            self.offload_changed(id);
        }
    }

    fn change_url(&mut self, id: DownloadId, url: String) -> Result<(), CommandError> {
        let (url, named) = DownloadUrl::parse(url.trim()).map_err(CommandError::InvalidUrl)?;
        let entry = self.downloads.entry_that(|allows| allows.change_link, id)?;
        let old = entry.record.url.valid();
        let same_origin = old.is_ok_and(|old| old.origin() == url.origin());
        entry.set_url(StoredUrl::Valid(url));
        if named.is_some() {
            entry.record.credentials = named;
        } else if !same_origin {
            entry.record.credentials = None;
        }
        if !same_origin {
            // A header given for one origin may be a secret of it.
            entry
                .record
                .headers
                .retain(|(name, _)| http::is_safe_cross_origin(name));
        }
        entry.reset_retries();
        self.sync_queue(id);
        self.enqueue(id);
        self.start_ready();
        Ok(())
    }

    fn change_folder(
        &mut self,
        id: DownloadId,
        folder: std::path::PathBuf,
    ) -> Result<(), CommandError> {
        self.downloads
            .entry_that(|allows| allows.change_folder, id)?;
        self.move_to_folder(id, folder);
        self.user_retry(id);
        self.enqueue(id);
        Ok(())
    }

    /// Queues it; stores and publishes it even if it was queued already, for its record has changed.
    fn enqueue(&mut self, id: DownloadId) {
        self.record_changed(id);
        self.apply_event(id, Event::Enqueue);
    }

    pub(super) fn set_limit_of(
        &mut self,
        id: DownloadId,
        rate: Option<u64>,
    ) -> Result<(), CommandError> {
        let entry = self.downloads.entry_that(|allows| allows.set_options, id)?;
        let changed = entry.record.limit != rate;
        entry.record.limit = rate;
        if let Some(live) = &entry.worker {
            live.limit.set(rate);
        }
        if changed {
            self.limit_changed(id, rate);
        }
        self.record_changed(id);
        Ok(())
    }
}

/// The record, if the URL is valid and every header can be sent.
pub(super) fn checked(new: NewDownload, now: UnixMillis) -> Result<Record, CommandError> {
    let record = Record::new(new, now).map_err(CommandError::InvalidUrl)?;
    match http::first_unsendable(&record.headers) {
        Some(name) => Err(CommandError::BadHeader(name.chars().take(64).collect())),
        None => Ok(record),
    }
}

/// The caller may have gone.
pub(super) fn send_reply<T>(reply: oneshot::Sender<T>, result: T) {
    let _unheard = reply.send(result);
}
