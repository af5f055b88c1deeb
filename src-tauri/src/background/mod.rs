//! Connects the downloads with a phone: reports the work in progress to it, so that it keeps the process alive and
//! shows a notification, and handles its events (network, battery, buttons, links). Ranges that it fetches by itself
//! are in `offload`.
//!
//! Decides what counts as work. Uses the phone only through [`BackgroundHost`]; loses nothing when a call fails or the
//! process is killed.

mod active_work;
mod background_host;
mod crash_marker;
mod mobile_host;
mod offload;
mod paused_from_notification;
mod scheduled_starts;
mod shared_links;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use millrace_backend::app_state::AppState;
use millrace_backend::i18n::Messages;
use millrace_backend::paths::AppPaths;
use millrace_backend::request::Request;
use millrace_backend::settings::SettingsChange;
use millrace_engine::{CommandError, DeviceStatus, RemoveMode, Subscription, Update};
use tauri_plugin_transfer::{OngoingWork, PlatformEvent, PlatformStatus, WorkAction};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use self::active_work::ActiveWork;
pub(crate) use self::background_host::BackgroundHost;
use self::crash_marker::CrashMarker;
pub(crate) use self::mobile_host::{PhoneHost, initial_device_status, listen};
use self::offload::OffloadSession;
use self::paused_from_notification::PausedFromNotification;
use self::scheduled_starts::ScheduledStarts;
pub(crate) use self::shared_links::accept_links;
use crate::platform;

/// Minimum interval between two updates of the same work.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct BackgroundWork<C> {
    host: Arc<C>,
    state: AppState,
    settings: watch::Receiver<SettingsChange>,
    /// The system's languages, preferred first.
    languages: Vec<String>,
    active_work: ActiveWork,
    crash_marker: CrashMarker,
    paused: PausedFromNotification,
    scheduled: ScheduledStarts,
    /// The work sent to the phone last.
    last_shown: Option<OngoingWork>,
    /// When the next update may be sent.
    due: Option<Instant>,
    connected: Option<bool>,
    sleep: OffloadSession,
}

impl<C: BackgroundHost> BackgroundWork<C> {
    /// `languages` are the system's, preferred first.
    pub(crate) fn new(
        host: Arc<C>,
        state: AppState,
        home: &AppPaths,
        languages: Vec<String>,
    ) -> Self {
        let settings = state.settings.subscribe();
        let now = settings.borrow().settings.clone();
        let going = ActiveWork::new(Messages::for_settings(&now, &languages), now.network.into());
        Self {
            host,
            state,
            settings,
            languages,
            active_work: going,
            crash_marker: CrashMarker::at(home.crash_marker()),
            paused: PausedFromNotification::open(home.paused()),
            scheduled: ScheduledStarts::default(),
            last_shown: None,
            due: None,
            connected: None,
            sleep: OffloadSession::default(),
        }
    }

    /// Runs until the engine ends.
    pub(crate) async fn run(
        mut self,
        mut updates: Subscription,
        mut heard: UnboundedReceiver<PlatformEvent>,
    ) {
        let first = std::mem::take(&mut updates.first);
        self.paused.keep(&first, self.active_work.messages());
        for snapshot in &first {
            self.active_work.update(snapshot);
            self.scheduled.update(snapshot, false);
        }
        if self.crash_marker.was_left() && self.active_work.work().is_some_and(|work| !work.waits) {
            self.on_killed("the process before this one died while its work was held");
        }
        self.update_notification().await;
        self.rest().await;
        self.wake().await;
        let mut settings = self.settings.clone();
        loop {
            tokio::select! {
                update = updates.next() => match update {
                    Some(Update::Changed(snapshot)) => {
                        self.active_work.update(&snapshot);
                        self.paused.update(&snapshot);
                        self.scheduled.update(&snapshot, self.last_shown.is_some());
                    }
                    Some(Update::Removed(id)) => {
                        self.active_work.forget(id);
                        self.paused.forget(id);
                        self.scheduled.forget(id);
                    }
                    Some(Update::Log(..) | Update::Kept(..)) => continue,
                    None => break,
                },
                Some(heard) = heard.recv() => {
                    let done = self.on_event(heard).await;
                    self.log_result(done);
                }
                taken = self.sleep.next() => {
                    let done = match taken {
                        Ok(new) => self.on_ingested(new).await,
                        Err(error) => Err(error),
                    };
                    self.log_result(done);
                }
                Ok(()) = settings.changed() => {
                    let now = &settings.borrow_and_update().settings;
                    let messages = Messages::for_settings(now, &self.languages);
                    self.active_work.set(messages, now.network.into());
                }
                () = wait(self.due) => self.due = None,
            }
            self.update_notification().await;
            self.rest().await;
            self.wake().await;
        }
        self.release().await;
    }

    fn log_result(&self, done: Result<(), CommandError>) {
        if let Err(failure) = done {
            tracing::warn!("an event of the phone was not handled: {failure}");
        }
    }

