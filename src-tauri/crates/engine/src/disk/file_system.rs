//! The seam between the engine and a platform's way of keeping files. A path is whatever the platform takes for one:
//! what it stands for, only the implementation knows.

use std::fs::File;
use std::io;
use std::path::Path;

use super::{native, quarantine, rename};
use crate::domain::origin::Origin;

/// How a file is to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Must not exist yet.
    CreateNew,
    /// Must exist; what it holds is kept.
    Existing,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// An ordinary file, no folder and no link.
    pub is_file: bool,
    /// In bytes.
    pub length: u64,
    /// Which file it is, whatever it is called, as far as the platform can tell. Of plain files it is
    /// `device:inode:birth`, with `:volume` where the file system has a name of its own, in decimal; other numbers of the
    /// device are the same file. Of a provider's documents it is what [`crate::document_id`] makes.
    pub id: String,
}

/// What a file is really called after it was renamed, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    pub name: String,
    pub standing: FileInfo,
}

/// Opens files for reading and writing, writes to them, gives them their names, and throws finished ones away. What is not
/// said anew is the way of plain paths. All of it may block.
pub trait FileSystem: Send + Sync {
    /// Opens for reading and writing at any position, never truncating.
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File>;

    /// A file in that folder which has no name yet and vanishes with its handle, where there are such files.
    fn create_unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        let _none_here = folder;
        Ok(None)
    }

    /// Writes all of `bytes` from `offset` on. Blocks for as long as the disk does.
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        write_at(file, bytes, offset)
    }

    /// Makes what was written safe from a power cut. Blocks for as long as the disk does.
    fn sync(&self, file: &File) -> io::Result<()> {
        native::sync(file)
    }

    /// Whether files can be kept there. An error says that nothing stands there, or why nobody may look.
    fn is_folder(&self, folder: &Path) -> io::Result<bool> {
        Ok(std::fs::metadata(folder)?.is_dir())
    }

    /// What stands at that path, links not followed. Nothing is [`io::ErrorKind::NotFound`].
    fn stat(&self, path: &Path) -> io::Result<FileInfo> {
        native::stat(path)
    }

    /// Which file an open one is: what [`FileSystem::stat`] says of its path.
    fn file_id(&self, file: &File, path: &Path) -> io::Result<String> {
        let _its_own = path;
        native::file_id(file)
    }

    /// Marks an open file that stands at `path` as come from the internet, where the platform has such a mark. A file system
    /// that keeps none is no error.
    fn quarantine(&self, file: &File, path: &Path, origin: &Origin) -> io::Result<()> {
        quarantine::mark(file, path, origin)
    }

    /// Another name in the same folder for the file that was just `seen` at `from`, never over another file: that is
    /// [`io::ErrorKind::AlreadyExists`]. `None` says that it has the name asked for, and is the same file under it; a
    /// platform that gives other names or ids says what it gave.
    fn rename(&self, from: &Path, to: &Path, seen: &FileInfo) -> io::Result<Option<Renamed>> {
        let _its_own = seen;
        rename::rename(from, to)?;
        Ok(None)
    }

    /// Makes the names in a folder safe from a power cut.
    fn sync_dir(&self, folder: &Path) -> io::Result<()> {
        native::sync_dir(folder)
    }

    /// Deletes the file that was just `seen` at `path`, and none that took its place since, as far as the platform can
    /// tell.
    fn remove(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        let _its_own = seen;
        std::fs::remove_file(path)
    }

    /// Bytes that fit into the folder. An error is that nobody knows.
    fn free_space(&self, folder: &Path) -> io::Result<u64> {
        native::free_space(folder)
    }

    /// Puts the finished file that was just `seen` at `path` where the person can get it back from, or deletes it where
    /// there is no such place.
    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()>;
}

/// Plain files; what is discarded is deleted.
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

#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(super) fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
