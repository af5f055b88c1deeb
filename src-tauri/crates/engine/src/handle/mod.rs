//! Cloneable handle: commands in, updates out.
//!
//! Holds no download state and decides nothing.

mod control;
mod export;
mod file;
mod offload;
mod options;
mod replace;

use std::path::PathBuf;

use tokio::sync::{mpsc, oneshot};

use crate::domain::download::{DownloadId, NewDownload, ProbeResult, Snapshot, Update};
use crate::domain::problem::Problem;
use crate::domain::removal::RemoveMode;
use crate::domain::segments::Segments;
use crate::domain::speed_history::SpeedHistory;
use crate::domain::stored_download::StoredDownload;
use crate::domain::user_file_name::FileNameError;

pub(crate) use control::ControlCommand;
pub(crate) use file::{FileCommand, FileRef, VerifyAgainst};
pub(crate) use offload::OffloadCommand;
pub(crate) use options::OptionsCommand;

/// A command to the actor. `List` and `All*` concern every download.
#[derive(Debug)]
pub(crate) enum Command {
    Add(Vec<NewDownload>, Reply<Vec<DownloadId>>),
    Replace(DownloadId, Box<NewDownload>, Reply<DownloadId>),
    UndoReplace(DownloadId, Reply<()>),
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
    Options(OptionsCommand),
    Queue(oneshot::Sender<Vec<DownloadId>>),
    Segments(DownloadId, Reply<Segments>),
    SpeedHistory(DownloadId, Reply<SpeedHistory>),
    File(Box<FileCommand>),
    Export {
        secrets: bool,
        reply: oneshot::Sender<Vec<StoredDownload>>,
    },
    FreeSpace(PathBuf, oneshot::Sender<Option<u64>>),
    List(oneshot::Sender<Vec<Snapshot>>),
    Subscribe(
        mpsc::UnboundedSender<Update>,
        oneshot::Sender<Vec<Snapshot>>,
    ),
}

pub(crate) type Reply<T> = oneshot::Sender<Result<T, CommandError>>;

/// Why a command was rejected. Nothing was changed.
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
    #[error("the file cannot have this name: {0}; nothing was changed")]
    BadName(FileNameError),
    #[error("the file of download {0} is not there any more; it was moved, deleted or replaced")]
    FileMissing(DownloadId),
    #[error(
        "this is not the file of download {0}: its content is another one; nothing was changed"
    )]
    OtherFile(DownloadId),
    /// The file is where it was, and complete.
    #[error("the file is where it was: {}", .0.code())]
    Relocation(Problem),
    /// The file is as it was.
    #[error("the file could not be verified: {}", .0.code())]
    Verification(Problem),
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

/// Every update from the moment of subscription on, none lost; `first` is the list at that moment.
#[derive(Debug)]
pub struct Subscription {
    pub first: Vec<Snapshot>,
    updates: mpsc::UnboundedReceiver<Update>,
}

impl Subscription {
    /// A subscription without an engine, fed by the caller: for benchmarks and tests of subscribers.
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
    /// Adds one download; its id is persisted when this returns.
    ///
    /// # Errors
    ///
    /// See [`Handle::add_many`].
    pub async fn add(&self, new: NewDownload) -> Result<DownloadId, CommandError> {
        let ids = self.add_many(vec![new]).await?;
        ids.first().copied().ok_or(CommandError::Stopped)
    }

    /// Adds all or none, in one transaction; ids in the order given.
    ///
    /// # Errors
    ///
    /// [`CommandError::InvalidUrl`] and [`CommandError::BadHeader`] for the first download that cannot be requested;
    /// [`CommandError::NotStored`] if the transaction failed; [`CommandError::Stopped`].
    pub async fn add_many(&self, new: Vec<NewDownload>) -> Result<Vec<DownloadId>, CommandError> {
        self.request(|reply| Command::Add(new, reply)).await
    }

    /// For each download, in the order given: the file that an earlier run with the same URL, folder and name has
    /// published, if it is still there and unmodified. Sends no request. Always `None` for an engine that keeps
    /// finished downloads in its list ([`crate::StoreMode::Exclusive`]).
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