    async fn on_event(&mut self, heard: PlatformEvent) -> Result<(), CommandError> {
        match heard {
            PlatformEvent::PlatformStatus(now) => self.on_status(now).await,
            PlatformEvent::WorkAction(WorkAction::Pause) => self.pause().await,
            PlatformEvent::WorkAction(WorkAction::Resume) => self.resume().await,
            PlatformEvent::WorkAction(WorkAction::Cancel) => self.cancel().await,
            PlatformEvent::Links { how, links } => {
                // ignored: the receiver is gone during shutdown
                let _ = self.state.requests.send(accept_links(how, links));
                Ok(())
            }
            PlatformEvent::Paste => {
                // likewise
                let _ = self.state.requests.send(Request::Paste);
                Ok(())
            }
            PlatformEvent::Away => {
                self.scheduled.mark_seen();
                self.enter_background().await
            }
            PlatformEvent::Back { work_ended } => {
                if work_ended {
                    tracing::info!("the system ended the background work meanwhile");
                }
                // The phone may have released it: send the work again.
                self.last_shown = None;
                self.scheduled.mark_seen();
                self.host.ensure_window();
                self.enter_foreground().await
            }
            PlatformEvent::TimeUp if self.scheduled.started_unseen() => {
                // no work was ended, and a notification of the phone shows what is to start
                self.crash_marker.set(false);
                tracing::info!("the system permits no start in the background");
                Ok(())
            }
            PlatformEvent::TimeUp => {
                // Synced bytes are kept even if the process is killed now.
                self.on_killed("the phone gives no more time");
                Ok(())
            }
            PlatformEvent::Stopped => {
                // ended by the user or for want of a network: not to be reported, even if the process dies now
                self.crash_marker.set(false);
                tracing::info!("the background work was stopped");
                Ok(())
            }
            PlatformEvent::Due => {
                // any command makes the engine check the time of day first
                self.state.engine.handle()?.list().await?;
                Ok(())
            }
            PlatformEvent::RangeFetched(fetched) => self.on_fetched(fetched),
            PlatformEvent::Clicked { id, button } => {
                let click = platform::to_action(&button, u64::try_from(id).ok());
                // ignored: the receiver is gone during shutdown
                let _ = self.state.requests.send(Request::NotificationAction(click));
                Ok(())
            }
        }
    }

    /// The user is notified when they open the app.
    fn on_killed(&self, how: &str) {
        tracing::warn!("{how}");
        self.state.work_ended.store(true, Ordering::Relaxed);
    }

    async fn on_status(&mut self, now: PlatformStatus) -> Result<(), CommandError> {
        let engine = self.state.engine.handle()?;
        engine.set_device_status(to_device_status(now)).await?;
        let before = std::mem::replace(&mut self.connected, now.connected);
        if now.connected == Some(true) && before == Some(false) {
            engine.network_changed().await?;
        }
        Ok(())
    }

    /// Removes the work in progress from the list. Completed files stay.
    async fn cancel(&mut self) -> Result<(), CommandError> {
        let engine = self.state.engine.handle()?;
        for id in self.active_work.ids() {
            engine.remove(id, RemoveMode::Keep).await?;
        }
        Ok(())
    }

    /// Sends changed work to the phone, at most once per interval; start and end of the work immediately.
    async fn update_notification(&mut self) {
        let work = self.active_work.work();
        let work = work.filter(|work| !work.waits || self.host.waits_for_network());
        let goes_on = work.is_some() && self.last_shown.is_some();
        if work == self.last_shown || (goes_on && self.due.is_some()) {
            return;
        }
        match work {
            Some(work) => {
                self.due = Some(Instant::now() + MIN_INTERVAL);
                let before = self.last_shown.replace(work.clone());
                if before.is_none_or(|before| before.waits != work.waits) {
                    // the end of work that only waited is not reported
                    self.crash_marker.set(!work.waits);
                }
                self.call(move |host| host.keep_alive(&work)).await;
            }
            None => self.release().await,
        }
    }

    async fn release(&mut self) {
        if self.last_shown.take().is_some() {
            self.scheduled.mark_seen();
            self.crash_marker.set(false);
            self.call(C::release).await;
        }
    }

    /// Whether the call succeeded. A refusal is only logged: the work continues as long as the process lives.
    async fn call(&self, act: impl FnOnce(&C) -> Result<(), String> + Send + 'static) -> bool {
        let host = Arc::clone(&self.host);
        let done = tokio::task::spawn_blocking(move || act(&host)).await;
        if let Ok(Err(why)) = &done {
            tracing::warn!("the system refused background work: {why}");
        }
        matches!(done, Ok(Ok(())))
    }
}

/// The status as the engine's type.
pub(crate) fn to_device_status(now: PlatformStatus) -> DeviceStatus {
    DeviceStatus {
        metered: now.metered,
        roaming: now.roaming,
        charging: now.charging,
        battery: now.battery,
    }
}

async fn wait(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
