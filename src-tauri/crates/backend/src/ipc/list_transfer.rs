//! Import and export of the list, for the page.

use serde::{Deserialize, Serialize};

use crate::list_file::{Fault, ImportFormat};

/// How the downloads of a file are added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ImportOptions {
    /// Add all of them paused, whatever the file says.
    pub paused: bool,
    /// Also those that were finished: they are added paused, to be downloaded again.
    pub finished: bool,
}

/// What an import has done, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    pub format: ImportFormat,
    pub added: u32,
    /// Left out: the list has their links already.
    pub known: u32,
    /// Left out: they were finished, and were not asked for.
    pub finished: u32,
    /// Of those added, how many go to another folder than the file says: it is none that the user has chosen here.
    pub other_folder: u32,
    /// What was not taken of the file; the first 50.
    pub faults: Vec<Fault>,
    /// How many there are beyond these.
    pub more_faults: u32,
}

/// A file that was written into a folder of the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SavedFile {
    pub name: String,
    /// For display only.
    pub folder: String,
    pub downloads: u32,
}
