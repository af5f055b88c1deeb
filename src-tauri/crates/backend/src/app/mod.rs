//! Everything the app does beside the page: one loop over the engine's updates and the requests of the desktop and the
//! page.
//!
//! Decides what the user is notified of. Uses the desktop only through [`PlatformServices`]; does not depend on
//! channels or windows.

mod deep_link;
mod desktop_behavior;
mod desktop_status;
mod executable_types;
mod history_feed;
mod links;
mod local_network;
mod notifications;
mod pending_removals;
mod pending_replacements;
mod platform_services;
mod removals;
mod requests;
mod storage_permission;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use millrace_engine::{CommandError, Phase, Snapshot, Subscription, Update};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use self::desktop_behavior::DesktopBehavior;
pub use self::desktop_status::{DesktopStatus, TrayMenuItem};
use self::history_feed::HistoryFeed;
pub use self::notifications::{Notification, NotificationSubject, settings_reset, store_recovered};
use self::notifications::{NotificationQueue, Outcome};
use self::pending_removals::{PendingRemovals, UNDO_WINDOW};
use self::pending_replacements::PendingReplacements;
pub use self::platform_services::{
    Agreed, FileCallback, FolderCallback, PlatformError, PlatformServices, Question,
};
use self::storage_permission::Permission;
use self::summary::Contribution;
pub use self::summary::TaskbarProgress;
use crate::app_state::AppState;
use crate::request::Request;
use crate::settings::{Settings, SettingsChange};

/// What is stored of a download, to detect its end and to find its file.
#[derive(Debug)]
struct TrackedDownload {
    phase: Phase,
    path: PathBuf,
    host: String,
    opens: bool,
    /// Whether it can be paused and resumed without losing bytes.
    pauses: bool,
    share: Contribution,
}

#[derive(Debug)]
pub struct App<S> {
    platform: Arc<S>,
    state: AppState,
    /// Changes of the settings.
    settings: watch::Receiver<SettingsChange>,
    tracked: BTreeMap<u64, TrackedDownload>,
    history: HistoryFeed,
    notices: NotificationQueue,
    removals: PendingRemovals,
    replacements: PendingReplacements,
    behavior: DesktopBehavior,
    /// Whether the user is being asked about the local network.
    asks_for_local: bool,
    leave: Permission,
}

impl<S: PlatformServices> App<S> {
    pub fn new(platform: Arc<S>, state: AppState) -> Self {
        let behavior = DesktopBehavior::new(&state.settings.now(), platform.languages());
        platform.set_messages(&behavior.messages);
        let history = state.history.clone();
        Self {
            platform,
            settings: state.settings.subscribe(),
            state,
            tracked: BTreeMap::new(),
            history: HistoryFeed::new(history),
            notices: NotificationQueue::default(),
            removals: PendingRemovals::default(),
            replacements: PendingReplacements::default(),
            behavior,
            asks_for_local: false,
            leave: Permission::default(),
        }
    }

    /// Runs until the engine ends.
    pub async fn run(
        mut self,
        mut updates: Subscription,
        mut inbox: mpsc::UnboundedReceiver<Request>,
    ) {
        for snapshot in std::mem::take(&mut updates.first) {
            self.track(&snapshot);
            self.track_replacement(&snapshot, Instant::now());
            self.history.seed(&snapshot);
            self.ask_if_local(None, &snapshot);
        }
        let mut settings = self.settings.clone();
        loop {
            self.refresh();
            let deadline = self.deadline();
            tokio::select! {
                update = updates.next() => match update {
                    Some(update) => self.on_update(update),
                    None => return,
                },
                request = inbox.recv() => match request {
                    Some(request) => {
                        // apply all pending settings and updates before a request
                        if settings.has_changed().is_ok_and(|changed| changed) {
                            let set = settings.borrow_and_update().clone();
                            self.apply_settings(set).await;
                        }
                        while let Some(update) = updates.try_next() {
                            self.on_update(update);
                        }
                        self.handle_request(request).await;
                    }
                    None => return,
                },
                Ok(()) = settings.changed() => {
                    let set = settings.borrow_and_update().clone();
                    self.apply_settings(set).await;
                }
                () = sleep_until(deadline) => {
                    self.commit_removals().await;
                    self.commit_replacements().await;
                }
            }
        }
    }

