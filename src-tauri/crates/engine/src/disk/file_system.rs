//! The interface between the engine and a platform's file storage. A path is whatever the platform uses as one; only
//! the implementation knows what it refers to.

use std::fs::File;
use std::io;
use std::path::Path;

use super::file_info::FileInfo;
use super::positioned_io::write_at;
use super::{native, quarantine, rename};
use crate::domain::origin::Origin;

/// How to open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// The file must not exist yet.
    CreateNew,
    /// The file must exist; its content is kept.
    Existing,
}

/// The actual name of a file after a rename, and the file found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    pub name: String,
    pub standing: FileInfo,
}

/// Opens, writes, renames, syncs and discards files. The default methods implement native paths. All methods may block.
///
/// # Errors
///
/// All methods return the [`io::Error`] of the platform; the engine maps it to a [`crate::Problem`] by its
/// [`io::ErrorKind`].
pub trait FileSystem: Send + Sync {
    /// Opens a file for reading and writing at any position, never truncating it.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::AlreadyExists`] with [`OpenMode::CreateNew`], [`io::ErrorKind::NotFound`] with
    /// [`OpenMode::Existing`], or that of the platform.
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File>;

    /// Opens an existing file for reading.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::NotFound`], or that of the platform.
    fn open_read(&self, path: &Path) -> io::Result<File> {
        File::open(path)
    }

    /// Creates a file in that folder that has no name yet and vanishes with its handle; `None` where that is
    /// unsupported.
    ///
    /// # Errors
    ///
    /// The platform's error.
    fn create_unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        let _none_here = folder;
        Ok(None)
    }

    /// Writes all of `bytes` at `offset`. Blocks for as long as the disk does.
    ///
    /// # Errors
    ///
    /// The platform's error; [`io::ErrorKind::StorageFull`] on a full disk.
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        write_at(file, bytes, offset)
    }

    /// Syncs the file's data, so that it survives a power cut. Blocks for as long as the disk does.
    ///
    /// # Errors
    ///
    /// The platform's error: bytes written before may be lost.
    fn sync(&self, file: &File) -> io::Result<()> {
        native::sync(file)
    }

    /// Whether files can be kept there.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::NotFound`] when nothing exists there, or why it cannot be accessed.
    fn is_folder(&self, folder: &Path) -> io::Result<bool> {
        Ok(std::fs::metadata(folder)?.is_dir())
    }

    /// The file at that path, symbolic links not followed.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::NotFound`] when nothing exists there, or the platform's error.
    fn stat(&self, path: &Path) -> io::Result<FileInfo> {
        native::stat(path)
    }

    /// Identity of an open file: the [`FileInfo::id`] that [`FileSystem::stat`] returns for its path.
    ///
    /// # Errors
    ///
    /// The platform's error.
    fn file_id(&self, file: &File, path: &Path) -> io::Result<String> {
        let _its_own = path;
        native::file_id(file)
    }

    /// Marks an open file at `path` as downloaded from the internet, where the platform has such a mark. A file system
    /// that does not support it is not an error.
    ///
    /// # Errors
    ///
    /// The platform's error.
    fn quarantine(&self, file: &File, path: &Path, origin: &Origin) -> io::Result<()> {
        quarantine::mark(file, path, origin)
    }

    /// Renames the file that was just `seen` at `from`, within its folder, never replacing another file. `None` means
    /// that it has exactly the requested name, and is the same file there; a platform that assigns other names or ids
    /// returns what it assigned.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::AlreadyExists`] when the name is taken, or the platform's error.
    fn rename(&self, from: &Path, to: &Path, seen: &FileInfo) -> io::Result<Option<Renamed>> {
        let _its_own = seen;
        rename::rename(from, to)?;
        Ok(None)
    }

    /// As [`FileSystem::rename`], to a name in another folder.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::CrossesDevices`] where only a copy can be made; [`io::ErrorKind::AlreadyExists`] when the name
    /// is taken, or the platform's error.
    fn move_to_folder(
        &self,
        from: &Path,
        to: &Path,
        seen: &FileInfo,
    ) -> io::Result<Option<Renamed>> {
        let _its_own = seen;
        rename::rename(from, to)?;
        Ok(None)
    }

    /// Syncs a folder, so that the names in it survive a power cut.
    ///
    /// # Errors
    ///
    /// The platform's error.
    fn sync_dir(&self, folder: &Path) -> io::Result<()> {
        native::sync_dir(folder)
    }

    /// Deletes the file that was just `seen` at `path`, and not one that replaced it since, as far as the platform can
    /// tell.
    ///
    /// # Errors
    ///
    /// The platform's error.
    fn remove(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        let _its_own = seen;
        std::fs::remove_file(path)
    }

    /// Free space for the folder in bytes.
    ///
    /// # Errors
    ///
    /// Any error means that the free space is unknown.
    fn free_space(&self, folder: &Path) -> io::Result<u64> {
        native::free_space(folder)
    }

    /// Moves the finished file that was just `seen` at `path` to the trash, or deletes it where there is none.
    ///
    /// # Errors
    ///
    /// The platform's error.
    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()>;
}

/// Native files; without a trash: discarded files are deleted.
#[derive(Debug, Clone, Copy, Default)]
pub struct NativeFileSystem;

impl FileSystem for NativeFileSystem {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        let mut options = File::options();
        options.read(true).write(true);
        if how == OpenMode::CreateNew {
            options.create_new(true);
        }
        options.open(path)
    }

    #[cfg(target_os = "linux")]
    fn create_unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        Ok(Some(rustix::fs::open(folder, flags, mode)?.into()))
    }

    fn trash(&self, path: &Path, _seen: &FileInfo) -> io::Result<()> {
        std::fs::remove_file(path)
    }
}
