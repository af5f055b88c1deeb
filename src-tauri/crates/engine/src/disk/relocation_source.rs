//! The file that is renamed or moved, the shared state of that work, and why it ends early.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64};

use super::file_info::FileInfo;
use super::file_system::FileSystem;
use super::part_file::part_path;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::document_id::unfinished;
use crate::domain::file_id::{IdMatch, compare_ids};
use crate::domain::origin::Origin;
use crate::domain::problem::Problem;

/// The file of a download, and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct RelocationSource {
    pub(crate) folder: PathBuf,
    /// Without `.part`.
    pub(crate) name: String,
    pub(crate) id: String,
    /// Length of the whole file.
    pub(crate) total: Option<u64>,
    /// Set for an unfinished file, whose name ends in `.part`: only these ranges are copied.
    pub(crate) partial: Option<ByteRanges>,
    /// For the mark of files from the internet, which a copy loses.
    pub(crate) origin: Option<Origin>,
}

/// Shared with the thread that works on it.
#[derive(Debug, Default)]
pub(crate) struct RelocationControl {
    pub(crate) copied: AtomicU64,
    /// Bytes to be copied; 0 until a copy has begun.
    pub(crate) total: AtomicU64,
    pub(crate) cancelled: AtomicBool,
}

/// Why the file is where it was. Nothing is left of a copy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RelocateError {
    /// The file of the download is at none of its places.
    Missing,
    Cancelled,
    Problem(Problem),
}

impl From<Problem> for RelocateError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl RelocationSource {
    pub(crate) fn path(&self) -> PathBuf {
        self.place(&self.folder, &self.name)
    }

    /// The path of this file under another name.
    pub(super) fn place(&self, folder: &Path, name: &str) -> PathBuf {
        if self.partial.is_some() {
            part_path(folder, name)
        } else {
            folder.join(name)
        }
    }

    /// The id as it is stored.
    pub(super) fn stored_id(&self, id: String) -> String {
        if self.partial.is_some() {
            unfinished(id)
        } else {
            id
        }
    }

    /// The file at its place, if it is the one. Where the id is inconclusive, the length of a finished one decides.
    pub(super) fn find(&self, files: &dyn FileSystem) -> Option<FileInfo> {
        let seen = files.stat(&self.path()).ok().filter(|seen| seen.is_file)?;
        let same = match compare_ids(&self.id, &self.stored_id(seen.id.clone())) {
            IdMatch::Same => true,
            IdMatch::Inconclusive => self.partial.is_none() && self.total == Some(seen.length),
            IdMatch::Different => false,
        };
        same.then_some(seen)
    }
}
