//! The engine's door: a cheap clone that sends commands and subscribes to updates.
//!
//! Knows no download and decides nothing.

mod control;
mod file;
mod offload;

use std::path::PathBuf;

use tokio::sync::{mpsc, oneshot};

use crate::domain::download::{DownloadId, NewDownload, ProbeResult, Snapshot, Update};
use crate::domain::problem::Problem;
use crate::domain::removal::RemoveMode;
use crate::domain::segments::Segments;

pub(crate) use control::ControlCommand;
pub(crate) use file::FileRef;
pub(crate) use offload::OffloadCommand;

/// One intent. `List` and `All*` concern every download.
#[derive(Debug)]
pub(crate) enum Command {
    Add(Vec<NewDownload>, Reply<Vec<DownloadId>>),
    FindComplete(Vec<NewDownload>, Reply<Vec<Option<PathBuf>>>),
    Probe(Box<NewDownload>, Reply<ProbeResult>),
    Pause(DownloadId, Reply<()>),
    Resume(DownloadId, Reply<()>),
    Retry(DownloadId, Reply<()>),
    Remove(DownloadId, RemoveMode, Reply<()>),
    ChangeLink(DownloadId, String, Reply<()>),
    ChangeFolder(DownloadId, PathBuf, Reply<()>),
    PauseAll(Reply<()>),
    ResumeAll(Reply<()>),
    Limit(Option<u64>, Reply<()>),
    LimitOf(DownloadId, Option<u64>, Reply<()>),
    Control(ControlCommand, Reply<()>),
    Offload(OffloadCommand),
    Queue(oneshot::Sender<Vec<DownloadId>>),
    Segments(DownloadId, Reply<Segments>),
    File(DownloadId, Reply<FileRef>),
    List(oneshot::Sender<Vec<Snapshot>>),
    Subscribe(
        mpsc::UnboundedSender<Update>,
        oneshot::Sender<Vec<Snapshot>>,
    ),
}

pub(crate) type Reply<T> = oneshot::Sender<Result<T, CommandError>>;

/// Why a command was not carried out. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("no download has the number {0}; the list is unchanged")]
    UnknownDownload(DownloadId),
    #[error("download {0} does not take this command in its present state")]
    NotNow(DownloadId),
    #[error("the link cannot be used: {}", .0.code())]
    InvalidUrl(Problem),
    #[error(
        "the header {0:?} cannot be sent: its name or value holds what no header can; nothing was added"
    )]
    BadHeader(String),
    #[error("the list could not be stored: {0}; nothing was added")]
    NotStored(String),
    #[error("the engine has stopped")]
    Stopped,
}

/// Sends commands to a running engine. When the last handle is dropped, the engine flushes and ends.
#[derive(Debug, Clone)]
pub struct Handle {
    pub(crate) commands: mpsc::Sender<Command>,
}

/// Every update from the moment of subscription on, none lost; `first` is the state just before.
#[derive(Debug)]
pub struct Subscription {
    pub first: Vec<Snapshot>,
    updates: mpsc::UnboundedReceiver<Update>,
}

impl Subscription {
    /// One without an engine, told by hand: for measuring and testing what listens.
    pub fn of(first: Vec<Snapshot>, updates: mpsc::UnboundedReceiver<Update>) -> Self {
        Self { first, updates }
    }

    /// The next update, or `None` when the engine has ended.
    pub async fn next(&mut self) -> Option<Update> {
        self.updates.recv().await
    }

    /// The next update if one is already there.
    pub fn try_next(&mut self) -> Option<Update> {
        self.updates.try_recv().ok()
    }
}

impl Handle {
    /// Adds one download; the id is stored when this returns.
    pub async fn add(&self, new: NewDownload) -> Result<DownloadId, CommandError> {
        let ids = self.add_many(vec![new]).await?;
        ids.first().copied().ok_or(CommandError::Stopped)
    }

    /// Adds all or none, in one transaction; ids in the order given.
    pub async fn add_many(&self, new: Vec<NewDownload>) -> Result<Vec<DownloadId>, CommandError> {
        self.request(|reply| Command::Add(new, reply)).await
    }

