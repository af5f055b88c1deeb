//! What people ask for, one by one. Whether it applies is the state's to say.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::entry::Entry;
use super::{Actor, now};
use crate::config::Adopt;
use crate::core::credentials;
use crate::core::download::{Allows, DownloadId, NewDownload};
use crate::core::link;
use crate::core::record::Record;
use crate::core::state::{Event, State};
use crate::handle::{Command, CommandError, FileRef};
use crate::http;

impl Actor {
    pub(super) async fn command(&mut self, command: Command) {
        match command {
            Command::Add(new, reply) => {
                let added = self.add(new).await;
                answer(reply, added);
            }
            Command::FindComplete(new, reply) => {
                let here = self.find_complete(new).await;
                answer(reply, Ok(here));
            }
            Command::Look(new, reply) => match checked(&new) {
                Ok(()) => self.look(*new, reply),
                Err(error) => answer(reply, Err(error)),
            },
            Command::Pause(id, reply) => {
                answer(reply, self.want(id, |allows| allows.pause, Event::Pause));
            }
            Command::Resume(id, reply) => {
                self.asked_again(id);
                answer(reply, self.want(id, |allows| allows.resume, Event::Go));
            }
            Command::Retry(id, reply) => {
                self.asked_again(id);
                answer(reply, self.want(id, |allows| allows.retry, Event::Go));
            }
            Command::Remove(id, leftover, reply) => {
                answer(reply, self.want(id, |_| true, Event::Remove(leftover)));
            }
            Command::ChangeLink(id, url, reply) => {
                let changed = self.change_link(id, url);
                answer(reply, changed);
            }
            Command::ChangeFolder(id, folder, reply) => {
                let changed = self.change_folder(id, folder);
                answer(reply, changed);
            }
            Command::PauseAll(reply) => {
                self.want_all(|allows| allows.pause, &Event::Pause);
                answer(reply, Ok(()));
            }
            Command::ResumeAll(reply) => {
                self.want_all(|allows| allows.resume, &Event::Go);
                answer(reply, Ok(()));
            }
            Command::Limit(rate, reply) => {
                self.limit.set(rate);
                answer(reply, Ok(()));
            }
            Command::LimitOne(id, rate, reply) => {
                let limited = self.limit_one(id, rate);
                answer(reply, limited);
            }
            Command::Order(order, reply) => {
                let ordered = self.order(order);
                answer(reply, ordered);
            }
            Command::Lending(lending) => self.lending(lending),
            Command::Queue(reply) => {
                let _unheard = reply.send(self.queue.order().collect());
            }
            Command::Segments(id, reply) => {
                let segments = self.entry(id).map(|entry| entry.segments());
                answer(reply, segments);
            }
            Command::File(id, reply) => {
                let file = self.file(id);
                answer(reply, file);
            }
            Command::List(reply) => {
                let list = self.list();
                let _unheard = reply.send(list);
            }
            Command::Subscribe(subscriber, reply) => {
                let list = self.list();
                self.subscribers.push(subscriber);
                let _unheard = reply.send(list);
            }
        }
    }

    async fn add(&mut self, new: Vec<NewDownload>) -> Result<Vec<DownloadId>, CommandError> {
        new.iter().try_for_each(checked)?;
        let now = now();
        let new: Vec<Record> = new.into_iter().map(|one| Record::new(one, now)).collect();
        let mut ids = Vec::with_capacity(new.len());
        let (mut fresh, mut predecessors) = (Vec::new(), Vec::new());
        let earlier: Vec<_> = match self.config.adopt {
            Adopt::All => Vec::new(),
            Adopt::SameLinkAndFolder => new
                .iter()
                .map(|one| self.store.find(&one.url, &one.folder))
                .collect(),
        };
        let mut earlier = earlier.into_iter();
        for one in new {
            let taken_up = match earlier.next() {
                Some(stored) => {
                    let stored = self.named(stored.await.unwrap_or_default()).await;
                    self.unfinished(&one, stored)
                }
                None => None,
            };
            match taken_up {
                Some(record) => ids.push(Some(self.insert(record))),
                None => {
                    predecessors.push(self.predecessor(&one).await);
                    fresh.push(one);
                    ids.push(None);
                }
            }
        }
        if !fresh.is_empty() {
            let added = self
                .store
                .add(fresh)
                .await
                .map_err(CommandError::NotStored)?;
            let mut added = added.into_iter().zip(predecessors);
            for id in ids.iter_mut().filter(|id| id.is_none()) {
                *id = added.next().map(|(record, predecessor)| {
                    let id = self.insert(record);
                    if let Some(entry) = self.downloads.get_mut(&id) {
                        entry.predecessor = predecessor;
                    }
                    id
                });
            }
        }
        let ids: Vec<DownloadId> = ids.into_iter().flatten().collect();
        for id in &ids {
            self.tell(*id);
        }
        self.admit();
        Ok(ids)
    }

    fn file(&mut self, id: DownloadId) -> Result<FileRef, CommandError> {
        let files = Arc::clone(&self.config.files);
        let record = &self.entry(id)?.record;
        let done = matches!(record.state, State::Done { .. });
        match (&record.name, &record.file) {
            (Some(name), Some(file)) if done => Ok(FileRef {
                files,
                path: record.folder.join(name),
                id: file.clone(),
                total: record.identity.total,
            }),
            _ => Err(CommandError::NotNow(id)),
        }
    }