    /// Applies changed settings to the engine and the platform, and sends them to the pages.
    async fn apply_settings(&mut self, set: SettingsChange) {
        if let Err(failure) = self.apply(&set.settings).await {
            tracing::warn!("settings not applied: {failure}");
        }
        self.state.history.set_enabled(set.settings.history);
        self.update_behavior(&set.settings);
        self.state.hub.settings(set);
    }

    async fn apply(&self, settings: &Settings) -> Result<(), CommandError> {
        let engine = self.state.engine.handle()?;
        engine.set_limit(settings.effective_limit()).await?;
        engine.set_slow_mode(settings.slow).await?;
        engine
            .set_parallel(settings.parallel, settings.per_host)
            .await?;
        engine.set_connections(settings.connections).await?;
        engine.set_proxy(settings.proxy_choice()).await?;
        engine.set_constraints(settings.network.into()).await?;
        engine.set_quarantine(settings.mark_downloads).await?;
        Ok(())
    }

    fn on_update(&mut self, update: Update) {
        match update {
            Update::Changed(snapshot) => {
                let before = self.track(&snapshot);
                self.track_replacement(&snapshot, Instant::now() + UNDO_WINDOW);
                self.history.changed(&snapshot);
                self.ask_if_local(before, &snapshot);
                if snapshot.phase == Phase::Done && !matches!(before, None | Some(Phase::Done)) {
                    self.platform.finished(&snapshot.path());
                }
                if before != Some(snapshot.phase)
                    && let Some(outcome) = Outcome::of(&snapshot, &self.behavior.messages)
                    && outcome.is_enabled(&self.state.settings.now())
                    && !self.removals.contains(snapshot.id.0)
                {
                    self.notify(outcome);
                }
            }
            Update::Removed(id) => {
                let before = self.tracked.remove(&id.0);
                let before = before.map(|known| known.share);
                self.behavior.summary_tracker.change(id.0, before, None);
                self.removals.forget(id.0);
                self.replacements.track(id.0, None, Instant::now());
                self.history.removed(id.0);
            }
            Update::Kept(_, path) => {
                let path = path.display().to_string();
                // A path behind a content provider has slashes on every platform.
                let name = path.rsplit(['/', std::path::MAIN_SEPARATOR]).next();
                let name = name.unwrap_or_default().to_owned();
                self.notify(Outcome::Kept { name });
            }
            Update::Log(..) => {}
        }
    }

    fn track(&mut self, snapshot: &Snapshot) -> Option<Phase> {
        let known = TrackedDownload {
            phase: snapshot.phase,
            path: snapshot.path(),
            host: snapshot.host.clone(),
            opens: snapshot.allows.open,
            pauses: snapshot.allows.pause && snapshot.resumable != Some(false),
            share: Contribution::from(snapshot),
        };
        let share = known.share;
        let before = self.tracked.insert(snapshot.id.0, known);
        let summary_tracker = &mut self.behavior.summary_tracker;
        summary_tracker.change(
            snapshot.id.0,
            before.as_ref().map(|known| known.share),
            Some(share),
        );
        before.map(|known| known.phase)
    }

    fn track_replacement(&mut self, snapshot: &Snapshot, until: Instant) {
        let by = snapshot.replaced_by.map(|by| by.0);
        self.replacements.track(snapshot.id.0, by, until);
    }

    fn notify(&mut self, outcome: Outcome) {
        if let Some(notice) = self
            .notices
            .offer(outcome, &self.behavior.messages, Instant::now())
        {
            self.platform.notify(&notice);
        }
    }
}

/// Waits forever without a deadline.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
