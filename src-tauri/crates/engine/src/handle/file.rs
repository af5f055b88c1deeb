//! Queries of the [`Handle`] about a download's file on disk.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Command, CommandError, Handle};
use crate::disk::{self, FileSystem};
use crate::domain::download::DownloadId;

/// Path and file id of a finished download.
pub(crate) struct FileRef {
    pub(crate) files: Arc<dyn FileSystem>,
    pub(crate) path: PathBuf,
    pub(crate) id: String,
    pub(crate) total: Option<u64>,
}

impl std::fmt::Debug for FileRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileRef")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Handle {
    /// Whether the path of a finished download still holds the file that was downloaded: `false` if it was moved,
    /// deleted or replaced. Blocks on the disk, on a thread for blocking work.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not finished; [`CommandError::Stopped`].
    pub async fn has_file(&self, id: DownloadId) -> Result<bool, CommandError> {
        let file = self.request(|reply| Command::File(id, reply)).await?;
        let look = move || disk::is_there(&*file.files, &file.path, &file.id, file.total);
        let looked = tokio::task::spawn_blocking(look).await;
        looked.map_err(|_| CommandError::Stopped)
    }
}
