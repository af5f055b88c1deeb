//! Downloads paused with the notification's Pause, so that its Resume continues those and no others. Stored in a file:
//! the notification stays, but nothing keeps the process of paused downloads alive.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use millrace_backend::i18n::{MessageKey, Messages};
use millrace_engine::{CommandError, DownloadId, Phase, Snapshot};
use tauri_plugin_transfer::Rest;

use super::{BackgroundHost, BackgroundWork};

#[derive(Debug, Default)]
struct PausedDownload {
    name: String,
    /// It was seen to stop: an earlier snapshot with a running phase does not mean that it was resumed.
    stopped: bool,
}

#[derive(Debug)]
pub(super) struct PausedFromNotification {
    file: PathBuf,
    ones: BTreeMap<u64, PausedDownload>,
    /// The notification shown by the phone.
    told: Option<Rest>,
}

impl PausedFromNotification {
    pub(super) fn open(file: PathBuf) -> Self {
        let text = fs::read(&file).unwrap_or_default();
        // an invalid file contains no ids
        let ids: Vec<u64> = serde_json::from_slice(&text).unwrap_or_default();
        let ones = ids
            .into_iter()
            .map(|id| (id, PausedDownload::default()))
            .collect();
        Self {
            file,
            ones,
            told: None,
        }
    }

    /// Restores the ids left by an earlier process that are in this list and still paused.
    pub(super) fn keep(&mut self, list: &[Snapshot], messages: &Messages) {
        // its notification may still be shown
        self.told = self.paused_notification(messages);
        let mut left = std::mem::take(&mut self.ones);
        for snapshot in list.iter().filter(|one| one.phase == Phase::Paused) {
            if let Some(one) = left.remove(&snapshot.id.0) {
                self.ones.insert(snapshot.id.0, one);
                self.update(snapshot);
            }
        }
        self.save();
    }

    pub(super) fn update(&mut self, snapshot: &Snapshot) {
        let Some(one) = self.ones.get_mut(&snapshot.id.0) else {
            return;
        };
        let over = match snapshot.phase {
            Phase::Stopping | Phase::Paused => {
                one.stopped = true;
                false
            }
            Phase::Done | Phase::Failed => true,
            Phase::Queued | Phase::Probing | Phase::Running | Phase::Finishing | Phase::Waiting => {
                one.stopped
            }
        };
        one.name.clone_from(&snapshot.name);
        if over {
            self.forget(snapshot.id);
        }
    }

    pub(super) fn forget(&mut self, id: DownloadId) {
        if self.ones.remove(&id.0).is_some() {
            self.save();
        }
    }

    fn add(&mut self, snapshots: &[Snapshot]) {
        for snapshot in snapshots {
            let name = snapshot.name.clone();
            let stopped = false;
            self.ones
                .insert(snapshot.id.0, PausedDownload { name, stopped });
        }
        self.save();
    }

    fn take(&mut self) -> Vec<DownloadId> {
        let ones = std::mem::take(&mut self.ones);
        self.save();
        ones.into_keys().map(DownloadId).collect()
    }

    fn paused_notification(&self, messages: &Messages) -> Option<Rest> {
        let first = self.ones.values().next()?;
        let text = match self.ones.len() {
            1 => first.name.clone(),
            many => messages.format(MessageKey::Many, &[("count", &many.to_string())]),
        };
        Some(Rest {
            title: messages.get(MessageKey::WorkPaused),
            text,
            resume: messages.get(MessageKey::WorkResume),
            channel: messages.get(MessageKey::WorkChannel),
        })
    }

    /// Errors are ignored: without the file a later process resumes nothing, and the list is unchanged.
    fn save(&self) {
        let ids: Vec<u64> = self.ones.keys().copied().collect();
        let _ = if ids.is_empty() {
            fs::remove_file(&self.file)
        } else {
            let text = serde_json::to_vec(&ids).unwrap_or_default();
            millrace_engine::atomic_write(&self.file, &text)
        };
    }
}

impl<C: BackgroundHost> BackgroundWork<C> {
    /// Pauses everything, and stores which downloads were running or waiting.
    pub(super) async fn pause(&mut self) -> Result<(), CommandError> {
        let engine = self.state.engine.handle()?;
        let mut list = engine.list().await?;
        list.retain(|one| one.allows.pause);
        engine.pause_all().await?;
        self.paused.add(&list);
        Ok(())
    }

    pub(super) async fn resume(&mut self) -> Result<(), CommandError> {
        let engine = self.state.engine.handle()?;
        for id in self.paused.take() {
            if let Err(error) = engine.resume(id).await {
                // it was removed or resumed meanwhile
                tracing::warn!("not resumed: {error}");
            }
        }
        Ok(())
    }

    /// Updates the notification of paused downloads, if it has changed.
    pub(super) async fn rest(&mut self) {
        let rest = self.paused.paused_notification(self.active_work.messages());
        if rest == self.paused.told {
            return;
        }
        self.paused.told.clone_from(&rest);
        self.call(move |host| host.rest(rest.as_ref())).await;
    }
}
