//! A provider that stores its files in a folder of its own, identifies them in one of the ways of real providers, and
//! can revoke a grant at any time. Other apps change its files.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::TempDir;

use super::super::*;

pub(super) const FOLDER: &str = "content://provider/tree/of|a picked folder";

/// How a provider identifies its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ids {
    /// By numbers that are never reused.
    Numbers,
    /// By document ids that do not change when the file is renamed.
    Documents,
    /// By document ids that are paths: changed by renaming, and reused by the next file of that name.
    Paths,
    /// The same, without modification times.
    PathsAlone,
}

impl Ids {
    pub(super) const ALL: [Self; 4] = [
        Self::Numbers,
        Self::Documents,
        Self::Paths,
        Self::PathsAlone,
    ];

    fn are_paths(self) -> bool {
        matches!(self, Self::Paths | Self::PathsAlone)
    }
}

/// Files are stored under their number; names exist only in the list.
pub(super) struct Fake {
    pub(super) home: TempDir,
    ids: Ids,
    list: Mutex<Vec<(u64, String)>>,
    next: Mutex<u64>,
    pub(super) granted: AtomicBool,
    pub(super) renames: bool,
    /// Suffix that it adds to every name of a new file.
    pub(super) adds: &'static str,
    /// Another app takes every name just before a file gets it.
    pub(super) raced: AtomicBool,
    /// The next renaming is carried out, but reported as failed.
    pub(super) mute: AtomicBool,
}

impl Fake {
    pub(super) fn new(ids: Ids) -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            ids,
            list: Mutex::default(),
            next: Mutex::new(1),
            granted: AtomicBool::new(true),
            renames: true,
            adds: "",
            raced: AtomicBool::new(false),
            mute: AtomicBool::new(false),
        }
    }

    fn allowed(&self) -> io::Result<()> {
        if self.granted.load(Ordering::Relaxed) {
            Ok(())
        } else {
            Err(ErrorKind::PermissionDenied.into())
        }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.home.path().join(number.to_string())
    }

    fn number(&self, name: &str) -> Option<u64> {
        let list = self.list.lock().unwrap();
        let found = list.iter().find(|(_, known)| known == name);
        found.map(|(number, _)| *number)
    }

    pub(super) fn names(&self) -> Vec<String> {
        let list = self.list.lock().unwrap();
        let mut names: Vec<String> = list.iter().map(|(_, name)| name.clone()).collect();
        names.sort();
        names
    }

    pub(super) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(self.number(name).unwrap())).unwrap()
    }

    /// Another app stores a file.
    pub(super) fn store(&self, name: &str, bytes: &[u8]) {
        let number = self.enlist(name);
        std::fs::write(self.path(number), bytes).unwrap();
        let file = File::options().write(true).open(self.path(number)).unwrap();
        let then = SystemTime::now() - Duration::from_secs(1000);
        file.set_modified(then).unwrap();
    }

    /// Another app moves the file elsewhere, and stores its own under the name.
    pub(super) fn replace(&self, name: &str, bytes: &[u8]) {
        let number = self.number(name).unwrap();
        self.list.lock().unwrap().retain(|(n, _)| *n != number);
        self.store(name, bytes);
    }

    fn enlist(&self, name: &str) -> u64 {
        let mut next = self.next.lock().unwrap();
        let number = *next;
        *next += 1;
        self.list.lock().unwrap().push((number, name.to_owned()));
        number
    }

    /// Numbers a name that is taken, as Android's own provider does.
    fn free(&self, name: &str) -> String {
        let (stem, ending) = name.split_at(name.rfind('.').unwrap_or(name.len()));
        let numbered = (1..).map(|n| format!("{stem} ({n}){ending}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        names.find(|name| self.number(name).is_none()).unwrap()
    }

    fn entry(&self, name: &str) -> io::Result<Option<ProviderFile>> {
        self.allowed()?;
        let Some(number) = self.number(name) else {
            return Ok(None);
        };
        let metadata = std::fs::metadata(self.path(number))?;
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap();
        let document = if self.ids.are_paths() {
            name.replace(' ', "%20")
        } else {
            number.to_string()
        };
        let uri = format!("{SCHEME}provider/tree/of/document/{document}");
        let kind = if self.ids == Ids::Numbers {
            Kind::Number(format!("media:{number}"))
        } else {
            let modified = u64::try_from(modified.as_millis()).unwrap();
            Kind::Document {
                id: document_in(&uri),
                modified: (self.ids != Ids::PathsAlone).then_some(modified),
            }
        };
        Ok(Some(ProviderFile {
            uri,
            name: name.to_owned(),
            length: metadata.len(),
            kind,
        }))
    }

    /// The number of the file currently at a URI.
    fn at(&self, entry: &ProviderFile) -> io::Result<u64> {
        let (_, document) = entry.uri.rsplit_once('/').unwrap();
        let number = if self.ids.are_paths() {
            self.number(&document.replace("%20", " "))
        } else {
            let number = document.parse().unwrap();
            let list = self.list.lock().unwrap();
            list.iter().any(|(n, _)| *n == number).then_some(number)
        };
        number.ok_or_else(|| ErrorKind::NotFound.into())
    }
}

impl Provider for std::sync::Arc<Fake> {
    fn is_granted(&self, _folder: &str) -> io::Result<bool> {
        Ok(self.allowed().is_ok())
    }

    fn find(&self, _folder: &str, name: &str) -> io::Result<Option<ProviderFile>> {
        self.entry(name)
    }

    fn create(&self, _folder: &str, name: &str) -> io::Result<ProviderFile> {
        self.allowed()?;
        let name = self.free(&format!("{name}{}", self.adds));
        std::fs::write(self.path(self.enlist(&name)), b"")?;
        Ok(self.entry(&name)?.unwrap())
    }

    fn open(&self, _folder: &str, entry: &ProviderFile) -> io::Result<File> {
        self.allowed()?;
        let mut options = File::options();
        options.read(true).write(true);
        options.open(self.path(self.at(entry)?))
    }

    fn rename(&self, _folder: &str, entry: &ProviderFile, name: &str) -> io::Result<ProviderFile> {
        self.allowed()?;
        if !self.renames {
            return Err(ErrorKind::Unsupported.into());
        }
        if self.raced.load(Ordering::Relaxed) {
            self.store(name, b"theirs");
        }
        let number = self.at(entry)?;
        let name = self.free(name);
        let mut list = self.list.lock().unwrap();
        let found = list.iter_mut().find(|(n, _)| *n == number);
        found.unwrap().1.clone_from(&name);
        drop(list);
        if self.mute.swap(false, Ordering::Relaxed) {
            return Err(ErrorKind::ConnectionAborted.into());
        }
        Ok(self.entry(&name)?.unwrap())
    }

    fn remove(&self, _folder: &str, entry: &ProviderFile) -> io::Result<()> {
        self.allowed()?;
        let number = self.at(entry)?;
        std::fs::remove_file(self.path(number))?;
        self.list.lock().unwrap().retain(|(n, _)| *n != number);
        Ok(())
    }
}
