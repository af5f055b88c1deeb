//! The file of a finished download: whether a file is that one, its digest, and reading it for a preview.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::file_system::FileSystem;
use super::hasher::Hasher;
use super::positioned_io::read_at;
use crate::domain::checksum::{Algorithm, Checksum};
use crate::domain::file_id::{IdMatch, compare_ids};

/// Bytes read at a time for a digest, between two checks for cancellation.
const PIECE: u64 = 1 << 20;

/// What is recorded of a finished download's file.
#[derive(Debug, Clone)]
pub(crate) struct RecordedFile {
    pub(crate) folder: PathBuf,
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) total: Option<u64>,
    /// The digest that it was verified by.
    pub(crate) digest: Option<Checksum>,
}

impl RecordedFile {
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(&self.name)
    }
}

/// The id of the file at `path`, if it is the recorded one: by its id, else by its length together with its digest, or
/// with its name where no digest is known. May read the whole file.
///
/// # Errors
///
/// Those of the file system.
pub(crate) fn is_file_of(
    files: &dyn FileSystem,
    path: &Path,
    recorded: &RecordedFile,
) -> io::Result<Option<String>> {
    let seen = files.stat(path)?;
    if !seen.is_file {
        return Ok(None);
    }
    if compare_ids(&recorded.id, &seen.id) == IdMatch::Same {
        return Ok(Some(seen.id));
    }
    if recorded.total != Some(seen.length) {
        return Ok(None);
    }
    if let Some(expected) = &recorded.digest {
        let file = files.open_read(path)?;
        let hasher = Hasher::new(expected.algorithm());
        let found = hasher.finish(&file, seen.length, || false)?;
        return Ok((found.as_ref() == Some(expected)).then_some(seen.id));
    }
    let same = path.file_name().is_some_and(|name| *name == *recorded.name);
    Ok(same.then_some(seen.id))
}

/// The open file of a finished download.
#[derive(Debug)]
pub struct FinishedFile {
    file: File,
    /// Length in bytes.
    pub length: u64,
    pub name: String,
}

impl FinishedFile {
    /// Opens the recorded file; `None` if another one is at its path, also behind a link.
    pub(crate) fn open(
        files: &dyn FileSystem,
        recorded: &RecordedFile,
    ) -> io::Result<Option<Self>> {
        let path = recorded.path();
        let file = files.open_read(&path)?;
        let id = files.file_id(&file, &path)?;
        let length = file.metadata()?.len();
        let same = match compare_ids(&recorded.id, &id) {
            IdMatch::Same => true,
            IdMatch::Inconclusive => recorded.total == Some(length),
            IdMatch::Different => false,
        };
        let name = recorded.name.clone();
        Ok(same.then_some(Self { file, length, name }))
    }

    /// The digest of the whole file; `None` when `go_on`, which is told how many bytes are read, has become false.
    ///
    /// # Errors
    ///
    /// Those of reading; [`io::ErrorKind::Other`] if the file was changed meanwhile.
    pub(crate) fn digest(
        &self,
        algorithm: Algorithm,
        go_on: impl Fn(u64) -> bool,
    ) -> io::Result<Option<Checksum>> {
        let stamp = || {
            let found = self.file.metadata()?;
            Ok::<_, io::Error>((found.len(), found.modified().ok()))
        };
        let before = stamp()?;
        let hasher = Hasher::new(algorithm);
        let mut buffer = Vec::new();
        let mut at = 0;
        while go_on(at) && at < before.0 {
            let length = PIECE.min(before.0 - at);
            buffer.resize(usize::try_from(length).unwrap_or_default(), 0);
            self.read_at(&mut buffer, at)?;
            hasher.on_write(at, &buffer);
            at += length;
        }
        if at < before.0 {
            return Ok(None);
        }
        if stamp()? != before {
            return Err(io::Error::other(
                "another program changed the file while it was read",
            ));
        }
        Ok(Some(hasher.sum()))
    }

    /// Reads exactly `bytes.len()` bytes at `offset`. Blocks.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::UnexpectedEof`] beyond the end, or that of the system.
    pub fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        read_at(&self.file, bytes, offset)
    }
}
