//! What Millrace does beside the page: one loop over what the engine says and what the desktop and the page ask.
//!
//! Decides what the person is told. Touches the desktop only through [`Shell`]; knows no channel and no window.

mod notices;
mod removals;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use millrace_engine::{DownloadId, NewDownload, Phase, Snapshot, Subscription, Update};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

pub(crate) use self::notices::{About, Notice, found, set_aside};
use self::notices::{Notices, Outcome};
use self::removals::{Removal, Removals};
use crate::desk::Desk;
use crate::settings::Set;
use crate::shell::{Shell, ShellError};
use crate::view::{CommandFailure, FailureCode, Folder, Leftover, Settings};

type Reply<T> = oneshot::Sender<Result<T, CommandFailure>>;

/// What the page, the desktop or another start of the program asks for.
#[derive(Debug)]
pub(crate) enum Request {
    /// Links from a command line, to the folders of their kind. The window comes to the front.
    Links(Vec<String>),
    Open(DownloadId, Reply<()>),
    Reveal(DownloadId, Reply<()>),
    PickFolder(Reply<Option<Folder>>),
    /// The dialog that `PickFolder` opened was closed.
    Picked(Option<PathBuf>, Reply<Option<Folder>>),
    /// A click on a notice or on one of its buttons.
    Clicked(Click),
    /// Out of sight at once, off the list when nobody has wanted them back.
    Remove(Vec<u64>, Leftover, Reply<()>),
    /// Those of these that were removed and are still there are wanted back.
    Undo(Vec<u64>, Reply<()>),
    /// The text in the clipboard; nothing when there is none.
    Clipboard(Reply<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Click {
    Open(DownloadId),
    Reveal(DownloadId),
    Retry(DownloadId),
    /// The window, at this download if one is named.
    Show(Option<DownloadId>),
}

/// What is remembered of a download, to see it end and to find its file.
#[derive(Debug)]
struct Known {
    phase: Phase,
    path: PathBuf,
    opens: bool,
    /// Whether it can be stopped and go on from where it was.
    pauses: bool,
}

pub(crate) struct App<S> {
    shell: Arc<S>,
    desk: Desk,
    /// What was set since the engine was started.
    settings: watch::Receiver<Set>,
    known: BTreeMap<u64, Known>,
    notices: Notices,
    removals: Removals,
}

impl<S: Shell> App<S> {
    pub(crate) fn new(shell: Arc<S>, desk: Desk) -> Self {
        Self {
            shell,
            settings: desk.settings.subscribe(),
            desk,
            known: BTreeMap::new(),
            notices: Notices::default(),
            removals: Removals::default(),
        }
    }

    /// Until the engine ends.
    pub(crate) async fn run(
        mut self,
        mut updates: Subscription,
        mut inbox: mpsc::UnboundedReceiver<Request>,
    ) {
        for snapshot in std::mem::take(&mut updates.first) {
            self.remember(&snapshot);
        }
        let mut settings = self.settings.clone();
        loop {
            let deadlines = [self.notices.deadline(), self.removals.deadline()];
            let deadline = deadlines.into_iter().flatten().min();
            tokio::select! {
                update = updates.next() => match update {
                    Some(update) => self.hear(update),
                    None => return,
                },
                request = inbox.recv() => match request {
                    Some(request) => {
                        // all that was set and that the engine has said so far counts
                        if settings.has_changed().is_ok_and(|changed| changed) {
                            let set = settings.borrow_and_update().clone();
                            self.set(set).await;
                        }
                        while let Some(update) = updates.try_next() {
                            self.hear(update);
                        }
                        self.serve(request).await;
                    }
                    None => return,
                },
                Ok(()) = settings.changed() => {
                    let set = settings.borrow_and_update().clone();
                    self.set(set).await;
                }
                () = sleep_until(deadline) => {
                    if let Some(notice) = self.notices.due(Instant::now()) {
                        self.shell.notify(&notice);
                    }
                    self.carry_out_removals().await;
                }
            }
        }
    }

    /// Other settings hold from now on.
    async fn set(&mut self, set: Set) {
        if let Err(failure) = self.apply(&set.settings).await {
            self.desk
                .journal
                .line(&format!("settings not applied: {failure}"));
        }
        self.desk.hub.settings(set);
    }

    async fn apply(&self, settings: &Settings) -> Result<(), CommandFailure> {
        let engine = self.desk.door.engine()?;
        engine.limit(settings.rate()).await?;
        engine
            .set_parallel(settings.parallel, settings.per_host)
            .await?;
        engine.set_connections(settings.connections).await?;
        engine.set_proxy(settings.proxy_choice()).await?;
        engine.set_rules(settings.network.into()).await?;
        Ok(())
    }

    fn hear(&mut self, update: Update) {
        match update {
            Update::Changed(snapshot) => {
                let before = self.remember(&snapshot);
                if before != Some(snapshot.phase)
                    && let Some(outcome) = Outcome::of(&snapshot)
                    && outcome.wanted(&self.desk.settings.now())
                    && !self.removals.contains(snapshot.id.0)
                {
                    self.tell(outcome);
                }
            }
            Update::Removed(id) => {
                self.known.remove(&id.0);
                self.removals.forget(id.0);
            }
            Update::Log(..) => {}
        }
    }

    fn remember(&mut self, snapshot: &Snapshot) -> Option<Phase> {
        let known = Known {
            phase: snapshot.phase,
            path: snapshot.path(),
            opens: snapshot.allows.open,
            pauses: snapshot.allows.pause && snapshot.resumable != Some(false),
        };
        let before = self.known.insert(snapshot.id.0, known);
        before.map(|known| known.phase)
    }

    fn tell(&mut self, outcome: Outcome) {
        if let Some(notice) = self.notices.offer(outcome, Instant::now()) {
            self.shell.notify(&notice);
        }
    }

    async fn serve(&mut self, request: Request) {
        match request {
            Request::Links(links) => {
                self.shell.come_to_front();
                self.add(links).await;
            }
            Request::Open(id, reply) => {
                let answer = self.open(id).await;
                // the page may be gone by now; so below
                let _ = reply.send(answer);
            }
            Request::Reveal(id, reply) => {
                let _ = reply.send(self.reveal(id).await);
            }
            Request::PickFolder(reply) => {
                let requests = self.desk.requests.clone();
                // the loop goes on while the dialog is open
                self.shell.pick_folder(Box::new(move |path| {
                    let _ = requests.send(Request::Picked(path, reply));
                }));
            }
            Request::Picked(path, reply) => {
                let _ = reply.send(Ok(path.map(|path| self.choose(path))));
            }
            Request::Clicked(click) => self.click(click).await,
            Request::Remove(ids, leftover, reply) => {
                let _ = reply.send(self.remove(ids, leftover).await);
            }
            Request::Undo(ids, reply) => {
                let _ = reply.send(self.undo(&ids).await);
            }
            Request::Clipboard(reply) => {
                let shell = Arc::clone(&self.shell);
                // whoever has the text may be slow to hand it over
                tokio::task::spawn_blocking(move || reply.send(Ok(shell.clipboard())));
            }
        }
    }

    /// One by one: a wrong link is no reason to leave out the others.
    async fn add(&mut self, links: Vec<String>) {
        for link in links {
            if let Err(failure) = self.add_one(link.clone()).await {
                self.desk
                    .journal
                    .line(&format!("link not added: {failure}"));
                let why = match &failure.problem {
                    Some(problem) => notices::words(problem),
                    None => failure.message,
                };
                self.tell(Outcome::Refused { link, why });
            }
        }
    }

    async fn add_one(&self, url: String) -> Result<(), CommandFailure> {
        let settings = self.desk.settings.now();
        let folder = settings.folder_for(&millrace_engine::name_for(&url, None));
        let new = NewDownload {
            folder: self.desk.folders.resolve(&folder.id)?,
            url,
            ..NewDownload::default()
        };
        self.desk.door.engine()?.add(new).await?;
        Ok(())
    }

    fn known(&self, id: DownloadId) -> Result<&Known, CommandFailure> {
        let known = self.known.get(&id.0);
        known.ok_or_else(|| millrace_engine::CommandError::UnknownDownload(id).into())
    }

    async fn open(&self, id: DownloadId) -> Result<(), CommandFailure> {
        let known = self.known(id)?;
        if !known.opens {
            return Err(millrace_engine::CommandError::NotNow(id).into());
        }
        let path = known.path.clone();
        self.at_desktop(move |shell| shell.open(&path)).await
    }

    async fn reveal(&self, id: DownloadId) -> Result<(), CommandFailure> {
        let path = self.known(id)?.path.clone();
        self.at_desktop(move |shell| shell.reveal(&path)).await
    }

    /// The desktop may answer slowly.
    async fn at_desktop(
        &self,
        act: impl FnOnce(&S) -> Result<(), ShellError> + Send + 'static,
    ) -> Result<(), CommandFailure> {
        let shell = Arc::clone(&self.shell);
        let done = tokio::task::spawn_blocking(move || act(&shell)).await;
        match done {
            Ok(Ok(())) => Ok(()),
            Ok(Err(ShellError::Missing)) => Err(CommandFailure::new(
                FailureCode::NoSuchFile,
                "the file is not there any more; it was moved or deleted",
            )),
            Ok(Err(ShellError::Refused(why))) => Err(CommandFailure::new(FailureCode::System, why)),
            Err(broken) => Err(CommandFailure::new(FailureCode::System, broken.to_string())),
        }
    }

    fn choose(&self, path: PathBuf) -> Folder {
        let (folder, stored) = self.desk.folders.choose(path);
        if let Err(error) = stored {
            let line = format!("the chosen folder is used, but not remembered: {error}");
            self.desk.journal.line(&line);
        }
        folder
    }

    /// What works stops now: else it could be whole, and stay, before its time is over.
    async fn remove(&mut self, ids: Vec<u64>, leftover: Leftover) -> Result<(), CommandFailure> {
        let engine = self.desk.door.engine()?;
        for id in &ids {
            self.known(DownloadId(*id))?;
        }
        self.desk.hub.hide(ids.clone()).await?;
        for id in ids {
            let pauses = self.known(DownloadId(id))?.pauses;
            let stopped = pauses && engine.pause(DownloadId(id)).await.is_ok();
            let removal = Removal { leftover, stopped };
            self.removals.begin(id, removal, Instant::now());
        }
        Ok(())
    }

    /// What was stopped for its removal goes on.
    async fn undo(&mut self, ids: &[u64]) -> Result<(), CommandFailure> {
        let engine = self.desk.door.engine()?;
        let mut back = Vec::new();
        for &id in ids {
            let Some(removal) = self.removals.undo(id) else {
                continue;
            };
            back.push(id);
            if removal.stopped
                && let Err(error) = engine.resume(DownloadId(id)).await
            {
                self.desk
                    .journal
                    .line(&format!("kept, but paused: {error}"));
            }
        }
        self.desk.hub.unhide(back);
        Ok(())
    }

    /// What cannot be removed is there again.
    async fn carry_out_removals(&mut self) {
        for (id, leftover) in self.removals.due(Instant::now()) {
            let done = match self.desk.door.engine() {
                Ok(engine) => engine.remove(DownloadId(id), leftover.into()).await,
                // the end is near: kept
                Err(_) => return,
            };
            if let Err(error) = done {
                self.desk.journal.line(&format!("not removed: {error}"));
                self.desk.hub.unhide(vec![id]);
            }
        }
    }

    async fn click(&mut self, click: Click) {
        let done = match click {
            Click::Open(id) => self.open(id).await,
            Click::Reveal(id) => self.reveal(id).await,
            Click::Retry(id) => self.retry(id).await,
            Click::Show(about) => {
                if let Some(id) = about {
                    self.desk.hub.open(id.0);
                }
                self.shell.come_to_front();
                Ok(())
            }
        };
        if let Err(failure) = done {
            self.desk
                .journal
                .line(&format!("{click:?} failed: {failure}"));
            // there the person sees why
            self.shell.come_to_front();
        }
    }

    async fn retry(&self, id: DownloadId) -> Result<(), CommandFailure> {
        Ok(self.desk.door.engine()?.retry(id).await?)
    }
}

/// Without a deadline nothing wakes the loop but news.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
