//! Publishes a file: synced, complete, and only then renamed to its final name, never replacing another file.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::SystemTime;

use super::error::{folder_problem, path_problem};
use super::file_info::FileInfo;
use super::file_system::{FileSystem, Renamed};
use super::native;
use super::numbered_names::{first_free_name, no_free_name};
use super::part_file::{PartFile, gone, part_path};
use super::same_file::seen_open;
use super::sharing_retry::retry_while_shared;
use crate::domain::document_id::unfinished;
use crate::domain::origin::Origin;
use crate::domain::problem::Problem;

/// Name and metadata of the finished file.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublishOptions {
    /// The only permitted name; without one, the next numbered name when its own is taken.
    pub(crate) exact_name: Option<String>,
    /// Its modification time.
    pub(crate) modified: Option<SystemTime>,
    /// Origin for the mark of files from the internet.
    pub(crate) origin: Option<Origin>,
}

/// A file under its final name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) name: String,
    /// Its id now: some file systems identify files by the location of their names.
    pub(crate) id: String,
}

/// Checks the length of the partial file, which is marked already, syncs it, and renames it to its final name, or to
/// the next numbered one when that is taken by now.
///
/// # Errors
///
/// [`Problem::FileExists`] when the only permitted name is taken; the partial file stays as it is.
/// [`Problem::PartialLost`] when it is shorter than `total` or gone, else the problem of the failed step.
pub(crate) fn publish(
    files: &dyn FileSystem,
    part: &PartFile,
    folder: &Path,
    total: u64,
    options: &PublishOptions,
) -> Result<Published, Problem> {
    let path = part_path(folder, &part.name);
    let trouble = |error: &io::Error| path_problem(error, &path, folder);
    let length = part.file.metadata().map_err(|e| trouble(&e))?.len();
    if length > total {
        // Bytes beyond the end can only be left over from an earlier, longer version of the file.
        part.file.set_len(total).map_err(|e| trouble(&e))?;
    }
    if length < total {
        return Err(Problem::PartialLost {
            path: path.display().to_string(),
        });
    }
    if let Some(time) = options.modified {
        // A file system without modification times is not an error.
        let _untimed = part.file.set_modified(time);
    }
    native::sync_all(&part.file).map_err(|e| trouble(&e))?;
    // The rename applies to whatever is at the path: that must be the file that was written.
    let seen = seen_part(files, part, &path, folder)?;
    let rename_to = |name: String| {
        let place = folder.join(&name);
        match retry_while_shared(|| files.rename(&path, &place, &seen)) {
            Ok(renamed) => {
                // The file is complete and has its name; failing to sync the folder does not change that.
                let _unsynced = files.sync_dir(folder);
                Ok(Some(match renamed {
                    Some(renamed) => renamed_to(renamed, total),
                    None => {
                        let id = files.file_id(&part.file, &place);
                        let id = id.unwrap_or_else(|_| part.id.clone());
                        Published { name, id }
                    }
                }))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    };
    if let Some(exact) = &options.exact_name {
        let path = folder.join(exact).display().to_string();
        return rename_to(exact.clone())?.ok_or(Problem::FileExists { path });
    }
    first_free_name(&part.name, rename_to)?.ok_or_else(|| no_free_name(&path))
}

/// The name and id assigned by the platform. With a wrong length the id is kept without length and time.
fn renamed_to(Renamed { name, standing }: Renamed, total: u64) -> Published {
    let FileInfo { length, id, .. } = standing;
    let id = if length == total { id } else { unfinished(id) };
    Published { name, id }
}

/// The file at the path of a partial file, if it is the open one.
pub(super) fn seen_part(
    files: &dyn FileSystem,
    part: &PartFile,
    path: &Path,
    folder: &Path,
) -> Result<FileInfo, Problem> {
    if let Some(seen) = seen_open(files, path, &part.file, &part.id) {
        return Ok(seen);
    }
    let folder_there = files.is_folder(folder);
    folder_there.map_err(|error| folder_problem(&error, folder))?;
    Err(gone(files, folder, path, &part.id))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::disk::part_file::create_part;
    use crate::disk::{NativeFileSystem, OpenMode};

    /// Refuses this many renames: another program has the file open. A stat after a rename returns another inode
    /// number, as on FAT.
    struct Held(AtomicU32);

    impl FileSystem for Held {
        fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
            NativeFileSystem.open(path, how)
        }

        fn rename(&self, from: &Path, to: &Path, seen: &FileInfo) -> io::Result<Option<Renamed>> {
            let left = self.0.load(Ordering::Relaxed);
            if left > 0 {
                self.0.store(left - 1, Ordering::Relaxed);
                return Err(ErrorKind::ResourceBusy.into());
            }
            NativeFileSystem.rename(from, to, seen)
        }

        fn file_id(&self, file: &File, path: &Path) -> io::Result<String> {
            let id = NativeFileSystem.file_id(file, path)?;
            let renamed = path.extension().is_none();
            Ok(if renamed { "1:2:3".into() } else { id })
        }

        fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
            NativeFileSystem.trash(path, seen)
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("it is there");
        let name = |entry: io::Result<std::fs::DirEntry>| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        };
        entries.map(name).collect()
    }

    #[test]
    fn a_file_that_is_held_for_a_moment_gets_its_own_name_and_is_known_by_its_new_id() {
        let dir = tempfile::tempdir().expect("a folder");
        let held = Held(AtomicU32::new(2));
        let part = create_part(&held, dir.path(), "a", None, |_| {}).expect("room");
        let published = publish(&held, &part, dir.path(), 0, &PublishOptions::default());
        let expected = Published {
            name: "a".into(),
            id: "1:2:3".into(),
        };
        assert_eq!(published, Ok(expected));
        // Not every Windows version removes the name of an open file.
        drop(part);
        assert_eq!(names(dir.path()), ["a"]);
    }

    /// Another program has the partial file open and permits no deleting or renaming until that was tried once.
    #[cfg(windows)]
    struct Guarded(std::sync::Mutex<Option<File>>);

    #[cfg(windows)]
    impl FileSystem for Guarded {
        fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
            NativeFileSystem.open(path, how)
        }

        fn rename(&self, from: &Path, to: &Path, seen: &FileInfo) -> io::Result<Option<Renamed>> {
            let done = NativeFileSystem.rename(from, to, seen);
            let guard = self.0.lock().expect("no panic with it held").take();
            assert_eq!(done.is_err(), guard.is_some(), "{done:?}");
            assert!(guard.is_none() || !to.exists(), "a name too many");
            done
        }

        fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
            NativeFileSystem.trash(path, seen)
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_file_that_a_guard_looks_into_gets_its_name_when_the_guard_lets_go() {
        use std::os::windows::fs::OpenOptionsExt;
        /// FILE_SHARE_READ and FILE_SHARE_WRITE, without FILE_SHARE_DELETE (winnt.h).
        const NO_DELETION: u32 = 1 | 2;
        let dir = tempfile::tempdir().expect("a folder");
        let part = create_part(&NativeFileSystem, dir.path(), "a", None, |_| {}).expect("room");
        let mut guard = File::options();
        let guard = guard.read(true).share_mode(NO_DELETION);
        let guard = guard.open(dir.path().join("a.part")).expect("it is shared");
        let files = Guarded(std::sync::Mutex::new(Some(guard)));
        let published = publish(&files, &part, dir.path(), 0, &PublishOptions::default());
        assert_eq!(published.map(|published| published.name), Ok("a".into()));
        assert!(files.0.lock().expect("no panic with it held").is_none());
        drop(part);
        assert_eq!(names(dir.path()), ["a"]);
    }
}
