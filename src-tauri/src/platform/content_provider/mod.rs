//! Files in folders outside the file system, which a phone's content providers keep by name. The engine uses paths that
//! start with `content://`; all others are passed to the plain file system.
//!
//! Does not depend on Android: providers are behind [`Provider`].

#[cfg(target_os = "android")]
mod android;
mod self_test;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use millrace_engine::{FileInfo, FileSystem, OpenMode, Renamed, document_id, document_of};

#[cfg(target_os = "android")]
pub(crate) use self::android::{AndroidProvider, files, folder_of, uri_of};
pub(crate) use self::self_test::self_test;

/// Prefix of every folder of a provider.
const SCHEME: &str = "content://";

/// A file in a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProviderFile {
    pub(crate) uri: String,
    /// The provider's name for it, which may differ from the requested one.
    pub(crate) name: String,
    /// In bytes.
    pub(crate) length: u64,
    pub(crate) kind: Kind,
}

/// How a provider identifies a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number that does not change when the file is renamed, and is never reused.
    Number(String),
    /// A document id and the time of the last change, in milliseconds since 1970. The id may be just a path.
    Document { id: String, modified: Option<u64> },
}

impl ProviderFile {
    fn standing(&self) -> FileInfo {
        let id = match &self.kind {
            Kind::Number(number) => number.clone(),
            Kind::Document { id, modified } => document_id(id, self.length, *modified),
        };
        FileInfo {
            is_file: true,
            length: self.length,
            id,
        }
    }

    /// Whether it is the same file as `seen`, whatever its content.
    fn is_of(&self, seen: &FileInfo) -> bool {
        match &self.kind {
            Kind::Number(number) => seen.id == *number,
            Kind::Document { id, .. } => document_of(&seen.id) == Some(id),
        }
    }
}

/// Stores files by name. Errors for a folder whose grant was revoked are [`ErrorKind::PermissionDenied`].
pub(crate) trait Provider: Send + Sync {
    /// Whether access to the folder is granted.
    fn is_granted(&self, folder: &str) -> io::Result<bool>;

    /// The first file of that name, if there are several.
    fn find(&self, folder: &str, name: &str) -> io::Result<Option<ProviderFile>>;

    /// Never replaces another file.
    fn create(&self, folder: &str, name: &str) -> io::Result<ProviderFile>;

    /// Opens for reading and writing at any position, without truncating.
    fn open(&self, folder: &str, entry: &ProviderFile) -> io::Result<File>;

    /// Renames the file with this URI. Returns its new state: the provider may choose another name than requested, and
    /// another id.
    fn rename(&self, folder: &str, entry: &ProviderFile, name: &str) -> io::Result<ProviderFile>;

    fn remove(&self, folder: &str, entry: &ProviderFile) -> io::Result<()>;
}

/// Provider files and plain files in one file system.
pub(crate) struct ProviderFileSystem<P, F> {
    pub(crate) provider: P,
    pub(crate) plain: F,
}

impl<P: Provider, F: FileSystem> FileSystem for ProviderFileSystem<P, F> {
    fn open(&self, path: &Path, how: OpenMode) -> io::Result<File> {
        let Some((folder, name)) = split(path) else {
            return self.plain.open(path, how);
        };
        let entry = match (self.provider.find(folder, name)?, how) {
            (Some(_), OpenMode::CreateNew) => return Err(ErrorKind::AlreadyExists.into()),
            (None, OpenMode::CreateNew) => self.create(folder, name)?,
            (found, OpenMode::Existing) => found.ok_or(ErrorKind::NotFound)?,
        };
        self.provider.open(folder, &entry)
    }

    fn open_read(&self, path: &Path) -> io::Result<File> {
        if is_provided(path) {
            return self.open(path, OpenMode::Existing);
        }
        self.plain.open_read(path)
    }

    fn create_unnamed(&self, folder: &Path) -> io::Result<Option<File>> {
        if is_provided(folder) {
            return Ok(None);
        }
        self.plain.create_unnamed(folder)
    }

    fn is_folder(&self, folder: &Path) -> io::Result<bool> {
        match folder.to_str().filter(|_| is_provided(folder)) {
            None => self.plain.is_folder(folder),
            Some(folder) if self.provider.is_granted(folder)? => Ok(true),
            Some(_) => Err(ErrorKind::PermissionDenied.into()),
        }
    }

    fn stat(&self, path: &Path) -> io::Result<FileInfo> {
        let Some((folder, name)) = split(path) else {
            return self.plain.stat(path);
        };
        let entry = self.provider.find(folder, name)?;
        Ok(entry.ok_or(ErrorKind::NotFound)?.standing())
    }

