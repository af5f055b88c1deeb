//! Files in folders that are no folders of the file system: a phone keeps them behind a provider, by name. The engine
//! sees paths below `content://`; all others are the plain files' matter.
//!
//! Knows no Android: what a provider does is behind [`Provider`].

#[cfg(target_os = "android")]
mod android;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use millrace_engine::{Files, Open, Standing};

#[cfg(target_os = "android")]
pub(crate) use self::android::{Android, MEDIA, files, folder_of};

/// How every folder begins that a provider keeps.
const SCHEME: &str = "content://";

/// A file as its provider knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) uri: String,
    /// In bytes.
    pub(crate) length: u64,
    /// Which file it is, also under another name, where the provider can tell.
    pub(crate) id: String,
}

/// Keeps files by name. Errors of a folder that may not be used any more are [`ErrorKind::PermissionDenied`].
pub(crate) trait Provider: Send + Sync {
    /// Whether the folder may be used.
    fn granted(&self, folder: &str) -> io::Result<bool>;

    fn find(&self, folder: &str, name: &str) -> io::Result<Option<Entry>>;

    fn create(&self, folder: &str, name: &str) -> io::Result<Entry>;

    /// For reading and writing at any position, never truncating.
    fn open(&self, folder: &str, entry: &Entry) -> io::Result<File>;

    /// Not onto a name that is there.
    fn rename(&self, folder: &str, entry: &Entry, name: &str) -> io::Result<()>;

    fn remove(&self, folder: &str, entry: &Entry) -> io::Result<()>;
}

/// A provider's files beside plain ones.
pub(crate) struct ProvidedFiles<P, F> {
    pub(crate) provider: P,
    pub(crate) plain: F,
}

impl<P: Provider, F: Files> Files for ProvidedFiles<P, F> {
    fn open(&self, path: &Path, how: Open) -> io::Result<File> {
        let Some((folder, name)) = split(path) else {
            return self.plain.open(path, how);
        };
        let entry = match (self.provider.find(folder, name)?, how) {
            (Some(_), Open::CreateNew) => return Err(ErrorKind::AlreadyExists.into()),
            (None, Open::CreateNew) => self.provider.create(folder, name)?,
            (found, Open::Existing) => found.ok_or(ErrorKind::NotFound)?,
        };
        self.provider.open(folder, &entry)
    }

    fn unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        if is_provided(folder) {
            return Ok(None);
        }
        self.plain.unnamed(folder)
    }

    fn is_folder(&self, folder: &Path) -> io::Result<bool> {
        match folder.to_str().filter(|_| is_provided(folder)) {
            None => self.plain.is_folder(folder),
            Some(folder) if self.provider.granted(folder)? => Ok(true),
            Some(_) => Err(ErrorKind::PermissionDenied.into()),
        }
    }

    fn look(&self, path: &Path) -> io::Result<Standing> {
        let Some((folder, name)) = split(path) else {
            return self.plain.look(path);
        };
        let entry = self.provider.find(folder, name)?;
        let entry = entry.ok_or(ErrorKind::NotFound)?;
        Ok(Standing {
            file: true,
            length: entry.length,
            id: entry.id,
        })
    }

    fn identify(&self, file: &File, path: &Path) -> io::Result<String> {
        if is_provided(path) {
            return Ok(self.look(path)?.id);
        }
        self.plain.identify(file, path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (Some((folder, old)), Some((_, new))) = (split(from), split(to)) else {
            return self.plain.rename(from, to);
        };
        if self.provider.find(folder, new)?.is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let entry = self.provider.find(folder, old)?;
        let entry = entry.ok_or(ErrorKind::NotFound)?;
        self.provider.rename(folder, &entry, new)
    }

    fn settle(&self, folder: &Path) -> io::Result<()> {
        if is_provided(folder) {
            // its names are in the provider's own list
            return Ok(());
        }
        self.plain.settle(folder)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let Some((folder, name)) = split(path) else {
            return self.plain.remove(path);
        };
        let entry = self.provider.find(folder, name)?;
        let entry = entry.ok_or(ErrorKind::NotFound)?;
        self.provider.remove(folder, &entry)
    }

    fn free(&self, folder: &Path) -> io::Result<u64> {
        if is_provided(folder) {
            // it says when it is full
            return Err(ErrorKind::Unsupported.into());
        }
        self.plain.free(folder)
    }

    fn discard(&self, path: &Path) -> io::Result<()> {
        if is_provided(path) {
            return self.remove(path);
        }
        self.plain.discard(path)
    }
}

fn is_provided(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.starts_with(SCHEME))
}

/// The folder and the name of a provider's file. Names have no slash: the engine sees to that.
pub(crate) fn split(path: &Path) -> Option<(&str, &str)> {
    if !is_provided(path) {
        return None;
    }
    path.to_str()?.rsplit_once('/')
}

/// Whether files can be kept there as the engine keeps them: written anywhere, cut, named anew. Tried with one of our own.
pub(crate) fn try_out(provider: &impl Provider, folder: &str) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    const NAMES: [&str; 2] = ["millrace-probe.part", "millrace-probe"];
    for name in NAMES {
        // of an earlier try that was cut off
        if let Some(left) = provider.find(folder, name)? {
            provider.remove(folder, &left)?;
        }
    }
    let entry = provider.create(folder, NAMES[0])?;
    let tried = (|| {
        let mut file = provider.open(folder, &entry)?;
        file.seek(SeekFrom::Start(4096))?;
        file.write_all(b"x")?;
        file.set_len(4000)?;
        file.sync_all()?;
        drop(file);
        provider.rename(folder, &entry, NAMES[1])
    })();
    for name in NAMES {
        if let Some(left) = provider.find(folder, name)? {
            provider.remove(folder, &left)?;
        }
    }
    tried
}
