//! The last step of a file: synced, whole, and only then under its final name - never over another file.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::SystemTime;

use super::error::{folder_problem, path_problem};
use super::file_system::{FileInfo, FileSystem, Renamed};
use super::native;
use super::numbered_names::{first_free_name, no_free_name};
use super::part_file::{PartFile, gone, part_path};
use super::same_file::seen_open;
use super::sharing_retry::retry_while_shared;
use crate::domain::document_id::unfinished;
use crate::domain::origin::Origin;
use crate::domain::problem::Problem;

/// What a finished file is given besides its bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublishOptions {
    /// The only name that it may get; without one, the next numbered name when its own is taken.
    pub(crate) exact_name: Option<String>,
    /// Its modification time.
    pub(crate) modified: Option<SystemTime>,
    /// What it is marked with as come from the internet.
    pub(crate) origin: Option<Origin>,
}

/// A file under its final name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) name: String,
    /// Which file it is now: some file systems tell files by where their names are.
    pub(crate) id: String,
}

/// Syncs the unfinished file, which is marked already, checks its length, and gives it its final name, or the next
/// numbered one when that is taken by now.
///
/// # Errors
///
/// [`Problem::FileExists`] when the only name allowed is taken; the unfinished file stays as it is.
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
        // Bytes behind the end can only be left over from an earlier, longer version of the file.
        part.file.set_len(total).map_err(|e| trouble(&e))?;
    }
    if length < total {
        return Err(Problem::PartialLost {
            path: path.display().to_string(),
        });
    }
    if let Some(time) = options.modified {
        // A file system that keeps no such time keeps the file all the same.
        let _untimed = part.file.set_modified(time);
    }
    native::sync_all(&part.file).map_err(|e| trouble(&e))?;
    // What is renamed is what stands under the name: it must be what was written.
    let seen = seen_part(files, part, &path, folder)?;
    let rename_to = |name: String| {
        let place = folder.join(&name);
        match retry_while_shared(|| files.rename(&path, &place, &seen)) {
            Ok(renamed) => {
                // The file is whole and has its name; a folder that cannot be synced changes nothing of that.
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

/// The platform's own words for the file that has its name now. By another length than the right one it is not known again.
fn renamed_to(Renamed { name, standing }: Renamed, total: u64) -> Published {
    let FileInfo { length, id, .. } = standing;
    let id = if length == total { id } else { unfinished(id) };
    Published { name, id }
}

/// What stands at the path of an unfinished file, if it is the one that is open.
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

    /// Renames are refused so many times: somebody has the file open. Whoever looks after a rename sees a file of
    /// another number: so it is on FAT.
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
        // Not every Windows takes a name away from a file that is open.
        drop(part);
        assert_eq!(names(dir.path()), ["a"]);
    }

    /// Somebody has the unfinished file open, and lets nobody delete or rename it, until that was tried once.
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