    /// For each download, in the order given: the file that an earlier run with the same link, folder and name has
    /// finished, if it is still there and was not written to since. No server is asked. Always `None` for an engine that
    /// keeps its finished downloads on its list ([`crate::StoreMode::Exclusive`]).
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn find_complete(
        &self,
        new: Vec<NewDownload>,
    ) -> Result<Vec<Option<PathBuf>>, CommandError> {
        self.request(|reply| Command::FindComplete(new, reply))
            .await
    }

    /// Asks the server now what a link leads to. Its answer is kept open for a while (see
    /// [`crate::Config::probe_ttl`]), unread: the next download of this link with the same headers, credentials and
    /// proxy goes on with it instead of asking again, under whatever name.
    ///
    /// # Errors
    ///
    /// [`CommandError::InvalidUrl`] with what a download would have failed of.
    pub async fn probe(&self, new: NewDownload) -> Result<ProbeResult, CommandError> {
        self.request(|reply| Command::Probe(Box::new(new), reply))
            .await
    }

    /// Stops it; it goes on from where it was with [`Handle::resume`].
    pub async fn pause(&self, id: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::Pause(id, reply)).await
    }

    pub async fn resume(&self, id: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::Resume(id, reply)).await
    }

    /// Tries again now, whether it waits or has failed.
    pub async fn retry(&self, id: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::Retry(id, reply)).await
    }

    /// Takes it off the list, whatever it is doing.
    pub async fn remove(&self, id: DownloadId, leftover: RemoveMode) -> Result<(), CommandError> {
        self.request(|reply| Command::Remove(id, leftover, reply))
            .await
    }

    /// Another link for the same file; what is there is kept if the server's file proves to be the same. Starts it.
    pub async fn change_url(&self, id: DownloadId, url: String) -> Result<(), CommandError> {
        self.request(|reply| Command::ChangeLink(id, url, reply))
            .await
    }

    /// Another folder for a download that has failed or is paused; begins again there. Starts it.
    pub async fn change_folder(&self, id: DownloadId, folder: PathBuf) -> Result<(), CommandError> {
        self.request(|reply| Command::ChangeFolder(id, folder, reply))
            .await
    }

    pub async fn pause_all(&self) -> Result<(), CommandError> {
        self.request(Command::PauseAll).await
    }

    pub async fn resume_all(&self) -> Result<(), CommandError> {
        self.request(Command::ResumeAll).await
    }

    /// Bytes per second for all downloads together; `None` lifts the limit. At once.
    pub async fn set_limit(&self, rate: Option<u64>) -> Result<(), CommandError> {
        self.request(|reply| Command::Limit(rate, reply)).await
    }

    /// Bytes per second for one download.
    pub async fn set_limit_of(
        &self,
        id: DownloadId,
        rate: Option<u64>,
    ) -> Result<(), CommandError> {
        self.request(|reply| Command::LimitOf(id, rate, reply))
            .await
    }

    /// Which parts of a download's file are here, and which are on their way.
    pub async fn segments(&self, id: DownloadId) -> Result<Segments, CommandError> {
        self.request(|reply| Command::Segments(id, reply)).await
    }

    /// Every download, oldest first.
    pub async fn list(&self) -> Result<Vec<Snapshot>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::List(reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    /// The list as it is, and every update after it.
    pub async fn subscribe(&self) -> Result<Subscription, CommandError> {
        let (sender, updates) = mpsc::unbounded_channel();
        let (reply, answer) = oneshot::channel();
        self.send(Command::Subscribe(sender, reply)).await?;
        let first = answer.await.map_err(|_| CommandError::Stopped)?;
        Ok(Subscription { first, updates })
    }

    async fn request<T>(
        &self,
        command: impl FnOnce(Reply<T>) -> Command,
    ) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(command(reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)?
    }

    async fn send(&self, command: Command) -> Result<(), CommandError> {
        self.commands
            .send(command)
            .await
            .map_err(|_| CommandError::Stopped)
    }
}
