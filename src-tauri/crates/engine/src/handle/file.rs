//! Commands of the [`Handle`] about the files of downloads on disk: whether they are there, and where they are to be.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::{Command, CommandError, Handle, Reply};
use crate::disk::{self, FileSystem, FinishedFile, RecordedFile};
use crate::domain::checksum::Checksum;
use crate::domain::download::DownloadId;
use crate::domain::user_file_name::check_file_name;
use crate::domain::verification::VerifyOutcome;

/// Files looked at by one call of [`Handle::missing_files`].
const MAX_LOOKED_AT: usize = 200;

/// The file of a finished download.
pub(crate) struct FileRef {
    pub(crate) files: Arc<dyn FileSystem>,
    pub(crate) recorded: RecordedFile,
}

impl std::fmt::Debug for FileRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileRef")
            .field("recorded", &self.recorded)
            .finish_non_exhaustive()
    }
}

impl FileRef {
    fn is_there(&self) -> bool {
        let RecordedFile { id, total, .. } = &self.recorded;
        disk::is_there(&*self.files, &self.recorded.path(), id, *total)
    }
}

/// A command about the file of one download, or several.
#[derive(Debug)]
pub(crate) enum FileCommand {
    Get(DownloadId, Reply<FileRef>),
    /// Those of finished downloads on disks that respond.
    GetAll(Vec<DownloadId>, Reply<Vec<(DownloadId, FileRef)>>),
    Rename(DownloadId, String, Reply<()>),
    Move(DownloadId, PathBuf, Reply<()>),
    /// The file of a finished download is at another place: folder, name and id.
    Located(DownloadId, PathBuf, String, String, Reply<()>),
    DownloadAgain(DownloadId, Reply<()>),
    Verify(DownloadId, VerifyAgainst, Reply<VerifyOutcome>),
    CancelVerification(DownloadId, Reply<()>),
}

/// What a finished file is compared with.
#[derive(Debug)]
pub(crate) enum VerifyAgainst {
    /// The digest that it was verified by, if there was one.
    Known,
    /// The user's.
    Given(Checksum),
    /// The one in a checksum file beside its link.
    Beside,
}

impl Handle {
    /// Whether the path of a finished download still holds the file that was downloaded: `false` if it was moved,
    /// deleted or replaced. Blocks on the disk, on a thread for blocking work.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not finished; [`CommandError::Stopped`].
    pub async fn has_file(&self, id: DownloadId) -> Result<bool, CommandError> {
        let file = self.file(FileCommand::Get, id).await?;
        blocking(move || file.is_there()).await
    }

