//! The seam between the engine and a platform's way of keeping files. A path is whatever the platform takes for one:
//! what it stands for, only the implementation knows.

use std::fs::File;
use std::io;
use std::path::Path;

use super::{plain, quarantine, rename};
use crate::core::origin::Origin;

/// How a file is to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Must not exist yet.
    CreateNew,
    /// Must exist; what it holds is kept.
    Existing,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// An ordinary file, no folder and no link.
    pub file: bool,
    /// In bytes.
    pub length: u64,
    /// Which file it is, whatever it is called, as far as the platform can tell. Of plain files it is
    /// `device:inode:birth`, with `:volume` where the file system has a name of its own, in decimal; other numbers of the
    /// device are the same file.
    pub id: String,
}

/// Opens files for reading and writing, writes to them, gives them their names, and throws finished ones away. What is not
/// said anew is the way of plain paths. All of it may block.
pub trait Files: Send + Sync {
    /// Opens for reading and writing at any position, never truncating.
    fn open(&self, path: &Path, how: Open) -> io::Result<File>;

    /// A file in that folder which has no name yet and vanishes with its handle, where there are such files.
    fn unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        let _none_here = folder;
        Ok(None)
    }

    /// Writes all of `bytes` from `offset` on. Blocks for as long as the disk does.
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        write_at(file, bytes, offset)
    }

    /// Makes what was written safe from a power cut. Blocks for as long as the disk does.
    fn sync(&self, file: &File) -> io::Result<()> {
        plain::sync(file)
    }

    /// Whether files can be kept there. An error says that nothing stands there, or why nobody may look.
    fn is_folder(&self, folder: &Path) -> io::Result<bool> {
        Ok(std::fs::metadata(folder)?.is_dir())
    }

    /// What stands at that path, links not followed. Nothing is [`io::ErrorKind::NotFound`].
    fn look(&self, path: &Path) -> io::Result<Standing> {
        plain::look(path)
    }

    /// Which file an open one is: what [`Files::look`] says of its path.
    fn identify(&self, file: &File, path: &Path) -> io::Result<String> {
        let _its_own = path;
        plain::identify(file)
    }

    /// Marks an open file that stands at `path` as come from the internet, where the platform has such a mark. A file system
    /// that keeps none is no error.
    fn quarantine(&self, file: &File, path: &Path, origin: &Origin) -> io::Result<()> {
        quarantine::mark(file, path, origin)
    }

    /// Another name in the same folder, never over another file: that is [`io::ErrorKind::AlreadyExists`].
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        rename::rename(from, to)
    }

    /// Makes the names in a folder safe from a power cut.
    fn settle(&self, folder: &Path) -> io::Result<()> {
        plain::settle(folder)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    /// Bytes that fit into the folder. An error is that nobody knows.
    fn free(&self, folder: &Path) -> io::Result<u64> {
        plain::free_space(folder)
    }

    /// Puts a finished file where the person can get it back from, or deletes it where there is no such place.
    fn discard(&self, path: &Path) -> io::Result<()>;
}

/// Plain files; what is discarded is deleted.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainFiles;

impl Files for PlainFiles {
    fn open(&self, path: &Path, how: Open) -> io::Result<File> {
        let mut options = File::options();
        options.read(true).write(true);
        if how == Open::CreateNew {
            options.create_new(true);
        }
        options.open(path)
    }

    #[cfg(target_os = "linux")]
    fn unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(0o666);
        Ok(Some(rustix::fs::open(folder, flags, mode)?.into()))
    }

    fn discard(&self, path: &Path) -> io::Result<()> {
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
