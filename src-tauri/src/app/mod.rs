//! What Millrace does beside the page: one loop over what the engine says and what the desktop and the page ask.
//!
//! Decides what the person is told. Touches the desktop only through [`Shell`]; knows no channel and no window.

mod notices;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use millrace_engine::{DownloadId, NewDownload, Phase, Snapshot, Subscription, Update};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

pub(crate) use self::notices::{About, Notice, found};
use self::notices::{Notices, Outcome};
use crate::desk::Door;
use crate::folders::Folders;
use crate::journal::Journal;
use crate::shell::{Shell, ShellError};
use crate::view::{CommandFailure, FailureCode, Folder};

type Reply<T> = oneshot::Sender<Result<T, CommandFailure>>;

/// What the page, the desktop or another start of the program asks for.
#[derive(Debug)]
pub(crate) enum Request {
    /// Links from a command line, to the default folder. The window comes to the front.
    Links(Vec<String>),
    Open(DownloadId, Reply<()>),
    Reveal(DownloadId, Reply<()>),
    PickFolder(Reply<Option<Folder>>),
    /// The dialog that `PickFolder` opened was closed.
    Picked(Option<PathBuf>, Reply<Option<Folder>>),
    /// A click on a notice or on one of its buttons.
    Clicked(Click),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Click {
    Open(DownloadId),
    Reveal(DownloadId),
    Retry(DownloadId),
    Window,
}

/// What is remembered of a download, to see it end and to find its file.
#[derive(Debug)]
struct Known {
    phase: Phase,
    path: PathBuf,
    opens: bool,
}

pub(crate) struct App<S> {
    shell: Arc<S>,
    door: Door,
    folders: Arc<Folders>,
    journal: Journal,
    known: BTreeMap<u64, Known>,
    notices: Notices,
    requests: mpsc::UnboundedSender<Request>,
}

impl<S: Shell> App<S> {
    pub(crate) fn new(
        shell: Arc<S>,
        door: Door,
        folders: Arc<Folders>,
        journal: Journal,
        requests: mpsc::UnboundedSender<Request>,
    ) -> Self {
        Self {
            shell,
            door,
            folders,
            journal,
            known: BTreeMap::new(),
            notices: Notices::default(),
            requests,
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
        loop {
            let deadline = self.notices.deadline();
            tokio::select! {
                update = updates.next() => match update {
                    Some(update) => self.hear(update),
                    None => return,
                },
                request = inbox.recv() => match request {
                    Some(request) => {
                        // all that the engine has said so far counts
                        while let Some(update) = updates.try_next() {
                            self.hear(update);
                        }
                        self.serve(request).await;
                    }
                    None => return,
                },
                () = sleep_until(deadline) => {
                    if let Some(notice) = self.notices.due(Instant::now()) {
                        self.shell.notify(&notice);
                    }
                }
            }
        }
    }

    fn hear(&mut self, update: Update) {
        match update {
            Update::Changed(snapshot) => {
                let before = self.remember(&snapshot);
                if before != Some(snapshot.phase)
                    && let Some(outcome) = Outcome::of(&snapshot)
                {
                    self.tell(outcome);
                }
            }
            Update::Removed(id) => {
                self.known.remove(&id.0);
            }
            Update::Log(..) => {}
        }
    }

    fn remember(&mut self, snapshot: &Snapshot) -> Option<Phase> {
        let known = Known {
            phase: snapshot.phase,
            path: snapshot.path(),
            opens: snapshot.allows.open,
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
                let requests = self.requests.clone();
                // the loop goes on while the dialog is open
                self.shell.pick_folder(Box::new(move |path| {
                    let _ = requests.send(Request::Picked(path, reply));
                }));
            }
            Request::Picked(path, reply) => {
                let _ = reply.send(Ok(path.map(|path| self.choose(path))));
            }
            Request::Clicked(click) => self.click(click).await,
        }
    }

    /// One by one: a wrong link is no reason to leave out the others.
    async fn add(&mut self, links: Vec<String>) {
        for link in links {
            if let Err(failure) = self.add_one(link.clone()).await {
                self.journal.line(&format!("link not added: {failure}"));
                let why = match &failure.problem {
                    Some(problem) => notices::words(problem),
                    None => failure.message,
                };
                self.tell(Outcome::Refused { link, why });
            }
        }
    }

    async fn add_one(&self, url: String) -> Result<(), CommandFailure> {
        let new = NewDownload {
            url,
            folder: self.folders.resolve(None)?,
            ..NewDownload::default()
        };
        self.door.engine()?.add(new).await?;
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
        let (folder, stored) = self.folders.choose(path);
        if let Err(error) = stored {
            let line = format!("the chosen folder is used, but not remembered: {error}");
            self.journal.line(&line);
        }
        folder
    }

    async fn click(&mut self, click: Click) {
        let done = match click {
            Click::Open(id) => self.open(id).await,
            Click::Reveal(id) => self.reveal(id).await,
            Click::Retry(id) => self.retry(id).await,
            Click::Window => {
                self.shell.come_to_front();
                Ok(())
            }
        };
        if let Err(failure) = done {
            self.journal.line(&format!("{click:?} failed: {failure}"));
            // there the person sees why
            self.shell.come_to_front();
        }
    }

    async fn retry(&self, id: DownloadId) -> Result<(), CommandFailure> {
        Ok(self.door.engine()?.retry(id).await?)
    }
}

/// Without a deadline nothing wakes the loop but news.
async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