    /// Those of the finished downloads whose file was moved, deleted or replaced. Unknown ids, unfinished downloads, and
    /// those on disks that do not respond are left out, as is everything beyond the first 200.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn missing_files(
        &self,
        mut ids: Vec<DownloadId>,
    ) -> Result<Vec<DownloadId>, CommandError> {
        ids.truncate(MAX_LOOKED_AT);
        let found = self.file(FileCommand::GetAll, ids).await?;
        blocking(move || {
            let missing = found.iter().filter(|(_, file)| !file.is_there());
            missing.map(|(id, _)| *id).collect()
        })
        .await
    }

    /// Opens the file of a finished download for reading.
    ///
    /// # Errors
    ///
    /// [`CommandError::FileMissing`] if it was moved, deleted or replaced, or cannot be read;
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not finished; [`CommandError::Stopped`].
    pub async fn open_file(&self, id: DownloadId) -> Result<FinishedFile, CommandError> {
        let file = self.file(FileCommand::Get, id).await?;
        let opened = blocking(move || FinishedFile::open(&*file.files, &file.recorded)).await?;
        opened.ok().flatten().ok_or(CommandError::FileMissing(id))
    }

    /// The digest that its file was verified by, if there was one.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not finished; [`CommandError::Stopped`].
    pub async fn digest(&self, id: DownloadId) -> Result<Option<Checksum>, CommandError> {
        let file = self.file(FileCommand::Get, id).await?;
        Ok(file.recorded.digest)
    }

    /// Another name for its file, in its folder. A running download stops for that and continues by itself. Returns when
    /// the file has the name and that is stored.
    ///
    /// # Errors
    ///
    /// [`CommandError::BadName`]; [`CommandError::Relocation`] if the name is taken or the disk refuses it: the file has
    /// its old name; [`CommandError::FileMissing`]; [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] while it
    /// is renamed or moved already, or removed; [`CommandError::Stopped`].
    pub async fn rename(&self, id: DownloadId, name: String) -> Result<(), CommandError> {
        if let Err(error) = check_file_name(&name) {
            return Err(CommandError::BadName(error));
        }
        self.file(|id, reply| FileCommand::Rename(id, name, reply), id)
            .await
    }

    /// Another folder for its file, with the bytes that are here; under a numbered name where its own is taken. A running
    /// download stops for that and continues by itself. On another file system the file is copied, synced and compared,
    /// and only then deleted at its old place: that takes long; see [`crate::Snapshot::relocation`]. Continued at the
    /// next start if the process ends meanwhile. Returns when the file is there and that is stored.
    ///
    /// # Errors
    ///
    /// As for [`Handle::rename`].
    pub async fn move_file(&self, id: DownloadId, folder: PathBuf) -> Result<(), CommandError> {
        self.file(|id, reply| FileCommand::Move(id, folder, reply), id)
            .await
    }

    /// Tells where the file of a finished download is now: the file at `path`, if it is that one. May read all of it.
    ///
    /// # Errors
    ///
    /// [`CommandError::OtherFile`] if it is another one; [`CommandError::FileMissing`] if nothing can be read there;
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`]; [`CommandError::Stopped`].
    pub async fn locate(&self, id: DownloadId, path: PathBuf) -> Result<(), CommandError> {
        let place = path.parent().zip(path.file_name());
        let place = place.and_then(|(folder, name)| Some((folder.to_owned(), name.to_str()?)));
        let Some((folder, name)) = place.map(|(folder, name)| (folder, name.to_owned())) else {
            return Err(CommandError::OtherFile(id));
        };
        let file = self.file(FileCommand::Get, id).await?;
        let found = blocking(move || disk::is_file_of(&*file.files, &path, &file.recorded)).await?;
        let found = found.map_err(|_| CommandError::FileMissing(id))?;
        let found = found.ok_or(CommandError::OtherFile(id))?;
        let located = |id, reply| FileCommand::Located(id, folder, name, found, reply);
        self.file(located, id).await
    }

    /// Downloads a finished file again, from zero, into the same folder. A file that is still there stays, and the new
    /// one gets a numbered name.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not finished; [`CommandError::Stopped`].
    pub async fn download_again(&self, id: DownloadId) -> Result<(), CommandError> {
        self.file(FileCommand::DownloadAgain, id).await
    }

    /// Verifies the file of a finished download: reads all of it, and compares its digest with `expected`; without one,
    /// with the digest that it was verified by, and where there is none, only computes its SHA-256. The file is not
    /// changed, and other commands stay possible. See [`crate::Snapshot::verifying`] for the progress; a result that
    /// compared is stored, see [`crate::Snapshot::verification`].
    ///
    /// Of a download that has failed because of its checksum, it is the file that was kept, compared with `expected` or once
    /// more with the digest that was expected. If it matches, the file gets its name, or the next free one, and the
    /// download is finished; meanwhile no command but a removal and a cancellation is possible.
    ///
    /// # Errors
    ///
    /// [`CommandError::FileMissing`] if it was moved, deleted or replaced; [`CommandError::Verification`] if it cannot be
    /// read or was changed meanwhile; [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not finished,
    /// or is verified or moved already; [`CommandError::Stopped`].
    pub async fn verify(
        &self,
        id: DownloadId,
        expected: Option<Checksum>,
    ) -> Result<VerifyOutcome, CommandError> {
        let against = expected.map_or(VerifyAgainst::Known, VerifyAgainst::Given);
        self.file(|id, reply| FileCommand::Verify(id, against, reply), id)
            .await
    }

    /// The same with the checksum that is published beside the link: `NAME.sha256` and the like, or a `SHA256SUMS` and
    /// the like in its folder. Sends up to eight requests to the origin of the link, without the
    /// secrets of the download, which are dropped when it is finished.
    ///
    /// # Errors
    ///
    /// As for [`Handle::verify`]; [`CommandError::Verification`] also if the server cannot be asked.
    pub async fn verify_beside(&self, id: DownloadId) -> Result<VerifyOutcome, CommandError> {
        let verify = |id, reply| FileCommand::Verify(id, VerifyAgainst::Beside, reply);
        self.file(verify, id).await
    }

    /// Ends a verification that is under way; nothing of it is kept. Without one, does nothing.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::Stopped`].
    pub async fn cancel_verification(&self, id: DownloadId) -> Result<(), CommandError> {
        self.file(FileCommand::CancelVerification, id).await
    }

    async fn file<I, T>(
        &self,
        command: impl FnOnce(I, Reply<T>) -> FileCommand,
        of: I,
    ) -> Result<T, CommandError> {
        self.request(|reply| Command::File(Box::new(command(of, reply))))
            .await
    }

    /// Free space for that folder in bytes; `None` where it is unknown. Waits as long as the disk takes to say so.
    ///
    /// # Errors
    ///
    /// [`CommandError::Stopped`].
    pub async fn free_space(&self, folder: PathBuf) -> Result<Option<u64>, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.send(Command::FreeSpace(folder, reply)).await?;
        answer.await.map_err(|_| CommandError::Stopped)
    }
}

/// Runs on a thread for blocking work.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CommandError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| CommandError::Stopped)
}
