//! Why settings are not taken.

use std::io;

use crate::folder_grants::FolderError;

/// Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The text begins with the setting's name.
    #[error("{name} {why}; nothing was changed")]
    Invalid { name: &'static str, why: String },
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("the settings could not be stored, and are as they were: {0}")]
    NotStored(io::Error),
}