    fn insert(&mut self, record: Record) -> DownloadId {
        let id = record.id;
        if let Some(at) = record.start_at {
            self.due.appoint(id, at);
        }
        self.downloads.insert(id, self.policy.taken(record));
        self.line_up(id);
        id
    }

    /// Of the stored downloads of the same link into the same folder, the one that has a file and is not finished,
    /// with what is asked for now.
    fn unfinished(&self, new: &Record, stored: Vec<Record>) -> Option<Record> {
        let mut record = stored.into_iter().find(|record| {
            record.file.is_some()
                && !matches!(record.state, State::Done { .. })
                && !self.downloads.contains_key(&record.id)
                && new.wanted_name.as_ref().is_none_or(|name| {
                    // A part may have a numbered name although its file is to get this one.
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
        record.attempts = 0;
        record.state = State::Queued;
        record.start_at = None;
        Some(record)
    }

    fn want(
        &mut self,
        id: DownloadId,
        allowed: impl Fn(Allows) -> bool,
        event: Event,
    ) -> Result<(), CommandError> {
        let entry = self.entry(id)?;
        if !allowed(entry.record.state.allows()) {
            return Err(CommandError::NotNow(id));
        }
        self.happen(id, event);
        Ok(())
    }

    fn want_all(&mut self, allowed: impl Fn(Allows) -> bool, event: &Event) {
        let all = self.downloads.values();
        let ids: Vec<DownloadId> = all
            // what has a time of its own keeps it
            .filter(|entry| entry.record.start_at.is_none())
            .filter(|entry| allowed(entry.record.state.allows()))
            .map(|entry| entry.record.id)
            .collect();
        for id in ids {
            if *event == Event::Go {
                self.asked_again(id);
            }
            self.happen(id, event.clone());
        }
    }

    fn entry(&mut self, id: DownloadId) -> Result<&mut Entry, CommandError> {
        self.downloads
            .get_mut(&id)
            .ok_or(CommandError::UnknownDownload(id))
    }

    /// A person who says "again" starts the counts anew.
    fn asked_again(&mut self, id: DownloadId) {
        if let Some(entry) = self.downloads.get_mut(&id) {
            entry.asked_again();
            self.settled(id);
        }
    }

    fn change_link(&mut self, id: DownloadId, url: String) -> Result<(), CommandError> {
        let link = link::parse(&url).map_err(CommandError::BadLink)?;
        let entry = self.standing(id)?;
        let same_origin =
            link::parse(&entry.record.url).is_ok_and(|old| old.origin() == link.origin());
        entry.record.url = url.trim().to_owned();
        entry.expected_name.take();
        if let Some(named) = credentials::take_from(&mut entry.record.url) {
            entry.record.credentials = Some(named);
        } else if !same_origin {
            entry.record.credentials = None;
        }
        if !same_origin {
            // What was given for one origin may be a secret of it.
            entry.record.headers.retain(|(name, _)| http::travels(name));
        }
        entry.host = link::host(&link);
        entry.at_home = false;
        entry.asked_again();
        self.line_up(id);
        self.go(id);
        self.admit();
        Ok(())
    }

    fn change_folder(
        &mut self,
        id: DownloadId,
        folder: std::path::PathBuf,
    ) -> Result<(), CommandError> {
        self.standing(id)?;
        self.move_to_folder(id, folder);
        self.asked_again(id);
        self.go(id);
        Ok(())
    }

    /// A download that no worker is at and that is not finished.
    fn standing(&mut self, id: DownloadId) -> Result<&mut Entry, CommandError> {
        let entry = self.entry(id)?;
        match entry.record.state {
            State::Queued | State::Waiting { .. } | State::Paused | State::Failed { .. } => {
                Ok(entry)
            }
            State::Probing
            | State::Running
            | State::Finishing
            | State::Stopping { .. }
            | State::Done { .. }
            | State::Removed => Err(CommandError::NotNow(id)),
        }
    }

    /// Off to the queue, and told even if it was there already.
    fn go(&mut self, id: DownloadId) {
        self.save(id);
        self.tell(id);
        self.happen(id, Event::Go);
    }

    fn limit_one(&mut self, id: DownloadId, rate: Option<u64>) -> Result<(), CommandError> {
        let entry = self.entry(id)?;
        entry.record.limit = rate;
        if let Some(live) = &entry.live {
            live.limit.set(rate);
        }
        self.save(id);
        self.tell(id);
        Ok(())
    }
}

/// Whether a download can be asked for as it is wanted.
fn checked(new: &NewDownload) -> Result<(), CommandError> {
    link::parse(&new.url).map_err(CommandError::BadLink)?;
    match http::first_unsendable(&new.headers) {
        Some(name) => Err(CommandError::BadHeader(name.chars().take(64).collect())),
        None => Ok(()),
    }
}

/// Whoever asked may have gone.
pub(super) fn answer<T>(reply: oneshot::Sender<T>, result: T) {
    let _unheard = reply.send(result);
}
