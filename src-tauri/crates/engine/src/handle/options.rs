//! Commands of the [`Handle`] for the options of existing downloads.

use super::{Command, CommandError, Handle, Reply};
use crate::domain::download::DownloadId;
use crate::domain::option_change::{OptionsPatch, StoredOptions};

/// A command about options.
#[derive(Debug)]
pub(crate) enum OptionsCommand {
    Get(Vec<DownloadId>, Reply<Vec<StoredOptions>>),
    Set(Vec<OptionsPatch>, Reply<Vec<OptionsPatch>>),
}

impl Handle {
    /// The options of these downloads, in the order given.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::Stopped`].
    pub async fn options(&self, ids: Vec<DownloadId>) -> Result<Vec<StoredOptions>, CommandError> {
        self.request(|reply| Command::Options(OptionsCommand::Get(ids, reply)))
            .await
    }

    /// Applies all patches or none; persisted. Returns the patches that restore what was set before.
    ///
    /// Limit, connections and priority apply immediately. A change of what is sent with requests (headers, credentials,
    /// proxy) or of the checksum makes a running download continue with new requests, from the bytes on disk.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDownload`]; [`CommandError::NotNow`] for the first download that does not allow one of
    /// its changes now; [`CommandError::BadHeader`]; [`CommandError::Stopped`].
    pub async fn set_options(
        &self,
        patches: Vec<OptionsPatch>,
    ) -> Result<Vec<OptionsPatch>, CommandError> {
        self.request(|reply| Command::Options(OptionsCommand::Set(patches, reply)))
            .await
    }
}
