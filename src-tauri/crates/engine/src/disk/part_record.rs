//! What is kept beside an unfinished file, made, found and dropped together with it: the mark that says whose it is, and
//! the note of what was written into it.

use std::fs::File;
use std::path::Path;

use super::part_file::{self, PartFile, PartLookup};
use super::same_file::{Deletion, Known};
use super::writer_pool::WriterPool;
use crate::domain::byte_ranges::ByteRanges;
use crate::domain::problem::Problem;

impl WriterPool {
    /// Makes the unfinished file for `name`, in the place of what a lost list has left of that link; see [`part_file::create_part`].
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

    /// Opens the unfinished file again, with all that is in it: what the list knows, and what a killed process of this
    /// boot wrote after that; see [`part_file::open_part`]. One that was shortened or changed is still ours, and deleted: it must not
    /// stand in the way of the new one. What only may be ours stays where it is.
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

    /// Deletes the unfinished file of `name`, if it is shown to be the one with that id, and what is known of it.
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

    /// Whether what was noted of a file with that id, for the case of a kill, is still in this one.
    fn has_noted(&self, file: &File, id: &str) -> bool {
        let progress = self.progress.as_ref();
        progress.is_some_and(|progress| !progress.recover(&*self.files, file, id).is_empty())
    }

    /// The file with that id is finished or gone.
    pub(crate) fn forget_progress(&self, id: &str) {
        if let Some(progress) = &self.progress {
            progress.forget(id);
        }
    }
}