    fn file_id(&self, file: &File, path: &Path) -> io::Result<String> {
        if is_provided(path) {
            return Ok(self.stat(path)?.id);
        }
        self.plain.file_id(file, path)
    }

    fn rename(&self, from: &Path, to: &Path, seen: &FileInfo) -> io::Result<Option<Renamed>> {
        let (Some((folder, old)), Some((_, new))) = (split(from), split(to)) else {
            return self.plain.rename(from, to, seen);
        };
        let entry = self.provider.find(folder, old)?;
        let entry = entry.filter(|entry| entry.is_of(seen));
        let entry = entry.ok_or(ErrorKind::NotFound)?;
        // Only so that a taken name is numbered as everywhere else: a provider that finds it taken later chooses
        // another one.
        if self.provider.find(folder, new)?.is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let renamed = self.provider.rename(folder, &entry, new)?;
        Ok(Some(Renamed {
            standing: renamed.standing(),
            name: renamed.name,
        }))
    }

    fn move_to_folder(
        &self,
        from: &Path,
        to: &Path,
        seen: &FileInfo,
    ) -> io::Result<Option<Renamed>> {
        if is_provided(from) || is_provided(to) {
            // a provider has no such call for every folder
            return Err(ErrorKind::CrossesDevices.into());
        }
        self.plain.move_to_folder(from, to, seen)
    }

    fn sync_dir(&self, folder: &Path) -> io::Result<()> {
        if is_provided(folder) {
            // the names are in the provider's own database
            return Ok(());
        }
        self.plain.sync_dir(folder)
    }

    fn remove(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        let Some((folder, name)) = split(path) else {
            return self.plain.remove(path, seen);
        };
        let entry = self.provider.find(folder, name)?;
        let entry = entry.filter(|entry| entry.standing() == *seen);
        self.provider
            .remove(folder, &entry.ok_or(ErrorKind::NotFound)?)
    }

    fn free_space(&self, folder: &Path) -> io::Result<u64> {
        if is_provided(folder) {
            // unknown in advance; the provider reports when it is full
            return Err(ErrorKind::Unsupported.into());
        }
        self.plain.free_space(folder)
    }

    fn trash(&self, path: &Path, seen: &FileInfo) -> io::Result<()> {
        if is_provided(path) {
            return self.remove(path, seen);
        }
        self.plain.trash(path, seen)
    }
}

impl<P: Provider, F> ProviderFileSystem<P, F> {
    /// Creates a file of exactly that name. If the provider chose another name, the new file is removed again.
    fn create(&self, folder: &str, name: &str) -> io::Result<ProviderFile> {
        let made = self.provider.create(folder, name)?;
        if made.name == name {
            return Ok(made);
        }
        let kind = if is_numbered(name, &made.name) {
            ErrorKind::AlreadyExists
        } else {
            ErrorKind::InvalidInput
        };
        self.provider.remove(folder, &made)?;
        let why = format!("the provider calls it {:?} instead of {name:?}", made.name);
        Err(io::Error::new(kind, why))
    }
}

/// Whether `given` is `asked` with a number inserted, as for a name that is taken.
fn is_numbered(asked: &str, given: &str) -> bool {
    (0..=asked.len())
        .filter(|at| asked.is_char_boundary(*at))
        .any(|at| {
            let (stem, ending) = asked.split_at(at);
            let number = given
                .strip_prefix(stem)
                .and_then(|rest| rest.strip_suffix(ending));
            number.is_some_and(|number| {
                let digits = number.trim_matches([' ', '(', ')', '_', '-']);
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        })
}

fn is_provided(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.starts_with(SCHEME))
}

/// Identifies a document among all providers by its URI: the provider's authority and the document's id.
fn document_in(uri: &str) -> String {
    let rest = uri.strip_prefix(SCHEME).unwrap_or(uri);
    let provider = rest.split('/').next().unwrap_or_default();
    let (_, id) = rest.rsplit_once("/document/").unwrap_or(("", rest));
    // At the root of a volume both forms are in use: `primary:a` and `primary:/a`.
    format!("{provider}/{}", id.replacen("%3A%2F", "%3A", 1))
}

/// The folder and the name of a provider's file. The engine ensures that names contain no slash.
pub(crate) fn split(path: &Path) -> Option<(&str, &str)> {
    if !is_provided(path) {
        return None;
    }
    path.to_str()?.rsplit_once('/')
}
