//! What Millrace does beside the page: one loop over what the engine says and what the desktop and the page ask.
//!
//! Decides what the person is told. Touches the desktop only through [`PlatformServices`]; knows no channel and no window.

mod deep_link;
mod desktop_behavior;
mod desktop_status;
mod executable_types;
mod local_network;
mod notifications;
mod pending_removals;
mod requests;
mod storage_permission;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use millrace_engine::{DownloadId, Phase, Snapshot, Subscription, Update};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use self::desktop_behavior::DesktopBehavior;
#[cfg(desktop)]
pub(crate) use self::desktop_status::TrayMenuItem;
pub(crate) use self::desktop_status::{DesktopStatus, TrayAction};
pub(crate) use self::notifications::{
    Notification, NotificationSubject, settings_reset, store_recovered,
};
use self::notifications::{NotificationQueue, Outcome};
use self::pending_removals::PendingRemovals;
use self::storage_permission::Permission;
use self::summary::Contribution;
#[cfg(desktop)]
pub(crate) use self::summary::TaskbarProgress;
use crate::app_state::AppState;
use crate::ipc::{Folder, IpcError, NotificationPermission, Offered, RemoveMode, Settings};
use crate::platform::PlatformServices;
use crate::settings::SettingsChange;

type Reply<T> = oneshot::Sender<Result<T, IpcError>>;

/// What the page, the desktop or another start of the program asks for.
#[derive(Debug)]
pub(crate) enum Request {
    /// Links from a command line, to the folders of their kind. The window comes to the front.
    Links(Vec<String>),
    /// Links that another app opened or shared: whoever wrote them is not known, so they are shown and nothing starts.
    #[cfg_attr(
        not(any(test, mobile, target_os = "macos")),
        expect(dead_code, reason = "there, links come on a command line")
    )]
    Offered(Vec<Offered>),
    /// The person wants to add the link that the clipboard holds, or one that they type.
    #[cfg_attr(
        not(any(test, mobile)),
        expect(dead_code, reason = "there, the page has a key for it")
    )]
    Paste,
    Open(DownloadId, Reply<()>),
    /// The person agreed, outside the page, that this program is opened.
    OpenProgram(DownloadId, Reply<()>),
    Reveal(DownloadId, Reply<()>),
    PickFolder(Reply<Option<Folder>>),
    /// The dialog that `PickFolder` opened was closed.
    FolderPicked(Option<PathBuf>, Reply<Option<Folder>>),
    /// There is a tray that shows our icon, or there is none any more.
    TrayAvailable(bool),
    /// Something in the tray's menu.
    #[cfg_attr(mobile, expect(dead_code, reason = "a phone has no tray"))]
    TrayAction(TrayAction),
    /// A click on a notice or on one of its buttons.
    NotificationAction(NotificationAction),
    /// Out of sight at once, off the list when nobody has wanted them back.
    Remove(Vec<u64>, RemoveMode, Reply<()>),
    /// Those of these that were removed and are still there are wanted back.
    Undo(Vec<u64>, Reply<()>),
    /// The text in the clipboard; nothing when there is none.
    Clipboard(Reply<String>),
    /// Whether notices may be shown.
    NotificationPermission(Reply<NotificationPermission>),
    /// The same, asking the person if nobody has.
    AskNotificationPermission(Reply<NotificationPermission>),
    /// A link in the local network is about to be asked for.
    ApproachLocal,
    /// Whether the local network may be reached, as the person decided; none where nobody has to.
    LocalNetwork(Option<bool>),
    /// A download is about to be added: the person may have to say where files go.
    AskForPublicFolder,
    /// The folder where files stay when the app goes, as the person decided; none: they stay where they were kept so far.
    PublicFolder(Option<PathBuf>),
    /// Where the system is told to let apps go on working.
    BatterySettings(Reply<()>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotificationAction {
    Open(DownloadId),
    Reveal(DownloadId),
    Retry(DownloadId),
    /// The window, at this download if one is named.
    Show(Option<DownloadId>),
}

/// What is remembered of a download, to see it end and to find its file.
#[derive(Debug)]
struct TrackedDownload {
    phase: Phase,
    path: PathBuf,
    host: String,
    opens: bool,
    /// Whether it can be stopped and go on from where it was.
    pauses: bool,
    share: Contribution,
}

pub(crate) struct App<S> {
    platform: Arc<S>,
    state: AppState,
    /// What was set since the engine was started.
    settings: watch::Receiver<SettingsChange>,
    tracked: BTreeMap<u64, TrackedDownload>,
    notices: NotificationQueue,
    removals: PendingRemovals,
    manners: DesktopBehavior,
    /// Whether the person is being asked for the local network.
    asks_for_local: bool,
    leave: Permission,
}

impl<S: PlatformServices> App<S> {
    pub(crate) fn new(platform: Arc<S>, state: AppState) -> Self {
        let manners = DesktopBehavior::new(&state.settings.now(), platform.languages());
        platform.set_messages(&manners.messages);
        Self {
            platform,
            settings: state.settings.subscribe(),
            state,
            tracked: BTreeMap::new(),
            notices: NotificationQueue::default(),
            removals: PendingRemovals::default(),
            manners,
            asks_for_local: false,
            leave: Permission::default(),
        }
    }

    /// Until the engine ends.
    pub(crate) async fn run(
        mut self,
        mut updates: Subscription,
        mut inbox: mpsc::UnboundedReceiver<Request>,
    ) {
        for snapshot in std::mem::take(&mut updates.first) {
            self.track(&snapshot);
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
                        // all that was set and that the engine has said so far counts
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
                () = sleep_until(deadline) => self.commit_removals().await,
            }
        }
    }

    /// Other settings hold from now on.
    async fn apply_settings(&mut self, set: SettingsChange) {
        if let Err(failure) = self.apply(&set.settings).await {
            self.state
                .log
                .write(&format!("settings not applied: {failure}"));
        }
        self.update_behavior(&set.settings);
        self.state.hub.settings(set);
    }

    async fn apply(&self, settings: &Settings) -> Result<(), IpcError> {
        let engine = self.state.engine.handle()?;
        engine.set_limit(settings.effective_limit()).await?;
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
                self.ask_if_local(before, &snapshot);
                if snapshot.phase == Phase::Done && !matches!(before, None | Some(Phase::Done)) {
                    self.platform.finished(&snapshot.path());
                }
                if before != Some(snapshot.phase)
                    && let Some(outcome) = Outcome::of(&snapshot, &self.manners.messages)
                    && outcome.is_enabled(&self.state.settings.now())
                    && !self.removals.contains(snapshot.id.0)
                {
                    self.notify(outcome);
                }
            }
            Update::Removed(id) => {
                let before = self.tracked.remove(&id.0);
                let before = before.map(|known| known.share);
                self.manners.tally.change(id.0, before, None);
                self.removals.forget(id.0);
            }
            Update::Kept(_, path) => {
                let path = path.display().to_string();
                // Behind a provider a path has no other separator.
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
        let tally = &mut self.manners.tally;
        tally.change(
            snapshot.id.0,
            before.as_ref().map(|known| known.share),
            Some(share),
        );
        before.map(|known| known.phase)
    }

    fn notify(&mut self, outcome: Outcome) {
        if let Some(notice) = self
            .notices
            .offer(outcome, &self.manners.messages, Instant::now())
        {
            self.platform.notify(&notice);
        }
    }
}

/// Without a deadline nothing wakes the loop but news.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