    /// Sends the download's first request now and returns what the response says about the file. The response is kept
    /// open for a while (see [`crate::Config::probe_ttl`]), its body unread: the next download of this URL with the
    /// same headers, credentials and proxy continues with it instead of sending another request, whatever its name.
    ///
    /// # Errors
    ///
    /// [`CommandError::InvalidUrl`] with the problem that a download would have failed with;
    /// [`CommandError::BadHeader`]; [`CommandError::Stopped`].
    pub async fn probe(&self, new: NewDownload) -> Result<ProbeResult, CommandError> {
        self.request(|reply| Command::Probe(Box::new(new), reply))
            .await
    }

    /// Stops it; [`Handle::resume`] continues from the bytes on disk.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] while its file is being verified and published, and
    /// if it is paused, finished or failed; [`CommandError::Stopped`].
    pub async fn pause(&self, id: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::Pause(id, reply)).await
    }

    /// Queues a paused download.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not paused; [`CommandError::Stopped`].
    pub async fn resume(&self, id: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::Resume(id, reply)).await
    }

    /// Queues a waiting or failed download for its next attempt now.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it neither waits nor has failed;
    /// [`CommandError::Stopped`].
    pub async fn retry(&self, id: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::Retry(id, reply)).await
    }

    /// Removes it from the list in any state.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::Stopped`].
    pub async fn remove(&self, id: DownloadId, leftover: RemoveMode) -> Result<(), CommandError> {
        self.request(|reply| Command::Remove(id, leftover, reply))
            .await
    }

    /// Another URL for the same file, then starts it. The bytes on disk are kept if the server's file proves to be the
    /// same.
    ///
    /// # Errors
    ///
    /// [`CommandError::InvalidUrl`]; [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] while a worker runs,
    /// or if it is finished; [`CommandError::Stopped`].
    pub async fn change_url(&self, id: DownloadId, url: String) -> Result<(), CommandError> {
        self.request(|reply| Command::ChangeLink(id, url, reply))
            .await
    }

    /// Another folder for an unfinished download, then starts it: from zero, in the new folder.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] while a worker runs, or if it is finished;
    /// [`CommandError::Stopped`].
    pub async fn change_folder(&self, id: DownloadId, folder: PathBuf) -> Result<(), CommandError> {
        self.request(|reply| Command::ChangeFolder(id, folder, reply))
            .await
    }

    /// Pauses every download that can be paused, except those with a scheduled start.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn pause_all(&self) -> Result<(), CommandError> {
        self.request(Command::PauseAll).await
    }

    /// Resumes every paused download, except those with a scheduled start.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn resume_all(&self) -> Result<(), CommandError> {
        self.request(Command::ResumeAll).await
    }

    /// Bytes per second for all downloads together; `None` lifts the limit. Applied immediately.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn set_limit(&self, rate: Option<u64>) -> Result<(), CommandError> {
        self.request(|reply| Command::Limit(rate, reply)).await
    }

    /// Bytes per second for one download, persisted; `None` lifts the limit. Applied immediately.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is finished; [`CommandError::Stopped`].
    pub async fn set_limit_of(
        &self,
        id: DownloadId,
        rate: Option<u64>,
    ) -> Result<(), CommandError> {
        self.request(|reply| Command::LimitOf(id, rate, reply))
            .await
    }

    /// The ranges of a download's file that are on disk, and those that are being fetched.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::Stopped`].
    pub async fn segments(&self, id: DownloadId) -> Result<Segments, CommandError> {
        self.request(|reply| Command::Segments(id, reply)).await
    }

    /// The speed of a download over its whole life, stored with it.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::Stopped`].
    pub async fn speed_history(&self, id: DownloadId) -> Result<SpeedHistory, CommandError> {
        self.request(|reply| Command::SpeedHistory(id, reply)).await
    }

    /// Every download, oldest first.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn list(&self) -> Result<Vec<Snapshot>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::List(reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }

    /// The list as it is, and every update after it.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
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
