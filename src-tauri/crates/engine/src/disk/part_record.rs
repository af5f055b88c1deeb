//! The records beside a partial file, created, found and dropped together with it: the owner mark, and the journal of
//! the bytes written.

use std::fs::File;
use std::path::Path;

use super::part_file::{self, PartFile, PartLookup};
use super::same_file::{Deletion, Known};
use super::writer_pool::WriterPool;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::problem::Problem;

impl WriterPool {
    /// Creates the partial file for `name`, after deleting what a lost list left for that URL; see
    /// [`part_file::create_part`].
    pub(crate) fn claim(
        &self,
        folder: &Path,
        name: &str,
        total: Option<u64>,
        url: &str,
        note: impl Fn(&str),
    ) -> Result<PartFile, Problem> {
        if let Some(marks) = &self.marks {
            marks.remove_orphans(&*self.files, folder, name, url);
        }
        let part = part_file::create_part(&*self.files, folder, name, total, note)?;
        if let Some(marks) = &self.marks {
            marks.set(&part.file, &part.id, url);
        }
        Ok(part)
    }

    /// Opens the partial file with all its bytes: those on the list, and those that a process killed in this boot
    /// wrote after that; see [`part_file::open_part`]. One that was truncated or changed is still this download's, and
    /// is deleted: it must not block the new one's name. One that only may be this download's stays.
    pub(crate) fn find(
        &self,
        folder: &Path,
        name: &str,
        id: &str,
        known: Known<'_>,
        total: Option<u64>,
    ) -> Result<(PartLookup, ByteRanges), Problem> {
        let noted = |file: &File, id: &str| self.has_noted(file, id);
        let found = part_file::open_part(&*self.files, folder, name, id, known, total, &noted);
        if let Err(Problem::PartialLost { .. }) = &found {
            let _stays = self.erase_part(folder, name, id, known);
        }
        let found = found?;
        let mut here = known.0.clone();
        if let (PartLookup::PartFile(part), Some(progress)) = (&found, &self.progress) {
            here.add(&progress.recover(&*self.files, &part.file, &part.id));
        }
        Ok((found, here))
    }

    /// Deletes the partial file of `name`, if it is shown to be the one with that id, and its journal.
    pub(crate) fn erase_part(
        &self,
        folder: &Path,
        name: &str,
        id: &str,
        known: Known<'_>,
    ) -> Deletion {
        let noted = |file: &File, id: &str| self.has_noted(file, id);
        let erased = part_file::delete_part(&*self.files, folder, name, id, known, &noted);
        self.forget_progress(id);
        erased
    }

    /// Whether the bytes recorded in the journal of a file with that id are still in this one.
    fn has_noted(&self, file: &File, id: &str) -> bool {
        let progress = self.progress.as_ref();
        progress.is_some_and(|progress| !progress.recover(&*self.files, file, id).is_empty())
    }

    /// Deletes the journal: the file with that id is finished or gone.
    pub(crate) fn forget_progress(&self, id: &str) {
        if let Some(progress) = &self.progress {
            progress.forget(id);
        }
    }
}
