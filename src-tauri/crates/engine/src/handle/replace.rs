//! Commands of the [`Handle`] for a download that takes the place of another one.

use super::{Command, CommandError, Handle};
use crate::domain::download::{DownloadId, NewDownload};

impl Handle {
    /// Adds a download that takes the place of another one, in one transaction. Until the new one is complete, the old one
    /// stays on the list, stopped, with its file ([`crate::Snapshot::replaced_by`]); when the new one leaves the list, the
    /// old one is free again. Nothing is removed by itself: once the new one is complete, [`Handle::remove`] of the old one
    /// also gives the new one the name that the old one had.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`] and [`CommandError::NotNow`] if the old one is not there, or is being replaced
    /// already; else those of [`Handle::add_many`]. Nothing is added or changed then.
    pub async fn replace(
        &self,
        old: DownloadId,
        new: NewDownload,
    ) -> Result<DownloadId, CommandError> {
        self.request(|reply| Command::Replace(old, Box::new(new), reply))
            .await
    }

    /// Frees a download that is being replaced, and starts it if it was working then. The download that was to replace it
    /// is removed with its unfinished file; a complete one stays, with its file.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] if it is not being replaced;
    /// [`CommandError::Stopped`].
    pub async fn undo_replace(&self, old: DownloadId) -> Result<(), CommandError> {
        self.request(|reply| Command::UndoReplace(old, reply)).await
    }
}
