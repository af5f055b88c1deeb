//! What is kept beside an unfinished file, made, found and dropped together with it: the mark that says whose it is, and
//! the note of what was written into it.

use std::path::Path;

use super::part::{self, Found, Part};
use super::pool::Pool;
use crate::core::plan::Ranges;
use crate::core::problem::Problem;
use crate::core::samples::Samples;

impl Pool {
    /// Makes the unfinished file for `name`, in the place of what a lost list has left of that link; see [`part::claim`].
    pub(crate) fn claim(
        &self,
        folder: &Path,
        name: &str,
        total: Option<u64>,
        url: &str,
        note: impl Fn(&str),
    ) -> Result<Part, Problem> {
        if let Some(marks) = &self.marks {
            marks.remove_orphans(&*self.files, folder, name, url);
        }
        let part = part::claim(&*self.files, folder, name, total, note)?;
        if let Some(marks) = &self.marks {
            marks.set(&part.file, &part.id, url);
        }
        Ok(part)
    }

    /// Opens the unfinished file again, with all that is in it: what the list knows, and what a killed process of this
    /// boot wrote after that; see [`part::find`]. One that was shortened or changed is still ours, and deleted: it must not
    /// stand in the way of the new one.
    pub(crate) fn find(
        &self,
        folder: &Path,
        name: &str,
        id: &str,
        (done, samples): (&Ranges, &Samples),
        total: Option<u64>,
    ) -> Result<(Found, Ranges), Problem> {
        let found = part::find(&*self.files, folder, name, id, (done, samples), total);
        if let Err(Problem::PartialLost { .. }) = &found {
            self.erase_part(folder, name, id);
        }
        let found = found?;
        let mut here = done.clone();
        if let (Found::Part(part), Some(progress)) = (&found, &self.progress) {
            here.add(&progress.recover(&*self.files, &part.file, &part.id));
        }
        Ok((found, here))
    }

    /// Deletes the unfinished file of `name`, if it is the one with that id, and what is known of it.
    pub(crate) fn erase_part(&self, folder: &Path, name: &str, id: &str) {
        part::erase_part(&*self.files, folder, name, id);
        self.forget_progress(id);
    }

    /// The file with that id is finished or gone.
    pub(crate) fn forget_progress(&self, id: &str) {
        if let Some(progress) = &self.progress {
            progress.forget(id);
        }
    }
}
